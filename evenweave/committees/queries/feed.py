"""The days of a person's committees, as a calendar program reads them. Nothing of assessments is ever among them."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.utils import translation
from django.utils.translation import gettext as _

from evenweave.access.enums import Action
from evenweave.committees.enums import ElectionState, MeetingState
from evenweave.committees.models import CalendarFeed, Decision, Election, Meeting, Member
from evenweave.people.models import Person
from evenweave.programmes.queries import programme_zone
from evenweave.toolkit import clock

DAYS_BACK, DAYS_AHEAD = 92, 366
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Event:
    """`begins` and `ends` are moments in UTC, or days (the end exclusive) for what lasts all day."""

    key: str
    title: str
    begins: datetime | date
    ends: datetime | date
    place: str = ""
    path: str = ""


def reader_of(token: str) -> Person | None:
    """Whose feed the secret opens; None for none, and for an account that is closed."""
    feeds = CalendarFeed.objects.filter(token_hash=hash_of(token), person__is_active=True)
    feed = feeds.select_related("person").first()
    return feed.person if feed else None


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def feed_of(person: Person) -> CalendarFeed | None:
    return CalendarFeed.objects.filter(person=person).first()


def events_for(person: Person) -> list[Event]:
    """Meetings, polling days, ends of terms and days of decisions, three months back and a year ahead. Permission is
    asked now. Eight queries at any number."""
    today = clock.now().date()
    span = (today - timedelta(days=DAYS_BACK), today + timedelta(days=DAYS_AHEAD))
    return [*_meetings(person, span), *_elections(person, span), *_terms(person, span), *_decisions(person, span)]


def _meetings(person: Person, span: tuple[date, date]) -> Iterator[Event]:
    found = Meeting.objects.permitted(person, Action.COMMITTEE_VIEW).filter(on__range=span)
    found = found.exclude(state=MeetingState.CALLED_OFF).defer("minutes").select_related("committee__factory")
    for meeting in found.order_by("on", "starts_at"):
        factory = meeting.committee.factory
        zone = programme_zone(factory.programme)
        begins = datetime.combine(meeting.on, meeting.starts_at, tzinfo=zone).astimezone(UTC)
        ends = datetime.combine(meeting.on, meeting.ends_at, tzinfo=zone).astimezone(UTC) if meeting.ends_at else None
        yield Event(
            meeting.ref, _("Committee meeting, %(factory)s") % {"factory": factory.name}, begins,
            ends or begins + HOUR, meeting.place, meeting.get_absolute_url(),
        )


def _elections(person: Person, span: tuple[date, date]) -> Iterator[Event]:
    found = Election.objects.permitted(person, Action.COMMITTEE_VIEW).filter(polling_on__range=span)
    found = found.exclude(state=ElectionState.CALLED_OFF).select_related("committee__factory")
    for election in found.order_by("polling_on"):
        factory = election.committee.factory
        yield _all_day(
            election.ref, _("Workers vote, %(factory)s") % {"factory": factory.name}, election.polling_on,
            election.place, election.get_absolute_url(),
        )


def _terms(person: Person, span: tuple[date, date]) -> Iterator[Event]:
    found = Member.objects.permitted(person, Action.COMMITTEE_VIEW).filter(left_on=None, term_ends_on__range=span)
    days = found.order_by("term_ends_on").values_list(
        "committee__ref", "committee__factory__ref", "committee__factory__name", "term_ends_on"
    )
    for ref, factory_ref, factory, day in days.distinct():
        yield _all_day(
            f"{ref}-{day:%Y%m%d}", _("A term on the committee ends, %(factory)s") % {"factory": factory}, day,
            path=f"/committees/{factory_ref}/",
        )


def _decisions(person: Person, span: tuple[date, date]) -> Iterator[Event]:
    found = Decision.objects.permitted(person, Action.COMMITTEE_VIEW).filter(
        action__due_on__range=span, action__done_on=None, item__withdrawn_at=None
    )
    rows = found.select_related("action", "item__plan__factory").order_by("action__due_on", "pk")
    for decision in rows:
        yield _all_day(
            decision.ref,
            _("Item %(number)s is due, %(factory)s")
            % {"number": decision.item.number, "factory": decision.item.plan.factory.name},
            decision.action.due_on, path=decision.item.get_absolute_url(),
        )


def _all_day(key: str, title: str, day: date, place: str = "", path: str = "") -> Event:
    return Event(key, title, day, day + timedelta(days=1), place, path)


def calendar_of(person: Person, address) -> bytes:
    """The feed as iCalendar, in the person's language. `address` makes a path of ours a full address."""
    from icalendar import Calendar
    from icalendar import Event as Entry

    with translation.override(person.language):
        made = Calendar()
        made.add("prodid", "-//Evenweave//committees//EN")
        made.add("version", "2.0")
        made.add("x-wr-calname", _("Committee"))
        now = clock.now()
        for event in events_for(person):
            entry = Entry()
            entry.add("uid", f"{event.key}@evenweave")
            entry.add("dtstamp", now)
            entry.add("dtstart", event.begins)
            entry.add("dtend", event.ends)
            entry.add("summary", event.title)
            if event.place:
                entry.add("location", event.place)
            if event.path:
                entry.add("url", address(event.path))
            made.add_component(entry)
    return made.to_ical()
