"""The latest released result of each factory, as far as a person reads reports."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, OuterRef, QuerySet, Subquery

from evenweave.access.enums import Action
from evenweave.improvement.enums import ItemStatus
from evenweave.improvement.models import ItemDetail, PlanItem
from evenweave.indicators.models import FactoryResult
from evenweave.organisations.models import Factory
from evenweave.organisations.queries import searched
from evenweave.people.models import Person
from evenweave.programmes.queries import local_today
from evenweave.reports.enums import ReportState
from evenweave.reports.models import Report
from evenweave.toolkit import clock

SORTS = {
    "name": ("factory__search_key", "pk"),
    "released": ("released_at", "pk"),
    "latest": ("assessment__result__points_noncompliant", "factory__search_key", "pk"),
}


@dataclass(frozen=True)
class ResultRow:
    """One factory: its newest report that the person reads, and what came before. `open_items` and `late_items` are
    None where the person sees no plan."""

    report: Report
    result: FactoryResult
    trend: list[FactoryResult]
    open_items: int | None
    late_items: int | None

    @property
    def change(self) -> int | None:
        """Points with findings more than the year before; None for the first result."""
        if len(self.trend) < 2:
            return None
        return self.trend[-1].points_noncompliant - self.trend[-2].points_noncompliant


def latest_reports(person: Person, words: str = "", order: str = "-released") -> QuerySet[Report]:
    """The newest report in force of each factory that the person may read; `order`: "name", "-released", "latest"."""
    mine = _reports(person)
    newest = mine.filter(factory=OuterRef("factory")).order_by("-released_at", "-pk").values("pk")[:1]
    found = mine.filter(pk=Subquery(newest), assessment__result__isnull=False)
    if words:
        found = found.filter(factory__in=searched(Factory.objects.all(), words).values("pk"))
    names = SORTS.get(order.removeprefix("-"), SORTS["released"])
    ordered = [f"-{name}" for name in names] if order.startswith("-") else names
    return found.select_related("factory", "assessment__result").defer("facts").order_by(*ordered)


def _reports(person: Person) -> QuerySet[Report]:
    return Report.objects.permitted(person, Action.REPORT_VIEW).filter(state=ReportState.CURRENT)


def result_rows(person: Person, reports: list[Report]) -> list[ResultRow]:
    """What stands in the lines of these reports. As many queries for fifty as for one."""
    keys = [report.factory_id for report in reports]
    trends: dict[int, list[FactoryResult]] = defaultdict(list)
    seen = _reports(person).filter(factory__in=keys).values("assessment")
    for result in FactoryResult.objects.filter(assessment__in=seen).order_by("assessment"):
        trends[result.factory_id].append(result)
    plans = _plans_seen(person, keys)
    late = _late(person, keys, _todays(reports))
    return [
        ResultRow(
            report, report.assessment.result, trends[report.factory_id],
            plans.get(report.factory_id), late.get(report.factory_id, 0) if report.factory_id in plans else None,
        )
        for report in reports
    ]


def _plans_seen(person: Person, keys: list[int]) -> dict[int, int]:
    """Factory → open items, for the factories of whose plan the person sees an item."""
    items = PlanItem.objects.permitted(person, Action.PLAN_VIEW).filter(plan__factory__in=keys, withdrawn_at=None)
    rows = items.order_by().values_list("plan__factory", "status").annotate(Count("pk"))
    found: dict[int, int] = defaultdict(int)
    for factory, status, count in rows:
        found[factory] += count if status != ItemStatus.COMPLETED else 0
    return found


def _late(person: Person, keys: list[int], todays: dict[int, date]) -> dict[int, int]:
    details = ItemDetail.objects.permitted(person, Action.PLAN_DETAIL).filter(
        item__plan__factory__in=keys, item__withdrawn_at=None, due_on__isnull=False
    ).exclude(item__status=ItemStatus.COMPLETED)
    found: dict[int, int] = defaultdict(int)
    for factory, due_on in details.values_list("item__plan__factory", "due_on"):
        found[factory] += due_on < todays[factory]
    return found


def _todays(reports: list[Report]) -> dict[int, date]:
    now = clock.now()
    days = {programme: local_today(programme, now) for programme in {report.programme for report in reports}}
    return {report.factory_id: days[report.programme] for report in reports}
