"""A person's notices."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import QuerySet
from django.urls import reverse

from evenweave.notifications.models import Notice
from evenweave.notifications.table import NOTICES
from evenweave.people.models import Person
from evenweave.toolkit import clock
from evenweave.toolkit.days import short_day
from evenweave.toolkit.parts import Entry


def notices_of(person: Person) -> QuerySet[Notice]:
    return Notice.objects.filter(person=person, dropped_at=None).select_related("person").order_by("-at")


def unread_count(person: Person) -> int:
    return Notice.objects.filter(person=person, dropped_at=None, read_at=None).count()


def entries(notices: Iterable[Notice]) -> list[Entry]:
    """Notices as lines of a dated list; one that was not opened yet waits for its reader."""
    return [
        Entry(
            when=_day(notice.at.date()),
            title=str(NOTICES[notice.kind].line),
            href=reverse("notice_open", args=[notice.ref]),
            state="" if notice.read_at else "turn",
        )
        for notice in notices
    ]


def unread_before(moment: datetime) -> QuerySet[Notice]:
    """Everybody's notices of before that nobody opened."""
    return Notice.objects.filter(at__lt=moment, read_at=None).select_related("person")


def _day(on: date) -> str:
    """The day of a notice; with its year when it is not of this one."""
    return short_day(on, clock.now().year)
