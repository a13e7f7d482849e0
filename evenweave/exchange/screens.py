"""What the pages of an import say."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from evenweave.exchange.enums import Outcome, Verdict
from evenweave.exchange.models import FactoryMerge, ImportBatch, ImportRow
from evenweave.exchange.queries import Holdings, ResultRow, RowTwin, Summary
from evenweave.exchange.services import Parting
from evenweave.exchange.words import field_label, sentence
from evenweave.organisations.enums import Sector
from evenweave.organisations.models import Factory
from evenweave.toolkit.parts import Fact, Link, Tag
from evenweave.toolkit.sheets import column_name

TAGS = {
    Verdict.NEW: "good", Verdict.KNOWN: "none", Verdict.REPEATED: "none", Verdict.POSSIBLE: "waiting",
    Verdict.FAULTY: "wrong",
}
OUTCOME_TAGS = {
    Outcome.REGISTERED: "good", Outcome.MATCHED: "none", Outcome.MERGED: "none", Outcome.WITHDRAWN: "none",
    Outcome.KEPT: "waiting",
}


@dataclass(frozen=True)
class RowLine:
    """A row as the preview shows it. `notes`: what is wrong or odd, cell by cell: (place, heading, cell, sentence)."""

    number: int
    name: str
    place: str
    tag: Tag
    notes: list[tuple[str, str, str, str]]
    like: Link | None
    like_row: int | None
    score: int | None
    decision: str
    factory: Link | None


def row_lines(batch: ImportBatch, rows: list[ImportRow]) -> list[RowLine]:
    columns = _Columns(batch)
    return [_line(row, columns) for row in rows]


class _Columns:
    """Where a field stands in the file."""

    def __init__(self, batch: ImportBatch) -> None:
        self.places = {field: batch.headings.index(heading) for heading, field in batch.mapping.items()}
        self.headings = batch.headings

    def note(self, row: ImportRow, field: str, fault: list) -> tuple[str, str, str, str]:
        """What is to be said about a cell: "F12", its heading, what stands in it, the sentence."""
        place = self.places.get(field)
        where = "" if place is None else f"{column_name(place + 1)}{row.number}"
        heading = field_label(field) if place is None else self.headings[place]
        return where, heading, row.cells.get(field, ""), sentence(fault)


def _line(row: ImportRow, columns: _Columns) -> RowLine:
    tag = Tag(TAGS[Verdict(row.verdict)], row.get_verdict_display())
    if row.outcome:
        tag = Tag(OUTCOME_TAGS[row.outcome], row.get_outcome_display())
    said = {**row.warnings, **row.faults}
    return RowLine(
        number=row.number,
        name=row.cells.get("name", ""),
        place=", ".join(filter(None, (row.cells.get("address", ""), row.cells.get("city", "")))),
        tag=tag,
        notes=[columns.note(row, field, fault) for field, fault in said.items()],
        like=Link(row.match.name, row.match.get_absolute_url()) if row.match else None,
        like_row=row.like_row,
        score=row.match_score,
        decision=row.get_decision_display(),
        factory=Link(row.factory.name, row.factory.get_absolute_url()) if row.factory else None,
    )


def summary_facts(summary: Summary) -> list[Fact]:
    """How many rows come to which end."""
    figures = [
        (_("rows"), summary.rows), (_("new"), summary.created), (_("known already"), summary.matched),
        (_("perhaps known, among the new"), summary.possible_duplicates), (_("to be corrected"), summary.rejected),
    ]
    return [Fact(label, number_format(count, force_grouping=True)) for label, count in figures]


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


@dataclass(frozen=True)
class Pair:
    """A possible duplicate beside what it resembles. `rows`: (label, in the list, the other)."""

    number: int
    name: str
    score: int
    key: str
    heads: list[str]
    other: Link | None
    rows: list[tuple[str, str, str]]
    decision: str


def pairs_of(rows: list[ImportRow], twins: dict[int, RowTwin]) -> list[Pair]:
    """The rows with their twins, by the number of the row."""
    return [_pair(row, twins[row.number]) for row in rows]


def _pair(row: ImportRow, twin: RowTwin) -> Pair:
    ours, theirs = _said(row.profile), _said(twin.profile)
    other = _("Row %(number)s") % {"number": row.like_row} if twin.factory is None else _("Registered")
    return Pair(
        number=row.number,
        name=row.cells.get("name", ""),
        score=row.match_score or 0,
        key=f"pair-{row.number}",
        heads=[_("Field"), _("In the list"), other],
        other=Link(twin.factory.name, twin.factory.get_absolute_url()) if twin.factory else None,
        rows=[(label, ours.get(label, ""), theirs.get(label, "")) for label in ours | theirs],
        decision=row.get_decision_display(),
    )


def _said(profile: dict[str, Any]) -> dict[str, str]:
    """A profile in words: label → value, without what it leaves empty."""
    def joined(*names: str) -> str:
        return ", ".join(str(profile[name]) for name in names if profile.get(name))

    sectors = {sector.value: str(sector.label) for sector in Sector}
    said = {
        _("Name"): joined("name"),
        _("Address"): joined("address", "address_more"),
        _("Place"): joined("city", "region", "postal_code"),
        _("Sectors"): ", ".join(sectors[sector] for sector in profile.get("sectors") or ()),
        _("Workers"): joined("workers_total"),
        _("OS ID"): joined("os_id"),
        _("National registry number"): joined("registry_id"),
        _("Phone"): joined("phone"),
        _("E-mail"): joined("email"),
        _("Owner"): joined("owner_name"),
        _("On the map"): joined("latitude", "longitude"),
    }
    return {label: value for label, value in said.items() if value}


def decision_tabs(batch: ImportBatch, waiting: int, decided: int, is_decided: bool) -> list[Link]:
    here = reverse("import_duplicates", args=[batch.ref])
    return [
        Link(_("To decide"), here, is_current=not is_decided, count=waiting),
        Link(_("Decided"), f"{here}?decided=1", is_current=is_decided, count=decided),
    ]


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


def split_facts(merge: FactoryMerge, parting: Parting) -> list[Fact]:
    """Everything a split will do, before it is done."""
    merged = _("%(day)s, by %(name)s") % {
        "day": date_format(merge.merged_at, "DATE_FORMAT"), "name": merge.merged_by.name,
    }
    stays = _records(parting.counts(is_back=False))
    return [
        Fact(_("Merged"), merged),
        Fact(_("Returns"), f"{merge.duplicate.name}, {merge.duplicate.place}".rstrip(", ")),
        Fact(_("Goes back"), _records(parting.counts(is_back=True)) or _("Nothing: no cycle and no plan item moved.")),
        Fact(_("Stays with %(name)s") % {"name": merge.survivor.name},
             _("%(records)s. Somebody has worked on them since.") % {"records": stays} if stays
             else _("Nothing that moved: nobody has worked on it since.")),
        Fact(_("People"), _(
            "Whoever stood towards the record that returns does so again. Whom the merge let in at the other one is "
            "out again."
        )),
        Fact(_("Buyers"), _("The consents that the merge ended hold again, for the record that returns alone.")),
    ]


def _records(counts: dict[str, int]) -> str:
    """Records in words, those that people know by name."""
    labels = {
        "enrolment.cycle": _("Cycles"), "assessments.assessment": _("Assessments"), "reports.report": _("Reports"),
        "reports.progressreport": _("Progress reports"), "improvement.planitem": _("Plan items"),
        "assessments.zerotolerancecase": _("Zero-tolerance cases"), "enrolment.invoice": _("Invoices"),
        "committees.committee": _("Committees"), "improvement.threadmessage": _("Messages"),
    }
    return ", ".join(f"{words}: {counts[kind]}" for kind, words in labels.items() if kind in counts)


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
