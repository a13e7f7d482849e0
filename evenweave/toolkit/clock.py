"""The time, asked in one place, so that tests and the demo can live through two years in a minute."""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import datetime

from django.utils import timezone

_set: ContextVar[datetime | None] = ContextVar("clock_set_to", default=None)


def now() -> datetime:
    """The current time, aware, in UTC."""
    return _set.get() or timezone.now()


@contextlib.contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Inside, it is `moment` (aware) for everything that asks this clock."""
    if timezone.is_naive(moment):
        raise ValueError("the clock takes an aware time")
    token = _set.set(moment)
    try:
        yield
    finally:
        _set.reset(token)
