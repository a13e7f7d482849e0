"""Days that count: working days, months, and the day something is due."""

import calendar as month_lengths
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

CALENDAR, WORKING = "calendar", "working"


class Holidays(Protocol):
    """A set of days: the `holidays` library's calendars, or a plain set."""

    def __contains__(self, day: object, /) -> bool: ...


@dataclass(frozen=True)
class Calendar:
    """A programme's working week and its holidays. `weekend`: weekdays as in date.weekday(), Monday is 0."""

    holidays: Holidays
    weekend: frozenset[int] = frozenset({5, 6})


class Offset(Protocol):
    """What has a distance from an anchor: so many days of a kind, or months, or neither."""

    @property
    def days(self) -> int | None: ...
    @property
    def months(self) -> int | None: ...
    @property
    def day_kind(self) -> str: ...


def is_working_day(day: date, calendar: Calendar) -> bool:
    return day.weekday() not in calendar.weekend and day not in calendar.holidays


def add_working_days(day: date, n: int, calendar: Calendar) -> date:
    """The n-th working day after `day`, which itself never counts. With n = 0: `day`, or the next working day.

    Raises ValueError for a negative n."""
    if n < 0:
        raise ValueError("working days are counted forward")
    if n == 0:
        while not is_working_day(day, calendar):
            day += timedelta(days=1)
        return day
    while n:
        day += timedelta(days=1)
        n -= is_working_day(day, calendar)
    return day


def working_days_between(first: date, last: date, calendar: Calendar) -> int:
    """How many working days lie after `first`, up to and with `last`; negative when `last` comes first."""
    if last < first:
        return -working_days_between(last, first, calendar)
    days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    return sum(is_working_day(day, calendar) for day in days)


def add_months(day: date, n: int) -> date:
    """The same day n months later, or the last day of that month where it is shorter."""
    years, month = divmod(day.month - 1 + n, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, month_lengths.monthrange(year, month)[1]))


def later(day: date, days: int, day_kind: str, calendar: Calendar) -> date:
    """So many calendar or working days after a day."""
    return add_working_days(day, days, calendar) if day_kind == WORKING else day + timedelta(days=days)


def due_on(offset: Offset, anchor_day: date, calendar: Calendar) -> date | None:
    """The day a step or deadline falls due; None when its rule names no distance.

    A due day that is counted in calendar days may be a holiday: it is not moved."""
    if offset.months is not None:
        return add_months(anchor_day, offset.months)
    if offset.days is not None:
        return later(anchor_day, offset.days, offset.day_kind, calendar)
    return None
