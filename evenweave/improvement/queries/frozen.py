"""The plan as a progress report freezes it."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Count
from django.utils import translation

from evenweave.access.enums import Shared
from evenweave.activity.models import Entry
from evenweave.activity.services import label_of
from evenweave.activity.steps import Step
from evenweave.assessments.models import Finding
from evenweave.enrolment.models import Cycle
from evenweave.improvement.enums import ItemStatus, Side
from evenweave.improvement.models import ItemAction, ItemDetail, ItemEvidence, Plan, PlanItem
from evenweave.improvement.queries.ties import today_of
from evenweave.improvement.queries.wording import Wording
from evenweave.organisations.models import Factory
from evenweave.programmes.queries import local_today
from evenweave.questionnaires.enums import SOURCE_LANGUAGE

Facts = dict[str, Any]


def frozen_plan(
    plan: Plan, cycle: Cycle, *, since: datetime | None = None, languages: Iterable[str] = (SOURCE_LANGUAGE,)
) -> list[Facts]:
    """The items whose latest finding lies in `cycle`, by number, withdrawn ones left out: plain JSON, the same for
    every reader of the report, and so without a name of the workers' side and without what the factory found itself
    and keeps to itself. Days are ISO text; titles come in `languages`. `changes` are the steps since `since`, oldest
    first. The number of queries does not depend on that of the items."""
    items = list(
        PlanItem.objects.filter(plan=plan, cycle=cycle, sharing__gte=Shared.BUYERS, withdrawn_at__isnull=True)
        .select_related("tool")
        .order_by("number")
    )
    gathered = _Gathered(plan.factory, items, since, tuple(languages))
    return [gathered.facts_of(item) for item in items]


class _Gathered:
    """What hangs on the items, read once for all of them."""

    def __init__(self, factory: Factory, items: list[PlanItem], since: datetime | None, languages: tuple[str, ...]):
        self.factory, self.languages, self.today = factory, languages, today_of(factory)
        self.wording = Wording()
        self.details = {detail.item_id: detail for detail in ItemDetail.objects.filter(item__in=items)}
        self.actions = _by_item(ItemAction.objects.filter(item__in=items))
        counted = ItemEvidence.objects.filter(item__in=items).order_by().values("item_id").annotate(n=Count("pk"))
        self.proof = dict(counted.values_list("item_id", "n"))
        self.findings: dict[int, list[Finding]] = defaultdict(list)
        held = Finding.objects.filter(item_finding__item__in=items, withdrawal__isnull=True)
        for finding in held.select_related("item_finding").order_by("made_at", "pk"):
            self.findings[finding.item_finding.item_id].append(finding)
        self.steps: dict[str, list[Entry]] = defaultdict(list)
        for entry in _steps(items, since):
            self.steps[entry.about].append(entry)

    def facts_of(self, item: PlanItem) -> Facts:
        detail = self.details.get(item.pk) or ItemDetail(item=item)
        findings = self.findings[item.pk]
        is_open = item.status != ItemStatus.COMPLETED
        return {
            "ref": item.ref,
            "number": item.number,
            "question_id": item.question_id,
            "cluster": {language: self.wording.titles_of(item, language)[0] for language in self.languages},
            "point": {language: self.wording.titles_of(item, language)[1] for language in self.languages},
            "text": {item.language: item.title},
            "source": item.source,
            "status": item.status,
            "is_public": item.is_public,
            "is_late": bool(is_open and detail.due_on and detail.due_on < self.today),
            "first_seen_on": self._day(item.opened_at),
            "updated_on": self._day(item.changed_at),
            "closed_on": self._day(item.completed_at) if item.completed_at else None,
            "management": item.management,
            "workers": item.workers,
            "verification": item.verification,
            "immediate_action": _typed(detail.language, detail.immediate_action),
            "root_cause": _typed(detail.language, detail.root_cause),
            "actions": [self._action(action) for action in self.actions[item.pk]],
            "evidence_count": self.proof.get(item.pk, 0),
            "seriousness": findings[-1].seriousness if findings else "",
            "law": [{"citation": {SOURCE_LANGUAGE: line}, "source": ""} for line in self.wording.law_of(item)],
            "changes": [self._step(entry) for entry in self.steps[label_of(item)]],
        }

    def _action(self, action: ItemAction) -> Facts:
        return {
            "text": {"language": action.language, "text": action.text},
            "owner": action.owner_name if action.owner_side == Side.MANAGEMENT else "",
            "owner_side": action.owner_side,
            "due_on": action.due_on.isoformat(),
            "done_on": action.done_on.isoformat() if action.done_on else None,
            "is_late": action.done_on is None and action.due_on < self.today,
        }

    def _step(self, entry: Entry) -> Facts:
        return {"on": self._day(entry.at), "what": _in_languages(Step(entry.step), self.languages), "by": ""}

    def _day(self, moment: datetime) -> str:
        return _local(self.factory, moment).isoformat()


def _local(factory: Factory, moment: datetime) -> date:
    return local_today(factory.programme, moment)


def _in_languages(step: Step, languages: Iterable[str]) -> dict[str, str]:
    words = {}
    for language in languages:
        with translation.override(language):
            words[language] = str(step.label)
    return words


def _typed(language: str, text: str) -> Facts | None:
    return {"language": language, "text": text} if text else None


def _by_item(actions: Iterable[ItemAction]) -> dict[int, list[ItemAction]]:
    found: dict[int, list[ItemAction]] = defaultdict(list)
    for action in actions:
        found[action.item_id].append(action)
    return found


def _steps(items: list[PlanItem], since: datetime | None) -> Iterable[Entry]:
    """The steps about the items that buyers may read."""
    entries = Entry.objects.filter(about__in=[label_of(item) for item in items], sharing__gte=Shared.BUYERS)
    if since is not None:
        entries = entries.filter(at__gt=since)
    return entries.order_by("at", "number")
