"""The law library: what is in force on a day, and how it is cited."""

from datetime import date

import pytest

from evenweave.law import queries, rules

FILES = [
    ("ilo-safety.yaml", {"instruments": [
        {"key": "C155", "title": "Occupational Safety and Health Convention", "year": 1981, "kind": "convention",
         "source": "list"},
        {"key": "D1998", "title": "Declaration of 1998", "year": 1998, "kind": "declaration", "source": "list"}]}),
    ("xx-labour.yaml", {
        "laws": [
            {"key": "XX-OLD", "title": "Labour Law", "date_on": "1997-03-13", "source": "https://example.org/1"},
            {"key": "XX-NEW", "title": "Order on Pay", "number": "Order 12/25", "date_on": "2025-09-17",
             "in_force_from": "2026-01-01", "source": "https://example.org/2"},
            {"key": "XX-UNDATED", "title": "Notification on Meals", "date_on": None, "source": "https://example.org/3"},
        ],
        "values": [
            {"key": "minimum_wage", "value": 208, "unit": "USD per month", "in_force_from": "2025-01-01",
             "known_on": "2024-09-20", "source": "no source found"},
            {"key": "minimum_wage", "value": 210, "unit": "USD per month", "in_force_from": "2026-01-01",
             "known_on": "2025-09-17", "source": "no source found"},
            {"key": "minimum_age", "value": 15, "unit": "years", "in_force_from": None, "known_on": "2026-11-22",
             "source": "no source found"},
        ]}),
    ("yy-labour.yaml", {"values": [
        {"key": "minimum_wage", "value": 90, "unit": "USD per month", "in_force_from": "2020-01-01",
         "known_on": "2020-01-01", "source": "no source found"}]}),
]


@pytest.fixture
def library():
    return rules.library_of(FILES)


@pytest.mark.parametrize(("key", "provision", "expected"), [
    ("C155", "Article 16", "Occupational Safety and Health Convention, 1981 (C155), Article 16"),
    ("C155", "", "Occupational Safety and Health Convention, 1981 (C155)"),
    ("D1998", "", "Declaration of 1998 (D1998)"),
    ("XX-OLD", "Articles 229-230", "Labour Law (1997), Articles 229-230"),
    ("XX-NEW", "", "Order on Pay (Order 12/25, 2025)"),
    ("XX-UNDATED", "", "Notification on Meals"),
])
def test_citation(library, key, provision, expected):
    assert rules.citation(library.reference(key), provision) == expected


@pytest.mark.parametrize(("day", "expected"), [
    (date(2024, 12, 31), {"minimum_age": 15}),
    (date(2025, 1, 1), {"minimum_age": 15, "minimum_wage": 208}),
    (date(2025, 12, 31), {"minimum_age": 15, "minimum_wage": 208}),
    (date(2026, 1, 1), {"minimum_age": 15, "minimum_wage": 210}),
])
def test_values_of_a_country_on_a_day(library, day, expected):
    assert {key: value.value for key, value in library.values_on("XX", day).items()} == expected


def test_a_law_is_in_force_from_its_first_day(library):
    def in_force(day: date) -> set[str]:
        return {law.key for law in library.laws.values() if law.is_in_force(day)}

    assert in_force(date(2025, 12, 31)) == {"XX-OLD", "XX-UNDATED"}
    assert in_force(date(2026, 1, 1)) == {"XX-OLD", "XX-UNDATED", "XX-NEW"}


def test_unknown_key_is_cited_as_itself():
    assert queries.citation("C999", "Article 1") == "C999, Article 1"
    with pytest.raises(KeyError):
        queries.reference("C999")


def test_every_file_of_the_installation_can_be_cited():
    held = queries.library()
    assert held.instruments
    assert all(rules.citation(row) for row in [*held.instruments.values(), *held.laws.values()])
