"""Reads for a person, by subject."""

from evenweave.exchange.queries.findings import (
    MOST_REPORTS,
    Chosen,
    exported_facts,
    plan_of_findings,
    reports_to_export,
)
from evenweave.exchange.queries.imports import (
    import_for,
    import_programmes,
    imports_for,
    known_factories,
    outcomes,
    place_of,
    rows_of,
    tally,
    wanted_rows,
)
from evenweave.exchange.queries.results import ResultRow, latest_reports, result_rows
from evenweave.exchange.queries.twins import (
    Holdings,
    Twin,
    factory_to_merge,
    holdings_of,
    may_merge,
    mergeable,
    twins_of,
)

__all__ = [
    "MOST_REPORTS",
    "Chosen",
    "Holdings",
    "ResultRow",
    "Twin",
    "exported_facts",
    "factory_to_merge",
    "holdings_of",
    "import_for",
    "import_programmes",
    "imports_for",
    "known_factories",
    "latest_reports",
    "may_merge",
    "mergeable",
    "outcomes",
    "place_of",
    "plan_of_findings",
    "reports_to_export",
    "result_rows",
    "rows_of",
    "tally",
    "twins_of",
    "wanted_rows",
]
