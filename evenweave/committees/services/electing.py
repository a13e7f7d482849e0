"""Elections on paper: nominations, the count, a tie, and the seats that follow from it. No ballot is cast here."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils.translation import gettext as _

from evenweave.activity.services import Log, step
from evenweave.activity.steps import Step
from evenweave.committees import rules
from evenweave.committees.enums import ElectionState, Seated, Sex
from evenweave.committees.models import Candidate, Election, Member
from evenweave.committees.rules import Ballots
from evenweave.committees.services.forming import leave_seat, take_seat
from evenweave.committees.services.loading import (
    asked_of,
    locked,
    locked_candidate,
    locked_committee,
    next_number,
    person_of,
    record,
    required,
)
from evenweave.improvement.enums import Side
from evenweave.improvement.queries import today_of
from evenweave.notifications.services import notify
from evenweave.people.models import Person
from evenweave.toolkit import clock
from evenweave.toolkit.refusals import Refused


def call_election(
    *,
    committee_ref: str,
    seats: int,
    marks_each: int,
    nominations_until_on: date,
    polling_on: date,
    place: str,
    by: Person,
    is_for_all_seats: bool = True,
) -> Election:
    """Workers are to fill `seats` seats on a day; each ballot may mark `marks_each` names. With `is_for_all_seats`
    the elected members of today leave when the new ones are seated. One election at a time."""
    with step() as log:
        committee = locked_committee(by, committee_ref)
        if Election.objects.filter(
            committee=committee, state__in=[ElectionState.NOMINATING, ElectionState.TIED]
        ).exists():
            raise Refused(_("An election is under way. Finish it first, or call it off."))
        _refuse_days(nominations_until_on, polling_on, today_of(committee.factory))
        _refuse_seats(committee, seats, is_for_all_seats)
        if not 1 <= marks_each <= seats:
            raise Refused(_("A ballot marks at least one name and at most one a seat."), field="marks_each")
        election = Election.objects.create(
            committee=committee, number=next_number(Election.objects.filter(committee=committee)), seats=seats,
            marks_each=marks_each, nominations_until_on=nominations_until_on, polling_on=polling_on,
            place=place.strip(), is_for_all_seats=is_for_all_seats,
        )
        record(log, Step.ELECTION_CALLED, election, committee, by, seats=seats)
        notify("committee.election_called", about=election, except_for=by)
    return election


def _refuse_days(nominations_until_on: date, polling_on: date, today: date) -> None:
    if nominations_until_on < today:
        raise Refused(_("Choose today or a later day."), field="nominations_until_on")
    if polling_on < nominations_until_on:
        raise Refused(_("Workers vote on the last day of nominations or later."), field="polling_on")


def _refuse_seats(committee, seats: int, is_for_all_seats: bool) -> None:
    staying = Member.objects.filter(committee=committee, side=Side.WORKERS, left_on=None)
    if is_for_all_seats:
        staying = staying.filter(seated=Seated.BY_UNION)
    free = rules.most_of_a_side(asked_of(committee)) - staying.count()
    if not 1 <= seats <= free:
        raise Refused(
            _("There are %(free)s seats to fill: a side has at most as many as the programme allows, without those "
              "that are taken.") % {"free": max(free, 0)},
            field="seats",
        )


def nominate(
    *,
    election_ref: str,
    name: str,
    sex: str,
    nominated_by: str,
    by: Person,
    post: str = "",
    union: str = "",
    person_ref: str = "",
) -> Candidate:
    """Somebody stands for election, named by a union, a line or workers. `person_ref`: the account the candidate has
    at this factory, as who is elected again has."""
    with step() as log:
        election = locked(Election, by, election_ref)
        factory = election.committee.factory
        if election.state != ElectionState.NOMINATING or today_of(factory) > election.nominations_until_on:
            raise Refused(_("Nominations are closed."))
        name = required(name, "name", _("Write the candidate's name."))
        if Candidate.objects.filter(election=election, name__iexact=name, withdrew_on=None).exists():
            raise Refused(
                _("Somebody of this name stands already. Add the line or the section to tell them apart."),
                field="name",
            )
        candidate = Candidate.objects.create(
            election=election, person=person_of(factory, person_ref), name=name, sex=Sex(sex), post=post.strip(),
            union=union.strip(),
            nominated_by=required(nominated_by, "nominated_by", _("Say who names the candidate.")),
        )
        record(log, Step.CANDIDATE_NOMINATED, candidate, election.committee, by)
    return candidate


def withdraw_candidate(*, ref: str, by: Person) -> Candidate:
    """The candidate stands no more; the name stays on record with the day."""
    with step() as log:
        candidate = locked_candidate(by, ref)
        if candidate.election.state != ElectionState.NOMINATING:
            raise Refused(_("This election has been counted."))
        if candidate.withdrew_on is None:
            candidate.withdrew_on = today_of(candidate.election.committee.factory)
            candidate.save(update_fields=["withdrew_on"])
            record(log, Step.CANDIDATE_WITHDREW, candidate, candidate.election.committee, by)
    return candidate


def count_ballots(
    *, election_ref: str, ballots: Ballots, votes: Mapping[str, int], observers: Sequence[str], by: Person
) -> Election:
    """What was counted on paper, before the eyes of `observers`. `votes`: candidate's ref → votes. Who is elected is
    seated at once, and those the election replaces leave; when the last seats are shared by equal votes, nobody is
    seated until it is on record how the tie was decided."""
    with step() as log:
        election = locked(Election, by, election_ref)
        candidates = _standing(election)
        _refuse_count(election, candidates, ballots, votes)
        names = [name.strip() for name in observers if name.strip()]
        if not names:
            raise Refused(_("Name at least one person who watched the count."), field="observers")
        for candidate in candidates:
            candidate.votes = votes[candidate.ref]
        Candidate.objects.bulk_update(candidates, ["votes"])
        for name in ("eligible", "handed_out", "in_box", "invalid"):
            setattr(election, name, getattr(ballots, name))
        election.observers, election.counted_at, election.counted_by = names, clock.now(), by
        outcome = rules.counted(votes, election.seats)
        record(log, Step.ELECTION_COUNTED, election, election.committee, by, in_box=ballots.in_box)
        if outcome.tied:
            election.state = ElectionState.TIED
            election.save()
        else:
            _seat(election, candidates, set(outcome.elected), log, by)
    return election


def _standing(election: Election) -> list[Candidate]:
    return list(Candidate.objects.filter(election=election, withdrew_on=None).select_related("person"))


def _refuse_count(
    election: Election, candidates: list[Candidate], ballots: Ballots, votes: Mapping[str, int]
) -> None:
    if election.state != ElectionState.NOMINATING:
        raise Refused(_("This election has been counted, or called off."))
    if today_of(election.committee.factory) < election.polling_on:
        raise Refused(_("Workers vote on a later day. Count the ballots then."))
    if not candidates:
        raise Refused(_("Nobody stands for election."))
    if set(votes) != {candidate.ref for candidate in candidates}:
        raise Refused(_("Write the votes of every candidate, 0 where there are none."))
    wrong = rules.wrong_with_ballots(ballots, votes, election.marks_each)
    if wrong:
        raise Refused(_BALLOT_WORDS[wrong](), field="" if wrong == "votes" else wrong)


_BALLOT_WORDS = {
    "handed_out": lambda: _("More ballots were handed out than workers may vote."),
    "in_box": lambda: _("There are more ballots in the box than were handed out."),
    "invalid": lambda: _("There are more invalid ballots than ballots in the box."),
    "votes": lambda: _("The votes are more than the valid ballots can hold. Count again."),
}


def decide_tie(*, election_ref: str, elected: Sequence[str], how: str, by: Person) -> Election:
    """Who of those with equal votes has the last seats (`elected`: their refs), and how that was decided, in words:
    by lot, by a second ballot. Everybody who is elected is seated now."""
    with step() as log:
        election = locked(Election, by, election_ref)
        if election.state != ElectionState.TIED:
            raise Refused(_("There is no tie to decide."))
        candidates = _standing(election)
        outcome = rules.counted({one.ref: one.votes for one in candidates}, election.seats)
        if not rules.settles(outcome, elected):
            raise Refused(
                _("Choose %(count)s of those with equal votes.") % {"count": outcome.seats_tied}, field="elected"
            )
        election.tie_decided_how = required(how, "how", _("Say how the tie was decided."))
        record(log, Step.ELECTION_TIE_DECIDED, election, election.committee, by)
        _seat(election, candidates, {*outcome.elected, *elected}, log, by)
    return election


def _seat(election: Election, candidates: list[Candidate], elected: set[str], log: Log, by: Person) -> None:
    """The seats follow from the count: the old ones leave, the new ones join, all on the polling day."""
    committee = election.committee
    if election.is_for_all_seats:
        leaving = Member.objects.filter(committee=committee, side=Side.WORKERS, left_on=None)
        for member in leaving.exclude(seated=Seated.BY_UNION).select_related("person"):
            member.committee = committee
            left_on = max(member.joined_on, election.polling_on)
            leave_seat(member, left_on=left_on, reason=_("A new election was held."), log=log, by=by)
    years = asked_of(committee, election.polling_on).term_years
    for candidate in candidates:
        candidate.is_elected = candidate.ref in elected
        if candidate.is_elected:
            member = Member(
                committee=committee, person=candidate.person, name=candidate.name, sex=candidate.sex,
                side=Side.WORKERS, post=candidate.post, union=candidate.union, seated=Seated.ELECTED,
                joined_on=election.polling_on, term_ends_on=rules.term_end(election.polling_on, years),
            )
            take_seat(member, log, by)
    Candidate.objects.bulk_update(candidates, ["is_elected"])
    election.state = ElectionState.HELD
    election.save()


def call_off_election(*, election_ref: str, reason: str, by: Person) -> Election:
    """The election does not take place, or its count does not hold; another one can be called."""
    with step() as log:
        election = locked(Election, by, election_ref)
        if ElectionState.CALLED_OFF not in rules.ELECTION_MOVES[ElectionState(election.state)]:
            raise Refused(_("This election is over."))
        election.called_off_reason = required(reason, "reason", _("Say why the election is called off."))
        election.state = ElectionState.CALLED_OFF
        election.save(update_fields=["state", "called_off_reason"])
        record(log, Step.ELECTION_CALLED_OFF, election, election.committee, by)
    return election
