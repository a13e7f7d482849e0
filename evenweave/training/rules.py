"""Seats and waiting lists, what a course costs, what it helps with. Plain Python."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

type Words = Mapping[str, str]

MOST_A_REGISTRATION = 30
MOST_DAYS = 10


@dataclass(frozen=True, slots=True)
class Price:
    """A price list from a day on, money in `currency`. `is_demo`: made for the demo, nobody charges it."""

    valid_from: date
    currency: str
    per_person: Decimal
    per_closed_day: Decimal
    payment_days: int
    is_demo: bool


@dataclass(frozen=True, slots=True)
class Question:
    """Asked before and after. `right`: the place of the right choice, counted from 1."""

    id: str
    text: Words
    choices: tuple[Words, ...]
    right: int


@dataclass(frozen=True, slots=True)
class Course:
    """A course of the catalogue, as content/courses has it."""

    key: str
    kind: str
    title: Words
    for_whom: Words
    aims: Mapping[str, Sequence[str]]
    days: int
    hours: int
    languages: tuple[str, ...]
    sectors: tuple[str, ...]
    points: tuple[str, ...]
    most_participants: int
    attendance_needed_percent: int
    trains_trainers: bool
    questions: tuple[Question, ...]
    prices: tuple[Price, ...]

    @property
    def is_custom(self) -> bool:
        """Held for one factory, with contents agreed with it."""
        return self.kind == "custom"

    def price_on(self, day: date) -> Price | None:
        """The price list in force; None before the first."""
        return next((price for price in reversed(self.prices) if price.valid_from <= day), None)


def course_of(data: Mapping[str, Any]) -> Course:
    """A file of the catalogue, checked before, as a course."""
    questions = tuple(
        Question(row["id"], row["text"], tuple(row["choices"]), row["right"]) for row in data["questions"]
    )
    prices = tuple(
        Price(
            date.fromisoformat(row["from"]), row["currency"], Decimal(row["per_person"]),
            Decimal(row["per_closed_day"]), row["payment_days"], row["is_demo"],
        )
        for row in data["prices"]
    )
    return Course(
        key=data["key"], kind=data["kind"], title=data["title"], for_whom=data["for_whom"], aims=data["aims"],
        days=data["days"], hours=data["hours"], languages=tuple(data["languages"]), sectors=tuple(data["sectors"]),
        points=tuple(data["points"]), most_participants=data["most_participants"],
        attendance_needed_percent=data["attendance_needed_percent"],
        trains_trainers=data.get("trains_trainers", False), questions=questions, prices=prices,
    )


def seats_for(wanted: int, *, capacity: int, booked: int, waiting: int) -> int:
    """How many of `wanted` newcomers get a seat at once. Nobody overtakes who waits already."""
    if waiting:
        return 0
    return max(0, min(wanted, capacity - booked))


def moving_up(*, capacity: int, booked: int, waiting: int) -> int:
    """How many of those who wait get a seat now, in the order in which they came."""
    return max(0, min(waiting, capacity - booked))


def are_days(days: Sequence[date]) -> bool:
    """Whether these can be a session's days: one to ten, each once, in their order."""
    return 1 <= len(days) <= MOST_DAYS and list(days) == sorted(set(days))


def name_key(name: str) -> str:
    """What makes two typed names one: spaces and capitals do not count."""
    return " ".join(name.split()).casefold()


@dataclass(frozen=True, slots=True)
class Need:
    """A course that helps with what is open in a plan: the items' points, and how many items."""

    course: Course
    items: int


def needs(courses: Iterable[Course], open_points: Collection[str]) -> list[Need]:
    """The courses that help with open items, the most helpful first. `open_points`: one entry for each item."""
    found = [Need(course, sum(point in course.points for point in open_points)) for course in courses]
    return sorted((need for need in found if need.items), key=lambda need: (-need.items, need.course.key))


# Who was there, what was learnt

LEAST_TOLD = 5
DAYS_TO_ANSWER = 30


def has_earned(days: int, attended: int, needed_percent: int) -> bool:
    """Whether somebody who came on `attended` of `days` gets the certificate."""
    return attended > 0 and attended * 100 >= days * needed_percent


def open_stages(today: date, first_on: date, last_on: date) -> tuple[str, ...]:
    """Which questions a participant can answer on a day: before, until the first day; after, from the last day on."""
    stages = []
    if today <= first_on:
        stages.append("before")
    if 0 <= (today - last_on).days <= DAYS_TO_ANSWER:
        stages.append("after")
    return tuple(stages)


def right_answers(course: Course, given: Mapping[str, int]) -> int:
    """How many of the course's questions were answered rightly. `given`: question id → place of the choice."""
    return sum(given.get(question.id) == question.right for question in course.questions)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What participants of a session learnt: shares of right answers from 0 to 1, of those who answered both times;
    and how they liked it, from 1 to 5. None where fewer than five answered: nobody can be recognised."""

    answered_both: int
    before: float | None
    after: float | None
    satisfied: float | None

    @property
    def gain(self) -> float | None:
        return None if self.before is None or self.after is None else self.after - self.before


def outcome(pairs: Sequence[tuple[float, float]], satisfactions: Sequence[int]) -> Outcome:
    """`pairs`: the shares of right answers before and after, of everybody who answered both times."""
    is_told = len(pairs) >= LEAST_TOLD
    return Outcome(
        answered_both=len(pairs) if is_told else 0,
        before=sum(before for before, _ in pairs) / len(pairs) if is_told else None,
        after=sum(after for _, after in pairs) / len(pairs) if is_told else None,
        satisfied=sum(satisfactions) / len(satisfactions) if len(satisfactions) >= LEAST_TOLD else None,
    )


def charge(price: Price, *, seats: int, days: int, is_closed: bool) -> tuple[int, Decimal, Decimal]:
    """Quantity, price of one, amount: by the seats that were kept, or by the days of a closed session."""
    quantity, each = (days, price.per_closed_day) if is_closed else (seats, price.per_person)
    return quantity, each, (quantity * each).quantize(Decimal("0.01"))
