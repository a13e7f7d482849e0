"""The assessment report: what stands on its pages, and what never does."""

import copy
import io

import pytest
from pypdf import PdfReader

from evenweave.reports.facts import facts_hash
from evenweave.reports.rendering import assessment_pdf
from evenweave.reports.rendering.assessment import assessment_page_data
from evenweave.reports.rendering.parts import wording
from evenweave.reports.tests.sample import CODE, KHMER_LONG, URL, finding, report_facts
from evenweave.toolkit.tests.test_documents import fonts_in


def pdf(facts, language="en") -> bytes:
    return assessment_pdf(facts, language, verify_url=URL, code=CODE)


def pages(facts, language="en") -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf(facts, language))).pages]


def data(facts, language="en"):
    return assessment_page_data(facts, wording(language), verify_url=URL, code=CODE)


@pytest.fixture(scope="module")
def english() -> list[str]:
    return pages(report_facts())


def test_the_cover_says_what_it_is_and_how_to_check_it(english):
    cover = english[0]
    for words in (
        "Cambodia programme", "For the factory and the buyers it has authorised", "Assessment report, cycle 2",
        "Kravanh Stitchworks", "Kandal, Cambodia · OS ID KH2026A1B2C3D4E", "6 and 7 October 2026, unannounced",
        "29 October 2026", "1,860, of whom 84 % women", "40 workers, 6 managers, 2 unions",
        "23 of 37 compliance points have no finding, 15 more than last time.",
        "Compensation, Discrimination and Forced labour need the most work.",
        "There are 14 findings: 5 seen before, 9 new, 4 to be publicly reported.", "Compensation 3 of 7",
        "Check that this report is genuine:", "7K4M-29QT", "at evenweave.example/verify",
        "Assessed by Sreymom Chea and Dara Voeun, reviewed by Maly Prak.",
    ):
        assert words in cover


def test_every_page_has_its_number_and_the_code(english):
    for number, page in enumerate(english, 1):
        assert f"{number} of {len(english)}" in page
        assert "KH-2026-0184 · 7K4M-29QT" in page


def test_each_finding_stands_with_its_law_and_reply(english):
    whole = " ".join(english)
    assert whole.count("1 of 6 emergency exits could not be opened from the inside while people were at work.") == 14
    for words in (
        "SH-1 Major Found again, first seen in cycle 1, 12 September 2025 Public",
        "C155, Article 16 (source: normlex.ilo.org/)",
        "The factory agrees in part. 1 piece of evidence", "Translated from Khmer, reviewed",
        "The cartons were moved on 8 October.", "Original in Khmer", "2 photos on file",
        "The evacuation plan on the wall shows the blocked door as the first way out.",
    ):
        assert words in whole


def test_the_cover_points_to_the_page_of_a_finding():
    facts = report_facts()
    facts["findings"][-1]["is_zero_tolerance"] = True
    facts["findings"][-1]["question_id"] = "WT-777"
    text = pages(facts)
    page = next(number for number, page in enumerate(text, 1) if "WT-777" in page)
    assert f"1 Regular hours Zero tolerance. New. Page {page}" in text[0]


def test_method_and_hash(english):
    last = english[-1]
    assert "How this was done" in last
    assert "A group of fewer than five is not shown" in last
    assert facts_hash(report_facts()) in last.replace(" ", "")


def test_n_is_shown_and_small_groups_are_not(english):
    whole = " ".join(english)
    assert "Mean of 412 other factories, latest assessment" in whole
    assert "42 % (n = 412)" in whole
    assert "31 % (n = 412)" in whole
    assert "Other factories here 28 % (n = 409) have the same finding" in whole
    assert whole.count("Fewer than five, not shown") == 2


def test_first_assessment_compares_with_nothing_before():
    whole = " ".join(pages(report_facts(with_last=False)))
    assert "23 of 37 compliance points have no finding." in whole
    assert "There are 14 findings: 4 to be publicly reported." in whole
    assert "This is the first assessment of the factory" in whole
    assert "Last time, where different" not in whole


def test_no_finding_at_all():
    facts = report_facts(findings_a_point=0)
    whole = " ".join(pages(facts))
    assert "There is no finding in this assessment." in whole
    assert "Start with these" not in whole


def test_an_amended_report_shows_the_difference():
    whole = " ".join(pages(report_facts(version=2)))
    for words in (
        "Assessment report, cycle 2, version 2", "What this version changes",
        "This is version 2. It replaces version 1 of 29 October 2026, which is no longer in force.",
        "The certificate of the fire brigade was found after the release.", "Finding withdrawn SH-9",
        "Finding reworded SH-4",
        "2 of 6 emergency exits could not be opened from the inside.",
    ):
        assert words in whole
    assert "What this version changes" not in " ".join(pages(report_facts()))


def test_french():
    whole = " ".join(pages(report_facts(), "fr"))
    for words in (
        "Rapport d'évaluation, cycle 2", "Programme Cambodge", "6 et 7 octobre 2026, sans préavis",
        "1 860, dont 84 % de femmes".replace("1 860", "1\u202f860"), "1 sortie de secours sur 6",
        "L'usine est d'accord en partie.", "1 sur 13",
    ):
        assert " ".join(words.split()) in whole
    # A translation that nobody reviewed is not printed; the original is, with its language.
    assert "Les cartons ont été déplacés." not in whole
    assert "Langue du texte : khmer" in whole


def test_khmer_is_marked_as_a_draft():
    content = pdf(report_facts(), "km")
    assert "not yet reviewed" in PdfReader(io.BytesIO(content)).pages[0].extract_text()
    assert fonts_in(content) == {"NotoSans-Regular", "NotoSansKhmer-Regular"}
    assert PdfReader(io.BytesIO(content)).trailer["/Root"]["/Lang"] == "km"


def test_the_same_facts_give_the_same_file():
    facts = report_facts()
    shuffled = dict(reversed(list(copy.deepcopy(facts).items())))
    assert pdf(facts) == pdf(shuffled)


def test_another_version_gives_another_file():
    assert pdf(report_facts(version=2)) != pdf(report_facts())


def test_what_to_start_with():
    facts = report_facts()
    facts["findings"] = [
        finding(1, "discrimination", "gender", seriousness="minor"),
        finding(2, "discrimination", "gender", seriousness="grave"),
        finding(3, "forced-labour", "coercion", seriousness="grave", was_open_last_time=True),
        finding(4, "forced-labour", "bonded-labour", seriousness="major", is_public=True),
        finding(5, "working-time", "leave", seriousness="minor", is_zero_tolerance=True),
    ]
    assert [(entry["title"], entry["note"], entry["target"]) for entry in data(facts)["start"]] == [
        ("Leave", "Zero tolerance. New. Page {page}", "finding-F0005"),
        ("Coercion", "Found again. Page {page}", "finding-F0003"),
        ("Gender", "New. Page {page}", "finding-F0002"),
    ]


def test_hostile_and_strange_texts_are_printed_as_they_are():
    facts = report_facts()
    facts["factory"]["name"] = '#import "x" $ <script> 漢字 ' + "W" * 120
    facts["findings"][0]["explanation"]["text"] = "#eval(\"1\") *not bold* \x00 \u202e 😀\n\n\nlast"
    facts["findings"][0]["law"] = [{"citation": {"en": "Law"}, "source": "javascript:alert(1)"}]
    whole = " ".join(pages(facts))
    assert '#eval("1") *not bold*' in whole
    assert b"javascript:alert(1)" not in b"".join(
        str(annotation.get_object()).encode()
        for page in PdfReader(io.BytesIO(pdf(facts))).pages for annotation in page.get("/Annots", [])
    )


def test_a_long_address_still_leads_where_it_says():
    facts = report_facts()
    address = "https://example.org/" + "very-long/" * 12
    facts["findings"][0]["law"] = [{"citation": {"en": "Law"}, "source": address}]
    links = [
        annotation.get_object()["/A"]["/URI"]
        for page in PdfReader(io.BytesIO(pdf(facts))).pages for annotation in page.get("/Annots", [])
        if "/URI" in annotation.get_object().get("/A", {})
    ]
    assert links[0] == address


def test_very_long_texts_run_over_pages():
    facts = report_facts()
    facts["findings"][0]["explanation"]["text"] = "A long story. " * 1500
    facts["findings"][1]["reply"]["text"] = {"language": "km", "text": KHMER_LONG * 40}
    text = pages(facts)
    assert sum("A long story." in page for page in text) >= 3
    assert sum(page.count("story.") for page in text) == 1500


def test_a_factory_without_numbers():
    facts = report_facts()
    facts["factory"] |= {"workers": {"total": None, "women": None, "men": None}, "os_id": "", "city": "", "sectors": []}
    facts["assessment"] |= {"interviews": None, "reviewer": ""}
    facts["strengths"], facts["gathered"] = [], []
    cover = pages(facts)[0]
    assert "Workers Not known" in cover
    assert "Questions 248" in cover
    assert "Assessed by Sreymom Chea and Dara Voeun. The page" in cover
