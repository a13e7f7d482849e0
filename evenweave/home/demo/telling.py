"""Telling many stories at once, in the order of their days.

A story is a generator: it yields the moment of its next act and is taken up again when the clock stands there."""

import heapq
from collections.abc import Callable, Generator, Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from evenweave.toolkit import clock

type Story = Generator[datetime]

# The stories are written as if it were this day; told later, they move along, but never so far that the first
# year would meet the second year's questionnaire.
WRITTEN_ON = date(2026, 11, 23)
MOST_DAYS_MOVED = 260


class Days:
    """Turns a story's day into the moment it is told at."""

    def __init__(self, zone: ZoneInfo, today: date) -> None:
        self.zone = zone
        self.today = today
        self.moved = timedelta(days=min(max((today - WRITTEN_ON).days, 0), MOST_DAYS_MOVED))

    def on(self, year: int, month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
        """The moment of a written day, in the programme's zone."""
        return datetime.combine(date(year, month, day) + self.moved, time(hour, minute), self.zone)

    def ahead(self, days: int) -> date:
        """A working day so many days after today."""
        day = self.today + timedelta(days=days)
        return day + timedelta(days={5: 2, 6: 1}.get(day.weekday(), 0))


def tell(stories: Iterable[Story], now: datetime, after_each: Callable[[], None]) -> int:
    """Live through the stories by their days up to `now`; returns how many acts there were.

    `after_each` runs at the act's own time: background work of that day is done on that day."""
    waiting: list[tuple[datetime, int, Story]] = []
    acts = 0
    for number, story in enumerate(stories):
        _take_up(waiting, number, story)
    while waiting and waiting[0][0] <= now:
        moment, number, story = heapq.heappop(waiting)
        with clock.at(moment):
            _take_up(waiting, number, story)
            after_each()
        acts += 1
    return acts


def _take_up(waiting: list, number: int, story: Story) -> None:
    """Run a story to its next day."""
    moment = next(story, None)
    if moment is not None:
        heapq.heappush(waiting, (moment, number, story))
