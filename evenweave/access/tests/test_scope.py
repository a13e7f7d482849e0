"""Who reaches what, and that the question reads the same both ways."""

from datetime import timedelta

import pytest

from evenweave.access.enums import Action, Role, Shared
from evenweave.access.models import Standing
from evenweave.access.policy import roles_allowing
from evenweave.access.scope import people_who_may, permitted
from evenweave.assessments.enums import AssessmentState
from evenweave.assessments.models import Assessment, AssessmentPlan
from evenweave.enrolment.models import Cycle
from evenweave.improvement.models import Plan, PlanItem
from evenweave.organisations.models import Factory
from evenweave.reports.models import ProgressReport
from evenweave.toolkit import clock
from tests import builders


@pytest.fixture
def scene(cast):
    """Mekong Stitch in cycle 1 with an assessment, a plan with one item, a progress report; Nordlys has paid."""
    cycle = builders.a_cycle(cast.factory)
    for buyer in (cast.nordlys, cast.costa):
        builders.consented(buyer, cast.factory)
    builders.paid(cast.nordlys, cycle)
    cast.cycle = cycle
    cast.assessment = builders.an_assessment(
        cycle, planner=cast.programme_manager, assessors=(cast.assessor, cast.second_assessor), reviewer=cast.reviewer
    )
    cast.plan = builders.a_plan(cast.factory)
    cast.item = PlanItem.objects.create(plan=cast.plan, number=1, source="finding", title="Exit locked", cycle=cycle)
    cast.progress = ProgressReport.objects.create(
        factory=cast.factory, cycle=cycle, programme="KH", number=1, author="factory", due_on=cycle.starts_on
    )
    return cast


STAFF_SIDE = {"assessor", "second_assessor", "reviewer", "team_leader", "programme_manager", "quality"}
FACTORY_SIDE = {"manager", "worker", "coach"}


def who(cast, action, records) -> set[str]:
    return {key for key, one in cast.people.items() if one and permitted(one, action, records).exists()}


@pytest.mark.parametrize(
    ("sharing", "expected"),
    [
        (Shared.STAFF, STAFF_SIDE),
        (Shared.FACTORY, STAFF_SIDE | FACTORY_SIDE),
        (Shared.BUYERS, STAFF_SIDE | FACTORY_SIDE),
    ],
)
# An assessment itself is never for buyers: their door is the report.
def test_an_assessment_is_seen_by(scene, sharing, expected):
    Assessment.objects.update(sharing=sharing, state=AssessmentState.RELEASED)
    assert who(scene, Action.ASSESSMENT_VIEW, Assessment.objects.all()) == expected


def test_the_plan_of_an_assessment_is_seen_by_those_who_make_it_and_nobody_else(scene):
    Assessment.objects.update(sharing=Shared.BUYERS, state=AssessmentState.RELEASED)
    assert who(scene, Action.ASSESSMENT_VIEW, AssessmentPlan.objects.all()) == STAFF_SIDE


def test_a_factory_is_seen_by(scene):
    ours = Factory.objects.filter(pk=scene.factory.pk)
    buyers = {"buyer", "unpaid_buyer"}
    staff = {"assessor", "second_assessor", "reviewer", "team_leader", "programme_manager", "quality", "ministry"}
    assert who(scene, Action.FACTORY_VIEW, ours) == FACTORY_SIDE | buyers | staff


def test_a_cycle_is_seen_by_the_buyer_that_paid_for_it_only(scene):
    later = builders.a_cycle(scene.factory, 2, starts_on=scene.cycle.ends_on + timedelta(days=1))
    assert who(scene, Action.CYCLE_VIEW, Cycle.objects.filter(pk=scene.cycle.pk)) == {
        "manager",
        "worker",
        "coach",
        "buyer",
        "team_leader",
        "programme_manager",
        "quality",
    }
    assert "buyer" not in who(scene, Action.CYCLE_VIEW, Cycle.objects.filter(pk=later.pk))


@pytest.mark.parametrize(
    ("sharing", "expected"),
    [
        (Shared.STAFF, {"team_leader", "programme_manager", "quality"}),
        (Shared.FACTORY, {"team_leader", "programme_manager", "quality", "manager", "worker", "coach"}),
        (Shared.BUYERS, {"team_leader", "programme_manager", "quality", "manager", "worker", "coach", "buyer"}),
    ],
)
def test_a_plan_item_is_seen_by(scene, sharing, expected):
    PlanItem.objects.update(sharing=sharing)
    assert who(scene, Action.PLAN_VIEW, PlanItem.objects.all()) == expected


def test_the_plan_opens_only_for_a_buyer_that_has_paid_for_some_cycle(scene):
    assert who(scene, Action.PLAN_VIEW, Plan.objects.all()) & {"buyer", "unpaid_buyer", "stranger_buyer"} == {"buyer"}


def test_a_revoked_consent_closes_every_door(scene):
    PlanItem.objects.update(sharing=Shared.BUYERS)
    Standing.objects.filter(buyer=scene.nordlys, holder=None).update(ends_at=clock.now())
    assert "buyer" not in who(scene, Action.PLAN_VIEW, PlanItem.objects.all())
    assert "buyer" not in who(scene, Action.FACTORY_VIEW, Factory.objects.all())


def test_a_standing_holds_from_its_first_moment_to_its_last(scene):
    standing = Standing.objects.get(holder=scene.manager)
    standing.ends_at = clock.now() + timedelta(hours=1)
    standing.save()
    assert permitted(scene.manager, Action.FACTORY_VIEW, Factory.objects.all()).exists()
    with clock.at(standing.ends_at):
        assert not permitted(scene.manager, Action.FACTORY_VIEW, Factory.objects.all()).exists()


def one_action_of_each_kind() -> list[Action]:
    """Actions granted to the same roles at the same levels cannot differ; one of each is asked."""
    kinds = {frozenset(roles_allowing(action).items()): action for action in Action}
    return list(kinds.values())


def test_permission_reads_the_same_both_ways(scene):
    """For every action × sharing × kind of record: those who find the record are those who would be told of it."""
    Assessment.objects.update(state=AssessmentState.RELEASED)
    cases = [(model, None) for model in (Factory, Cycle, AssessmentPlan, Plan)]
    cases += [(model, sharing) for model in (Assessment, PlanItem, ProgressReport) for sharing in Shared]
    found_somebody = 0
    for model, sharing in cases:
        if sharing is not None:
            model.objects.update(sharing=sharing)
        record = model.objects.filter(pk=model.objects.first().pk)
        for action in one_action_of_each_kind():
            told = {one.name for one in people_who_may(action, record.get())}
            assert {scene.people[key].name for key in who(scene, action, record)} == told, (model, action, sharing)
            found_somebody += bool(told)
    assert found_somebody > 100


def test_a_list_costs_the_same_whatever_its_length(scene, django_assert_num_queries):
    with django_assert_num_queries(2):
        list(permitted(scene.buyer, Action.FACTORY_VIEW, Factory.objects.all()))
    for number in range(30):
        builders.consented(scene.nordlys, builders.a_factory(f"Factory {number}"))
    with django_assert_num_queries(2):
        assert len(permitted(scene.buyer, Action.FACTORY_VIEW, Factory.objects.all())) == 31


def test_nobody_reaches_anything(scene):
    for person in (scene.nobody, None):
        for action in Action:
            assert not permitted(person, action, Factory.objects.all()).exists()


def test_people_of_one_role_only(scene):
    told = people_who_may(Action.FACTORY_VIEW, scene.factory, roles={Role.MINISTRY})
    assert [one.name for one in told] == ["Tep Bopha"]
