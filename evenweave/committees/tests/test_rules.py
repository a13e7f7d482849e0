"""Composition, terms, counts, quorum, agenda and health, against cases made by hand."""

from dataclasses import dataclass
from datetime import date

import pytest

from evenweave.committees import rules
from evenweave.committees.rules import Ballots, Outcome, Seat, Waiting, Workforce

TODAY = date(2026, 11, 20)


@dataclass(frozen=True)
class Asked:
    least_members: int = 8
    most_members: int = 10
    has_equal_sides: bool = True
    are_workers_elected: bool = True
    meets_every_days: int = 31
    follows_gender_of_workforce: bool = True
    term_years: int | None = 2
    has_seat_for_each_union: bool = True
    quorum_percent: int = 51


def seats(management="wmwm", workers="wwwm", *, seated="elected", union="", chair=0):
    """One letter a seat: woman, man, or x for not said."""
    sexes = {"w": "woman", "m": "man", "x": "not_said"}
    made = [Seat("management", sexes[one], "named", is_chair=place == chair) for place, one in enumerate(management)]
    return made + [Seat("workers", sexes[one], seated, union) for one in workers]


MOSTLY_WOMEN = Workforce(women=800, total=1000)


def lacks(*args, asked=None, workforce=MOSTLY_WOMEN, unions=(), today=TODAY, **kwargs):
    found = rules.composition(seats(*args, **kwargs), asked or Asked(), workforce=workforce, unions=unions, today=today)
    return [(one.lack, one.has, one.wants) for one in found]


@pytest.mark.parametrize(("management", "workers", "expected"), [
    ("wmwm", "wwwm", []),  # 80 % of 4 is 3.2: three or four women
    ("wmwm", "wwww", []),
    ("wmwm", "wwmm", [("too_few_women", 2, 3)]),
    ("wmwm", "wwxm", []),  # who does not say is held against nobody
    ("wmwm", "wwwwm", [("not_equal", 4, 5)]),
    ("wmw", "wwm", [("too_few", 6, 8)]),
    ("wmwmwm", "wwwwwm", [("too_many", 12, 10)]),
    ("mmmm", "mmmm", [("too_few_women", 0, 3)]),  # of management the programme asks nothing
    ("wmwm", "", [("too_few", 4, 8), ("not_equal", 4, 0)]),
])
def test_composition(management, workers, expected):
    assert lacks(management, workers) == expected


def test_a_workforce_of_men_wants_men():
    few_women = Workforce(women=100, total=1000)
    assert lacks("mmmm", "wwmm", workforce=few_women) == [("too_few_men", 2, 3)]
    assert lacks("mmmm", "wmmm", workforce=few_women) == []


@pytest.mark.parametrize("workforce", [Workforce(None, None), Workforce(None, 900), Workforce(0, 0)])
def test_where_the_workforce_is_not_known_sexes_are_not_judged(workforce):
    assert lacks("mmmm", "mmmm", workforce=workforce) == []


def test_what_the_programme_does_not_ask_is_not_missing():
    nothing = Asked(least_members=2, has_equal_sides=False, are_workers_elected=False,
                    follows_gender_of_workforce=False, has_seat_for_each_union=False)
    assert lacks("m", "mmm", asked=nothing, unions=["C.CAWDU"], seated="named") == []


def test_each_union_has_a_seat_however_it_is_spelt():
    assert lacks(unions=["Union A"], union="union a") == []
    found = rules.composition(
        seats(union="Union A"), Asked(), workforce=MOSTLY_WOMEN, unions=["Union A", "Union B"], today=TODAY
    )
    assert [(one.lack, one.of) for one in found] == [("union", "Union B")]


def test_a_named_worker_an_ended_term_and_an_empty_chair_are_seen():
    assert lacks(seated="named") == [("not_elected", 4, 0)]
    assert lacks(chair=None) == [("no_chair", 0, 0)]
    over = [*seats()[:-1], Seat("workers", "man", "elected", term_ends_on=date(2026, 11, 19))]
    assert [one.lack for one in rules.composition(
        over, Asked(), workforce=MOSTLY_WOMEN, unions=(), today=TODAY)] == ["term_over"]
    last_day = [*seats()[:-1], Seat("workers", "man", "elected", term_ends_on=TODAY)]
    assert rules.composition(last_day, Asked(), workforce=MOSTLY_WOMEN, unions=(), today=TODAY) == []


@pytest.mark.parametrize(("count", "share", "expected"), [
    (4, 0.8, (3, 4)), (5, 0.8, (4, 4)), (4, 0.5, (2, 2)), (3, 1 / 3, (1, 1)), (4, 0.0, (0, 0)), (4, 1.0, (4, 4)),
    (5, 0.01, (0, 1)),
])
def test_the_share_in_whole_women(count, share, expected):
    assert rules.women_wanted(count, share) == expected


@pytest.mark.parametrize(("side", "seated", "elected", "expected"), [
    ("management", "named", True, True), ("management", "elected", True, False),
    ("management", "by_union", True, False), ("management", "taken_over", True, True),
    ("workers", "named", True, False), ("workers", "named", False, True), ("workers", "by_union", True, True),
    ("workers", "taken_over", True, True), ("workers", "elected", True, False),
])
def test_who_may_be_seated_without_an_election(side, seated, elected, expected):
    assert rules.may_be_seated(side, seated, Asked(are_workers_elected=elected)) is expected


@pytest.mark.parametrize(("began", "years", "ends"), [
    (date(2025, 3, 1), 2, date(2027, 2, 28)), (date(2024, 2, 29), 1, date(2025, 2, 28)),
    (date(2024, 2, 29), 4, date(2028, 2, 28)), (date(2025, 1, 1), 1, date(2025, 12, 31)),
    (date(2025, 3, 1), None, None),
])
def test_the_last_day_of_a_term(began, years, ends):
    assert rules.term_end(began, years) == ends


@pytest.mark.parametrize(("votes", "seat_count", "expected"), [
    ({"a": 50, "b": 40, "c": 30}, 2, Outcome(("a", "b"))),
    ({"a": 50, "b": 40, "c": 40}, 2, Outcome(("a",), ("b", "c"), 1)),
    ({"a": 50, "b": 50, "c": 40}, 2, Outcome(("a", "b"))),
    ({"a": 40, "b": 40, "c": 40}, 2, Outcome((), ("a", "b", "c"), 2)),
    ({"a": 5, "b": 0}, 2, Outcome(("a",))),  # who has no vote is not elected
    ({"a": 5, "b": 3}, 3, Outcome(("a", "b"))),  # a seat stays empty
    ({"a": 0}, 1, Outcome(())),
    ({}, 1, Outcome(())),
])
def test_the_outcome_of_a_count(votes, seat_count, expected):
    assert rules.counted(votes, seat_count) == expected


@pytest.mark.parametrize(("numbers", "votes", "marks", "wrong"), [
    ((500, 450, 440, 10), {"a": 300, "b": 130}, 1, ""),
    ((500, 450, 440, 10), {"a": 430, "b": 430}, 2, ""),
    ((500, 510, 440, 10), {"a": 1}, 1, "handed_out"),
    ((500, 450, 451, 10), {"a": 1}, 1, "in_box"),
    ((500, 450, 440, 441), {"a": 0}, 1, "invalid"),
    ((500, 450, 440, 10), {"a": 431}, 2, "votes"),  # one candidate cannot have more than there are valid ballots
    ((500, 450, 440, 10), {"a": 300, "b": 131}, 1, "votes"),
])
def test_numbers_of_ballots_that_cannot_be(numbers, votes, marks, wrong):
    assert rules.wrong_with_ballots(Ballots(*numbers), votes, marks) == wrong


def test_a_tie_is_settled_by_as_many_names_as_there_are_seats():
    outcome = Outcome(("a",), ("b", "c", "d"), 2)
    assert rules.settles(outcome, ["b", "d"])
    assert not rules.settles(outcome, ["b"])
    assert not rules.settles(outcome, ["a", "b"])
    assert not rules.settles(outcome, ["b", "c", "d"])


def test_turnout_is_of_those_who_may_vote():
    assert Ballots(500, 450, 440, 10).turnout == 0.88
    assert Ballots(0, 0, 0, 0).turnout == 0


@pytest.mark.parametrize(("seat_count", "percent", "needed"), [
    (4, 51, 3), (5, 51, 3), (2, 51, 2), (3, 51, 2), (4, 50, 2), (1, 51, 1), (4, 100, 4),
])
def test_how_many_make_a_quorum(seat_count, percent, needed):
    assert rules.quorum_of(seat_count, percent) == needed


@pytest.mark.parametrize(("here", "expected"), [
    ({"management": 3, "workers": 3}, True), ({"management": 4, "workers": 2}, False),
    ({"management": 2, "workers": 4}, False), ({"management": 4}, False),
])
def test_one_side_alone_decides_nothing(here, expected):
    assert rules.is_quorate(here, {"management": 4, "workers": 4}, 51) is expected
    assert not rules.is_quorate({"management": 4, "workers": 0}, {"management": 4, "workers": 0}, 51)


def test_an_agenda_talks_of_each_item_once_under_its_weightiest_reason():
    items = [
        Waiting("late", 1, days_late=3, is_new=True, is_disagreed=True),
        Waiting("later", 2, days_late=40),
        Waiting("public", 3, days_late=1, is_public=True),
        Waiting("new", 4, is_new=True, is_to_agree=True),
        Waiting("tool", 5, is_new=True, is_for_committee=True),
        Waiting("contested", 6, is_disagreed=True, days_left=2),
        Waiting("soon", 7, days_left=31),
        Waiting("far", 8, days_left=32),
        Waiting("open", 9, is_to_agree=True, days_left=90),
    ]
    points = [(point.source, point.item, point.count) for point in rules.agenda(items, days_ahead=31)]
    assert points == [
        ("late", "public", 1), ("late", "later", 1), ("late", "late", 1),
        ("new", "tool", 1), ("new", "new", 1),
        ("disagreed", "contested", 1), ("due", "soon", 1), ("to_agree", "", 1),
    ]


def test_what_is_too_much_for_one_meeting_is_one_point():
    items = [Waiting(f"i{number}", number, days_late=number) for number in range(1, 31)]
    points = rules.agenda(items, days_ahead=31)
    assert [point.item for point in points] == ["i30", "i29", "i28", "i27", ""]
    assert points[-1].count == 26
    assert rules.agenda([], days_ahead=31) == []


def met(*days):
    return rules.meets_on_time(
        [date(2026, month, day) for month, day in days], formed_on=date(2025, 1, 1), today=TODAY, every_days=31
    )


def test_six_periods_of_meetings():
    every_month = met((11, 10), (10, 12), (9, 10), (8, 12), (7, 10), (6, 12))
    assert (every_month.part, every_month.whole, every_month.verdict, every_month.days) == (6, 6, "good", 10)
    twice_in_one = met((11, 10), (11, 9), (9, 10), (8, 12), (7, 10), (6, 12))
    assert (twice_in_one.part, twice_in_one.verdict) == (5, "good")
    assert met((11, 10), (9, 10), (7, 10)).verdict == "watch"
    assert met((11, 10), (7, 10)).verdict == "bad"
    assert met().part == 0


def test_who_met_well_and_then_stopped_is_watched():
    assert met((10, 13), (9, 10), (8, 12), (7, 10), (6, 12)).verdict == "good"
    assert met((10, 12), (9, 10), (8, 12), (7, 10), (6, 12)).verdict == "watch"
    stopped = rules.meets_on_time(
        [date(2026, 10, 12)], formed_on=date(2026, 10, 1), today=TODAY, every_days=31
    )
    assert (stopped.part, stopped.whole, stopped.verdict) == (0, 1, "bad")
    young = rules.meets_on_time([], formed_on=date(2026, 11, 1), today=TODAY, every_days=31)
    assert (young.verdict, young.days) == ("unknown", None)


def test_the_other_signs():
    assert rules.decides([True, True, True, False]).verdict == "watch"
    assert rules.decides([]).verdict == "unknown"
    assert rules.workers_heard(4, 5).verdict == "good"
    assert rules.workers_heard(1, 5).verdict == "bad"
    assert rules.balanced([]).verdict == "good"
    assert rules.balanced([rules.Lacking("no_chair")]).verdict == "watch"
    assert rules.balanced([rules.Lacking("not_equal")]).verdict == "bad"
