"""The rules, with cases made by hand."""

from fractions import Fraction

import pytest

from evenweave.assessments.tests.smalltool import small_tool
from evenweave.questionnaires.enums import Outcome
from evenweave.selfassessments import rules
from evenweave.selfassessments.enums import Match
from evenweave.selfassessments.rules import Compared, Weighed

TOOL = small_tool()
ASKED = ["FG-01", "FG-02", "CL-01", "CL-02", "SH-01", "SH-02"]


def ids(questions) -> list[str]:
    return [question.id for question in questions]


def test_management_is_asked_everything_and_workers_no_figures_of_the_office():
    assert ids(rules.asked_of(TOOL, {}, of_workers=False)) == ASKED
    assert ids(rules.asked_of(TOOL, {}, of_workers=True)) == ASKED[1:]
    assert ids(rules.asked_of(TOOL, {"FG-02": "yes"}, of_workers=True)) == [*ASKED[1:], "SH-03"]


@pytest.mark.parametrize(("count", "answered", "least", "needed"), [
    (20, 19, 0.95, 0), (20, 18, 0.95, 1), (7, 6, 0.95, 1), (340, 323, 0.95, 0), (340, 322, 0.95, 1), (10, 0, 0.0, 0),
    (100, 94, 0.95, 1),
])
def test_ninety_five_in_a_hundred_is_counted_exactly(count, answered, least, needed):
    assert rules.still_needed(count, answered, least) == needed
    assert rules.is_enough(Fraction(answered, count), least) == (needed == 0 and answered > 0)


@pytest.mark.parametrize(("management", "workers", "settled", "match", "answer"), [
    ("yes", "yes", None, Match.SAME, "yes"),
    ("yes", "no", None, Match.DIFFERS, None),
    ("yes", "no", "no", Match.SETTLED, "no"),
    ("yes", None, None, Match.ONE_SIDE, None),
    (None, "no", None, Match.ONE_SIDE, None),
    (None, None, None, Match.NOBODY, None),
    (None, None, "yes", Match.SETTLED, "yes"),
    ("not_applicable", "unable", None, Match.DIFFERS, None),
])
def test_two_answers_beside_each_other(management, workers, settled, match, answer):
    row = Compared(TOOL.question("SH-02"), management, workers, settled)
    assert (row.match, row.answer) == (match, answer)
    assert row.is_admitted == (answer == "no")


def test_the_question_says_which_answer_admits():
    assert Compared(TOOL.question("CL-01"), "yes", "yes").is_admitted
    assert not Compared(TOOL.question("CL-01"), "no", "no").is_admitted


def test_a_figure_only_the_office_is_asked_is_the_factorys_answer():
    rows = {row.question.id: row for row in rules.beside(TOOL, {"FG-01": 812}, {}, {})}
    assert (rows["FG-01"].match, rows["FG-01"].answer) == (Match.SAME, 812)
    assert rows["SH-02"].match is Match.NOBODY


def test_a_question_that_one_side_alone_was_asked_is_shown():
    rows = rules.beside(TOOL, {"FG-02": "no"}, {"FG-02": "yes", "SH-03": "no"}, {})
    assert {row.question.id: row.match for row in rows}["SH-03"] is Match.ONE_SIDE
    settled = rules.beside(TOOL, {"FG-02": "no"}, {"FG-02": "yes", "SH-03": "no"}, {"FG-02": "no"})
    assert "SH-03" not in [row.question.id for row in settled]


def weighed(found: str, factory: str | None, management: str | None = None, workers: str | None = None) -> Weighed:
    def outcome(word):
        return Outcome(word) if word else None

    return Weighed("osh", outcome(found), outcome(factory), outcome(management), outcome(workers))


def test_accuracy_counts_what_was_found_and_what_could_be_compared():
    rows = [
        weighed("noncompliant", "noncompliant", "noncompliant", "noncompliant"),
        weighed("noncompliant", "compliant", "compliant", "compliant"),
        weighed("noncompliant", None, "compliant", "noncompliant"),
        weighed("compliant", "compliant"),
        weighed("compliant", "noncompliant"),
        weighed("compliant", "unable"),
        weighed("not_applicable", "compliant"),
    ]
    total, (osh,) = rules.accuracy(rows)
    assert (total.found, total.admitted, total.by_management, total.by_workers) == (3, 1, 1, 2)
    assert (total.compared, total.same) == (4, 2)
    assert (osh.cluster, osh.found) == ("osh", 3)


def test_few_cases_have_counts_and_no_share():
    assert rules.share_of(2, 4) is None
    assert rules.share_of(2, 5) == Fraction(2, 5)


def test_of_a_split_question_one_part_that_is_not_met_decides():
    assert rules.worst([Outcome.COMPLIANT, Outcome.NONCOMPLIANT]) is Outcome.NONCOMPLIANT
    assert rules.worst([Outcome.UNABLE, None, Outcome.COMPLIANT]) is Outcome.COMPLIANT
    assert rules.worst([None]) is None
