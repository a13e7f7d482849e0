"""Reads of sessions and registrations, for a person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from evenweave.access.enums import Action
from evenweave.enrolment.enums import CycleState
from evenweave.enrolment.models import Cycle
from evenweave.enrolment.queries import sectors_of
from evenweave.enrolment.rules import SERVICES_OF
from evenweave.improvement.enums import ItemStatus
from evenweave.improvement.models import PlanItem
from evenweave.organisations.models import Factory
from evenweave.organisations.queries import programmes_for
from evenweave.people.models import Person
from evenweave.programmes.queries import local_today, sale_on
from evenweave.programmes.rules import Sale
from evenweave.toolkit import clock
from evenweave.training import rules
from evenweave.training.enums import RegistrationState, SessionState
from evenweave.training.models import Charge, Registration, Session
from evenweave.training.queries.courses import courses
from evenweave.training.rules import Course, Need

TRAINING = "training"
OPEN = (RegistrationState.BOOKED, RegistrationState.WAITING)


def sessions_for(person: Person, action: Action = Action.TRAINING_VIEW) -> QuerySet[Session]:
    """The sessions a person may take the action on: the open ones of the programmes that the person's factories,
    buyers or posts lead to, and those closed to the person's own factory."""
    of_programme = Q(programme__in=programmes_for(person, action), closed_to=None)
    own = Session.objects.permitted(person, action).values("pk")
    return Session.objects.filter(of_programme | Q(pk__in=own)).select_related("trainer", "closed_to")


def coming(sessions: QuerySet[Session], today: date) -> QuerySet[Session]:
    return sessions.filter(state=SessionState.PLANNED, last_on__gte=today).order_by("first_on", "pk")


def factories_to_register(person: Person) -> QuerySet[Factory]:
    """The factories whose people the person may register, whether they take part in the programme or not."""
    return Factory.objects.permitted(person, Action.TRAINING_REGISTER).active()


def factories_with_training(person: Person) -> QuerySet[Factory]:
    """The factories of whose people in training the person may read."""
    return Factory.objects.permitted(person, Action.TRAINING_PEOPLE)


def registrations_for(person: Person, action: Action = Action.TRAINING_PEOPLE) -> QuerySet[Registration]:
    """Who is registered, by name: the factory's own people, and everybody for those who hold the session."""
    return Registration.objects.permitted(person, action).select_related("session", "factory").order_by("number")


def may_hold(person: Person, session: Session) -> bool:
    return Session.objects.permitted(person, Action.TRAINING_HOLD).filter(pk=session.pk).exists()


def may_plan(person: Person, session: Session) -> bool:
    return Session.objects.permitted(person, Action.TRAINING_PLAN).filter(pk=session.pk).exists()


@dataclass(frozen=True, slots=True)
class Seats:
    """How full a session is."""

    capacity: int
    booked: int
    waiting: int

    @property
    def free(self) -> int:
        return rules.seats_for(self.capacity, capacity=self.capacity, booked=self.booked, waiting=self.waiting)


def seats_of(sessions: Iterable[Session]) -> dict[int, Seats]:
    """The seats of several sessions by their id. One query."""
    sessions = list(sessions)
    counted = {
        row["session"]: row
        for row in Registration.objects.filter(session__in=sessions).values("session").annotate(
            booked=Count("pk", filter=Q(state=RegistrationState.BOOKED)),
            waiting=Count("pk", filter=Q(state=RegistrationState.WAITING)),
        )
    }
    nothing = {"booked": 0, "waiting": 0}
    return {
        session.pk: Seats(
            session.capacity, counted.get(session.pk, nothing)["booked"], counted.get(session.pk, nothing)["waiting"]
        )
        for session in sessions
    }


def sale_to(factory: Factory, course: Course) -> Sale:
    """Whether the programme sells training to this factory today: enrolled or not, in a sector of the course."""
    today = local_today(factory.programme, clock.now())
    cycle = Cycle.objects.filter(
        factory=factory, state=CycleState.OPEN, starts_on__lte=today, ends_on__gte=today
    ).order_by("-starts_on").first()
    services = (*(SERVICES_OF[cycle.package] if cycle else ()), TRAINING)
    mine = sectors_of(factory)
    sectors = [sector for sector in mine if sector in course.sectors] or mine or list(course.sectors)
    sales = [
        sale_on(factory.programme, today, sector=sector, services=services, is_member=cycle is not None)
        for sector in sectors
    ]
    return next((sale for sale in sales if sale.is_allowed), sales[0])


def needs_of(person: Person, factory: Factory) -> list[Need]:
    """The courses that help with what is open in the factory's plan, as far as the person may read it. One query."""
    points = PlanItem.objects.permitted(person, Action.PLAN_VIEW).filter(
        plan__factory=factory, withdrawn_at=None
    ).exclude(status=ItemStatus.COMPLETED).exclude(point="")
    return rules.needs(courses(), list(points.values_list("point", flat=True)))


def charges_for(person: Person, session: Session) -> list[Charge]:
    """What the session cost each factory whose invoices the person may read."""
    mine = Charge.objects.permitted(person, Action.INVOICE_VIEW).filter(session=session)
    return list(mine.select_related("factory", "invoice").order_by("factory__name"))
