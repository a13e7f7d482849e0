"""How a desk sorts what waits: plain dates, no clock."""

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

from evenweave.toolkit.todo import Todo


class When(StrEnum):
    LATE = "late"
    TODAY = "today"
    THIS_WEEK = "this_week"
    LATER = "later"
    NO_DAY = "no_day"


def when(due_on: date | None, today: date) -> When:
    """Overdue from the local midnight after the day; the week is the next seven days."""
    if due_on is None:
        return When.NO_DAY
    if due_on < today:
        return When.LATE
    if due_on == today:
        return When.TODAY
    return When.THIS_WEEK if due_on <= today + timedelta(days=7) else When.LATER


def grouped(todos: Iterable[Todo], today: date) -> dict[When, list[Todo]]:
    """The groups in the order a desk shows them, each by day then title; empty groups are left out."""
    ordered = sorted(todos, key=lambda todo: (todo.due_on or date.max, todo.title))
    groups = {kind: [todo for todo in ordered if when(todo.due_on, today) is kind] for kind in When}
    return {kind: group for kind, group in groups.items() if group}
