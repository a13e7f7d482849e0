"""The log as people may read it."""

from django.db.models import QuerySet
from django.utils.formats import date_format

from evenweave.access.enums import Action, Role
from evenweave.access.scope import permitted, roles_of
from evenweave.activity.models import Entry
from evenweave.activity.steps import Step
from evenweave.people.models import Person
from evenweave.toolkit import parts


def steps_for(person: Person) -> QuerySet[Entry]:
    """The steps a person may read, newest first."""
    entries = permitted(person, Action.LOG_VIEW, Entry.objects.all())
    return entries.select_related("actor", "factory").order_by("-at", "-pk")


def in_words(entries, reader: Person) -> list[parts.Step]:
    """Entries as the lines of a page: day, step, person. Numbers and hashes stay inside. A buyer reads no name but its
    reader's own: another buyer's officer and whoever speaks for the workers stay unnamed."""
    is_buyer = roles_of(reader) == {Role.BUYER_OFFICER}
    return [
        parts.Step(
            date_format(entry.at.date(), "j F Y"),
            f"{Step(entry.step).label}" + (f" · {entry.factory.name}" if entry.factory else ""),
            entry.actor.name if entry.actor and not (is_buyer and entry.actor != reader) else "",
        )
        for entry in entries
    ]
