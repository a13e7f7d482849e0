"""Sessions and factories as a step needs them: permitted, and the session's row locked."""

from django.http import Http404

from evenweave.access.enums import Action, Shared
from evenweave.activity.services import Log
from evenweave.activity.steps import Step
from evenweave.organisations.models import Factory
from evenweave.people.models import Person
from evenweave.training.models import Registration, Session
from evenweave.training.queries.sessions import factories_to_register, sessions_for


def locked_session(by: Person, ref: str, action: Action) -> Session:
    """The session, its row locked: whoever gives, frees or counts seats waits for the one before. Raises Http404."""
    key = sessions_for(by, action).filter(ref=ref).values_list("pk", flat=True).first()
    if key is None:
        raise Http404
    return Session.objects.select_for_update(of=("self",)).select_related("closed_to", "trainer").get(pk=key)


def factory_to_register(by: Person, ref: str) -> Factory:
    factory = factories_to_register(by).filter(ref=ref).first()
    if factory is None:
        raise Http404
    return factory


def record(log: Log, kind: Step, session: Session, by: Person | None, **payload) -> None:
    """A step on a session. What a single factory does or gets stands in that factory's own chain."""
    log.record(
        kind, about=session, by=by, sharing=Shared.STAFF, programme=session.programme, factory=session.closed_to,
        payload=payload,
    )


def record_of_factory(log: Log, kind: Step, registrations: list[Registration], by: Person | None) -> None:
    """A step on registrations of one factory: ids alone, names are never in the log."""
    first = registrations[0]
    log.record(
        kind, about=first, by=by, sharing=Shared.FACTORY, factory=first.factory,
        payload={"session": first.session.ref, "registrations": [one.ref for one in registrations]},
    )
