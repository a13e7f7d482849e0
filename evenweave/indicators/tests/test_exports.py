"""Rates from exports: hand-made cases, the two ways of counting beside each other, and the command."""

import csv
import json
from datetime import date

import pytest
from click.testing import CliRunner
from django.conf import settings as site
from hypothesis import given, settings
from hypothesis import strategies as st

from evenweave.config.commandline import main
from evenweave.indicators.exports import counting, reading
from evenweave.indicators.rules import exports as rules
from evenweave.indicators.rules.exports import COLUMNS, Selection, ToolMerges

CASES = json.loads((site.CONTENT / "conformance" / "exports.json").read_text())["cases"]
ROW_COUNTS = ("bad", "not_applicable", "duplicates", "information_only", "obsolete", "not_selected")


def table_of(rows: list[list[str]]) -> list[list[str]]:
    """The rows of a case with the columns that no rule asks for."""
    return [["Cambodia", *row[:3], "Garment CAT", *row[3:], ""] for row in rows]


def selection_of(options: dict) -> Selection:
    return Selection(
        latest=options.get("latest", False), cycle=options.get("cycle"), panel=options.get("panel"),
        first=rules.month(date.fromisoformat(options["from"])) if "from" in options else None,
        last=rules.month(date.fromisoformat(options["to"])) if "to" in options else None,
    )


def merges_of(options: dict) -> ToolMerges:
    return ToolMerges(options.get("consolidated", {}), options.get("merged", {}))


def slowly(rows, selection, merges):
    return rules.rates_of(COLUMNS, enumerate(rows, 2), selection, merges)


def fast(rows, selection, merges):
    batches = iter([(2, rows[:2]), (4, rows[2:])] if len(rows) > 2 else [(2, rows)])
    return counting.rates_of_export(reading.Export(COLUMNS, batches), selection, merges)


@pytest.mark.parametrize("count", [slowly, fast])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_by_hand(case, count):
    options = case.get("options", {})
    found = count(table_of(case["rows"]), selection_of(options), merges_of(options))
    said = {
        "factories": found.factories,
        "points": {keyed(one.cycle, one.point): pair(one.rate) for one in found.points},
        "clusters": {one.point: one.cluster for one in found.points},
        "questions": {keyed(one.cycle, one.label): pair(one.rate) for one in found.questions},
        "question_ids": {one.label: one.question_id for one in found.questions},
        "factory_rates": {keyed(one.cycle, one.factory): pair(one.rate) for one in found.factory_rates},
        "faults": [[fault.row, fault.column] for fault in found.faults],
        "asked_twice": {one.label: one.assessments for one in found.asked_twice},
        "merges_not_found": found.merges_not_found,
    } | {name: getattr(found.rows, name) for name in ROW_COUNTS}
    expected = {name: value for name, value in case.items() if name in said}
    assert {name: said[name] for name in expected} == expected


def keyed(cycle: int | None, name: str) -> str:
    return name if cycle is None else f"{cycle} {name}"


def pair(rate) -> list[int]:
    return [rate.noncompliant, rate.assessed]


# Few different cells, so that rows meet in every way: the same assessment, the same point, the same row.
CELLS = {
    "Country": st.sampled_from(["A", "B"]),
    "Factory.Assessed.ID": st.sampled_from(["1", "2", "10", "x", ""]),
    "Factory.Assessed.Name": st.sampled_from(["Alpha", "Beta", "Alpha", "Beta", "Beta (Obsolete)"]),
    "Quest.ID": st.sampled_from(["7", "9", "10", "010", "A-1", "", "9" * 19]),
    "TQ.Name": st.just("CAT"),
    "Cycle": st.sampled_from(["1", "2", "3", "0", "", "two", "9" * 30]),
    "Assesment.Start.Date": st.sampled_from(["30/04/2017", "1/5/2017", "31/12/2017", "01/01/2018", "31/04/2017", ""]),
    "Cluster": st.sampled_from(["Systems", "Occupational Safety and Health", "Child Labour", ""]),
    "CP": st.sampled_from(["Hazardous Work", "Unconditional Worst Forms", "Exits", " Exits ", ""]),
    "Question.ID": st.sampled_from(["1", "2", "10", "Q1"]),
    "Q.Label": st.sampled_from(["a", "b", "c", "d", ""]),
    "Question.type": st.sampled_from(["NCQ", "NCQ", "NCQ", "NCQ", "FGW", "?"]),
    "Finding": st.sampled_from(["0", "1", "0", "1", "", "2"]),
    "Tags": st.just(""),
}
ROWS = st.lists(
    st.one_of(st.tuples(*CELLS.values()).map(list), st.tuples(*CELLS.values()).map(list),
              st.sampled_from([["1", "2"], [], [" "], [""] * len(COLUMNS), ["x"] * (len(COLUMNS) + 1)])),
    max_size=40,
)
MONTHS = st.one_of(st.none(), st.sampled_from([2017 * 12 + 3, 2017 * 12 + 4, 2017 * 12 + 11, 2018 * 12]))
SELECTIONS = st.builds(
    lambda which, first, last: Selection(**which, first=first, last=last),
    st.sampled_from([{}, {"latest": True}, {"cycle": 1}, {"cycle": 2}, {"panel": 1}, {"panel": 2}]), MONTHS, MONTHS,
)
MERGES = st.sampled_from([
    ToolMerges(), ToolMerges({"a": "b"}, {}), ToolMerges({}, {"a": "c", "b": "c"}), ToolMerges({"a": "c"}, {"b": "c"}),
    ToolMerges({}, {"a": "new", "z": "new"}),
])


@settings(max_examples=300, deadline=None)
@given(ROWS, SELECTIONS, MERGES)
def test_both_ways_of_counting_say_the_same(rows, selection, merges):
    copies = [*rows, *rows[:3]]  # exact duplicates are likely enough
    assert fast(copies, selection, merges) == slowly(copies, selection, merges)


@settings(max_examples=50, deadline=None)
@given(ROWS, SELECTIONS)
def test_every_row_is_accounted_for(rows, selection):
    count = fast(rows, selection, ToolMerges()).rows
    parts = [getattr(count, name) for name in (*ROW_COUNTS, "counted")]
    assert sum(parts) == count.read == sum(any(cell.strip() for cell in row) for row in rows)


def test_no_more_than_a_hundred_faults_are_named():
    rows = table_of([["1", "Alpha", str(n), "1", "", "OSH", "Exits", "1", "a", "NCQ", "no"] for n in range(150)])
    for count in (slowly, fast):
        found = count(rows, Selection(), ToolMerges())
        assert (found.rows.bad, len(found.faults), found.faults[-1].row) == (150, 100, 101)


# --- the command ------------------------------------------------------------------------------------

ROW = ["Cambodia", "1", "Alpha", "10", "CAT", "1", "03/05/2017", "OSH", "Exits", "101", "Locked doors", "NCQ", "1", ""]


def run(*arguments):
    return CliRunner().invoke(main, ["rates", *map(str, arguments)])


@pytest.fixture
def export(tmp_path):
    def write(rows, headings=COLUMNS, *, encoding="utf-8", delimiter=",", name="export.csv"):
        path = tmp_path / name
        with path.open("w", encoding=encoding, newline="") as file:
            csv.writer(file, delimiter=delimiter).writerows([headings, *rows])
        return path

    return write


def test_the_document(export):
    answer = run(export([ROW, [*ROW[:-2], "7", ""]]), "--json")
    assert answer.exit_code == 0
    assert json.loads(answer.output) == {
        "factories": 1,
        "points": [
            {"cluster": "OSH", "compliance_point": "Exits", "assessed": 1, "non_compliant": 1, "rate": 1.0}
        ],
        "questions": [
            {"question_id": "101", "label": "Locked doors", "assessed": 1, "non_compliant": 1, "rate": 1.0}
        ],
        "factory_rates": [{"factory_id": "1", "rate": 1.0}],
        "rows": {"read": 2, "information_only": 0, "obsolete": 0, "duplicates": 0, "bad": 1, "not_applicable": 0,
                 "not_selected": 0, "counted": 1},
        "bad_rows": {"count": 1, "rows": [
            {"row": 3, "column": "Finding", "message": "“7” is neither 0 nor 1 nor empty"}
        ]},
        "asked_twice": [],
        "merges_not_found": [],
    }


def test_a_panel_says_the_cycle(export):
    answer = json.loads(run(export([ROW]), "--panel", 1, "--json").output)
    assert [point["cycle"] for point in answer["points"]] == [1]


def test_tables_for_reading(export):
    answer = run(export([ROW, [*ROW[:-2], "7", ""]]))
    assert answer.exit_code == 0
    for said in ("1 factories", "Exits", "100.0 %", "Locked doors", "Bad rows: 1", "row 3: Finding “7”"):
        assert said in answer.output


@pytest.mark.parametrize("missing", COLUMNS)
def test_a_missing_column_is_named(export, missing):
    answer = run(export([ROW[1:]], [name for name in COLUMNS if name != missing]), "--json")
    assert answer.exit_code == 2
    assert missing in answer.output


def test_headings_as_spreadsheets_and_r_write_them(export):
    spelt = [name.replace(".", " ").replace("Assesment", "Assessment").upper() for name in COLUMNS]
    for path in (export([ROW], spelt), export([ROW], delimiter=";"), export([ROW], encoding="utf-8-sig"),
                 export([[*ROW[:2], "Société", *ROW[3:]]], encoding="cp1252"), export([ROW], encoding="utf-16")):
        answer = run(path, "--json")
        assert (answer.exit_code, json.loads(answer.output)["factories"]) == (0, 1), answer.output


@pytest.mark.parametrize("wrong", [
    ("--latest", "--cycle", "1"), ("--cycle", "1", "--panel", "2"), ("--panel", "0"), ("--cycle", "one"),
    ("--from", "03/05/2017"), ("--from", "2018-02-01", "--to", "2018-01-31"), ("--tool-merges", "nowhere.csv"),
])
def test_wrong_use(export, wrong):
    assert run(export([ROW]), *wrong).exit_code == 2


def test_one_month_is_a_window(export):
    answer = run(export([ROW]), "--from", "2017-05-31", "--to", "2017-05-01", "--json")
    assert json.loads(answer.output)["factories"] == 1


def test_nothing_but_bad_rows_is_a_no(export):
    answer = run(export([[*ROW[:-2], "yes", ""]]), "--json")
    assert (answer.exit_code, json.loads(answer.output)["bad_rows"]["count"]) == (1, 1)
    assert run(export([])).exit_code == 0


def test_what_is_no_table_is_wrong_use(tmp_path):
    path = tmp_path / "picture.csv"
    for content in (b"", b"\x89PNG\r\n\x1a\n\x00\x00\x00", b"\x81\x8d\x8f"):
        path.write_bytes(content)
        assert run(path).exit_code == 2


def test_a_quotation_mark_too_many_swallows_no_rows(export):
    path = export([ROW, ROW])
    path.write_text(path.read_text().replace("Alpha", '"Alpha', 1))
    answer = run(path)
    assert answer.exit_code == 2
    assert "line" in answer.output
    assert "quotation mark" in answer.output


def test_tool_merges_from_a_file(export):
    rows = [ROW, [*ROW[:9], "102", "Blocked ways", *ROW[11:]]]
    merges = export([["merge", "Locked doors", "Exits"], ["merge", "Blocked ways", "Exits"]],
                    ["Kind", "Old_label", "New label"], name="merges.csv")
    answer = json.loads(run(export(rows), "--tool-merges", merges, "--json").output)
    assert [(one["label"], one["non_compliant"], one["assessed"]) for one in answer["questions"]] == [("Exits", 1, 1)]


@pytest.mark.parametrize(("rows", "said"), [
    ([["rename", "a", "b"]], "row 2: the kind is"),
    ([["merge", "a", ""]], "row 2: an old label"),
    ([["merge", "a", "b"], ["consolidate", "a", "c"]], "row 3: “a” has a new label already"),
    ([["merge", "a", "b"], ["consolidate", "b", "c"]], "“b”, the new label of “a”, is an old one itself"),
    ([["merge", "a"]], "row 2 has 2 cells"),
])
def test_tool_merges_that_make_no_sense(export, rows, said):
    merges = export(rows, ["kind", "old label", "new label"], name="merges.csv")
    answer = run(export([ROW]), "--tool-merges", merges)
    assert answer.exit_code == 2
    assert said in " ".join(answer.output.split())
    assert "merges.csv" in answer.output


def test_tool_merges_need_their_columns(export):
    answer = run(export([ROW]), "--tool-merges", export([["a", "b"]], ["old label", "new label"], name="merges.csv"))
    assert answer.exit_code == 2
    assert "kind" in answer.output
