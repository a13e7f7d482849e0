"""Asking for the rules of any day costs no more than looking them up: they are read once between two changes."""

from datetime import date, timedelta

from evenweave.programmes import queries
from evenweave.programmes.rules import timeline
from evenweave.programmes.rules.reading import days_of_change, rules_of


def test_the_rules_are_read_once_between_two_changes(monkeypatch):
    queries.rules_on("KH", date(2025, 6, 1))
    monkeypatch.setattr(timeline, "rules_of", None)
    for days in range(1, 214):
        found = queries.rules_on("KH", date(2025, 6, 1) + timedelta(days=days))
        assert found.day == date(2025, 6, 1) + timedelta(days=days)


def test_between_two_changes_the_rules_are_the_same():
    whole = queries.whole_file("KH")
    assert days_of_change(whole) == (
        date(2014, 1, 1), date(2014, 3, 1), date(2015, 4, 1), date(2017, 1, 1), date(2021, 1, 1), date(2024, 1, 1),
        date(2025, 1, 1), date(2026, 1, 1))
    for day in (date(2014, 1, 1), date(2014, 3, 2), date(2015, 3, 31), date(2020, 12, 31), date(2025, 7, 4)):
        assert queries.rules_on("KH", day) == rules_of(whole, day)
