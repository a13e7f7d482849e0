"""What came out, as a document for programs and as tables for people."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

from evenweave.indicators.rules import Rate
from evenweave.indicators.rules.exports import ExportRates

GAP = "  "
LONGEST_CELL = 60
ROWS = {
    "read": "rows read", "information_only": "information only (FGW)", "obsolete": "of obsolete factories",
    "duplicates": "exact duplicates", "bad": "bad", "not_applicable": "not applicable (no finding written)",
    "not_selected": "of assessments not asked for", "counted": "counted",
}


def document(rates: ExportRates) -> dict[str, Any]:
    """Rates as fractions of 1. `cycle` is there in a panel."""
    return {
        "factories": rates.factories,
        "points": [
            {"cluster": one.cluster, "compliance_point": one.point} | _figures(one.rate) | _cycle(one.cycle)
            for one in rates.points
        ],
        "questions": [
            {"question_id": one.question_id, "label": one.label} | _figures(one.rate) | _cycle(one.cycle)
            for one in rates.questions
        ],
        "factory_rates": [
            {"factory_id": one.factory, "rate": _share(one.rate)} | _cycle(one.cycle) for one in rates.factory_rates
        ],
        "rows": asdict(rates.rows),
        "bad_rows": {"count": rates.rows.bad, "rows": [asdict(fault) for fault in rates.faults]},
        "asked_twice": [asdict(one) for one in rates.asked_twice],
        "merges_not_found": rates.merges_not_found,
    }


def _figures(rate: Rate) -> dict[str, Any]:
    return {"assessed": rate.assessed, "non_compliant": rate.noncompliant, "rate": _share(rate)}


def _share(rate: Rate) -> float:
    return rate.noncompliant / rate.assessed


def _cycle(cycle: int | None) -> dict[str, int]:
    return {} if cycle is None else {"cycle": cycle}


def lines(rates: ExportRates) -> Iterator[str]:
    """The same for reading."""
    yield f"{rates.factories} factories. Rates: non-compliant of assessed."
    in_panel = ["Cycle"] if any(one.cycle is not None for one in rates.points) else []
    yield from _table(
        "Compliance points", [*in_panel, "Cluster", "Compliance point", "Assessed", "Non-compliant", "Rate"],
        ([*_cycle(one.cycle).values(), one.cluster, one.point, *_counted(one.rate)] for one in rates.points),
    )
    yield from _table(
        "Questions", [*in_panel, "Question", "Label", "Assessed", "Findings", "Rate"],
        ([*_cycle(one.cycle).values(), one.question_id, one.label, *_counted(one.rate)] for one in rates.questions),
    )
    yield from _table(
        "Factories", [*in_panel, "Factory", "Points assessed", "Non-compliant", "Rate"],
        ([*_cycle(one.cycle).values(), one.factory, *_counted(one.rate)] for one in rates.factory_rates),
    )
    yield from ("", "Rows")
    yield from (f"{GAP}{number:>10,} {ROWS[name]}" for name, number in asdict(rates.rows).items())
    yield from _what_was_wrong(rates)


def _what_was_wrong(rates: ExportRates) -> Iterator[str]:
    if rates.rows.bad:
        yield from ("", f"Bad rows: {rates.rows.bad:,}, left out. The first faults:")
        for fault in rates.faults:
            yield f"{GAP}row {fault.row}{': ' + fault.column if fault.column else ''} {fault.message}"
    if rates.asked_twice:
        yield from ("", "Asked more than once in one assessment; every finding is counted, see tool merges:")
        yield from (f"{GAP}{one.label} ({one.assessments} assessments)" for one in rates.asked_twice)
    if rates.merges_not_found:
        yield from ("", "Old labels of the tool merges that the export does not hold:")
        yield from (f"{GAP}{label}" for label in rates.merges_not_found)


def _counted(rate: Rate) -> list[str]:
    return [f"{rate.assessed:,}", f"{rate.noncompliant:,}", f"{100 * _share(rate):.1f} %"]


def _table(title: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Aligned columns, the last three of numbers."""
    cells = [heads, *([str(cell)[:LONGEST_CELL] for cell in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    yield from ("", title)
    for row in cells:
        texts, numbers = row[:-3], row[-3:]
        padded = [f"{text:<{width}}" for text, width in zip(texts, widths, strict=False)]
        padded += [f"{number:>{width}}" for number, width in zip(numbers, widths[-3:], strict=True)]
        yield GAP + GAP.join(padded)
