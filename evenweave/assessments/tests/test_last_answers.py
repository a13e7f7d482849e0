"""Last year's answers beside this year's questions, found by lineage across versions of the tool."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evenweave.access.enums import Role
from evenweave.access.services import give_standing
from evenweave.assessments.models import Assessment, Finding, FindingWithdrawal
from evenweave.assessments.queries import last_answers
from evenweave.assessments.tests.scene import a_small_tool
from evenweave.assessments.tests.smalltool import questions
from tests import builders

RELEASED = datetime(2025, 12, 15, 4, 0, tzinfo=UTC)


def second_version() -> list[dict]:
    """SH-01 stays, CL-02 is split in two, SH-02 and SH-01 are merged into SH-20; SH-30 is new."""
    rows = {row["id"]: row for row in questions()}
    split = [rows["CL-02"] | {"id": new, "roots": ["CL-02"], "ancestors": ["CL-02"]} for new in ("CL-11", "CL-12")]
    merged = rows["SH-02"] | {"id": "SH-20", "roots": ["SH-02", "SH-01"], "ancestors": ["SH-02", "SH-01"]}
    fresh = rows["SH-02"] | {"id": "SH-30", "roots": ["SH-30"]}
    return [rows["FG-01"], rows["CL-01"], *split, rows["SH-01"], merged, fresh]


@pytest.fixture
def second_year(scene):
    scene.approved()
    Assessment.objects.update(state="released", sharing=30, released_at=RELEASED)
    cycle = builders.a_cycle(scene.cast.factory, 2, starts_on=date(2026, 11, 3), service_model="2021")
    tool = a_small_tool("t.2", in_force_from=date(2026, 1, 1), rows=second_version())
    return builders.an_assessment(cycle, tool=tool, planner=scene.cast.programme_manager)


def test_answers_come_along_the_lineage(second_year):
    found = last_answers(second_year)
    assert {key: (one.question.id, one.answer, one.was_finding) for key, one in found.items()} == {
        "FG-01": ("FG-01", 812, False),
        "CL-01": ("CL-01", "no", False),
        "CL-11": ("CL-02", "yes", False),
        "CL-12": ("CL-02", "yes", False),
        "SH-01": ("SH-01", "no", True),
        "SH-20": ("SH-01", "no", True),  # of two merged questions the one with a finding counts
    }
    assert found["SH-20"].text == "1 of 6 exits on floor 2 could not be opened from the inside."
    assert found["SH-20"].explanation == "Cartons stood at the east door."
    assert found["SH-01"].released_on == date(2025, 12, 15)


def test_one_question_alone_gives_the_same(second_year):
    assert last_answers(second_year, ["SH-20"]) == {"SH-20": last_answers(second_year)["SH-20"]}
    assert last_answers(second_year, ["SH-30"]) == {}


def test_a_finding_taken_back_by_an_amendment_says_so(second_year, scene):
    first = Assessment.objects.get(state="released")
    finding = Finding.objects.create(
        assessment=first, factory=first.factory, cycle=first.cycle, programme="KH", tool=first.tool,
        question_id="SH-01", lineage_root="SH-01", cluster="osh", point="emergency-preparedness",
        change_id="0197f1c0-0000-7000-8000-000000000000", text="…", language="en",
    )
    assert not last_answers(second_year)["SH-01"].was_withdrawn
    FindingWithdrawal.objects.create(finding=finding, reason="Wrong building.", by=scene.cast.programme_manager)
    assert last_answers(second_year)["SH-01"].was_withdrawn


def test_the_first_year_has_no_last_answers(scene):
    scene.planned()
    assert last_answers(scene.assessment) == {}


def test_last_years_answer_stands_beside_the_question(second_year, scene, client):
    assessor = scene.cast.second_assessor
    give_standing(role=Role.ASSESSOR, holder=assessor, assessment=second_year)
    client.force_login(assessor)
    content = client.get(reverse("question", args=[second_year.ref, "SH-20"])).content.decode()
    assert "Last time (2025): No. 1 of 6 exits on floor 2 could not be opened from the inside." in content
    assert "Cartons stood at the east door." in content
    assert "The guard asked" not in content
    assert "Last time" not in client.get(reverse("question", args=[second_year.ref, "SH-30"])).content.decode()


def test_few_queries(second_year):
    last_answers(second_year)
    with CaptureQueriesContext(connection) as queries:
        last_answers(second_year)
    assert len(queries) <= 5
