"""Committees, elections and meetings as a person may read them."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from evenweave.access.enums import Action
from evenweave.access.models import Standing
from evenweave.committees.enums import MeetingState
from evenweave.committees.models import (
    AgendaPoint,
    Candidate,
    Committee,
    Decision,
    Election,
    Meeting,
    Member,
    MinutesFile,
)
from evenweave.improvement.enums import ItemStatus, Side
from evenweave.improvement.models import PlanItem
from evenweave.improvement.queries import ties_of, today_of
from evenweave.improvement.rules import SIDE_OF
from evenweave.organisations.models import Factory
from evenweave.people.models import Person
from evenweave.programmes.queries import rules_on
from evenweave.programmes.rules import CommitteeRules

MEETINGS_SHOWN = 24


@dataclass(frozen=True)
class CommitteeRead:
    """A factory's committee open before a person; `committee` is None until it is on record. `side` is the one the
    person speaks for there, if any."""

    person: Person
    factory: Factory
    committee: Committee | None
    asked: CommitteeRules
    today: date
    may_edit: bool
    side: Side | None

    def may_sign(self) -> bool:
        """Whether the person is a member with a side of its own."""
        seats = Member.objects.filter(committee=self.committee, person=self.person, side=self.side, left_on=None)
        return self.side is not None and seats.exists()


def committees_for(person: Person) -> QuerySet[Committee]:
    """The committees a person may read, by the factory's name."""
    found = Committee.objects.permitted(person, Action.COMMITTEE_VIEW).filter(ended_on=None)
    return found.select_related("factory").order_by("factory__name", "pk")


def committee_for(person: Person, factory_ref: str) -> CommitteeRead | None:
    """The committee of a factory, or the place where it will be; None when there is nothing for this person."""
    factory = Factory.objects.permitted(person, Action.COMMITTEE_VIEW).filter(ref=factory_ref).first()
    if factory is None:
        return None
    return _read(person, factory, Committee.objects.filter(factory=factory, ended_on=None).first())


def read_of(person: Person, committee: Committee) -> CommitteeRead:
    """A committee that the person is known to read; it comes with its factory."""
    return _read(person, committee.factory, committee)


def _read(person: Person, factory: Factory, committee: Committee | None) -> CommitteeRead:
    if committee is not None:
        committee.factory = factory
    today = today_of(factory)
    return CommitteeRead(
        person=person, factory=factory, committee=committee, asked=rules_on(factory.programme, today).committee,
        today=today,
        may_edit=Factory.objects.permitted(person, Action.COMMITTEE_EDIT).filter(pk=factory.pk).exists(),
        side=ties_of(person, factory).side,
    )


def sees_committee(person: Person, factory: Factory) -> bool:
    return Factory.objects.permitted(person, Action.COMMITTEE_VIEW).filter(pk=factory.pk).exists()


def seated(committee: Committee) -> list[Member]:
    """Who has a seat today: the chair first, then by the day of joining."""
    members = Member.objects.filter(committee=committee, left_on=None).select_related("person")
    return list(members.order_by("side", "-is_chair", "joined_on", "pk"))


def left(committee: Committee) -> list[Member]:
    """Who had a seat before, the latest first."""
    return list(Member.objects.filter(committee=committee).exclude(left_on=None).order_by("-left_on", "name"))


def member_for(person: Person, ref: str, action: Action = Action.COMMITTEE_VIEW) -> Member | None:
    found = Member.objects.permitted(person, action).filter(ref=ref, committee__ended_on=None)
    return found.select_related("committee__factory", "person").first()


def may_give_sign_in(person: Person, member: Member) -> bool:
    """Whether the person may give this member an account, and there is none yet."""
    if member.person_id is not None or member.left_on is not None:
        return False
    if ties_of(person, member.committee.factory).side not in {None, member.side}:
        return False
    return Member.objects.permitted(person, Action.MEMBER_SIGN_IN).filter(pk=member.pk).exists()


def may_print_codes(person: Person, member: Member) -> bool:
    """Whether the person may print one-time codes for this member, who has an account with a phone number."""
    if member.left_on is not None or member.person is None or not member.person.phone:
        return False
    return Member.objects.permitted(person, Action.CODES_PRINT).filter(pk=member.pk).exists()


def accounts_of(committee: Committee, side: str) -> list[tuple[str, str]]:
    """Ref and name of the accounts at the factory that may take a seat of this side and have none."""
    taken = Member.objects.filter(committee=committee, left_on=None, person__isnull=False).values("person_id")
    held = Standing.objects.active().filter(
        factory=committee.factory, role__in=[role for role, of in SIDE_OF.items() if of == side], holder__is_active=True
    )
    people = Person.objects.filter(pk__in=held.values("holder_id")).exclude(pk__in=taken).order_by("name")
    return list(people.values_list("ref", "name"))


def elections_of(committee: Committee) -> list[Election]:
    return list(Election.objects.filter(committee=committee))


def election_for(person: Person, ref: str, action: Action = Action.COMMITTEE_VIEW) -> Election | None:
    found = Election.objects.permitted(person, action).filter(ref=ref)
    return found.select_related("committee__factory", "counted_by").first()


def candidates_of(election: Election) -> list[Candidate]:
    """Everybody who was named: by votes once they are counted, else by name; who withdrew last."""
    candidates = list(Candidate.objects.filter(election=election))
    return sorted(candidates, key=lambda one: (one.withdrew_on is not None, -(one.votes or 0), one.name.casefold()))


def candidate_for(person: Person, ref: str) -> Candidate | None:
    found = Candidate.objects.permitted(person, Action.COMMITTEE_EDIT).filter(ref=ref)
    return found.select_related("election").first()


def meetings_of(committee: Committee) -> list[Meeting]:
    """The latest meetings and those planned, newest first."""
    return list(Meeting.objects.filter(committee=committee).defer("minutes")[:MEETINGS_SHOWN])


def meeting_for(person: Person, ref: str, action: Action = Action.COMMITTEE_VIEW) -> Meeting | None:
    found = Meeting.objects.permitted(person, action).filter(ref=ref)
    return found.select_related("committee__factory", "planned_by").first()


def point_for(person: Person, ref: str) -> AgendaPoint | None:
    """A point of a meeting in session that the person may write on."""
    found = AgendaPoint.objects.permitted(person, Action.COMMITTEE_EDIT).filter(
        ref=ref, meeting__state=MeetingState.OPEN
    )
    return found.select_related("meeting__committee__factory", "item__plan__factory").first()


def decision_for(person: Person, ref: str) -> Decision | None:
    found = Decision.objects.permitted(person, Action.COMMITTEE_EDIT).filter(ref=ref)
    return found.select_related("point").first()


def files_of(meeting: Meeting) -> list[MinutesFile]:
    """The files of the text as it stands, those with most signatures of each language."""
    newest: dict[str, MinutesFile] = {}
    files = MinutesFile.objects.filter(meeting=meeting, sha256=meeting.minutes_sha256).select_related("stored")
    for file in files.order_by("signatures"):
        newest[file.language] = file
    return [newest[language] for language in sorted(newest)]


def item_numbered(person: Person, factory: Factory, number: int) -> PlanItem | None:
    """The plan item with this number on which the person may work, if it is open."""
    found = PlanItem.objects.permitted(person, Action.PLAN_EDIT).filter(
        plan__factory=factory, number=number, withdrawn_at=None
    )
    return found.exclude(status=ItemStatus.COMPLETED).first()
