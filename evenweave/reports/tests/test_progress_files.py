"""The progress report as PDF and as workbook."""

import datetime as dt
import io

import pytest
from pypdf import PdfReader
from python_calamine import load_workbook

from evenweave.reports.facts import check, facts_hash
from evenweave.reports.rendering import progress_pdf, progress_xlsx
from evenweave.reports.tests.sample import CODE, URL, progress_facts, said, title
from evenweave.toolkit.tests.test_documents import fonts_in


def pdf(facts, language="en") -> bytes:
    return progress_pdf(facts, language, verify_url=URL, code=CODE)


def pages(facts, language="en") -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf(facts, language))).pages]


@pytest.fixture(scope="module")
def english() -> list[str]:
    return pages(progress_facts())


def test_the_facts_are_as_described():
    check(progress_facts())


def test_the_cover(english):
    for words in (
        "Progress report 1, cycle 2", "Kravanh Stitchworks", "Sent 27 November 2026", "Due 28 November",
        "Written by The factory", "4 of 8 plan items are completed, 2 of them since 29 October 2026.",
        "2 items have a late action. Management and workers have agreed on 2.",
        "2 have been checked and accepted by the programme.", "Check that this progress report is genuine:",
        "7K4M-29QT",
    ):
        assert words in english[0]


def test_what_the_author_says_and_nothing_where_they_say_nothing(english):
    whole = " ".join(english)
    assert "Overview A new warehouse opens in March." in whole
    assert "Social dialogue Written in Khmer" in whole
    assert "Learning" not in whole


def test_the_steps_stand_in_order(english):
    whole = " ".join(english)
    first, later = whole.index("29 October 2026 The report was released."), whole.index("Item 1: Management agreed.")
    assert first < later


def test_each_item_with_its_actions_and_what_was_agreed(english):
    whole = " ".join(english)
    for words in (
        "Item 2 · SH-2 · Gender In progress Late", "Item 3 · SH-3 · Coercion Completed Public Checked by the programme",
        "3 pieces of evidence", "Item 4 · Freedom to associate Completed Completed by the factory's own word",
        "Found by the factory", "Management agree; workers disagree", "No action yet.",
        "Nobody owns the space before the door.", "Done 9 November 2026", "Head of the warehouse, management",
    ):
        assert words in whole


def test_committee_and_visits_only_when_the_facts_hold_them(english):
    assert "Committee" not in " ".join(english)
    meeting = {"on": "2026-11-05", "by": "", "what": title("The committee met.", "Réunion.", "ប្រជុំ។")}
    facts = progress_facts() | {
        "committee": {
            "members": [
                {"side": "workers", "role": title("Union leader", "Syndicaliste", "មេសហជីព")},
                {"side": "management", "role": title("Director", "Directeur", "នាយក")},
            ],
            "meetings": [meeting],
        },
        "visits": [meeting | {"what": title("Advisory visit", "Visite", "ទស្សនកិច្ច")}],
        "training": [meeting | {"what": title("Safety: 4 people", "Sécurité", "សុវត្ថិភាព")}],
    }
    check(facts)
    whole = " ".join(pages(facts))
    assert "management: Director; workers: Union leader" in whole
    assert "5 November 2026 The committee met." in whole
    assert "5 November 2026 Advisory visit" in whole
    assert "Training 5 November 2026 Safety: 4 people" in whole


def test_a_late_report_says_so():
    facts = progress_facts()
    facts["report"]["submitted_on"] = "2026-12-02"
    assert "2 December 2026, late" in pages(facts)[0]


def test_an_empty_plan():
    whole = " ".join(pages(progress_facts(items=0)))
    assert whole.count("The plan has no items.") == 2


def test_no_item_completed_since():
    facts = progress_facts()
    facts["report"]["since"] = "2026-11-21"
    assert "4 of 8 plan items are completed, none of them since 21 November 2026." in pages(facts)[0]


@pytest.mark.parametrize("language", ["fr", "km"])
def test_other_languages(language):
    content = pdf(progress_facts(), language)
    assert fonts_in(content) == {"NotoSans-Regular", "NotoSansKhmer-Regular"}
    assert PdfReader(io.BytesIO(content)).trailer["/Root"]["/Lang"] == language


def test_the_hash_of_the_facts_is_printed_and_the_file_is_stable():
    facts = progress_facts()
    assert facts_hash(facts) in pages(facts)[-1].replace(" ", "")
    assert pdf(facts) == pdf(facts)


# --- the workbook ---------------------------------------------------------------------------------


def sheet(content: bytes, name: str) -> list[list]:
    return load_workbook(io.BytesIO(content)).get_sheet_by_name(name).to_python(skip_empty_area=False)


def test_the_workbook_holds_plan_actions_and_steps():
    content = progress_xlsx(progress_facts())
    names = load_workbook(io.BytesIO(content)).sheet_names
    assert names == ["Plan", "Actions", "Steps", "Factories", "Data dictionary"]
    plan = sheet(content, "Plan")
    assert len(plan) == 9
    third = dict(zip(plan[0], plan[3], strict=True))
    assert third["Item"] == 3
    assert third["Point"] == "Coercion"
    assert third["Public"] is True
    assert third["Check"] == "Checked by the programme"
    assert third["Closed"] == dt.date(2026, 11, 20)
    assert third["Due"] == ""
    first = dict(zip(plan[0], plan[1], strict=True))
    assert first["Due"] == dt.date(2027, 1, 15)
    assert first["Workers"] == "have not answered"
    actions = sheet(content, "Actions")
    assert actions[1] == [1, "Mark the floor before each exit.", "Head of the warehouse", "management",
                          dt.date(2026, 12, 15), "", False]
    assert actions[2][2] == ""
    assert sheet(content, "Steps")[1] == [dt.date(2026, 10, 29), "", "The report was released.", "The programme"]
    described = {(row[0], row[1]) for row in sheet(content, "Data dictionary")[1:]}
    assert described == {
        (name, heading) for name in ("Plan", "Actions", "Steps", "Factories") for heading in sheet(content, name)[0]
    }


def test_what_people_typed_is_guarded():
    facts = progress_facts()
    facts["items"][0]["root_cause"] = said("=cmd|' /C calc'!A0")
    facts["items"][0]["actions"][0]["owner"] = "@SUM(A1)"
    content = progress_xlsx(facts)
    assert sheet(content, "Plan")[1][12] == "'=cmd|' /C calc'!A0"
    assert sheet(content, "Actions")[1][2] == "'@SUM(A1)"
