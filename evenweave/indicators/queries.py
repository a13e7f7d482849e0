"""Comparisons: this factory last time, and the country's latest assessments."""

from dataclasses import dataclass
from fractions import Fraction

from evenweave.assessments.models import Assessment
from evenweave.indicators.models import ClusterTally, FactoryResult, PointTally
from evenweave.indicators.rules import Rate, is_shown, mean_of_shares


@dataclass(frozen=True)
class CountryPoint:
    """A point over the latest assessments of a programme. `rate` is None in a group below five; `n` is told anyway."""

    n: int
    rate: Rate | None


def country_points(programme: str) -> dict[str, CountryPoint]:
    """Every point of a programme that somebody was assessed on. One query, independent of the number of factories."""
    return {
        tally.point: CountryPoint(
            tally.assessed, Rate(tally.noncompliant, tally.assessed) if is_shown(tally.assessed) else None
        )
        for tally in PointTally.objects.filter(programme=programme, assessed__gt=0)
    }


@dataclass(frozen=True)
class CountryCluster:
    """A cluster over the latest assessments of a programme: the mean of the factories' rates in it, None in a group
    below five."""

    n: int
    mean: Fraction | None


def country_clusters(programme: str) -> dict[str, CountryCluster]:
    """Every cluster of a programme that somebody was assessed in. One query."""
    return {
        tally.cluster: CountryCluster(
            tally.factories, mean_of_shares(tally.shares, tally.factories) if is_shown(tally.factories) else None
        )
        for tally in ClusterTally.objects.filter(programme=programme, factories__gt=0)
    }


def previous_result(assessment: Assessment) -> FactoryResult | None:
    """The result of the factory's last released assessment before this one."""
    return (
        FactoryResult.objects.filter(factory=assessment.factory_id, assessment__lt=assessment.pk)
        .order_by("-assessment")
        .first()
    )


def results_of(factory_id: int) -> list[FactoryResult]:
    """All released results of a factory, oldest first: its trend."""
    return list(FactoryResult.objects.filter(factory=factory_id).order_by("assessment"))
