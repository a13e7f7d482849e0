"""The rates against cases computed by hand."""

import json
from fractions import Fraction

import pytest
from django.conf import settings

from evenweave.indicators import rules

CASES = json.loads((settings.CONTENT / "conformance" / "rates.json").read_text())["cases"]


def pair(rate: rules.Rate) -> list[int]:
    return [rate.noncompliant, rate.assessed]


def rows_of(case: dict) -> list[rules.Row]:
    rows = [rules.Row(*row) for row in case["rows"]]
    return rules.latest_only(rows) if case.get("latest") else rows


def statuses(rows: list[rules.Row]) -> list[dict[str, bool]]:
    return [rules.point_statuses(group) for group in rules.by_assessment(rows).values()]


@pytest.mark.parametrize("case", [c for c in CASES if "points" in c], ids=lambda c: c["name"])
def test_rates(case):
    rows = rows_of(case)
    assert {point: pair(rate) for point, rate in rules.point_rates(statuses(rows)).items()} == case["points"]
    assert {q: pair(rate) for q, rate in rules.question_rates(rows).items()} == case["questions"]
    factories = {row.factory: [r for r in rows if r.factory == row.factory] for row in rows}
    assert {
        name: pair(rules.factory_rate(rules.point_statuses(group))) for name, group in factories.items()
    } == case["factories"]


@pytest.mark.parametrize("case", [c for c in CASES if "clusters" in c], ids=lambda c: c["name"])
def test_cluster_rates(case):
    rows = rows_of(case)
    cluster_of = {row.point: row.cluster for row in rows}
    rates = rules.cluster_rates(rules.point_statuses(rows), cluster_of)
    assert {cluster: pair(rate) for cluster, rate in rates.items()} == case["clusters"]["A"]


@pytest.mark.parametrize("case", [c for c in CASES if "panel" in c], ids=lambda c: c["name"])
def test_balanced_panel(case):
    panel = rules.balanced_panel(rows_of(case), case["panel"])
    found = {
        str(cycle): {point: pair(rate) for point, rate in rules.point_rates(statuses(rows)).items()}
        for cycle, rows in panel.items()
    }
    assert found == case["panel_points"]


def test_a_rate_without_anything_assessed_is_no_number():
    assert rules.Rate(0, 0).value is None
    assert rules.Rate(1, 3).value == Fraction(1, 3)


@pytest.mark.parametrize(("size", "shown"), [(0, False), (4, False), (5, True), (412, True)])
def test_a_group_below_five_is_suppressed(size, shown):
    assert rules.is_shown(size) is shown
