"""Planning, logging and answering visits; what of them goes into the plan."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.http import Http404

from evenweave.access.enums import Role
from evenweave.access.services import give_standing
from evenweave.activity.models import Entry
from evenweave.advisory import queries, services
from evenweave.advisory.models import Visit, VisitWork
from evenweave.advisory.services import Next, TookPart, Work
from evenweave.advisory.tests.scene import FIRST_DAY, VISIT_DAY, a_coached_factory, logged, morning, planned
from evenweave.enrolment.enums import Package
from evenweave.enrolment.models import CycleStep
from evenweave.improvement.models import ItemAction, PlanItem
from evenweave.notifications.models import Notice
from evenweave.toolkit.refusals import Refused
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(cast) -> PlanItem:
    return a_coached_factory(cast)


def told(kind: str) -> set[str]:
    return set(Notice.objects.filter(kind=kind).values_list("person__name", flat=True))


# Planning


def test_a_year_is_laid_out_as_the_service_model_asks_and_only_once(cast, item):
    with morning(FIRST_DAY):
        visits = services.lay_out_visits(cycle_ref=cast.cycle.ref, coach_ref=cast.coach.ref, by=cast.coach)
    # The model of 2021 asks for eight in a first cycle.
    assert len(visits) == 8
    days = [visit.day_on for visit in visits]
    assert all(cast.cycle.starts_on < day <= cast.cycle.ends_on and day.weekday() < 5 for day in days)
    assert min(later - sooner for sooner, later in pairwise(days)) > timedelta(days=38)
    assert told("visit.planned") == {"Chan Sopheap", "Keo Sreymom"}
    assert Entry.objects.filter(step="visit.planned").count() == 8
    with morning(FIRST_DAY), pytest.raises(Refused, match="has the visits"):
        services.lay_out_visits(cycle_ref=cast.cycle.ref, coach_ref=cast.coach.ref, by=cast.coach)
    with morning(FIRST_DAY):
        services.cancel_visit(ref=visits[2].ref, reason="The factory moves house.", by=cast.coach)
        (again,) = services.lay_out_visits(cycle_ref=cast.cycle.ref, coach_ref=cast.coach.ref, by=cast.coach)
    assert again.day_on not in {visit.day_on for visit in visits if visit != visits[2]}


def test_only_a_coach_of_the_factory_is_planned_and_only_inside_the_cycle(cast, item):
    for coach in (cast.assessor, cast.team_leader):
        with pytest.raises(Refused, match="one of the factory's coaches"):
            services.plan_visit(cycle_ref=cast.cycle.ref, day_on=VISIT_DAY, coach_ref=coach.ref, by=cast.team_leader)
    for day in (cast.cycle.starts_on - timedelta(days=1), cast.cycle.ends_on + timedelta(days=1)):
        with pytest.raises(Refused, match="Choose a day in it"):
            services.plan_visit(cycle_ref=cast.cycle.ref, day_on=day, coach_ref=cast.coach.ref, by=cast.team_leader)
    assert not Visit.objects.exists()
    for person in (cast.manager, cast.buyer, cast.assessor, cast.quality, cast.foreign_manager, cast.nobody):
        with pytest.raises(Http404):
            services.plan_visit(cycle_ref=cast.cycle.ref, day_on=VISIT_DAY, coach_ref=cast.coach.ref, by=person)


def test_a_cycle_without_advisory_has_no_visits(cast):
    alone = builders.a_cycle(cast.factory, starts_on=FIRST_DAY, package=Package.ASSESSMENT)
    with pytest.raises(Refused, match="assessment alone"):
        services.plan_visit(cycle_ref=alone.ref, day_on=VISIT_DAY, coach_ref=cast.coach.ref, by=cast.coach)
    assert queries.newest_cycle_for(cast.manager, cast.factory) is None


def test_a_moved_visit_tells_and_a_held_one_stays(cast, item):
    visit = planned(cast)
    with pytest.raises(Refused, match="Say why"):
        services.cancel_visit(ref=visit.ref, reason="  ", by=cast.coach)
    moved = services.move_visit(ref=visit.ref, day_on=date(2026, 3, 5), coach_ref=cast.coach.ref, by=cast.coach)
    assert moved.day_on == date(2026, 3, 5)
    assert told("visit.moved") == {"Chan Sopheap", "Keo Sreymom"}
    held = logged(cast, date(2026, 3, 10))
    with pytest.raises(Refused, match="stays as it is"):
        services.move_visit(ref=held.ref, day_on=date(2026, 3, 12), coach_ref=cast.coach.ref, by=cast.coach)


# Logging


def test_what_was_agreed_on_a_visit_stands_in_the_plan(cast, item):
    step = Next("Walk the exits every morning", "Safety officer", "management", date(2026, 3, 20))
    works = [
        Work(item_ref=item.ref, advice="Give the keys to the guard.", next=step),
        Work(issue="Two boilers have no certificate."),
    ]
    visit = logged(cast, works=works, note="The committee wants a second meeting.")
    assert (visit.state, visit.managers, visit.workers, visit.women) == ("held", 2, 3, 4)
    action = ItemAction.objects.get(item=item)
    assert (action.text, action.owner_name, action.due_on) == (step.text, step.owner_name, step.due_on)
    assert VisitWork.objects.get(item=item).next_step == action
    new = PlanItem.objects.exclude(pk=item.pk).get()
    assert (new.title, new.source, new.added_by) == ("Two boilers have no certificate.", "self_found", cast.coach)
    assert told("visit.logged") == {"Chan Sopheap", "Keo Sreymom"}
    # Nobody's words stand in the log of steps.
    entry = Entry.objects.get(step="visit.logged")
    assert (entry.sharing, entry.cycle) == (20, cast.cycle)


@pytest.mark.parametrize(("held_on", "took_part", "field"), [
    (date(2026, 3, 4), TookPart(1, 1, 0), "held_on"),  # tomorrow
    (date(2026, 2, 1), TookPart(1, 1, 0), "held_on"),  # the day before the cycle
    (VISIT_DAY, TookPart(0, 0, 0), "managers"),
    (VISIT_DAY, TookPart(1, 1, 3), "women"),
])
def test_an_impossible_log_changes_nothing(cast, item, held_on, took_part, field):
    visit = planned(cast)
    with morning(VISIT_DAY), pytest.raises(Refused) as refused:
        services.log_visit(ref=visit.ref, held_on=held_on, mode="on_site", took_part=took_part,
                           works=[Work(issue="x")], by=cast.coach)
    assert refused.value.field == field
    visit.refresh_from_db()
    assert (visit.state, PlanItem.objects.count()) == ("planned", 1)


def test_a_log_with_one_wrong_row_keeps_none_of_it(cast, item):
    visit = planned(cast)
    for works in ([Work(issue="New"), Work(item_ref="zzzzzzzzzzzz")], [Work(item_ref=item.ref)] * 2):
        with morning(VISIT_DAY), pytest.raises(Refused):
            services.log_visit(ref=visit.ref, held_on=VISIT_DAY, mode="on_site", took_part=TookPart(1, 1, 0),
                               works=works, by=cast.coach)
    visit.refresh_from_db()
    assert (visit.state, PlanItem.objects.count(), VisitWork.objects.count()) == ("planned", 1, 0)


def test_the_last_visit_the_model_asks_for_ends_the_step_of_the_cycle(cast, item):
    CycleStep.objects.create(cycle=cast.cycle, key=queries.VISITS_STEP, order=1, owner="programme")
    done = []
    for month in range(3, 12):
        logged(cast, date(2026, month, 3))
        done.append(CycleStep.objects.get(key=queries.VISITS_STEP).done_on)
    assert done == [None] * 7 + [date(2026, 10, 3)] * 2


# What the sides say


def test_each_side_answers_for_itself_and_the_coach_hears_of_a_no(cast, item):
    visit = logged(cast)
    services.answer_visit(ref=visit.ref, is_as_agreed=True, text="", by=cast.manager)
    assert told("visit.answered") == set()
    with pytest.raises(Refused, match="what was agreed instead"):
        services.answer_visit(ref=visit.ref, is_as_agreed=False, text=" ", by=cast.worker)
    services.answer_visit(ref=visit.ref, is_as_agreed=False, text="We agreed on two guards.", by=cast.worker)
    assert told("visit.answered") == {"Heng Vibol"}
    words = queries.newest_words(visit)
    assert {side: word.is_as_agreed for side, word in words.items()} == {"management": True, "workers": False}
    for person in (cast.coach, cast.other_manager, cast.buyer, cast.quality):
        with pytest.raises(Http404):
            services.answer_visit(ref=visit.ref, is_as_agreed=True, text="", by=person)


def test_the_newest_score_of_a_cycle_counts_in_its_year(cast, item):
    logged(cast, works=[Work(item_ref=item.ref)])
    with pytest.raises(Refused, match="Say what you saw"):
        services.score_dialogue(cycle_ref=cast.cycle.ref, progress="none", reason="", by=cast.coach)
    for progress in ("none", "moderate"):
        services.score_dialogue(cycle_ref=cast.cycle.ref, progress=progress, reason="They meet.", by=cast.coach)
    assert queries.year_of(cast.cycle) == queries.YearOfVisits(
        held=1, planned=0, asked=8, people=5, women=4, items=1, score="moderate"
    )


def test_a_coach_of_three_years_hands_over(cast, item):
    assert queries.hand_overs(cast.cycle) == []
    for number in (2, 3):
        builders.a_cycle(cast.factory, number, starts_on=FIRST_DAY + timedelta(days=365 * (number - 1)))
    fresh = builders.a_person("New Coach")
    with morning(FIRST_DAY + timedelta(days=800)):
        give_standing(role=Role.ADVISOR, holder=fresh, factory=cast.factory)
        assert queries.hand_overs(cast.cycle) == [cast.coach]
