"""What an assessment lacks, the four statuses of a cluster, the sentence with blanks, the way of an assessment."""

import pytest

from evenweave.assessments.enums import AssessmentState, Lack, TaskStatus
from evenweave.assessments.rules import (
    FieldState,
    Missing,
    blanks_in,
    filled,
    is_secret,
    may_move,
    missing,
    status_of,
    takes_answers,
)
from evenweave.assessments.tests.smalltool import small_tool

TOOL = small_tool()


def said(**answers) -> dict:
    """States from SH_01="no", SH_01__explanation="…"."""
    states = {}
    for name, value in answers.items():
        question_id, _, field = name.replace("_", "-", 1).partition("__")
        states[question_id, field or "answer"] = FieldState((), value)
    return states


COMPLETE = said(
    FG_01=812, FG_02="no", CL_01="no", CL_02="yes", SH_01="no", SH_01__explanation="Cartons at the east door.",
    SH_01__finding=["1", "6", "floor 2"], SH_02="unable", SH_02__explanation="The records were at head office.",
)


def test_a_complete_assessment_lacks_nothing():
    assert missing(TOOL, COMPLETE, "full") == []


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        (("FG-01", "answer"), None, Lack.ANSWER),
        (("FG-01", "answer"), "many", Lack.ANSWER),
        (("CL-02", "answer"), None, Lack.ANSWER),
        (("SH-01", "explanation"), "  ", Lack.EXPLANATION),
        (("SH-02", "explanation"), None, Lack.EXPLANATION),
        (("SH-01", "finding"), ["1", "6"], Lack.BLANKS),
        (("SH-01", "finding"), ["1", "", "floor 2"], Lack.BLANKS),
        (("SH-01", "finding"), None, Lack.BLANKS),
    ],
)
def test_one_thing_missing_is_named(field, value, reason):
    assert missing(TOOL, COMPLETE | {field: FieldState((), value)}, "full") == [Missing(field[0], reason)]


def test_a_conflict_on_any_field_is_named_and_nothing_else_of_the_question():
    torn = COMPLETE | {("SH-01", "note"): FieldState((), None, is_conflict=True)}
    assert missing(TOOL, torn, "full") == [Missing("SH-01", Lack.CONFLICT)]


def test_a_question_is_asked_only_where_its_condition_holds():
    with_dormitory = COMPLETE | said(FG_02="yes")
    assert missing(TOOL, with_dormitory, "full") == [Missing("SH-03", Lack.ANSWER)]


def test_a_short_assessment_asks_facts_and_public_questions_alone():
    short = said(FG_01=812, FG_02="no", CL_01="no")
    assert missing(TOOL, short, "short") == [Missing("SH-01", Lack.ANSWER)]


@pytest.mark.parametrize(
    ("states", "status"),
    [
        (said(), TaskStatus.NOT_STARTED),
        (said(CL_01="no"), TaskStatus.IN_PROGRESS),
        (said(CL_01="no", CL_02="no"), TaskStatus.NEEDS_EVIDENCE),
        (said(CL_02="unable"), TaskStatus.NEEDS_EVIDENCE),
        (said(CL_01="no", CL_02="yes"), TaskStatus.DONE),
        (said(CL_01="no", CL_02="no", CL_02__explanation="x", CL_02__finding=["2", "40"]), TaskStatus.DONE),
        ({("CL-01", "answer"): FieldState((), None, is_conflict=True)}, TaskStatus.NEEDS_EVIDENCE),
    ],
)
def test_a_cluster_has_one_of_four_statuses(states, status):
    assert status_of(TOOL.questions_of("child-labour"), states) is status


def test_blanks_are_counted_and_filled_in_order():
    template = "__ of __ exits on __ were shut."
    assert blanks_in(template) == 3
    assert filled(template, ["1", "6", " floor 2 "]) == "1 of 6 exits on floor 2 were shut."
    assert filled(template, ["1"]) == "1 of __ exits on __ were shut."
    assert filled("No drill was held.", ["ignored"]) == "No drill was held."


ALLOWED = {
    ("planned", "in_progress"), ("in_progress", "in_review"), ("in_review", "returned"),
    ("in_review", "with_factory"), ("returned", "in_review"), ("with_factory", "replied"), ("replied", "released"),
}


def test_an_assessment_moves_only_along_its_way():
    pairs = {(a.value, b.value) for a in AssessmentState for b in AssessmentState if may_move(a, b)}
    assert pairs == ALLOWED


def test_it_is_secret_until_the_factory_has_it_and_takes_answers_only_on_site_or_when_returned():
    assert {s.value for s in AssessmentState if is_secret(s)} == {"planned", "in_progress", "in_review", "returned"}
    assert {s.value for s in AssessmentState if takes_answers(s)} == {"in_progress", "returned"}
