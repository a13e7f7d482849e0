"""What of the committees waits for a person: this room's lines of the desk."""

from datetime import date, timedelta

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from evenweave.access.enums import Action
from evenweave.access.policy import roles_allowing
from evenweave.access.scope import roles_of
from evenweave.committees.enums import ElectionState, MeetingState
from evenweave.committees.models import Committee, Election, Meeting, Member, Signature
from evenweave.committees.queries.health import health_of
from evenweave.people.models import Person
from evenweave.toolkit.todo import Todo

DAYS_AHEAD = 14
# Whoever reads more committees than this (a programme's leads) finds them in the list.
MOST_COMMITTEES = 30


def todos(person: Person, today: date) -> list[Todo]:
    """For members: minutes to sign, the next meeting, a meeting that is overdue, ballots to count. For a coach: the
    meetings of the factories. At most nine queries."""
    if roles_of(person).isdisjoint(roles_allowing(Action.COMMITTEE_EDIT)):
        return []
    return [*_to_sign(person), *_meetings(person, today), *_elections(person, today), *_overdue(person, today)]


def _to_sign(person: Person) -> list[Todo]:
    own = Member.objects.filter(
        committee=OuterRef("committee"), person=person, left_on=None
    )
    signed = Signature.objects.filter(meeting=OuterRef("pk"), by=person, sha256=OuterRef("minutes_sha256"))
    waiting = Meeting.objects.permitted(person, Action.MINUTES_SIGN).filter(
        Exists(own), ~Exists(_signed_by_side(person)), ~Exists(signed), state=MeetingState.CLOSED
    )
    return [
        Todo(
            _("Sign the minutes of meeting %(number)s") % {"number": meeting.number}, meeting.get_absolute_url(),
            meta=meeting.committee.factory.name, action=pgettext("act", "Sign"),
        )
        for meeting in waiting.select_related("committee__factory").defer("minutes").order_by("closed_at")
    ]


def _signed_by_side(person: Person):
    """Signatures under a meeting's text by a member of the person's own side."""
    sides = Member.objects.filter(
        committee=OuterRef(OuterRef("committee")), person=person, left_on=None
    ).values("side")
    return Signature.objects.filter(
        meeting=OuterRef("pk"), sha256=OuterRef("minutes_sha256"), side__in=sides
    )


def _meetings(person: Person, today: date) -> list[Todo]:
    coming = Meeting.objects.permitted(person, Action.COMMITTEE_EDIT).filter(
        state__in=[MeetingState.PLANNED, MeetingState.OPEN], on__lte=today + timedelta(days=DAYS_AHEAD)
    )
    return [
        Todo(
            _("Meeting %(number)s of the committee, %(time)s")
            % {"number": meeting.number, "time": f"{meeting.starts_at:%H:%M}"},
            meeting.get_absolute_url(), due_on=meeting.on, meta=meeting.committee.factory.name,
            action=pgettext("act", "Open"),
        )
        for meeting in coming.select_related("committee__factory").defer("minutes").order_by("on")
    ]


def _elections(person: Person, today: date) -> list[Todo]:
    open_ones = Election.objects.permitted(person, Action.COMMITTEE_EDIT).filter(
        state__in=[ElectionState.NOMINATING, ElectionState.TIED], polling_on__lte=today + timedelta(days=DAYS_AHEAD)
    )
    return [
        Todo(
            _("Say how the tie was decided") if election.state == ElectionState.TIED else _("Workers vote"),
            election.get_absolute_url(), due_on=election.polling_on, meta=election.committee.factory.name,
            action=pgettext("act", "Open"),
        )
        for election in open_ones.select_related("committee__factory").order_by("polling_on")
    ]


def _overdue(person: Person, today: date) -> list[Todo]:
    committees = Committee.objects.permitted(person, Action.COMMITTEE_EDIT).filter(ended_on=None)
    found = list(committees.select_related("factory").order_by("pk")[:MOST_COMMITTEES])
    health = health_of(found) if found else {}
    return [
        Todo(
            _("Plan the committee's next meeting"), reverse("meeting_plan", args=[committee.factory.ref]),
            due_on=health[committee.pk].next_by, meta=committee.factory.name, action=pgettext("act", "Plan"),
        )
        for committee in found
        if health[committee.pk].next_planned is None
        and health[committee.pk].next_by <= today + timedelta(days=DAYS_AHEAD)
        and not _in_session(health[committee.pk].last_met_on, today)
    ]


def _in_session(last_met_on: date | None, today: date) -> bool:
    return last_met_on is not None and last_met_on >= today
