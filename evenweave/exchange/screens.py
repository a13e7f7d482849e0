"""What the pages of an import say."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from evenweave.exchange.enums import Outcome, Verdict
from evenweave.exchange.models import ImportBatch, ImportRow
from evenweave.exchange.queries import Holdings, ResultRow
from evenweave.exchange.words import field_label, sentence
from evenweave.organisations.models import Factory
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


def side_by_side(one: Factory, other: Factory) -> list[tuple[str, str, str]]:
    """What each of two records says: (label, one, other), without what both leave empty."""
    said = [
        (_("Name"), one.name, other.name),
        (_("Address"), *(", ".join(filter(None, (each.address, each.address_more))) for each in (one, other))),
        (_("Place"), one.place, other.place),
        (_("Sectors"), *(_sectors(each) for each in (one, other))),
        (_("OS ID"), one.os_id, other.os_id),
        (_("National registry number"), one.registry_id, other.registry_id),
        (_("Workers"), *(str(each.workers_total or "") for each in (one, other))),
        (_("Phone"), one.phone, other.phone),
        (_("Owner"), one.owner_name, other.owner_name),
        (_("Status"), one.get_status_display(), other.get_status_display()),
        (_("Registered"), *(date_format(each.registered_at, "DATE_FORMAT") for each in (one, other))),
    ]
    return [row for row in said if row[1] or row[2]]


def _sectors(factory: Factory) -> str:
    return ", ".join(sector.get_sector_display() for sector in factory.open_sectors)


def held_side_by_side(one: Holdings, other: Holdings) -> list[tuple[str, str, str]]:
    """How much hangs on each of two records."""
    labels = {
        "cycles": _("Cycles"), "assessments": _("Assessments"), "reports": _("Reports"),
        "plan_items": _("Plan items"), "people": _("People"), "consents": _("Buyers with consent"),
    }
    return [(label, str(getattr(one, name)), str(getattr(other, name))) for name, label in labels.items()]


def merge_facts(survivor: Factory, duplicate: Factory, held: Holdings, taken: dict) -> list[Fact]:
    """Everything a merge will do, before it is done."""
    moved = _(
        "Cycles: %(cycles)s, assessments: %(assessments)s, reports: %(reports)s, plan items: %(items)s, "
        "people: %(people)s"
    ) % {"cycles": held.cycles, "assessments": held.assessments, "reports": held.reports, "items": held.plan_items,
         "people": held.people}
    labels = {"contacts": _("Contacts"), "customers": _("Main buyers")}
    names = ", ".join(labels.get(name) or field_label(name) for name in taken)
    return [
        Fact(_("Stays"), f"{survivor.name}, {survivor.place}".rstrip(", ")),
        Fact(_("Leads to it from now on"), f"{duplicate.name}, {duplicate.place}".rstrip(", ")),
        Fact(_("Moves"), moved),
        Fact(_("Cycle numbers"), _("The cycles that move get the next numbers.")),
        Fact(_("Taken over into the profile"), names or _("Nothing: the profile that stays is complete.")),
        Fact(_("Buyers"), _(
            "The consents of the record that goes end. A buyer keeps what it paid for, and reads it only with the "
            "consent of the record that stays."
        )),
    ]


@dataclass(frozen=True)
class ResultLine:
    """A line of the results, every value as it is shown."""

    name: str
    place: str
    href: str
    report_href: str
    released: str
    trend: list[int]
    trend_words: str
    latest: int
    of: int
    change: str
    is_better: bool
    is_worse: bool
    open_items: str
    late_items: int


def result_lines(rows: Iterable[ResultRow]) -> list[ResultLine]:
    return [_result_line(row) for row in rows]


def _result_line(row: ResultRow) -> ResultLine:
    factory, change = row.report.factory, row.change
    trend = [result.points_noncompliant for result in row.trend]
    return ResultLine(
        name=factory.name,
        place=factory.place,
        href=factory.get_absolute_url(),
        report_href=row.report.get_absolute_url(),
        released=date_format(row.report.released_at, "DATE_FORMAT"),
        trend=trend,
        trend_words=_("Points with findings, cycle by cycle: %(numbers)s") % {"numbers": ", ".join(map(str, trend))},
        latest=row.result.points_noncompliant,
        of=row.result.points_assessed,
        change=_change(change),
        is_better=bool(change and change < 0),
        is_worse=bool(change and change > 0),
        open_items="–" if row.open_items is None else str(row.open_items),
        late_items=row.late_items or 0,
    )


def _change(change: int | None) -> str:
    if change is None:
        return _("first")
    if change == 0:
        return _("same")
    words = _("%(count)s fewer") if change < 0 else _("%(count)s more")
    return words % {"count": abs(change)}
