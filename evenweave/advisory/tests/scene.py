"""A factory in its first cycle with one finding in its plan, and its coach."""

from datetime import UTC, date, datetime

from evenweave.advisory import services
from evenweave.advisory.models import Visit
from evenweave.improvement.models import PlanItem
from evenweave.improvement.tests import scene as plan
from evenweave.toolkit import clock
from tests import builders
from tests.cast import Cast

FIRST_DAY = date(2026, 2, 2)  # a Monday
VISIT_DAY = date(2026, 3, 3)


def morning(day: date) -> clock.at:
    """The clock of a morning in Phnom Penh."""
    return clock.at(datetime(day.year, day.month, day.day, 2, tzinfo=UTC))


def a_coached_factory(cast: Cast) -> PlanItem:
    """The cast's factory in cycle 1, with one open item; sets `cast.cycle`."""
    cast.cycle = builders.a_cycle(cast.factory, starts_on=FIRST_DAY, service_model="2021")
    first, _second = plan.tools()
    with morning(FIRST_DAY):
        (item,) = plan.adopted(cast, plan.released(cast, cast.cycle, first), "EX-1")
    return item


def planned(cast: Cast, day: date = VISIT_DAY) -> Visit:
    with morning(FIRST_DAY):
        return services.plan_visit(
            cycle_ref=cast.cycle.ref, day_on=day, coach_ref=cast.coach.ref, by=cast.team_leader
        )


def logged(cast: Cast, day: date = VISIT_DAY, *, works=(), **more) -> Visit:
    visit = planned(cast, day)
    with morning(day):
        return services.log_visit(
            ref=visit.ref, held_on=day, mode="on_site", took_part=services.TookPart(2, 3, 4, "line leaders"),
            works=works, by=cast.coach, **more,
        )
