"""What the demo tells of the other countries is held to their tools; one of their factories lives through its years."""

import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

from evenweave.advisory.models import DialogueScore, Visit, VisitWord
from evenweave.assessments.enums import AssessmentState, Position, Seriousness
from evenweave.assessments.models import Finding
from evenweave.assessments.rules.completeness import pieces
from evenweave.committees.models import Meeting, Member
from evenweave.home import services
from evenweave.home.demo.people import let_in
from evenweave.home.demo.texts import demo_programmes, texts_of
from evenweave.home.demo.years import steps
from evenweave.home.models import DemoPerson
from evenweave.improvement.models import ItemDetail, PlanItem
from evenweave.organisations.models import Factory
from evenweave.people.models import Person
from evenweave.questionnaires.queries.files import read_source
from evenweave.questionnaires.rules import Tool
from evenweave.questionnaires.rules.answering import is_answered, visible_questions
from evenweave.questionnaires.rules.compiling import compile_all
from evenweave.questionnaires.services import load_content
from evenweave.reports.models import Report
from evenweave.toolkit import clock
from evenweave.toolkit.models import Installation
from evenweave.toolkit.yaml_files import read_yaml
from evenweave.training.models import Certificate

VERSIONS = ("2024.1", "2025.1")
LANGUAGES = {"BD": "bn", "HT": "fr", "JO": "ar", "VN": "vi"}
LETTERS = {"fr": "[a-zà-ÿ]", "ar": "[\u0600-\u06ff]", "bn": "[\u0980-\u09ff]", "vi": "[a-zà-ỹ]"}
countries = pytest.mark.parametrize("country", sorted(LANGUAGES))


@cache
def text(country: str, name: str) -> dict:
    return read_yaml(Path(settings.CONTENT) / "demo" / country / f"{name}.yaml")


@cache
def tools() -> dict[tuple[str, str], Tool]:
    return {(one.programme_code, one.layer_version): one for one in compile_all(read_source(Path(settings.CONTENT)))}


def is_filled(template: str, sentence: str) -> bool:
    pattern = r"(\S.*?)".join(re.escape(piece) for piece in pieces(template))
    return "__" not in sentence and re.fullmatch(pattern, sentence) is not None


def test_the_main_country_comes_first_and_the_others_have_a_language_each():
    assert demo_programmes() == ["KH", *sorted(LANGUAGES)]
    assert {country: texts_of(country).language for country in LANGUAGES} == LANGUAGES


@countries
def test_every_finding_is_the_sentence_of_the_country_s_tool_in_both_versions(country):
    rows = text(country, "findings")["findings"]
    assert len({row["question"]["2024.1"] for row in rows}) == len(rows) >= 10
    for row in rows:
        for version in VERSIONS:
            question = tools()[country, version].question(row["question"][version])
            assert question.is_scored
            for variant in row["variants"]:
                said = variant.get("finding_2025", variant["finding"]) if version > "2025" else variant["finding"]
                assert is_filled(question.finding(), said), said
                assert variant["seriousness"] in Seriousness.values
        old, new = (tools()[country, version].question(row["question"][version]) for version in VERSIONS)
        assert set(old.roots) & set(new.roots)


@countries
def test_some_of_what_is_found_is_reported_publicly_and_some_is_the_country_s_own(country):
    tool = tools()[country, "2024.1"]
    found = [tool.question(row["question"]["2024.1"]) for row in text(country, "findings")["findings"]]
    assert sum(question.is_public for question in found) >= 3
    assert sum(question.id.startswith(f"{country}-") for question in found) >= 2


@countries
def test_people_write_in_the_country_s_language(country):
    letter = LETTERS[LANGUAGES[country]]
    for row in text(country, "findings")["findings"]:
        assert row["reply"]["position"] in Position.values
        assert len(row["whys"]) >= 3
        assert 1 <= len(row["actions"]) <= 3
        typed = [variant["explanation"] for variant in row["variants"]]
        typed += [row["reply"]["text"], row["immediate_action"], row["root_cause"], row["evidence_note"]]
        typed += [part for step in row["whys"] for part in step.values()]
        typed += [part for action in row["actions"] for part in (action["text"], action["owner_name"])]
        for said in typed:
            assert len(re.findall(letter, said.lower())) > len(said) / 2, said
            assert not re.search(r"\b(the|and|were|was)\b", said), said


@countries
def test_what_both_sides_do_together_is_in_the_country_s_language_too(country):
    told, letter = text(country, "together"), LETTERS[LANGUAGES[country]]
    keys = {factory["key"] for factory in text(country, "factories")["factories"]}
    assert {*told["visited"], *told["committee_in"], *told["course_in"]} <= keys
    assert told["visited"] == text(country, "people")["coached"]
    committee = told["committee"]
    assert (len(committee["management"]), len(committee["candidates"]), len(committee["meetings"])) == (3, 4, 2)
    typed = [told["visit"]["who"], told["visit"]["note"], *told["visit"]["advice"], *told["dialogue"].values()]
    typed += [part for meeting in committee["meetings"] for part in meeting.values()]
    for said in typed:
        assert len(re.findall(letter, said.lower())) > len(said) / 2, said
        assert not re.search(r"\b(the|and|were|was)\b", said), said


@countries
def test_every_fact_that_is_asked_has_an_answer_and_no_other_has(country):
    for version, year in zip(VERSIONS, ("first_year", "second_year"), strict=True):
        facts = text(country, "story")["facts"][year]
        asked = [one for one in visible_questions(tools()[country, version], facts) if not one.is_scored]
        assert {question.id for question in asked} == set(facts)
        assert all(is_answered(question, facts[question.id]) for question in asked)
        assert facts["FG-02"] + facts["FG-03"] == facts["FG-01"]


@countries
def test_six_factories_are_whole_and_reach_nobody(country):
    factories = text(country, "factories")["factories"]
    assert len({factory["key"] for factory in factories}) == 6
    for factory in factories:
        assert factory["workers_female"] + factory["workers_male"] == factory["workers_total"]
        for contact in [factory, *factory["contacts"]]:
            assert contact["email"].endswith(".example.org")
            assert " 555 0" in contact["phone"] or " 2555 0" in contact["phone"]


@countries
def test_three_people_of_the_country_can_be_entered(country):
    rows = text(country, "people")["people"]
    faces = [row for row in rows if "who" in row]
    assert [row["key"] for row in faces] == ["programme-manager", "factory-manager", "coach"]
    assert all(len(row["who"]) <= 200 and len(row["try_this"]) <= 300 for row in faces)
    assert rows[1]["name"] == text(country, "factories")["factories"][0]["manager"]["name"]


@pytest.fixture
def main_programme(db, tmp_path):
    """A demo whose main programme has begun: its buyers are there. Of the tools those of one country will do."""
    Installation.objects.create(is_demo=True)
    whole = Path(settings.CONTENT)
    for part in (path for path in whole.iterdir() if path.name not in ("tools", "programmes")):
        (tmp_path / part.name).symlink_to(part)
    for part in ("tools/garment", "tools/garment-BD", "programmes/BD.yaml", "programmes/defaults.yaml"):
        (tmp_path / part).parent.mkdir(exist_ok=True)
        (tmp_path / part).symlink_to(whole / part)
    load_content(tmp_path)
    with clock.at(datetime(2024, 8, 1, tzinfo=UTC)):
        let_in(texts_of("KH"))


def test_a_factory_is_told_whole_or_not_at_all(main_programme, monkeypatch):
    real = steps.progress
    told = []

    def breaks_off(*given):
        told.append(given)
        if len(told) == 2:
            raise KeyboardInterrupt
        real(*given)

    monkeypatch.setattr(steps, "progress", breaks_off)
    with pytest.raises(KeyboardInterrupt):
        services.continue_demo(say=lambda said: None, most_factories=12)
    assert len(told) == 2, "the first report and its plan had been told"
    assert not Factory.objects.exists()
    assert not Report.objects.exists()
    assert not DemoPerson.objects.exists()
    assert not Person.objects.filter(email__startswith="bd-").exists()

    monkeypatch.setattr(steps, "progress", real)
    assert services.continue_demo(say=lambda said: None, most_factories=12) == 1
    factory = Factory.objects.get()
    assert (factory.name, factory.is_invented) == ("Shapla Suta Knit", True)
    assert Report.objects.filter(factory=factory).count() == 2
    assert {one.assessment.state for one in Report.objects.all()} == {AssessmentState.RELEASED}
    assert Finding.objects.filter(factory=factory).count() == 6 + 4
    assert set(ItemDetail.objects.exclude(root_cause="").values_list("language", flat=True)) == {"bn"}
    assert PlanItem.objects.filter(plan__factory=factory, status="completed").exists()
    assert [one.state for one in Visit.objects.all()] == ["held"] * 4
    assert VisitWord.objects.filter(visit__cycle__factory=factory, is_as_agreed=True).count() == 4 * 2
    assert set(DialogueScore.objects.values_list("progress", "language")) == {("moderate", "bn"), ("on_track", "bn")}
    assert Member.objects.filter(committee__factory=factory, left_on=None).count() == 8
    assert list(Meeting.objects.order_by("number").values_list("state", flat=True)) == ["signed", "signed", "planned"]
    assert Certificate.objects.filter(registration__session__state="held").count() == 6
    assert set(DemoPerson.objects.values_list("key", "person__language")) == {
        ("bd-programme-manager", "bn"), ("bd-factory-manager", "bn"), ("bd-coach", "bn"),
    }
    assert services.continue_demo(say=lambda said: None, most_factories=12) == 0, "it is told once"
