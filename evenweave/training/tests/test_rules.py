"""Seats and waiting lists against hand-made cases, and whatever the order of events."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenweave.training import rules
from evenweave.training.rules import course_of

COURSE = {
    "key": "sewing", "kind": "off_the_shelf", "title": {"en": "Sewing"}, "for_whom": {"en": "All"},
    "aims": {"en": ["Sew"]}, "days": 2, "hours": 12, "languages": ["en"], "sectors": ["apparel"],
    "points": ["chemicals", "leave"], "most_participants": 10, "attendance_needed_percent": 100,
    "questions": [{"id": "Q-1", "text": {"en": "?"}, "choices": [{"en": "a"}, {"en": "b"}], "right": 2}],
    "prices": [
        {"from": "2024-01-01", "currency": "USD", "per_person": "30.00", "per_closed_day": "400.00",
         "payment_days": 30, "is_demo": True},
        {"from": "2026-01-01", "currency": "USD", "per_person": "35.50", "per_closed_day": "450.00",
         "payment_days": 14, "is_demo": False},
    ],
}


@pytest.mark.parametrize(("wanted", "capacity", "booked", "waiting", "seats"), [
    (1, 10, 9, 0, 1),  # the last seat
    (3, 10, 9, 0, 1),  # one of three finds it
    (2, 10, 10, 0, 0),  # full
    (2, 10, 8, 1, 0),  # nobody overtakes who waits
    (2, 10, 12, 0, 0),  # more than there are seats, after the room became smaller
])
def test_newcomers_find_the_free_seats_and_overtake_nobody(wanted, capacity, booked, waiting, seats):
    assert rules.seats_for(wanted, capacity=capacity, booked=booked, waiting=waiting) == seats


@pytest.mark.parametrize(("capacity", "booked", "waiting", "up"), [
    (10, 9, 4, 1), (10, 10, 4, 0), (12, 10, 1, 1), (12, 8, 9, 4), (5, 8, 3, 0),
])
def test_as_many_move_up_as_seats_are_free(capacity, booked, waiting, up):
    assert rules.moving_up(capacity=capacity, booked=booked, waiting=waiting) == up


EVENTS = st.lists(st.one_of(
    st.tuples(st.just("register"), st.integers(1, 5)), st.tuples(st.just("cancel"), st.integers(0, 30)),
    st.tuples(st.just("capacity"), st.integers(1, 12)),
), max_size=40)


@settings(max_examples=300, deadline=None)
@given(capacity=st.integers(1, 8), events=EVENTS)
def test_whatever_happens_no_seat_is_given_twice_and_none_stays_empty_while_somebody_waits(capacity, events):
    booked: list[int] = []
    waiting: list[int] = []
    newest = 0
    for kind, number in events:
        if kind == "register":
            seats = rules.seats_for(number, capacity=capacity, booked=len(booked), waiting=len(waiting))
            came = list(range(newest + 1, newest + number + 1))
            newest += number
            booked += came[:seats]
            waiting += came[seats:]
        elif kind == "cancel":
            everybody = booked + waiting
            if number < len(everybody):
                (booked if everybody[number] in booked else waiting).remove(everybody[number])
        else:
            capacity = max(number, len(booked))
        up = rules.moving_up(capacity=capacity, booked=len(booked), waiting=len(waiting))
        booked, waiting = booked + waiting[:up], waiting[up:]
        assert len(booked) <= capacity
        assert not (waiting and len(booked) < capacity)
        assert waiting == sorted(waiting)
        assert len({*booked, *waiting}) == len(booked) + len(waiting)


def test_days_are_one_to_ten_in_their_order():
    first, second = date(2026, 3, 16), date(2026, 3, 17)
    assert rules.are_days([first, second])
    for wrong in ([], [second, first], [first, first], [date(2026, 3, n) for n in range(1, 12)]):
        assert not rules.are_days(wrong)


def test_the_price_list_in_force_on_a_day_counts():
    course = course_of(COURSE)
    assert course.price_on(date(2023, 12, 31)) is None
    assert course.price_on(date(2025, 12, 31)).per_person == Decimal("30.00")
    newest = course.price_on(date(2026, 1, 1))
    assert (newest.per_person, newest.is_demo) == (Decimal("35.50"), False)


def test_the_course_that_helps_with_most_stands_first():
    one, other = course_of(COURSE), course_of(COURSE | {"key": "air", "points": ["chemicals"]})
    found = rules.needs([other, one], ["leave", "chemicals", "leave", "overtime"])
    assert [(need.course.key, need.items) for need in found] == [("sewing", 3), ("air", 1)]
    assert rules.needs([one], ["overtime"]) == []


def test_spaces_and_capitals_make_no_other_name():
    assert rules.name_key("  Sok  DARA ") == rules.name_key("sok dara")
