"""What training puts on a person's desk."""

from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from evenweave.access.enums import Action, Role
from evenweave.access.models import Standing
from evenweave.organisations.models import Factory
from evenweave.people.models import Person
from evenweave.toolkit.todo import Todo
from evenweave.training.enums import RegistrationState, SessionState
from evenweave.training.models import Registration, Session
from evenweave.training.queries.courses import said, title_of
from evenweave.training.queries.seminars import waiting_for_consent, waiting_for_publication
from evenweave.training.queries.sessions import needs_of

SOON_DAYS = 14
MOST_LINES = 12
# Below so many open items a course is no answer; above so many factories a desk is no place to say it.
WORTH_A_COURSE, MOST_FACTORIES = 3, 3


def todos(person: Person, today: date) -> list[Todo]:
    """The trainer: sessions to hold. The factory's manager: sessions its people go to soon."""
    return _to_hold(person, today) + _to_attend(person, today) + _practices(person) + _needs(person)


def _to_hold(person: Person, today: date) -> list[Todo]:
    mine = Session.objects.permitted(person, Action.TRAINING_HOLD).filter(
        trainer=person, state=SessionState.PLANNED, first_on__lte=today + timedelta(days=SOON_DAYS)
    )
    return [
        Todo(
            _("Your session: %(course)s") % {"course": title_of(session.course)}, session.get_absolute_url(),
            due_on=session.first_on, meta=session.place, action=pgettext("act", "Open"),
        )
        for session in mine.order_by("first_on")[:MOST_LINES]
    ]


def _needs(person: Person) -> list[Todo]:
    """The course that helps most with the plan of the manager's factory: news, nothing to do."""
    lines = []
    for factory in _own_factories(person).order_by("pk")[:MOST_FACTORIES]:
        need = next(iter(needs_of(person, factory)), None)
        if need and need.items >= WORTH_A_COURSE:
            items = ngettext("helps with %(count)s open item", "helps with %(count)s open items", need.items)
            lines.append(Todo(
                _("A course for your plan: %(course)s") % {"course": said(need.course.title)},
                reverse("factory_training", args=[factory.ref]),
                meta=f"{factory.name} · {items % {'count': need.items}}",
            ))
    return lines


def _practices(person: Person) -> list[Todo]:
    """The manager: texts that wait for the factory's consent. Who leads: texts that can be published."""
    lines = [
        (_("Let others read a good practice of yours?"), one, "practice_consent", pgettext("act", "Decide"))
        for one in waiting_for_consent(person).select_related("factory")[:MOST_LINES]
    ] + [
        (_("A good practice can be published"), one, "practice_publish", pgettext("act", "Open"))
        for one in waiting_for_publication(person).select_related("factory")[:MOST_LINES]
    ]
    return [
        Todo(title, reverse(route, args=[one.ref]), meta=f"{one.factory.name} · {one.title}", action=act)
        for title, one, route, act in lines
    ]


def _own_factories(person: Person):
    own = Standing.objects.active().filter(holder=person, role=Role.FACTORY_MANAGER)
    return Factory.objects.filter(pk__in=own.values("factory_id"))


def _to_attend(person: Person, today: date) -> list[Todo]:
    booked = Registration.objects.permitted(person, Action.TRAINING_PEOPLE).filter(
        state=RegistrationState.BOOKED, factory__in=_own_factories(person), session__state=SessionState.PLANNED,
        session__first_on__range=(today, today + timedelta(days=SOON_DAYS)),
    ).select_related("session", "factory")
    going: dict[tuple[int, int], list[Registration]] = {}
    for one in booked:
        going.setdefault((one.session_id, one.factory_id), []).append(one)
    return [_line(rows) for rows in list(going.values())[:MOST_LINES]]


def _line(rows: list[Registration]) -> Todo:
    session, factory = rows[0].session, rows[0].factory
    people = ngettext("%(count)s person of yours", "%(count)s people of yours", len(rows)) % {"count": len(rows)}
    return Todo(
        _("Training: %(course)s") % {"course": title_of(session.course)},
        reverse("factory_training", args=[factory.ref]), due_on=session.first_on,
        meta=f"{session.place} · {people}",
    )
