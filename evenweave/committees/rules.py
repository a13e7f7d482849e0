"""What a committee should be, how its ballots are counted, when it may decide, and how well it works.

Plain functions on plain values; the numbers come from the programme's rules."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from evenweave.committees.enums import (
    ElectionState,
    Lack,
    MeetingState,
    PointSource,
    Seated,
    Sex,
    Sign,
    Verdict,
)
from evenweave.improvement.enums import Side

ELECTION_MOVES: Mapping[ElectionState, frozenset[ElectionState]] = {
    ElectionState.NOMINATING: frozenset({ElectionState.TIED, ElectionState.HELD, ElectionState.CALLED_OFF}),
    ElectionState.TIED: frozenset({ElectionState.HELD, ElectionState.CALLED_OFF}),
    ElectionState.HELD: frozenset(),
    ElectionState.CALLED_OFF: frozenset(),
}

MEETING_MOVES: Mapping[MeetingState, frozenset[MeetingState]] = {
    MeetingState.PLANNED: frozenset({MeetingState.OPEN, MeetingState.CALLED_OFF}),
    MeetingState.OPEN: frozenset({MeetingState.CLOSED}),
    MeetingState.CLOSED: frozenset({MeetingState.OPEN, MeetingState.SIGNED}),
    MeetingState.SIGNED: frozenset(),
    MeetingState.CALLED_OFF: frozenset(),
}


class Asked(Protocol):
    """What a programme asks of its committees (programmes.rules.CommitteeRules)."""

    least_members: int
    most_members: int
    has_equal_sides: bool
    are_workers_elected: bool
    meets_every_days: int
    follows_gender_of_workforce: bool
    term_years: int | None
    has_seat_for_each_union: bool
    quorum_percent: int


# --- seats -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Seat:
    """A seat that is taken. `union` is empty for who stands for none."""

    side: str
    sex: str
    seated: str
    union: str = ""
    is_chair: bool = False
    term_ends_on: date | None = None


@dataclass(frozen=True)
class Workforce:
    """The workers of the factory, as its profile has them; None where it says nothing."""

    women: int | None
    total: int | None

    @property
    def share_of_women(self) -> float | None:
        if not self.total or self.women is None:
            return None
        return self.women / self.total


@dataclass(frozen=True)
class Lacking:
    """One thing that is missing: what, how it is (`has`) and how it should be (`wants`), and of whom."""

    lack: Lack
    has: int = 0
    wants: int = 0
    of: str = ""


def most_of_a_side(asked: Asked) -> int:
    """How many seats one side has at most."""
    return asked.most_members // 2 if asked.has_equal_sides else asked.most_members - 1


def women_wanted(seats: int, share: float) -> tuple[int, int]:
    """The whole numbers of women next to the workforce's share: of 4 seats at 80 % that is 3 or 4."""
    exact = round(seats * share, 9)
    return math.floor(exact), math.ceil(exact)


def composition(
    seats: Sequence[Seat], asked: Asked, *, workforce: Workforce, unions: Sequence[str], today: date
) -> list[Lacking]:
    """What the seats lack, the gravest first; empty when they are as the programme asks."""
    workers = [seat for seat in seats if seat.side == Side.WORKERS]
    found = _size(seats, len(workers), asked)
    found += _sexes(workers, asked, workforce)
    if asked.has_seat_for_each_union:
        present = {seat.union.casefold() for seat in workers}
        found += [Lacking(Lack.UNION, of=union) for union in unions if union.casefold() not in present]
    if asked.are_workers_elected:
        named = sum(seat.seated == Seated.NAMED for seat in workers)
        found += [Lacking(Lack.NOT_ELECTED, has=named)] if named else []
    over = sum(seat.term_ends_on is not None and seat.term_ends_on < today for seat in seats)
    found += [Lacking(Lack.TERM_OVER, has=over)] if over else []
    if seats and not any(seat.is_chair for seat in seats):
        found.append(Lacking(Lack.NO_CHAIR))
    return found


def _size(seats: Sequence[Seat], workers: int, asked: Asked) -> list[Lacking]:
    found, management = [], len(seats) - workers
    if len(seats) < asked.least_members:
        found.append(Lacking(Lack.TOO_FEW, len(seats), asked.least_members))
    if len(seats) > asked.most_members:
        found.append(Lacking(Lack.TOO_MANY, len(seats), asked.most_members))
    if asked.has_equal_sides and management != workers:
        found.append(Lacking(Lack.NOT_EQUAL, management, workers))
    return found


def _sexes(workers: Sequence[Seat], asked: Asked, workforce: Workforce) -> list[Lacking]:
    """Who does not say counts for neither, and against neither."""
    share = workforce.share_of_women
    if not asked.follows_gender_of_workforce or share is None or not workers:
        return []
    least, most = women_wanted(len(workers), share)
    women = sum(seat.sex == Sex.WOMAN for seat in workers)
    unsaid = sum(seat.sex == Sex.NOT_SAID for seat in workers)
    if women + unsaid < least:
        return [Lacking(Lack.TOO_FEW_WOMEN, women, least)]
    if women > most:
        return [Lacking(Lack.TOO_FEW_MEN, len(workers) - women, len(workers) - most)]
    return []


def may_be_seated(side: str, seated: str, asked: Asked) -> bool:
    """Whether such a seat can be filled without an election: management names its own; for the workers a union may,
    and management never where the programme has them elected."""
    if side == Side.MANAGEMENT:
        return seated in {Seated.NAMED, Seated.TAKEN_OVER}
    if seated in {Seated.BY_UNION, Seated.TAKEN_OVER}:
        return True
    return seated == Seated.NAMED and not asked.are_workers_elected


def term_end(began_on: date, years: int | None) -> date | None:
    """The last day of a term; None where the programme sets none."""
    if years is None:
        return None
    year = began_on.year + years
    try:
        anniversary = began_on.replace(year=year)
    except ValueError:  # 29 February in a year that has none
        anniversary = date(year, 3, 1)
    return anniversary - timedelta(days=1)


# --- elections ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ballots:
    """How many were entitled, took a paper, put one into the box, and how many papers said nothing that counts."""

    eligible: int
    handed_out: int
    in_box: int
    invalid: int

    @property
    def valid(self) -> int:
        return self.in_box - self.invalid

    @property
    def turnout(self) -> float:
        return self.in_box / self.eligible if self.eligible else 0.0


@dataclass(frozen=True)
class Outcome:
    """Who is elected; who shares the last seats with equal votes; how many seats these share."""

    elected: tuple[str, ...]
    tied: tuple[str, ...] = ()
    seats_tied: int = 0


def counted(votes: Mapping[str, int], seats: int) -> Outcome:
    """The outcome of a count. Who has no vote is not elected, even when a seat stays empty."""
    order = sorted((name for name, number in votes.items() if number > 0), key=lambda name: -votes[name])
    if len(order) <= seats:
        return Outcome(tuple(order))
    last = votes[order[seats - 1]]
    if votes[order[seats]] != last:
        return Outcome(tuple(order[:seats]))
    elected = tuple(name for name in order if votes[name] > last)
    tied = tuple(name for name in order if votes[name] == last)
    return Outcome(elected, tied, seats - len(elected))


def wrong_with_ballots(ballots: Ballots, votes: Mapping[str, int], marks_each: int) -> str:
    """The first number that cannot be, by its name; "" when all fit. With each paper one may name `marks_each`."""
    if ballots.handed_out > ballots.eligible:
        return "handed_out"
    if ballots.in_box > ballots.handed_out:
        return "in_box"
    if ballots.invalid > ballots.in_box:
        return "invalid"
    if any(number > ballots.valid for number in votes.values()) or sum(votes.values()) > ballots.valid * marks_each:
        return "votes"
    return ""


def settles(outcome: Outcome, chosen: Iterable[str]) -> bool:
    """Whether a decision on a tie names just as many of those who share the last seats as there are."""
    names = set(chosen)
    return names <= set(outcome.tied) and len(names) == outcome.seats_tied


# --- meetings ----------------------------------------------------------------------------------------------------


def quorum_of(seats: int, percent: int) -> int:
    """How many of a side's members must be there."""
    return math.ceil(seats * percent / 100)


def is_quorate(present: Mapping[str, int], seats: Mapping[str, int], percent: int) -> bool:
    """Both sides have to be there in number: one alone decides nothing."""
    return all(seats.get(side, 0) > 0 and present.get(side, 0) >= quorum_of(seats[side], percent) for side in Side)


def next_meeting_by(last_on: date | None, formed_on: date, every_days: int) -> date:
    """The day by which the committee has to meet again."""
    return (last_on or formed_on) + timedelta(days=every_days)


# --- the agenda --------------------------------------------------------------------------------------------------

MOST_POINTS = {PointSource.LATE: 4, PointSource.NEW: 4, PointSource.DISAGREED: 2, PointSource.DUE: 2}
MINUTES = {
    PointSource.LATE: 10, PointSource.NEW: 10, PointSource.DISAGREED: 10, PointSource.DUE: 5,
    PointSource.TO_AGREE: 10, PointSource.SEATS: 5, PointSource.OWN: 10,
}


@dataclass(frozen=True)
class Waiting:
    """A plan item that is not done, as an agenda weighs it."""

    ref: str
    number: int
    days_late: int = 0
    days_left: int | None = None
    is_new: bool = False
    is_disagreed: bool = False
    is_to_agree: bool = False
    is_public: bool = False
    is_for_committee: bool = False


@dataclass(frozen=True)
class Suggestion:
    """A point: one item, or so many items of one kind that they cannot each be talked about."""

    source: PointSource
    item: str = ""
    count: int = 1

    @property
    def minutes(self) -> int:
        return MINUTES[self.source]


def agenda(items: Iterable[Waiting], *, days_ahead: int) -> list[Suggestion]:
    """The points of a meeting: each item once, under its weightiest reason. Of each reason the weightiest few are
    points of their own, the rest is one point; answers outstanding are always one. `days_ahead`: until when
    something counts as due soon."""
    kinds: dict[PointSource, list[Waiting]] = {source: [] for source in PointSource}
    for item in items:
        source = _reason(item, days_ahead)
        if source is not None:
            kinds[source].append(item)
    points = []
    for source, most in MOST_POINTS.items():
        ordered = sorted(kinds[source], key=_weight)
        points += [Suggestion(source, item.ref) for item in ordered[:most]]
        if len(ordered) > most:
            points.append(Suggestion(source, count=len(ordered) - most))
    if kinds[PointSource.TO_AGREE]:
        points.append(Suggestion(PointSource.TO_AGREE, count=len(kinds[PointSource.TO_AGREE])))
    return points


def _reason(item: Waiting, days_ahead: int) -> PointSource | None:
    if item.days_late > 0:
        return PointSource.LATE
    if item.is_new:
        return PointSource.NEW
    if item.is_disagreed:
        return PointSource.DISAGREED
    if item.days_left is not None and item.days_left <= days_ahead:
        return PointSource.DUE
    return PointSource.TO_AGREE if item.is_to_agree else None


def _weight(item: Waiting) -> tuple:
    """Publicly reported first, then what the tool marks for the committee, then the latest, then by number."""
    left = item.days_left if item.days_left is not None else 10_000
    return (not item.is_public, not item.is_for_committee, -item.days_late, left, item.number)


# --- health ------------------------------------------------------------------------------------------------------

PERIODS = 6
DAYS_OF_GRACE = 7
ENOUGH = 0.8
HALF = 0.5


@dataclass(frozen=True)
class Reading:
    """One sign: how many of how many, and what that means. `days` since the last meeting, for the sign of meetings."""

    sign: Sign
    verdict: Verdict
    part: int = 0
    whole: int = 0
    days: int | None = None


def verdict_of(part: int, whole: int) -> Verdict:
    if not whole:
        return Verdict.UNKNOWN
    if part >= whole * ENOUGH:
        return Verdict.GOOD
    return Verdict.WATCH if part >= whole * HALF else Verdict.BAD


def meets_on_time(met_on: Sequence[date], *, formed_on: date, today: date, every_days: int) -> Reading:
    """In how many of the last six periods the committee met, of those it has lived through."""
    lived = min(PERIODS, (today - formed_on).days // every_days)
    kept = 0
    for back in range(lived):
        until = today - timedelta(days=every_days * back)
        since = until - timedelta(days=every_days)
        kept += any(since < day <= until for day in met_on)
    days = (today - max(met_on)).days if met_on else None
    verdict = verdict_of(kept, lived)
    late = (today - max([*met_on, formed_on])).days > every_days + DAYS_OF_GRACE
    if late and verdict is Verdict.GOOD:
        verdict = Verdict.WATCH
    return Reading(Sign.MEETS, verdict, kept, lived, days)


def decides(quorate: Sequence[bool]) -> Reading:
    """How many of its meetings could decide."""
    return Reading(Sign.QUORATE, verdict_of(sum(quorate), len(quorate)), sum(quorate), len(quorate))


def workers_heard(done: int, raised: int) -> Reading:
    """How much of what the workers' side raised is done."""
    return Reading(Sign.WORKER_ITEMS, verdict_of(done, raised), done, raised)


_GRAVE = {Lack.NOT_EQUAL, Lack.NOT_ELECTED, Lack.TOO_FEW, Lack.UNION}


def balanced(lacking: Sequence[Lacking]) -> Reading:
    """Whether the seats are as the programme asks; `part` is how many things are missing."""
    lacks = {one.lack for one in lacking}
    verdict = Verdict.BAD if lacks & _GRAVE else Verdict.WATCH if lacks else Verdict.GOOD
    return Reading(Sign.BALANCE, verdict, len(lacking))
