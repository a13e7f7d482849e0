"""Sessions and people for the tests of this room."""

from datetime import UTC, date, datetime

from evenweave.toolkit import clock
from evenweave.training import services
from evenweave.training.models import Registration, Session
from evenweave.training.services import Participant
from tests.cast import Cast

TODAY = date(2026, 3, 2)
FIRST, SECOND = date(2026, 3, 16), date(2026, 3, 17)
ONE_DAY, TWO_DAYS = "rights-and-responsibilities", "supervisory-skills"


def morning(day: date = TODAY):
    """At six in the morning of the day, UTC: the same day in every programme."""
    return clock.at(datetime(day.year, day.month, day.day, 6, tzinfo=UTC))


def a_session(cast: Cast, capacity: int = 3, course: str = TWO_DAYS, **more) -> Session:
    days = [FIRST, SECOND] if course == TWO_DAYS else [FIRST]
    with morning():
        return services.plan_session(
            course_key=course, programme="KH", days=days, place="Training room, Phnom Penh", capacity=capacity,
            language="km", trainer_ref=cast.coach.ref, by=cast.team_leader, **more,
        )


def people(*names: str) -> list[Participant]:
    """Women are workers, everybody else supervisors."""
    return [
        Participant(name, "woman" if place % 2 == 0 else "man", "worker" if place % 2 == 0 else "supervisor")
        for place, name in enumerate(names)
    ]


def registered(cast: Cast, session: Session, *names: str, by=None, factory=None) -> list[Registration]:
    with morning():
        return services.register(
            session_ref=session.ref, factory_ref=(factory or cast.factory).ref, people=people(*names),
            by=by or cast.manager,
        )


def states(session: Session) -> dict[str, str]:
    return {one.name: one.state for one in session.registrations.order_by("number")}
