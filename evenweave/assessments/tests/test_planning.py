"""Planning in secret: who may, what is refused, who then stands towards the assessment, who is told."""

from datetime import date

import pytest
from django.http import Http404

from evenweave.access.enums import Action, Role
from evenweave.access.models import Standing
from evenweave.access.scope import people_who_may
from evenweave.activity.models import Entry, Payload
from evenweave.assessments.models import Assessment
from evenweave.assessments.queries import assessments_for, cycles_to_plan, plans_of, who_can_be
from evenweave.assessments.services import planning
from evenweave.assessments.tests.scene import PLANNED, SECRET_DAY, WINDOW
from evenweave.notifications.models import Notice
from evenweave.toolkit import clock
from evenweave.toolkit.refusals import Refused
from tests import builders


def plan(scene, *, by=None, window=WINDOW, **more):
    with clock.at(PLANNED):
        return planning.plan_assessment(
            cycle_ref=scene.cycle.ref, window_from=window[0], window_until=window[1],
            by=by or scene.cast.programme_manager, **more,
        )


def assign(scene, *, assessors=None, reviewer=None, day_on=SECRET_DAY, by=None):
    cast = scene.cast
    with clock.at(PLANNED):
        return planning.assign_assessment(
            ref=scene.ref, day_on=day_on, assessors=assessors or [cast.assessor, cast.second_assessor],
            reviewer=reviewer or cast.reviewer, by=by or cast.team_leader,
        )


def allowed(scene, act) -> set[str]:
    found = set()
    for key, person in scene.cast.people.items():
        if person is None:
            continue
        try:
            act(person)
            found.add(key)
        except Http404:
            pass
        except Refused:
            found.add(key)
    return found


def test_only_the_programme_manager_plans(scene):
    assert allowed(scene, lambda person: plan(scene, by=person)) == {"programme_manager"}


def test_only_the_programmes_leaders_assign(scene):
    scene.planned()
    assert allowed(scene, lambda person: assign(scene, by=person)) == {"team_leader", "programme_manager"}


@pytest.mark.parametrize(
    ("window", "field"),
    [
        ((date(2025, 11, 28), date(2025, 11, 10)), "window_until"),
        ((date(2025, 10, 1), date(2025, 10, 31)), "window_until"),
        ((date(2027, 1, 1), date(2027, 1, 31)), "window_from"),
    ],
)
def test_a_window_lies_in_order_ahead_and_inside_the_cycle(scene, window, field):
    with pytest.raises(Refused) as refused:
        plan(scene, window=window)
    assert refused.value.field == field
    assert not Assessment.objects.exists()


def test_a_cycle_has_one_assessment(scene):
    scene.planned()
    with pytest.raises(Refused):
        plan(scene)
    assert Assessment.objects.count() == 1


def test_a_cycle_of_advisory_alone_has_none(scene):
    scene.cycle.package = "advisory"
    scene.cycle.save()
    with pytest.raises(Refused):
        plan(scene)


def test_a_planned_cycle_leaves_the_list_of_those_to_plan(scene):
    manager = scene.cast.programme_manager
    assert list(cycles_to_plan(manager)) == [scene.cycle]
    scene.planned()
    assert list(cycles_to_plan(manager)) == []
    assert list(cycles_to_plan(scene.cast.coach)) == []


def test_assigning_ties_the_people_to_this_assessment_alone(scene):
    scene.assigned()
    ties = Standing.objects.filter(assessment=scene.assessment).values_list("holder__name", "role", "factory")
    assert set(ties) == {
        ("Som Chenda", "assessor", None), ("Nou Pisey", "assessor", None), ("Ann Okello", "reviewer", None),
    }
    assert scene.plan.day_on == SECRET_DAY


def test_assigning_anew_replaces_the_people(scene):
    scene.assigned()
    stand_in = builders.a_person("Stand In")
    assign(scene, assessors=[scene.cast.assessor, stand_in], reviewer=scene.cast.quality)
    with clock.at(PLANNED):
        assessors = people_who_may(Action.ASSESSMENT_ANSWER, scene.assessment)
        reviewers = people_who_may(Action.ASSESSMENT_REVIEW, scene.assessment)
        assert {person.name for person in assessors} == {"Som Chenda", "Stand In"}
        assert {person.name for person in reviewers} == {"Maria Silva"}


@pytest.mark.parametrize("key", ["coach", "manager", "worker", "buyer", "ministry", "other_manager"])
@pytest.mark.parametrize("role", ["assessor", "reviewer"])
def test_neither_the_factorys_coach_nor_another_side_is_sent(scene, key, role):
    scene.planned()
    person = getattr(scene.cast, key)
    people = {"assessors": [scene.cast.assessor, person]} if role == "assessor" else {"reviewer": person}
    with pytest.raises(Refused):
        assign(scene, **people)
    assert not Standing.objects.filter(assessment=scene.assessment).exists()
    assert scene.plan.day_on is None


def test_a_coach_of_another_factory_can_be_sent(scene):
    scene.planned()
    colleague = builders.a_person("Other Coach")
    Standing.objects.create(
        holder=colleague, role=Role.ADVISOR, factory=scene.cast.other_factory, starts_at=builders.LONG_AGO
    )
    assign(scene, assessors=[scene.cast.assessor, colleague])
    sent = Standing.objects.filter(assessment=scene.assessment, role=Role.ASSESSOR)
    assert sorted(standing.holder.name for standing in sent) == ["Other Coach", scene.cast.assessor.name]


def test_a_person_does_not_review_their_own_work(scene):
    scene.planned()
    with pytest.raises(Refused) as refused:
        assign(scene, reviewer=scene.cast.assessor)
    assert refused.value.field == "reviewer"


def test_the_day_lies_in_the_window(scene):
    scene.planned()
    with pytest.raises(Refused) as refused:
        assign(scene, day_on=date(2025, 12, 1))
    assert refused.value.field == "day_on"


def test_who_can_be_sent_is_the_programmes_staff_without_this_factorys_coach(scene):
    scene.planned()
    Standing.objects.filter(role=Role.STAFF).delete()
    abroad = builders.a_person("Abroad")
    for person, programme in ((scene.cast.assessor, "KH"), (scene.cast.coach, "KH"), (abroad, "JO")):
        Standing.objects.create(holder=person, role=Role.STAFF, programme=programme, starts_at=builders.LONG_AGO)
    assert {person.name for person in who_can_be(Role.ASSESSOR, scene.assessment)} == {"Som Chenda"}
    assert {person.name for person in who_can_be(Role.REVIEWER, scene.assessment)} == {
        "Som Chenda", "Prak Nary", "Maria Silva",
    }


def test_belonging_to_the_staff_shows_no_assessment(scene):
    scene.planned()
    Standing.objects.create(
        holder=scene.cast.second_assessor, role=Role.STAFF, programme="KH", starts_at=builders.LONG_AGO
    )
    assert list(assessments_for(scene.cast.second_assessor)) == []


# Secrecy


KNOW_OF_IT = {"programme_manager", "team_leader", "assessor", "second_assessor", "reviewer", "quality"}


@pytest.mark.parametrize("stage", ["assigned", "started", "submitted"])
def test_nobody_else_knows_of_a_planned_or_running_assessment(scene, stage):
    getattr(scene, stage)()
    assessment = scene.assessment
    with clock.at(PLANNED):
        sees = {key for key, person in scene.cast.people.items() if person and list(assessments_for(person))}
        sees_plan = {
            key for key, person in scene.cast.people.items() if person and plans_of(person, [assessment])
        }
    assert (sees, sees_plan) == (KNOW_OF_IT, KNOW_OF_IT)


def test_the_plan_stays_secret_when_the_assessment_is_known(scene):
    scene.submitted()
    Assessment.objects.update(sharing=30, state="released")
    for key in ("manager", "worker", "coach", "buyer", "ministry"):
        assert plans_of(scene.cast.people[key], [scene.assessment]) == {}


def test_steps_and_notices_of_a_running_assessment_stay_with_those_who_know(scene):
    scene.submitted()
    assert set(Entry.objects.values_list("sharing", flat=True)) == {10}
    told = {notice.person for notice in Notice.objects.select_related("person")}
    assert told == {
        scene.cast.team_leader, scene.cast.assessor, scene.cast.second_assessor, scene.cast.reviewer,
    }


def test_no_step_holds_the_secret_day(scene):
    scene.submitted()
    held = " ".join(str(payload.content) for payload in Payload.objects.all())
    assert "2025-11-1" not in held
    assert "2025-11-28" not in held
    assert "onsite" in held  # there is something to read
