"""What a rate means. Plain Python: no Django, no clock, no database."""

from evenweave.indicators.rules.rates import (
    SHARES,
    SMALLEST_GROUP,
    Rate,
    Row,
    balanced_panel,
    by_assessment,
    cluster_rates,
    factory_rate,
    in_shares,
    is_shown,
    latest_only,
    mean_of_shares,
    point_rates,
    point_statuses,
    question_rates,
)

__all__ = [
    "SHARES",
    "SMALLEST_GROUP",
    "Rate",
    "Row",
    "balanced_panel",
    "by_assessment",
    "cluster_rates",
    "factory_rate",
    "in_shares",
    "is_shown",
    "latest_only",
    "mean_of_shares",
    "point_rates",
    "point_statuses",
    "question_rates",
]
