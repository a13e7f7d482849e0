"""The second year: a newer tool, findings known by their lineage, points and clusters beside last year's."""

from datetime import UTC, date, datetime

import pytest

from evenweave.access.enums import Shared
from evenweave.assessments.enums import AssessmentState
from evenweave.assessments.models import Finding, FindingWithdrawal
from evenweave.assessments.tests import smalltool
from evenweave.assessments.tests.scene import a_small_tool
from evenweave.indicators.services import record_result
from evenweave.indicators.tests.others import counted
from evenweave.questionnaires.queries import compiled
from evenweave.reports import rules
from evenweave.reports.tests.scene import an_empty_scene, released_from, replied
from evenweave.toolkit.uuid7 import uuid7
from tests import builders

pytestmark = pytest.mark.django_db

LAST_YEAR = datetime(2024, 12, 2, 3, tzinfo=UTC)


def rows_of(merged_roots: list[str]) -> list[dict]:
    """This year's questions: SH-01 descends from these roots."""
    return [row | {"roots": merged_roots} if row["id"] == "SH-01" else row for row in smalltool.questions()]


def with_a_first_year(*, found: str, withdrawn: bool = False):
    """The scene of a second cycle; in the first, `found` (a question of last year's tool) had a finding."""
    scene = an_empty_scene(number=2, rows=rows_of(["SH-91", "SH-90"]), version="t.2", in_force_from=date(2025, 3, 1))
    old_rows = [row | {"id": "SH-90", "roots": ["SH-90"]} if row["id"] == "SH-01" else row
                for row in smalltool.questions()]
    tool = a_small_tool("t.1", rows=old_rows, in_force_from=date(2024, 1, 1))
    cycle = builders.a_cycle(scene.cast.factory, 1, starts_on=date(2024, 11, 4), service_model="2021")
    before = builders.an_assessment(
        cycle, tool=tool, planner=scene.cast.programme_manager, state=AssessmentState.RELEASED, sharing=Shared.BUYERS
    )
    before.released_at = LAST_YEAR
    before.save()
    question = compiled(tool.pk).question(found)
    finding = Finding.objects.create(
        assessment=before, factory=cycle.factory, cycle=cycle, programme="KH", tool=tool, question_id=found,
        lineage_root=question.lineage_root, cluster=question.cluster, point=question.point, change_id=uuid7(),
        text="Found last year.", language="en", made_at=LAST_YEAR,
    )
    if withdrawn:
        FindingWithdrawal.objects.create(finding=finding, reason="Wrong.", by=scene.cast.programme_manager)
    answers = {"CL-01": "no", "CL-02": "yes", "SH-90": "yes", "SH-02": "yes"} | {found: question.noncompliant_answer}
    record_result(assessment=before, tool=compiled(tool.pk), answers=answers, at=LAST_YEAR)
    return released_from(replied(scene))


def test_a_finding_is_known_again_through_a_merged_question():
    released = with_a_first_year(found="SH-90")
    (finding,) = released.facts["findings"]
    assert finding["first_seen"] == {"cycle_number": 1, "on": "2024-12-02"}
    assert finding["was_open_last_time"] is True
    assert released.facts["last"] == {
        "cycle_number": 1, "released_on": "2024-12-02", "points_assessed": 3, "points_with_finding": 1, "findings": 1,
    }
    points = {point["key"]: point for cluster in released.facts["clusters"] for point in cluster["points"]}
    assert points["emergency-preparedness"]["last_status"] == "finding"
    assert points["worker-accommodation"]["last_status"] == "not_assessed"
    assert rules.in_short(released.facts).again == 1


def test_a_finding_elsewhere_makes_this_one_no_older():
    (finding,) = with_a_first_year(found="CL-02").facts["findings"]
    assert finding["first_seen"] == {"cycle_number": 2, "on": "2025-12-01"}
    assert finding["was_open_last_time"] is False


def test_a_finding_that_was_taken_back_was_never_there():
    (finding,) = with_a_first_year(found="SH-90", withdrawn=True).facts["findings"]
    assert finding["first_seen"]["cycle_number"] == 2
    assert finding["was_open_last_time"] is False


def test_the_country_holds_the_factories_of_last_years_tool():
    """Three were asked SH-90 last year, two the question it became; the parts of their cluster lie elsewhere, too."""
    scene = an_empty_scene(number=2, rows=rows_of(["SH-90"]), version="t.2", in_force_from=date(2025, 3, 1))
    old_rows = [row | {"id": "SH-90", "roots": ["SH-90"]} if row["id"] == "SH-01" else row
                for row in smalltool.questions()]
    old = a_small_tool("t.1", rows=old_rows, in_force_from=date(2024, 1, 1))
    for tool, answers in (
        (old, {"SH-90": "no"}), (old, {"SH-90": "yes", "SH-03": "no"}), (old, {"SH-90": "no", "SH-02": "yes"}),
        (scene.tool_row, {"SH-01": "no"}), (scene.tool_row, {"SH-01": "yes"}),
    ):
        counted(tool, answers, planner=scene.cast.programme_manager)
    facts = released_from(replied(scene)).facts
    (finding,) = facts["findings"]
    assert (finding["question_id"], finding["country"]) == ("SH-01", {"rate": 0.6, "n": 5, "suppressed": None})
    points = {point["key"]: point["country"] for cluster in facts["clusters"] for point in cluster["points"]}
    assert points["emergency-preparedness"] == {"rate": 0.6, "n": 5, "suppressed": None}
    # Their rates in the cluster: 1 of 1, 1 of 2, 1 of 1, 1 of 1, 0 of 1.
    assert [cluster["country"] for cluster in facts["clusters"] if cluster["key"] == "osh"] == [
        {"rate": 0.7, "n": 5, "suppressed": None}
    ]
