"""What the desk is told: each thing only to whom it waits for, and never a hint to anybody else."""

from datetime import date

import pytest

from evenweave.assessments.queries.desk import todos
from evenweave.assessments.services import cases, replying, reviewing
from evenweave.assessments.tests.scene import APPROVED, ON_SITE
from evenweave.toolkit import clock

TODAY = date(2025, 11, 18)


def waiting(scene, moment=ON_SITE) -> dict[str, list[tuple]]:
    """Everybody's things: (title, day)."""
    with clock.at(moment):
        lists = {key: todos(person, TODAY) for key, person in scene.cast.people.items() if person is not None}
    return {
        key: [(todo.title, str(todo.due_on) if todo.due_on else "") for todo in waiting]
        for key, waiting in lists.items() if waiting
    }


def test_a_cycle_without_an_assessment_waits_for_the_programme_manager(scene):
    assert waiting(scene) == {"programme_manager": [("Plan the assessment of Mekong Stitch", "")]}


def test_a_plan_waits_for_the_leaders(scene):
    scene.planned()
    row = [("Choose assessors and a day: Mekong Stitch", "2025-11-10")]
    assert waiting(scene) == {"team_leader": row, "programme_manager": row}


def test_the_day_waits_for_the_assessors_alone(scene):
    scene.assigned()
    row = [("Visit Mekong Stitch, unannounced", "2025-11-18")]
    assert waiting(scene) == {"assessor": row, "second_assessor": row}


@pytest.mark.parametrize(
    ("stage", "rows"),
    [
        ("started", {
            key: [("Finish the assessment of Mekong Stitch", "2025-11-25")] for key in ("assessor", "second_assessor")
        }),
        ("submitted", {"reviewer": [("Review the assessment of Mekong Stitch", "2025-11-24")]}),
        ("approved", {"manager": [("Reply to the draft findings", "2025-12-01")]}),
    ],
)
def test_each_stage_waits_for_its_people(scene, stage, rows):
    getattr(scene, stage)()
    assert waiting(scene, APPROVED) == rows


def test_comments_wait_for_the_assessors(scene):
    scene.submitted()
    reviewing.comment(ref=scene.ref, question_id="", text="Thin.", by=scene.cast.reviewer)
    reviewing.return_to_assessors(ref=scene.ref, by=scene.cast.reviewer)
    row = [("Answer the reviewer's comments: Mekong Stitch", "")]
    assert waiting(scene) == {"assessor": row, "second_assessor": row}


def test_more_time_and_a_case_wait_for_the_leaders(scene):
    scene.approved()
    with clock.at(APPROVED):
        replying.ask_extension(ref=scene.ref, until_on=date(2025, 12, 3), reason="x", by=scene.cast.manager)
        cases.open_case(
            factory_ref=scene.cast.factory.ref, issue="violence", description="A slap.", by=scene.cast.coach
        )
    rows = [
        ("Mekong Stitch asks for more time to reply", "2025-12-01"),
        ("Urgent case: the next duty of the protocol is due", "2025-11-24"),
    ]
    assert waiting(scene, APPROVED) == {
        "team_leader": rows, "programme_manager": rows, "manager": [("Reply to the draft findings", "2025-12-01")],
    }
