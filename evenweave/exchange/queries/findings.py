"""Findings as a person may take them out: the released words, and of the plan what the person sees of it."""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet

from evenweave.access.enums import Action
from evenweave.improvement.models import ItemAction, ItemDetail, ItemEvidence, ItemFinding, PlanItem
from evenweave.people.models import Person
from evenweave.programmes.queries import local_today
from evenweave.reports.enums import ReportState
from evenweave.reports.facts import Facts
from evenweave.reports.models import Report

# A sheet of more findings than this is no longer read by eye; the choice is narrowed first.
MOST_REPORTS = 300


@dataclass(frozen=True)
class Chosen:
    """Which reports: of one factory, released from a day on."""

    factory: str = ""
    since: date | None = None


def reports_to_export(person: Person, chosen: Chosen | None = None) -> QuerySet[Report]:
    """The reports in force whose findings the person may take out, the newest first."""
    chosen = chosen or Chosen()
    found = Report.objects.permitted(person, Action.FINDING_EXPORT).filter(state=ReportState.CURRENT)
    if chosen.factory:
        found = found.filter(factory__ref=chosen.factory)
    if chosen.since is not None:
        found = found.filter(released_at__date__gte=chosen.since)
    return found.select_related("factory").order_by("-released_at", "-pk")


def exported_facts(reports: list[Report]) -> list[Facts]:
    """What was released; a factory that was merged since appears under the name of its record today."""
    return [json.loads(report.facts) for report in reports]


def plan_of_findings(person: Person, reports: list[Report]) -> dict[str, Mapping[str, Any]]:
    """The state of the plan item of each finding, by the finding's ref, as the person sees it: causes, actions and
    proof only where the plan's details are shared that far. Five queries at any number."""
    assessments = [report.assessment_id for report in reports]
    links = list(
        ItemFinding.objects.filter(finding__assessment__in=assessments)
        .filter(item__in=PlanItem.objects.permitted(person, Action.PLAN_VIEW).filter(withdrawn_at=None))
        .select_related("item__plan__factory", "finding").order_by("pk")
    )
    items = {link.item_id: link.item for link in links}
    gathered = _Details(person, list(items))
    facts = {pk: gathered.facts_of(item) for pk, item in items.items()}
    return {link.finding.ref: facts[link.item_id] for link in links}


class _Details:
    """What the person sees of causes, actions and proof, read once for all items."""

    def __init__(self, person: Person, items: list[int]) -> None:
        details = ItemDetail.objects.permitted(person, Action.PLAN_DETAIL).filter(item__in=items)
        self.details = {detail.item_id: detail for detail in details}
        self.actions: dict[int, list[ItemAction]] = defaultdict(list)
        for action in ItemAction.objects.permitted(person, Action.PLAN_DETAIL).filter(item__in=items):
            self.actions[action.item_id].append(action)
        proof = ItemEvidence.objects.permitted(person, Action.PLAN_DETAIL).filter(item__in=items).order_by()
        self.proof = dict(proof.values_list("item_id").annotate(Count("pk")))

    def facts_of(self, item: PlanItem) -> dict[str, Any]:
        programme, detail = item.plan.factory.programme, self.details.get(item.pk)
        return {
            "status": item.status,
            "root_cause": {"language": detail.language, "text": detail.root_cause} if detail else None,
            "actions": [
                {
                    "text": {"language": action.language, "text": action.text}, "owner_side": action.owner_side,
                    "due_on": action.due_on.isoformat(), "done_on": action.done_on and action.done_on.isoformat(),
                }
                for action in self.actions[item.pk]
            ],
            "closed_on": item.completed_at and local_today(programme, item.completed_at).isoformat(),
            "updated_on": local_today(programme, item.changed_at).isoformat(),
            "evidence_count": self.proof.get(item.pk, 0),
        }
