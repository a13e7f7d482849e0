"""A committee is put on record, members come and go, somebody takes the chair."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from evenweave.access.enums import Action, Role
from evenweave.access.services import end_standing, give_standing
from evenweave.activity.services import Log, step
from evenweave.activity.steps import Step
from evenweave.committees import rules
from evenweave.committees.enums import ElectionState, MeetingState, Seated, Sex
from evenweave.committees.models import Committee, Election, Meeting, Member
from evenweave.committees.services.loading import (
    asked_of,
    locked,
    locked_committee,
    not_after_today,
    own_side_only,
    person_of,
    record,
    required,
)
from evenweave.improvement.enums import Side
from evenweave.improvement.queries import ties_of, today_of
from evenweave.organisations.models import Factory
from evenweave.people.models import Person
from evenweave.people.services import add_by_phone, print_codes
from evenweave.toolkit.refusals import Refused

# What a seat opens at the factory. A manager who sits on the committee keeps the manager's role besides.
ROLE_OF = {Side.MANAGEMENT: Role.MANAGEMENT_REPRESENTATIVE, Side.WORKERS: Role.WORKER_REPRESENTATIVE}


def tidy_unions(names: list[str]) -> list[str]:
    """Each union once, in the order given, without blanks."""
    return list({name.strip().casefold(): name.strip() for name in names if name.strip()}.values())


def form_committee(*, factory_ref: str, formed_on: date, unions: list[str], by: Person) -> Committee:
    """The factory's committee is on record from now on, with no member yet. An existing one is built on: its members
    are taken over. `unions`: the unions in the factory, by name."""
    with step() as log:
        factory = Factory.objects.one_for(by, Action.COMMITTEE_EDIT, ref=factory_ref)
        if Committee.objects.filter(factory=factory, ended_on=None).exists():
            raise Refused(_("This factory's committee is on record already."))
        committee = Committee(factory=factory, formed_on=formed_on, unions=tidy_unions(unions))
        not_after_today(formed_on, committee, "formed_on")
        try:
            with transaction.atomic():
                committee.save()
        except IntegrityError as fault:
            raise Refused(_("This factory's committee is on record already.")) from fault
        record(log, Step.COMMITTEE_FORMED, committee, committee, by)
    return committee


def correct_committee(*, ref: str, formed_on: date, unions: list[str], by: Person) -> Committee:
    """The day it was formed and the unions in the factory, as they are."""
    with step() as log:
        committee = locked_committee(by, ref)
        not_after_today(formed_on, committee, "formed_on")
        committee.formed_on, committee.unions = formed_on, tidy_unions(unions)
        committee.save(update_fields=["formed_on", "unions"])
        record(log, Step.COMMITTEE_CORRECTED, committee, committee, by)
    return committee


def add_member(
    *,
    committee_ref: str,
    side: str,
    name: str,
    sex: str,
    seated: str,
    joined_on: date,
    by: Person,
    post: str = "",
    union: str = "",
    person_ref: str = "",
    term_ends_on: date | None = None,
) -> Member:
    """A seat is taken without an election: one of management, one that a union names, or one from before the
    committee was on record. `person_ref`: the account that the member has at this factory, if any. Without
    `term_ends_on` the programme's term counts from `joined_on` for a worker member; management's seats have none."""
    with step() as log:
        committee = locked_committee(by, committee_ref)
        asked = asked_of(committee)
        own_side_only(by, committee.factory, side)
        name = required(name, "name", _("Write the member's name."))
        if not rules.may_be_seated(side, seated, asked):
            raise Refused(_("Workers choose their members themselves: call an election."), field="seated")
        if seated == Seated.BY_UNION:
            union = required(union, "union", _("Say which union named the member."))
        not_after_today(joined_on, committee, "joined_on")
        _refuse_beyond(committee, side, 1)
        member = Member(
            committee=committee, person=person_of(committee.factory, person_ref), name=name, sex=Sex(sex),
            side=Side(side), post=post.strip(), union=union.strip(), seated=Seated(seated), joined_on=joined_on,
            term_ends_on=term_ends_on or _term_of(side, joined_on, asked.term_years),
        )
        take_seat(member, log, by)
    return member


def _term_of(side: str, joined_on: date, years: int | None) -> date | None:
    """Workers' seats have a term; management names its own until it names others."""
    return rules.term_end(joined_on, years) if side == Side.WORKERS else None


def _refuse_beyond(committee: Committee, side: str, more: int) -> None:
    asked = asked_of(committee)
    taken = Member.objects.filter(committee=committee, side=side, left_on=None).count()
    most = rules.most_of_a_side(asked)
    if taken + more > most:
        raise Refused(
            _("A side has at most %(most)s seats, and %(taken)s are taken. Note first who has left.")
            % {"most": most, "taken": taken},
            field="side",
        )


def take_seat(member: Member, log: Log, by: Person) -> None:
    """The row, what it opens at the factory, and the line in the log. Called inside a step that holds the lock."""
    if member.person_id and Member.objects.filter(
        committee=member.committee, person=member.person, left_on=None
    ).exists():
        raise Refused(_("%(name)s has a seat already.") % {"name": member.person.name}, field="person_ref")
    if member.person is not None and ties_of(member.person, member.committee.factory).side not in {None, member.side}:
        raise Refused(_("This account stands for the other side."), field="person_ref")
    member.save()
    _open_to(member)
    record(log, Step.MEMBER_JOINED, member, member.committee, by, side=member.side, seated=member.seated)


def _open_to(member: Member) -> None:
    if member.person is not None:
        give_standing(role=ROLE_OF[Side(member.side)], holder=member.person, factory=member.committee.factory)


def leave_seat(member: Member, *, left_on: date, reason: str, log: Log, by: Person | None) -> None:
    """The seat is free, and what it opened at the factory is closed. Called inside a step."""
    member.left_on, member.left_reason, member.is_chair = left_on, reason, False
    member.save(update_fields=["left_on", "left_reason", "is_chair"])
    if member.person_id is not None:
        end_standing(
            role=ROLE_OF[Side(member.side)], holder=member.person, factory=member.committee.factory
        )
    record(log, Step.MEMBER_LEFT, member, member.committee, by, side=member.side)


def member_leaves(*, ref: str, left_on: date, reason: str, by: Person) -> Member:
    """The member's seat is free from the day after; the account opens nothing at the factory by it any more."""
    with step() as log:
        member = locked(Member, by, ref)
        if member.left_on is not None:
            raise Refused(_("%(name)s has left already.") % {"name": member.name})
        own_side_only(by, member.committee.factory, member.side)
        if left_on < member.joined_on:
            raise Refused(_("Choose a day after the member joined."), field="left_on")
        not_after_today(left_on, member.committee, "left_on")
        leave_seat(member, left_on=left_on, reason=reason.strip(), log=log, by=by)
    return member


def choose_chair(*, ref: str, by: Person) -> Member:
    """The member takes the chair; whoever had it gives it up."""
    with step() as log:
        member = locked(Member, by, ref)
        if member.left_on is not None:
            raise Refused(_("%(name)s has left already.") % {"name": member.name})
        Member.objects.filter(committee=member.committee, is_chair=True, left_on=None).update(is_chair=False)
        member.is_chair = True
        member.save(update_fields=["is_chair"])
        record(log, Step.CHAIR_CHOSEN, member, member.committee, by)
    return member


def give_sign_in(*, ref: str, phone: str, language: str, by: Person) -> Member:
    """The member has an account with this phone number, and the seat opens the factory's plan and committee to it.
    No e-mail address is needed. A side gives none to the other side's members: who has the account signs for them.
    Raises Refused for a number that another account has."""
    with step():
        member = Member.objects.select_related("committee__factory").one_for(by, Action.MEMBER_SIGN_IN, ref=ref)
        own_side_only(by, member.committee.factory, member.side)
        if member.left_on is not None:
            raise Refused(_("%(name)s has left already.") % {"name": member.name})
        if member.person_id is not None:
            raise Refused(_("%(name)s has an account already.") % {"name": member.name})
        member.person = add_by_phone(
            name=member.name, phone=phone, language=language, role=ROLE_OF[Side(member.side)],
            factory=member.committee.factory, by=by,
        )
        member.save(update_fields=["person"])
    return member


def print_member_codes(*, ref: str, by: Person) -> tuple[Member, list[str]]:
    """A sheet of one-time codes for a member whom texts do not reach; an earlier sheet holds no more. The codes are
    returned and kept nowhere."""
    with step():
        member = Member.objects.select_related("committee__factory").one_for(by, Action.CODES_PRINT, ref=ref)
        account = Person.objects.filter(pk=member.person_id, is_active=True).exclude(phone=None).first()
        if member.left_on is not None or account is None:
            raise Refused(_("%(name)s has no account with a phone number.") % {"name": member.name})
        return member, print_codes(person=account, by=by, factory=member.committee.factory)


def merge_committees(*, survivor: Factory, duplicate: Factory, by: Person) -> Committee | None:
    """The duplicate's committee goes over to the survivor when that has none; else its record is closed with the day
    and stays readable nowhere but in the log. Called inside the merge's step. Returns the survivor's committee."""
    with step() as log:
        theirs = Committee.objects.select_for_update().filter(factory=duplicate, ended_on=None).first()
        ours = Committee.objects.filter(factory=survivor, ended_on=None).first()
        if theirs is None or ours is not None:
            if theirs is not None:
                _close(theirs, duplicate, log, by)
            return ours
        theirs.factory = survivor
        theirs.save(update_fields=["factory"])
        for member in Member.objects.filter(committee=theirs, left_on=None).select_related("person", "committee"):
            member.committee = theirs
            _open_to(member)
        record(log, Step.COMMITTEE_CORRECTED, theirs, theirs, by)
    return theirs


def _close(committee: Committee, factory: Factory, log: Log, by: Person) -> None:
    today = today_of(factory)
    committee.factory, committee.ended_on = factory, today
    committee.save(update_fields=["ended_on"])
    for member in Member.objects.filter(committee=committee, left_on=None).select_related("person"):
        member.committee = committee
        leave_seat(member, left_on=max(today, member.joined_on), reason="", log=log, by=by)
    Election.objects.filter(committee=committee, state__in=[ElectionState.NOMINATING, ElectionState.TIED]).update(
        state=ElectionState.CALLED_OFF
    )
    Meeting.objects.filter(committee=committee, state=MeetingState.PLANNED).update(state=MeetingState.CALLED_OFF)
    record(log, Step.COMMITTEE_ENDED, committee, committee, by)
