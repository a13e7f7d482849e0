"""Periodic jobs: a table of names, each with a task and a schedule; each tick fires once, however many workers run.

The table is a module's dictionary named by settings.PERIODIC_JOBS, for instance:

    {"notifications.send_digests": Periodic("evenweave.notifications.services.send_digests", daily(at="06:00"))}
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction
from django.tasks.base import TaskResultStatus
from django.utils.module_loading import import_string

from evenweave.toolkit.jobs.models import Job, PeriodicTick

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Schedule(Protocol):
    """When something that repeats is due. Its text is kept in the database to see that it has changed."""

    def next_after(self, moment: datetime) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Every:
    """At a steady distance, counted from the last tick."""

    interval: timedelta

    def next_after(self, moment: datetime) -> datetime:
        return moment + self.interval

    def __str__(self) -> str:
        return f"every {self.interval}"


@dataclass(frozen=True, slots=True)
class Daily:
    """Once a day at a time of day in a zone. A time that the clocks skip falls as much later as they jump."""

    at: time
    zone: str

    def next_after(self, moment: datetime) -> datetime:
        local = moment.astimezone(ZoneInfo(self.zone))
        today = datetime.combine(local.date(), self.at, tzinfo=ZoneInfo(self.zone))
        if today > local:
            return today.astimezone(UTC)
        tomorrow = datetime.combine(local.date() + timedelta(days=1), self.at, tzinfo=ZoneInfo(self.zone))
        return tomorrow.astimezone(UTC)

    def __str__(self) -> str:
        return f"daily at {self.at:%H:%M} {self.zone}"


@dataclass(frozen=True, slots=True)
class Weekly:
    """Once a week, on a day (Monday is 0) at a time of day in a zone."""

    weekday: int
    daily: Daily

    def next_after(self, moment: datetime) -> datetime:
        following = self.daily.next_after(moment)
        while following.astimezone(ZoneInfo(self.daily.zone)).weekday() != self.weekday:
            following = self.daily.next_after(following)
        return following

    def __str__(self) -> str:
        return f"weekly on {DAYS[self.weekday]}, {self.daily}"


@dataclass(frozen=True, slots=True)
class Periodic:
    """One line of the table: the dotted path of a task without arguments, and when it is due."""

    task: str
    schedule: Schedule


def every(*, minutes: float = 0, hours: float = 0) -> Every:
    """A steady distance. Raises ValueError when it is not longer than nothing."""
    interval = timedelta(minutes=minutes, hours=hours)
    if interval <= timedelta():
        raise ValueError("A periodic job needs a distance between its ticks.")
    return Every(interval)


def daily(*, at: str, zone: str = "UTC") -> Daily:
    """Once a day `at` "HH:MM" in an IANA `zone`."""
    return Daily(time.fromisoformat(at), zone)


def weekly(*, on: str, at: str, zone: str = "UTC") -> Weekly:
    """Once a week `on` a day ("monday"), `at` "HH:MM" in an IANA `zone`. Raises ValueError for another word."""
    return Weekly(DAYS.index(on), daily(at=at, zone=zone))


def periodic_jobs() -> dict[str, Periodic]:
    """The table that settings name."""
    return import_string(settings.PERIODIC_JOBS)


def register(now: datetime) -> None:
    """Give every periodic job its row, and a new date to those whose schedule has changed."""
    for name, periodic in periodic_jobs().items():
        text = str(periodic.schedule)
        tick, _ = PeriodicTick.objects.get_or_create(
            name=name, defaults={"schedule": text, "next_run_at": periodic.schedule.next_after(now)}
        )
        if tick.schedule != text:
            PeriodicTick.objects.filter(name=name, schedule=tick.schedule).update(
                schedule=text, next_run_at=periodic.schedule.next_after(now)
            )


def fire_due(now: datetime) -> list[str]:
    """Enqueue every periodic job that is due; returns their names.

    Ticks missed while no worker ran are made up for by one. A tick whose previous job is still at work is
    passed over, so that a slow job never piles up."""
    if not PeriodicTick.objects.filter(next_run_at__lte=now).exists():
        return []
    return [name for name, periodic in periodic_jobs().items() if _fire(name, periodic, now)]


def _fire(name: str, periodic: Periodic, now: datetime) -> bool:
    with transaction.atomic():
        ticks = PeriodicTick.objects.filter(name=name, next_run_at__lte=now)
        if connection.features.has_select_for_update_skip_locked:
            ticks = ticks.select_for_update(skip_locked=True)
        tick = ticks.first()
        if tick is None:
            return False
        tick.next_run_at = periodic.schedule.next_after(now)
        at_work = Job.objects.filter(
            pk=tick.last_job_id, status__in=[TaskResultStatus.READY, TaskResultStatus.RUNNING]
        ).exists()
        if not at_work:
            tick.last_job_id = import_string(periodic.task).enqueue().id
        tick.save()
        return not at_work
