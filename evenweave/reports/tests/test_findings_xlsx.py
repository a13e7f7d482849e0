"""findings.xlsx: the contract with buyers, column by column."""

import datetime as dt
import io
import zipfile

from python_calamine import load_workbook

from evenweave.reports.rendering import findings_workbook, findings_xlsx
from evenweave.reports.tests.sample import FINDING, action, plan_item, report_facts, tool_clusters

COLUMNS = [
    "Finding ID", "Factory", "OS ID", "Country", "Cluster", "Point", "Question", "Finding", "Severity", "Legal ref",
    "First seen", "Status", "Root cause", "Action", "Owner role", "Due", "Closed", "Evidence count", "Updated",
]


def sheets(content: bytes) -> list[list[list]]:
    book = load_workbook(io.BytesIO(content))
    return [book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names]


def test_the_columns_of_the_contract():
    findings, factories, dictionary, _country = sheets(findings_xlsx(report_facts()))
    assert findings[0] == COLUMNS
    assert len(findings) == 15
    assert findings[1] == [
        "F0001", "Kravanh Stitchworks", "KH2026A1B2C3D4E", "Cambodia", "Discrimination", "Gender", "SH-1",
        FINDING["en"],
        "Major", "C155, Article 16", dt.date(2025, 9, 12), "", "", "", "", "", "", "", dt.date(2026, 10, 29),
    ]
    assert dict(zip(factories[0], factories[1], strict=True)) == {
        "Factory": "Kravanh Stitchworks", "OS ID": "KH2026A1B2C3D4E", "Country": "Cambodia", "City": "Kandal",
        "Address": "Street 371", "Sectors": "Apparel", "Workers": 1860, "Women": 1562, "Men": 298,
        "Programme": "Cambodia programme", "Cycle": 2, "Report": "KH-2026-0184", "Version": 1,
        "Released": dt.date(2026, 10, 29), "Points assessed": 37, "Points with a finding": 14, "Findings": 14,
    }
    assert [row[1] for row in dictionary[1:] if row[0] == "Findings"] == COLUMNS
    assert [row[1] for row in dictionary[1:] if row[0] == "Factories"] == factories[0]
    assert all(row[3] for row in dictionary)


def test_the_sheet_is_ready_to_filter():
    archive = zipfile.ZipFile(io.BytesIO(findings_xlsx(report_facts())))
    sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert 'topLeftCell="C2"' in sheet
    assert '<autoFilter ref="A1:S15"/>' in sheet
    assert "mergeCell" not in sheet
    assert not [name for name in archive.namelist() if "vba" in name.lower()]


def test_the_state_of_the_plan_is_filled_in():
    cluster = tool_clusters()[0]
    plan = {
        "F0001": plan_item(1, cluster, status="in_progress", evidence_count=2),
        "F0002": plan_item(2, cluster, status="completed", closed_on="2026-11-20", root_cause=None,
                           actions=[action("=1+1", done_on="2026-11-19")]),
    }
    first, second = sheets(findings_xlsx(report_facts(), plan=plan))[0][1:3]
    assert first[11:] == [
        "In progress", "Deliveries come before the store is emptied.\nNobody owns the space before the door.",
        "Mark the floor before each exit.; Move deliveries to the afternoon.", "management; workers",
        dt.date(2027, 1, 15), "", 2, dt.date(2026, 11, 12),
    ]
    assert second[11:] == ["Completed", "", "'=1+1", "management", "", dt.date(2026, 11, 20), 0, dt.date(2026, 11, 12)]


def test_no_finding_becomes_a_formula():
    facts = report_facts()
    facts["factory"]["name"] = "=HYPERLINK(\"http://evil\",\"x\")"
    facts["findings"][0]["text"] = {"en": "+1 exit"}
    content = findings_xlsx(facts)
    row = sheets(content)[0][1]
    assert row[1].startswith("'=")
    assert row[7] == "'+1 exit"
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")


def test_several_factories_in_one_workbook():
    other = report_facts()
    other["factory"] |= {"name": "Sla Ket Knitting", "os_id": ""}
    content = findings_workbook([report_facts(), other], created_at=dt.datetime(2026, 11, 22, tzinfo=dt.UTC))
    findings, factories, _dictionary, country = sheets(content)
    assert len(findings) == 29
    assert [row[0] for row in factories[1:]] == ["Kravanh Stitchworks", "Sla Ket Knitting"]
    assert {row[0] for row in country[1:]} == {"Kravanh Stitchworks", "Sla Ket Knitting"}


def test_the_country_beside_a_factory_with_its_n():
    facts = report_facts()
    country = sheets(findings_xlsx(facts))[3]
    heads, rows = country[0], [dict(zip(country[0], row, strict=True)) for row in country[1:]]
    assert heads == [
        "Factory", "OS ID", "Report", "Cluster", "Point", "Question", "This factory", "Other factories", "N", "Note",
    ]
    assert len(rows) == 8 + 38 + 14
    of = {(row["Point"], row["Question"]): row for row in rows if row["Cluster"] == "Discrimination"}
    assert {key: (row["This factory"], row["Other factories"], row["N"], row["Note"]) for key, row in of.items()
            if key[0] in {"", "Gender"}} == {
        ("", ""): (0.5, 0.42, 412, ""), ("Gender", ""): (1, 0.31, 412, ""), ("Gender", "SH-1"): (1, 0.28, 409, ""),
    }
    few = [row for row in rows if row["Note"]]
    assert next((row["Cluster"], row["Point"], row["Question"]) for row in few) == (
        "Occupational safety and health", "Chemicals and hazardous substances", "",
    )
    assert {(row["Other factories"], row["N"], row["Note"]) for row in few} == {("", "", "Fewer than five, not shown")}


def test_reports_from_before_findings_were_compared():
    facts = report_facts()
    for finding in facts["findings"]:
        del finding["country"]
    country = sheets(findings_xlsx(facts))[3]
    assert {tuple(row[6:]) for row in country[1:] if row[5]} == {(1, "", "", "")}


def test_the_same_facts_give_the_same_file():
    assert findings_xlsx(report_facts()) == findings_xlsx(report_facts())
