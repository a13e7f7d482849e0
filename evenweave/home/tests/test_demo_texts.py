"""What the demo tells is written by hand; here it is held to the tool it speaks of."""

import re
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

from evenweave.assessments.enums import Position, Seriousness
from evenweave.assessments.rules.completeness import pieces
from evenweave.home.demo.texts import texts_of
from evenweave.improvement.enums import Side
from evenweave.organisations.enums import Sector
from evenweave.questionnaires.queries.files import read_source
from evenweave.questionnaires.rules import Question, Tool
from evenweave.questionnaires.rules.answering import is_answered, visible_questions
from evenweave.questionnaires.rules.compiling import compile_all
from evenweave.toolkit.yaml_files import read_yaml

DEMO = Path(settings.CONTENT) / "demo" / "KH"
OLD, NEW = "2024.1", "2025.1"
CLUSTERS = {
    "child-labour",
    "discrimination",
    "forced-labour",
    "freedom-of-association",
    "compensation",
    "contracts",
    "osh",
    "working-time",
}
PEOPLE = {
    "factory-manager",
    "worker-representative",
    "other-factory",
    "buyer",
    "buyer-unpaid",
    "buyer-revoked",
    "assessor",
    "second-assessor",
    "coach",
    "team-leader",
    "reviewer",
    "programme-manager",
    "quality",
    "ministry",
}
NOT_OURS = {".git", ".venv", "__pycache__", "node_modules", ".mypy_cache", ".pytest_cache", ".ruff_cache"}


@cache
def text(name: str) -> dict:
    return read_yaml(DEMO / f"{name}.yaml")


def findings() -> list[dict]:
    return text("findings")["findings"]


@cache
def tools() -> dict[str, dict[str, Question]]:
    return {version: {question.id: question for question in one.questions} for version, one in compiled().items()}


@cache
def compiled() -> dict[str, Tool]:
    tools = compile_all(read_source(Path(settings.CONTENT)))
    return {one.layer_version: one for one in tools if one.programme_code == "KH"}


def of_year(name: str) -> list[dict]:
    return [entry for entry in findings() if entry[name]]


def is_filled(template: str, sentence: str) -> bool:
    """Whether the sentence is the template's, word for word, with something in each blank."""
    pattern = r"(\S.*?)".join(re.escape(piece) for piece in pieces(template))
    return "__" not in sentence and re.fullmatch(pattern, sentence) is not None


@pytest.mark.parametrize(
    ("sentence", "holds"),
    [
        ("3 of 5 doors stood open.", True),
        ("3 of __ doors stood open.", False),
        ("3 of  doors stood open.", False),
        ("3 of 5 gates stood open.", False),
        ("Of all, 3 of 5 doors stood open. Quite so", False),
    ],
)
def test_a_sentence_is_compared_word_for_word(sentence, holds):
    assert is_filled("__ of __ doors stood open.", sentence) is holds


# Findings


def test_the_findings_are_many_and_each_question_comes_once():
    ids = [entry["question"][OLD] for entry in findings()]
    assert len(ids) >= 60
    assert len(set(ids)) == len(ids)


def test_every_question_is_asked_in_its_version_and_goes_back_to_one_root():
    for entry in findings():
        old, new = entry["question"][OLD], entry["question"][NEW]
        assert tools()[OLD][old].is_scored, old
        if new is not None:
            assert tools()[NEW][new].is_scored, new
            assert set(tools()[OLD][old].roots) & set(tools()[NEW][new].roots), (old, new)


def test_findings_come_from_all_eight_clusters():
    assert {tools()[OLD][entry["question"][OLD]].cluster for entry in findings()} == CLUSTERS


def test_every_finding_is_the_sentence_of_the_tool_with_its_blanks_filled():
    for entry in findings():
        old, new = entry["question"][OLD], entry["question"][NEW]
        before = tools()[OLD][old].finding()
        after = tools()[NEW][new].finding() if new else before
        assert len(entry["variants"]) in (2, 3), old
        for variant in entry["variants"]:
            assert is_filled(before, variant["finding"]), variant["finding"]
            assert is_filled(after, variant.get("finding_2025", variant["finding"])), (new, variant)


def test_every_variant_says_what_was_seen_and_how_serious_it_is():
    for entry in findings():
        for variant in entry["variants"]:
            assert len(variant["explanation"]) > 40, entry["question"]
            assert variant["seriousness"] in Seriousness.values


def test_the_factory_answers_each_finding_and_writes_causes_and_actions():
    for entry in findings():
        named = entry["question"][OLD]
        assert entry["reply"]["position"] in Position.values, named
        assert 3 <= len(entry["whys"]) <= 5, named
        assert all(set(step) == {"why", "because"} and all(step.values()) for step in entry["whys"]), named
        assert all(entry[name].strip() for name in ("immediate_action", "root_cause", "evidence_note")), named
        assert entry["reply"]["text"].strip(), named
        assert 1 <= len(entry["actions"]) <= 3, named


def test_every_action_has_an_owner_a_side_and_a_time():
    for entry in findings():
        for action in entry["actions"] + entry.get("again", {}).get("actions", []):
            assert set(action) == {"text", "owner_name", "owner_side", "days"}
            assert action["text"].strip()
            assert action["owner_name"].strip()
            assert action["owner_side"] in Side.values
            assert 0 < action["days"] <= 180


def test_the_hero_has_24_findings_in_the_first_year_15_in_the_second_and_7_in_both():
    first, second = of_year("hero_first_year"), of_year("hero_second_year")
    both = [entry for entry in first if entry["hero_second_year"]]
    assert (len(first), len(second), len(both)) == (24, 15, 7)
    assert [entry for entry in findings() if "again" in entry] == both


def test_one_of_the_second_year_goes_back_to_a_question_that_was_split():
    asked = [entry["question"] for entry in of_year("hero_second_year")]
    moved = [question for question in asked if question[NEW] != question[OLD]]
    assert moved == [{OLD: "SH-58", NEW: "SH-101"}]
    assert "SH-58" not in tools()[NEW]


def test_at_least_six_findings_of_each_year_are_reported_publicly():
    for name, version in (("hero_first_year", OLD), ("hero_second_year", NEW)):
        public = [entry for entry in of_year(name) if tools()[version][entry["question"][version]].is_public]
        assert len(public) >= 6


def test_the_hero_is_told_the_first_variant_in_its_first_year_and_the_second_in_its_second():
    for entry in findings():
        said = {number: variant["hero"] for number, variant in enumerate(entry["variants"]) if "hero" in variant}
        wanted = {n: year for n, year in enumerate(("first_year", "second_year")) if entry[f"hero_{year}"]}
        assert said == wanted, entry["question"]
        assert len(said) < len(entry["variants"]), entry["question"]


# Factories


def test_there_are_24_factories_and_each_is_whole():
    factories = text("factories")["factories"]
    assert len(factories) == len({factory["key"] for factory in factories}) == 24
    assert factories[0]["key"] == "mekong-stitch"
    for factory in factories:
        assert factory["workers_female"] + factory["workers_male"] == factory["workers_total"]
        assert set(factory["sectors"]) <= set(Sector.values)
        assert len(factory["contacts"]) == 2
        assert 10 < float(factory["latitude"]) < 14.7
        assert 102 < float(factory["longitude"]) < 108


def test_addresses_and_numbers_reach_nobody():
    for factory in text("factories")["factories"]:
        for contact in [factory, *factory["contacts"]]:
            assert contact["email"].endswith((".example.org", "@example.org"))
            assert contact["phone"].startswith("+855 23 555 0")


# Story and people


@pytest.mark.parametrize(("year", "version"), [("first_year", OLD), ("second_year", NEW)])
def test_every_fact_that_is_asked_has_an_answer_and_no_other_has(year, version):
    facts = text("story")["facts"][year]
    asked = [question for question in visible_questions(compiled()[version], facts) if not question.is_scored]
    assert {question.id for question in asked} == set(facts)
    assert all(is_answered(question, facts[question.id]) for question in asked)
    assert facts["FG-02"] + facts["FG-03"] == facts["FG-01"]


@pytest.mark.parametrize(("year", "version"), [("first_year", OLD), ("second_year", NEW)])
def test_the_hero_is_asked_every_question_it_has_a_finding_on(year, version):
    asked = {question.id for question in visible_questions(compiled()[version], text("story")["facts"][year])}
    assert {entry["question"][version] for entry in of_year(f"hero_{year}")} <= asked


def test_the_facts_of_the_second_year_are_those_of_the_factory_s_record():
    facts, factory = text("story")["facts"]["second_year"], text("factories")["factories"][0]
    assert (facts["FG-01"], facts["FG-03"], facts["FG-02"]) == (
        factory["workers_total"],
        factory["workers_female"],
        factory["workers_male"],
    )


def test_the_story_speaks_of_findings_that_are_there():
    story = text("story")
    first = {entry["question"][OLD]: entry for entry in of_year("hero_first_year")}
    second = {entry["question"][NEW] for entry in of_year("hero_second_year")}
    amendment = story["amendment"]
    assert {amendment["withdrawn_question"], amendment["corrected_question"]} <= set(first)
    corrected = tools()[OLD][amendment["corrected_question"]]
    assert is_filled(corrected.finding(), amendment["corrected_text"])
    assert amendment["corrected_text"] not in [one["finding"] for one in first[corrected.id]["variants"]]
    assert {story["disagreement"]["question"], story["check_refusal"]["question"]} <= set(first)
    assert tools()[OLD][story["check_refusal"]["question"]].is_public
    assert len(story["review_comments"]) == 3
    assert {comment["question"] for comment in story["review_comments"]} <= second
    assert {note["question"] for note in story["notes"]} <= second
    assert [row["who"] for row in story["thread"]] == ["manager", "worker", "coach", "manager", "buyer", "worker"]


def test_the_steps_of_a_case_are_those_of_the_programme():
    protocol = read_yaml(Path(settings.CONTENT) / "programmes" / "KH.yaml")["zero_tolerance"][-1]
    issues = {issue["key"] for issue in protocol["issues"]}
    cases = text("story")["zero_tolerance"]
    assert {cases["closed"]["issue"], cases["open"]["issue"]} <= issues
    steps = [step["key"] for step in protocol["steps"]]
    assert list(cases["closed"]["notes"]) == steps
    assert set(cases["open"]["notes"]) < set(steps)


def test_self_found_issues_name_a_question_of_both_versions_or_none():
    for issue in text("story")["self_found"]:
        assert issue["question"] is None or issue["question"] in set(tools()[OLD]) & set(tools()[NEW])


def test_the_protected_names_stand_in_one_file_only():
    names = [case["protected_name"] for case in text("story")["zero_tolerance"].values()]
    words = {word.encode() for name in names for word in name.split() if len(word) > 7} | {n.encode() for n in names}
    assert len(words) == 4
    holding = {path.name for path in _our_files() if any(word in path.read_bytes() for word in words)}
    assert holding == {"story.yaml"}


def _our_files():
    for folder, folders, files in Path(settings.CONTENT).parent.walk():
        folders[:] = [name for name in folders if name not in NOT_OURS and not name.startswith(".")]
        yield from (path for name in files if (path := folder / name).is_file())


def test_the_fourteen_people_are_there_once_and_fit_their_row():
    people = text("people")["people"]
    assert {person["key"] for person in people} == PEOPLE
    assert len(people) == 14
    for person in people:
        assert 0 < len(person["who"]) <= 200
        assert 0 < len(person["try_this"]) <= 300
        assert person["language"] in ("en", "fr")
    assert [person["key"] for person in people if person["language"] == "fr"] == ["buyer-revoked"]


def test_no_finding_names_a_person():
    names = {person["name"] for person in text("people")["people"]}
    for factory in text("factories")["factories"]:
        known = [*factory["contacts"], factory["manager"], factory["worker_representative"]]
        names |= {person["name"] for person in known}
    for entry in findings():
        for variant in entry["variants"]:
            said = " ".join(str(value) for value in variant.values())
            assert not [name for name in names if name in said]


# How the texts are read


def test_only_the_hero_is_told_the_hero_s_sentences():
    for trouble, entry in zip(texts_of("KH").troubles, findings(), strict=True):
        elsewhere = {variant["finding"] for variant in trouble.variants}
        own = {variant["finding"] for variant in entry["variants"] if "hero" in variant}
        assert elsewhere
        assert not elsewhere & own


def test_what_is_found_again_is_answered_anew():
    exits = next(trouble for trouble in texts_of("KH").troubles if trouble.question_ids[OLD] == "KH-SH-17")
    first, second = exits.told_of_the_hero(1), exits.told_of_the_hero(2)
    assert "7 places" in first.finding(OLD, 0)
    assert "3 places" in second.finding(NEW, 0)
    assert "stand too long on the lines" in first.reply["text"]
    assert "The sewing lines stay clear now" in second.reply["text"]
    assert [len(told.actions) for told in (first, second)] == [3, 2]
    assert second.root_cause == first.root_cause


def test_the_people_of_the_hero_own_actions_there_and_nowhere_else():
    names = set(text("findings")["owners"])
    for trouble in texts_of("KH").troubles:
        assert not names & {action["owner_name"] for action in trouble.actions}
        for year in trouble.at_the_hero:
            assert {action["owner_name"] for action in trouble.told_of_the_hero(year).actions} <= names
