"""The desk: everything that waits for a person, gathered from the rooms, dated, late first."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evenweave.advisory import queries as advisory
from evenweave.assessments.queries import desk as assessments
from evenweave.committees.queries.todos import todos as committee_todos
from evenweave.enrolment import queries as enrolment
from evenweave.exchange import queries as exchange
from evenweave.home.rules import When, grouped
from evenweave.improvement.queries import todos as plan_todos
from evenweave.notifications.queries import entries, notices_of
from evenweave.people.models import Person
from evenweave.reports.queries import desk as reports
from evenweave.selfassessments.queries import desk as selfassessments
from evenweave.toolkit import clock
from evenweave.toolkit.components.marks import spoken
from evenweave.toolkit.days import short_day
from evenweave.toolkit.parts import Entry, Link
from evenweave.toolkit.todo import Todo
from evenweave.training.queries import desk as training

NOTICES_SHOWN = 8
Source = Callable[[Person, date], list[Todo]]

# Each room says what waits for a person; the desk only puts it in order.
SOURCES: list[Source] = [
    assessments.todos, reports.todos, plan_todos, committee_todos, advisory.todos, training.todos,
    enrolment.todos, exchange.todos,
    selfassessments.todos,
]


@dataclass(frozen=True)
class Group:
    title: str
    entries: list[Entry]


@dataclass(frozen=True)
class Desk:
    """What the desk's page shows: the day, how things stand, what waits, and the news."""

    day: str
    sentence: str
    groups: list[Group]
    news: list[Entry]


def desk_of(person: Person) -> Desk:
    """The desk of a person today. The query count depends on the rooms asked, not on how much waits."""
    today = clock.now().date()
    todos = [todo for source in SOURCES for todo in source(person, today)]
    groups = grouped(todos, today)
    return Desk(
        day=date_format(today, "l j F"),
        sentence=_sentence(groups),
        groups=[Group(_title(kind), [_entry(todo, kind, today) for todo in group]) for kind, group in groups.items()],
        news=entries(notices_of(person)[:NOTICES_SHOWN]),
    )


def _sentence(groups: dict[When, list[Todo]]) -> str:
    waiting = sum(bool(todo.action) for group in groups.values() for todo in group)
    late = len(groups.get(When.LATE, []))
    if not waiting:
        return _("Nothing needs you today.")
    words = ngettext("%(count)s thing waits for you.", "%(count)s things wait for you.", waiting) % {"count": waiting}
    if late:
        words += " " + ngettext("%(count)s is late.", "%(count)s are late.", late) % {"count": late}
    return words


def _title(kind: When) -> str:
    return {
        When.LATE: _("Late"),
        When.TODAY: _("Today"),
        When.THIS_WEEK: _("This week"),
        When.LATER: _("Later"),
        When.NO_DAY: _("No day set"),
    }[kind]


def _entry(todo: Todo, kind: When, today: date) -> Entry:
    late = kind is When.LATE
    return Entry(
        when=short_day(todo.due_on, todo.due_on.year) if todo.due_on else "",
        when_more=_days_late(todo.due_on, today) if late and todo.due_on else "",
        title=spoken(todo.title, todo.language),
        href=todo.href,
        meta=todo.meta,
        action=Link(todo.action, todo.href) if todo.action else None,
        state="late" if late else "turn" if todo.action and kind in {When.TODAY, When.THIS_WEEK} else "",
    )


def _days_late(due_on: date, today: date) -> str:
    days = (today - due_on).days
    return ngettext("%(days)s day late", "%(days)s days late", days) % {"days": days}
