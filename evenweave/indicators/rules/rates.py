"""What a rate means (DOMAIN 2.3, and the rules in data/method/ of the brief). Plain Python on plain values.

A *scored row* is one assessed question of one assessment: 1 when non-compliant, 0 when compliant. Questions that were
not applicable, could not be assessed or only gather facts are no rows at all: they never enter a rate."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

SMALLEST_GROUP = 5
SHARES = 27720  # divisible by every number from 1 to 12: the rate of a cluster of up to twelve points is a whole number


type Key = Hashable  # our own key of a point or question; in an export cluster and name, or label and id


@dataclass(frozen=True)
class Row:
    """One scored answer. `assessment` grows with time: the latest assessment of a factory is its greatest number."""

    factory: str
    assessment: int
    cycle: int
    cluster: str
    point: Key
    question: Key
    finding: int


@dataclass(frozen=True)
class Rate:
    """`noncompliant` of `assessed`; the two numbers always travel together."""

    noncompliant: int
    assessed: int

    @property
    def value(self) -> Fraction | None:
        """The fraction, None when nothing was assessed."""
        return Fraction(self.noncompliant, self.assessed) if self.assessed else None


def is_shown(group_size: int) -> bool:
    """A group below five is suppressed: nobody may be recognised in a comparison."""
    return group_size >= SMALLEST_GROUP


def point_statuses(rows: Iterable[Row]) -> dict[Key, bool]:
    """Points of one assessment: True when at least one scored question in it has a finding (rule 1)."""
    statuses: dict[Key, bool] = {}
    for row in rows:
        statuses[row.point] = statuses.get(row.point, False) or row.finding == 1
    return statuses


def factory_rate(statuses: Mapping[Key, bool]) -> Rate:
    """Non-compliant points over all points assessed of one factory."""
    return Rate(sum(statuses.values()), len(statuses))


def cluster_rates(statuses: Mapping[Key, bool], cluster_of: Mapping[Key, str]) -> dict[str, Rate]:
    """The same within each cluster."""
    found: dict[str, list[bool]] = defaultdict(list)
    for point, is_noncompliant in statuses.items():
        found[cluster_of[point]].append(is_noncompliant)
    return {cluster: Rate(sum(values), len(values)) for cluster, values in found.items()}


def in_shares(rate: Rate) -> int:
    """A rate in `SHARES` parts of a whole. Raises ZeroDivisionError when nothing was assessed."""
    return round(Fraction(rate.noncompliant * SHARES, rate.assessed))


def mean_of_shares(shares: int, count: int) -> Fraction | None:
    """The mean of `count` rates from their sum in parts; None of none."""
    return Fraction(shares, SHARES * count) if count else None


def point_rates(assessments: Iterable[Mapping[Key, bool]]) -> dict[Key, Rate]:
    """Over several assessments: those non-compliant on a point over those assessed on it (rule 2). The denominator
    may differ from point to point."""
    assessed: dict[Key, int] = defaultdict(int)
    noncompliant: dict[Key, int] = defaultdict(int)
    for statuses in assessments:
        for point, is_noncompliant in statuses.items():
            assessed[point] += 1
            noncompliant[point] += is_noncompliant
    return {point: Rate(noncompliant[point], count) for point, count in assessed.items()}


def question_rates(rows: Iterable[Row]) -> dict[Key, Rate]:
    """Per question: findings over the distinct assessments that were asked it (rule 3)."""
    asked: dict[Key, set[int]] = defaultdict(set)
    findings: dict[Key, int] = defaultdict(int)
    for row in rows:
        asked[row.question].add(row.assessment)
        findings[row.question] += row.finding
    return {question: Rate(findings[question], len(found)) for question, found in asked.items()}


def latest_only(rows: Iterable[Row]) -> list[Row]:
    """The rows of each factory's latest assessment: the greatest number, not the greatest day (rule 4)."""
    rows = list(rows)
    latest: dict[str, int] = {}
    for row in rows:
        latest[row.factory] = max(latest.get(row.factory, row.assessment), row.assessment)
    return [row for row in rows if row.assessment == latest[row.factory]]


def balanced_panel(rows: Iterable[Row], cycle: int) -> dict[int, list[Row]]:
    """Only factories that have reached `cycle`, their cycles 1 to `cycle` apart (rule 6)."""
    rows = list(rows)
    reached: dict[str, int] = {}
    for row in rows:
        reached[row.factory] = max(reached.get(row.factory, 0), row.cycle)
    kept = [row for row in rows if reached[row.factory] >= cycle and row.cycle <= cycle]
    return {number: [row for row in kept if row.cycle == number] for number in range(1, cycle + 1)}


def by_assessment(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.assessment].append(row)
    return dict(found)
