"""Seats are taken, waited for, and given back. Every count is made while the session's row is locked, so that two
hundred people at once find exactly as many seats as there are."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import Http404
from django.utils.translation import gettext as _

from evenweave.access.enums import Action
from evenweave.activity.services import Log, step
from evenweave.activity.steps import Step
from evenweave.notifications.services import notify
from evenweave.organisations.models import Factory
from evenweave.people.models import Person
from evenweave.programmes.queries import local_today
from evenweave.programmes.wording import refusal_of
from evenweave.toolkit import clock
from evenweave.toolkit.refusals import Refused
from evenweave.training import rules
from evenweave.training.enums import Post, RegistrationState, SessionState, Sex
from evenweave.training.models import Registration, Session
from evenweave.training.queries.courses import course_named
from evenweave.training.queries.sessions import OPEN, registrations_for, sale_to, seats_of
from evenweave.training.services.loading import factory_to_register, locked_session, record_of_factory


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody of a factory who is to learn. `sex`: woman, man, not_said; `post`: worker, supervisor, manager."""

    name: str
    sex: str
    post: str


def register(
    *, session_ref: str, factory_ref: str, people: Iterable[Participant], by: Person
) -> list[Registration]:
    """People of a factory, enrolled or not, get seats in their order; who finds none waits, and is told so. Refused
    as a whole when one of them cannot be registered."""
    wished = [Participant(" ".join(one.name.split()), Sex(one.sex), Post(one.post)) for one in people]
    with step() as log:
        factory = factory_to_register(by, factory_ref)
        session = locked_session(by, session_ref, Action.TRAINING_REGISTER)
        _refuse_session(session, factory)
        _refuse_people(session, factory, wished)
        made = _seated(session, factory, wished, by)
        record_of_factory(log, Step.TRAINING_REGISTERED, made, by)
        notify("training.registered", about=made[0], except_for=by)
    return made


def cancel_registration(*, ref: str, by: Person) -> Registration:
    """The seat is free again: the first who waits gets it, and that factory is told."""
    with step() as log:
        # The session first, then the registration: all who count seats take locks in this order.
        found = registrations_for(by, Action.TRAINING_REGISTER).filter(ref=ref).first()
        if found is None:
            raise Http404
        session = Session.objects.select_for_update(of=("self",)).get(pk=found.session_id)
        registration = Registration.objects.select_for_update(of=("self",)).select_related("session", "factory").get(
            pk=found.pk
        )
        if session.state != SessionState.PLANNED or registration.state not in OPEN:
            raise Refused(_("This was cancelled already, or the session is over."))
        registration.state, registration.cancelled_at = RegistrationState.CANCELLED, clock.now()
        registration.save(update_fields=["state", "cancelled_at"])
        record_of_factory(log, Step.TRAINING_CANCELLED, [registration], by)
        move_up(session, log)
    return registration


def move_up(session: Session, log: Log) -> list[Registration]:
    """Free seats go to who waits, in order. Inside a step that holds the session's row."""
    seats = seats_of([session])[session.pk]
    count = rules.moving_up(capacity=session.capacity, booked=seats.booked, waiting=seats.waiting)
    lucky = list(
        session.registrations.select_related("factory", "session")
        .filter(state=RegistrationState.WAITING).order_by("number")[:count]
    )
    for one in lucky:
        one.state, one.moved_up_at = RegistrationState.BOOKED, clock.now()
        one.save(update_fields=["state", "moved_up_at"])
        record_of_factory(log, Step.TRAINING_MOVED_UP, [one], None)
        notify("training.moved_up", about=one)
    return lucky


def tell_factories(kind: str, session: Session, *, except_for: Person | None = None) -> None:
    """One notice for each factory that has people on the list."""
    told = set()
    for one in session.registrations.select_related("factory", "session").filter(state__in=OPEN).order_by("number"):
        if one.factory_id not in told:
            told.add(one.factory_id)
            notify(kind, about=one, except_for=except_for)


def _refuse_session(session: Session, factory: Factory) -> None:
    if session.state != SessionState.PLANNED or session.last_on < local_today(session.programme, clock.now()):
        raise Refused(_("This session is over or was cancelled. Choose another one."))
    if session.closed_to_id not in (None, factory.pk):
        raise Http404
    if session.programme != factory.programme:
        raise Refused(_("The session belongs to another country's programme. Choose one of the factory's own."))
    course = course_named(session.course)
    sale = sale_to(factory, course) if course else None
    if sale is not None and not sale.is_allowed:
        raise Refused(refusal_of(sale))


def _refuse_people(session: Session, factory: Factory, wished: list[Participant]) -> None:
    if not 1 <= len(wished) <= rules.MOST_A_REGISTRATION:
        raise Refused(_("Name one to %(most)s people.") % {"most": rules.MOST_A_REGISTRATION}, field="name_1")
    if any(not one.name for one in wished):
        raise Refused(_("Give each person's name."), field="name_1")
    keys = [rules.name_key(one.name) for one in wished]
    known = set(session.registrations.filter(factory=factory, state__in=OPEN).values_list("name_key", flat=True))
    for place, (key, one) in enumerate(zip(keys, wished, strict=True), start=1):
        if key in known or key in keys[: place - 1]:
            raise Refused(_("%(name)s is on the list already.") % {"name": one.name}, field=f"name_{place}")


def _seated(session: Session, factory: Factory, wished: list[Participant], by: Person) -> list[Registration]:
    seats = seats_of([session])[session.pk]
    with_seat = rules.seats_for(
        len(wished), capacity=session.capacity, booked=seats.booked, waiting=seats.waiting
    )
    made = []
    for place, one in enumerate(wished):
        session.last_number += 1
        made.append(Registration(
            session=session, factory=factory, number=session.last_number, name=one.name,
            name_key=rules.name_key(one.name), sex=one.sex, post=one.post, registered_by=by,
            state=RegistrationState.BOOKED if place < with_seat else RegistrationState.WAITING,
        ))
    session.save(update_fields=["last_number"])
    return Registration.objects.bulk_create(made)
