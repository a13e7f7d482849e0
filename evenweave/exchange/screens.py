"""What the pages of an import say."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from evenweave.exchange.enums import Outcome, Verdict
from evenweave.exchange.models import ImportBatch, ImportRow
from evenweave.exchange.words import field_label, sentence
from evenweave.toolkit.parts import Fact, Link, Tag

TAGS = {
    Verdict.NEW: "good", Verdict.KNOWN: "none", Verdict.REPEATED: "none", Verdict.POSSIBLE: "waiting",
    Verdict.FAULTY: "wrong",
}
OUTCOME_TAGS = {
    Outcome.REGISTERED: "good", Outcome.LEFT_OUT: "none", Outcome.WITHDRAWN: "none", Outcome.KEPT: "waiting",
}


@dataclass(frozen=True)
class RowLine:
    """A row as the preview shows it. `notes`: what is wrong or odd, cell by cell: (field, cell, sentence)."""

    number: int
    name: str
    place: str
    tag: Tag
    notes: list[tuple[str, str, str]]
    like: Link | None
    like_row: int | None
    score: int | None
    is_possible: bool
    is_wanted: bool
    factory: Link | None


def row_lines(rows: list[ImportRow]) -> list[RowLine]:
    return [_line(row) for row in rows]


def _line(row: ImportRow) -> RowLine:
    verdict = Verdict(row.verdict)
    tag = Tag(TAGS[verdict], str(verdict.label))
    if row.outcome:
        tag = Tag(OUTCOME_TAGS[row.outcome], row.get_outcome_display())
    said = {**row.warnings, **row.faults}
    return RowLine(
        number=row.number,
        name=row.cells.get("name", ""),
        place=", ".join(filter(None, (row.cells.get("address", ""), row.cells.get("city", "")))),
        tag=tag,
        notes=[(field_label(field), row.cells.get(field, ""), sentence(fault)) for field, fault in said.items()],
        like=Link(row.match.name, row.match.get_absolute_url()) if row.match else None,
        like_row=row.like_row,
        score=row.match_score,
        is_possible=verdict is Verdict.POSSIBLE and not row.outcome,
        is_wanted=row.is_wanted,
        factory=Link(row.factory.name, row.factory.get_absolute_url()) if row.factory else None,
    )


def verdict_tabs(batch: ImportBatch, counts: dict[str, int], current: str) -> list[Link]:
    """All rows, and those of each verdict that there are."""
    here = reverse("import_page", args=[batch.ref])
    tabs = [Link(_("All rows"), here, is_current=not current, count=sum(counts.values()))]
    return tabs + [
        Link(str(verdict.label), f"{here}?verdict={verdict}", is_current=current == verdict, count=counts[verdict])
        for verdict in Verdict
        if counts[verdict]
    ]


def outcome_facts(counts: dict[str, int]) -> list[Fact]:
    return [Fact(str(outcome.label), str(counts[outcome])) for outcome in Outcome if counts[outcome]]
