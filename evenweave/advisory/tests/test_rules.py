"""When a coach comes and which days are bad ones, against cases made by hand."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evenweave.advisory.enums import Cause, Clash, Posture
from evenweave.advisory.rules import Engagement, clashes, is_to_hand_over, posture_in, spread, tidy_fishbone

WEEKEND = frozenset({5, 6})
MONDAY = date(2026, 3, 2)


def works(day: date) -> bool:
    return day.weekday() not in WEEKEND


@pytest.mark.parametrize(("cycle", "posture"), [
    (1, Posture.GUIDE), (2, Posture.COACH), (3, Posture.CONSULTANT), (4, Posture.CONSULTANT), (12, Posture.CONSULTANT),
])
def test_a_coach_hands_over_a_little_more_each_year(cycle, posture):
    assert posture_in(cycle) == posture


def test_six_visits_of_a_year_stand_two_months_apart_in_the_middle_of_each():
    assert spread(date(2026, 1, 1), date(2026, 12, 31), 6, works) == [
        date(2026, 2, 2),  # the 31st of January is a Saturday
        date(2026, 4, 2), date(2026, 6, 2), date(2026, 8, 3),  # 1 August is a Saturday
        date(2026, 10, 1), date(2026, 12, 1),
    ]


def test_a_day_that_is_off_goes_on_to_the_next_and_at_the_end_back():
    friday, sunday = date(2026, 3, 6), date(2026, 3, 8)
    assert spread(sunday - timedelta(days=1), sunday, 1, works) == []
    assert spread(friday, sunday, 1, works) == [friday]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    start=st.dates(date(2020, 1, 1), date(2030, 1, 1)), length=st.integers(0, 400), count=st.integers(1, 15),
)
def test_laid_out_days_are_different_working_days_of_the_cycle(start, length, count):
    last = start + timedelta(days=length)
    found = spread(start, last, count, works)
    assert found == sorted(set(found))
    assert all(start <= day <= last and works(day) for day in found)
    room = sum(works(start + timedelta(days=n)) for n in range(length + 1))
    assert len(found) <= min(count, room)
    if room >= 6 * count:
        assert len(found) == count


@pytest.mark.parametrize(("day", "others", "is_holiday", "found"), [
    (MONDAY, [], False, []),
    (MONDAY + timedelta(days=5), [], False, [Clash.WEEKEND]),
    (MONDAY, [], True, [Clash.HOLIDAY]),
    (MONDAY, [(MONDAY, "Kandal")], False, []),
    (MONDAY, [(MONDAY, "Takeo")], False, [Clash.FAR_APART]),
    (MONDAY, [(MONDAY, "Kandal"), (MONDAY, "Kandal")], False, [Clash.FULL_DAY]),
    # Four visits from Monday to Sunday fill a week; those of the Sunday before do not count.
    (MONDAY, [(MONDAY + timedelta(days=n), "Kandal") for n in (1, 2, 3, 6)], False, [Clash.FULL_WEEK]),
    (MONDAY, [(MONDAY + timedelta(days=n), "Kandal") for n in (-1, 1, 2, 3)], False, []),
])
def test_what_speaks_against_a_day(day, others, is_holiday, found):
    engaged = [Engagement(*other) for other in others]
    assert clashes(day, "Kandal", engaged, weekend=WEEKEND, is_holiday=is_holiday) == found


@pytest.mark.parametrize(("coached", "after", "is_over"), [(2, 3, False), (3, 3, True), (4, 3, True), (9, None, False)])
def test_a_coach_hands_over_after_so_many_cycles(coached, after, is_over):
    assert is_to_hand_over(coached, after) is is_over


def test_a_fishbone_keeps_four_causes_a_bone_and_no_empty_bone():
    typed = {Cause.PEOPLE.value: " New line leaders \n\nNo training", Cause.METHODS.value: "  ",
             Cause.MACHINES.value: "a\nb\nc\nd\ne", "elsewhere": "x"}
    assert tidy_fishbone(typed) == {"people": ["New line leaders", "No training"], "machines": ["a", "b", "c", "d"]}
