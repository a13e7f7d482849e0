"""A person's notices."""

from django.db.models import QuerySet

from evenweave.notifications.models import Notice
from evenweave.people.models import Person


def notices_of(person: Person) -> QuerySet[Notice]:
    return Notice.objects.filter(person=person, dropped_at=None).select_related("person").order_by("-at")


def unread_count(person: Person) -> int:
    return notices_of(person).filter(read_at=None).count()
