"""The cases of content/conformance, which a device runs as well."""

import json
from pathlib import Path

import pytest

from evenweave.questionnaires import rules
from evenweave.questionnaires.rules import Tool
from evenweave.questionnaires.rules.tool import tool_from_data

CASES = Path(__file__).resolve().parents[3] / "content" / "conformance"
CONDITIONS = json.loads((CASES / "conditions.json").read_text(encoding="utf-8"))
SCORING = json.loads((CASES / "scoring.json").read_text(encoding="utf-8"))
EMPTY = {
    "point": "", "texts": {"en": {"text": "?", "finding": "", "look_for": [], "is_draft": False}}, "roots": ["X"],
    "noncompliant_answer": "", "law": [], "law_note": "", "tags": [], "ancestors": [], "global_id": "",
    "visible_if": None, "themes": [], "external_refs": [], "answer": "", "unit": "", "group": "",
}


def named(part: str):
    return pytest.mark.parametrize("case", SCORING[part], ids=lambda case: case["name"])


@pytest.fixture(scope="module")
def tool() -> Tool:
    return tool_from_data({
        "format": 1, "tool": "t", "version": "1", "layer": "l", "layer_version": "1", "programme": "XX",
        "titles": {"en": "T"}, "issued_on": "2024-01-01", "in_force_from": "2024-01-01", "fact_groups": {},
        "critical_issues": {}, "clusters": [{"key": "first", "order": 1, "titles": {"en": "First"}, "points": []}],
        "questions": [{**EMPTY, **question} for question in SCORING["questions"]]}, "hash")


@pytest.mark.parametrize("case", CONDITIONS["cases"], ids=lambda case: case["name"])
def test_condition(case):
    assert rules.condition_holds(case["condition"], case["answers"]) is case["holds"]


def test_an_unknown_condition_is_an_error():
    with pytest.raises(ValueError, match="more_than"):
        rules.condition_holds({"more_than": ["FG-01", 1]}, {})


@named("outcome")
def test_outcome(tool, case):
    question = tool.question(case["question"])
    assert rules.outcome(question, case["answer"]) == case["outcome"]
    assert rules.is_noncompliant(question, case["answer"]) is (case["outcome"] == "noncompliant")


@named("answered")
def test_answered(tool, case):
    assert rules.is_answered(tool.question(case["question"]), case["answer"]) is case["is_answered"]


@named("visible")
def test_visible(tool, case):
    seen = rules.visible_questions(tool, case["answers"], case["scope"])
    assert [question.id for question in seen] == case["visible"]


@named("missing")
def test_missing(tool, case):
    lacking = rules.missing(tool, case["answers"], case["scope"], explanations=case["explanations"])
    assert [[gap.question_id, gap.lacking] for gap in lacking] == case["missing"]
