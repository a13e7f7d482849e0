"""A year's visits: laid out by the service model, or planned one by one."""

from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from evenweave.access.enums import Action, Shared
from evenweave.activity.services import step
from evenweave.activity.steps import Step
from evenweave.advisory import rules
from evenweave.advisory.enums import VisitMode, VisitState
from evenweave.advisory.models import Visit
from evenweave.advisory.queries import count_for, is_coached
from evenweave.enrolment.models import Cycle
from evenweave.enrolment.queries import coaches_of
from evenweave.notifications.services import notify
from evenweave.people.models import Person
from evenweave.programmes.queries import calendar, local_today
from evenweave.programmes.rules import is_working_day
from evenweave.toolkit import clock
from evenweave.toolkit.refusals import Refused


def plan_visit(*, cycle_ref: str, day_on: date, coach_ref: str, mode: str = VisitMode.ON_SITE, by: Person) -> Visit:
    """The factory and its coach are told. A public holiday or a full day refuses nothing: the planner was shown it."""
    with step() as log:
        cycle = _cycle(by, cycle_ref)
        coach = _coach(cycle, coach_ref)
        _refuse_outside(cycle, day_on)
        visit = Visit.objects.create(cycle=cycle, coach=coach, mode=VisitMode(mode), day_on=day_on, planned_by=by)
        _record(log, Step.VISIT_PLANNED, visit, by, day=day_on.isoformat())
        notify("visit.planned", about=visit, except_for=by)
    return visit


def lay_out_visits(*, cycle_ref: str, coach_ref: str, by: Person) -> list[Visit]:
    """As many visits as the service model asks for at least, spread over what is left of the cycle; those planned or
    held count. Everybody is told once."""
    with step() as log:
        cycle = _cycle(by, cycle_ref)
        coach = _coach(cycle, coach_ref)
        there = cycle.visits.exclude(state=VisitState.CANCELLED)
        count = count_for(cycle)
        missing = (count.at_least if count and count.at_least else 0) - there.count()
        if missing <= 0:
            raise Refused(_("The cycle has the visits its service model asks for. Plan further ones one by one."))
        days = calendar(cycle.programme)
        taken = set(there.values_list("day_on", flat=True))
        first = max(cycle.starts_on, local_today(cycle.programme, clock.now()) + timedelta(days=1))
        found = rules.spread(
            first, cycle.ends_on, missing, lambda day: is_working_day(day, days) and day not in taken
        )
        if not found:
            raise Refused(_("No working day is left in this cycle."))
        visits = [Visit.objects.create(cycle=cycle, coach=coach, day_on=day, planned_by=by) for day in found]
        for visit in visits:
            _record(log, Step.VISIT_PLANNED, visit, by, day=visit.day_on.isoformat())
        notify("visit.planned", about=visits[0], except_for=by)
    return visits


def move_visit(*, ref: str, day_on: date, coach_ref: str, by: Person) -> Visit:
    """Another day, or another of the factory's coaches."""
    with step() as log:
        visit = _planned(by, ref)
        coach = _coach(visit.cycle, coach_ref)
        _refuse_outside(visit.cycle, day_on)
        if (visit.day_on, visit.coach_id) == (day_on, coach.pk):
            return visit
        before, visit.day_on, visit.coach = visit.day_on, day_on, coach
        visit.save(update_fields=["day_on", "coach"])
        _record(log, Step.VISIT_MOVED, visit, by, before=before.isoformat(), day=day_on.isoformat())
        notify("visit.moved", about=visit, except_for=by)
    return visit


def cancel_visit(*, ref: str, reason: str, by: Person) -> Visit:
    with step() as log:
        visit = _planned(by, ref)
        if not reason.strip():
            raise Refused(_("Say why. The factory reads it."), field="reason")
        visit.state, visit.cancelled_reason, visit.language = VisitState.CANCELLED, reason.strip(), by.language
        visit.save(update_fields=["state", "cancelled_reason", "language"])
        _record(log, Step.VISIT_CANCELLED, visit, by)
        notify("visit.moved", about=visit, except_for=by)
    return visit


def _cycle(by: Person, ref: str) -> Cycle:
    cycle = Cycle.objects.select_related("factory").one_for(by, Action.VISIT_PLAN, ref=ref)
    if not is_coached(cycle):
        raise Refused(_("This cycle is an assessment alone: no advisory was bought with it."))
    return cycle


def _coach(cycle: Cycle, ref: str) -> Person:
    """Only a coach of the factory: who assesses it has no standing there, and is not asked for."""
    coach = coaches_of(cycle.factory).filter(ref=ref).first()
    if coach is None:
        raise Refused(_("Choose one of the factory's coaches."), field="coach")
    return coach


def _planned(by: Person, ref: str) -> Visit:
    visit = Visit.objects.select_related("cycle__factory", "coach").one_for(by, Action.VISIT_PLAN, ref=ref)
    if visit.state != VisitState.PLANNED:
        raise Refused(_("This visit was held or cancelled and stays as it is."))
    return visit


def _refuse_outside(cycle: Cycle, day: date) -> None:
    if not cycle.starts_on <= day <= cycle.ends_on:
        raise Refused(
            _("Cycle %(number)s runs from %(first)s to %(last)s. Choose a day in it.")
            % {"number": cycle.number, "first": date_format(cycle.starts_on), "last": date_format(cycle.ends_on)},
            field="day_on",
        )


def _record(log, kind: Step, visit: Visit, by: Person, **payload) -> None:
    log.record(
        kind, about=visit, by=by, sharing=Shared.FACTORY, factory=visit.cycle.factory, cycle=visit.cycle,
        payload=payload,
    )
