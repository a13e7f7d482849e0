"""The plan as a progress report freezes it: what a buyer that paid for the cycle may see of it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Count
from django.utils import translation

from evenweave.access.enums import Shared
from evenweave.activity.models import Entry
from evenweave.activity.services import label_of
from evenweave.activity.steps import Step as Taken
from evenweave.improvement.enums import Side
from evenweave.improvement.models import ItemAction, ItemDetail, Plan, PlanItem
from evenweave.programmes.queries import local_today, rules_on
from evenweave.questionnaires.queries import compiled
from evenweave.questionnaires.rules import Tool
from evenweave.reports.enums import Author, ReportState
from evenweave.reports.facts import SCHEMA, ActionFacts, PlanItemFacts, ProgressReportFacts, Step, TypedText, Words
from evenweave.reports.models import ProgressReport, Report
from evenweave.reports.queries.gathering import SOURCE_LANGUAGE, factory_facts, programme_facts, titles_in, typed

MOST_STEPS = 200


def progress_facts(
    progress: ProgressReport, *, overview: str, dialogue: str, learning: str, language: str, at: datetime,
    with_details: bool,
) -> ProgressReportFacts:
    """The facts of a progress report sent at `at`. `with_details`: causes, actions and steps, once they are shared."""
    today = local_today(progress.programme, at)
    languages = rules_on(progress.programme, today).report_languages
    since = since_when(progress)
    items = items_of(progress)
    return {
        "kind": "progress",
        "schema": SCHEMA,
        "report": {
            "ref": progress.ref,
            "number": progress.number,
            "submitted_on": today.isoformat(),
            "due_on": progress.due_on.isoformat(),
            "author": progress.author,
            "since": local_today(progress.programme, since).isoformat(),
        },
        "factory": factory_facts(progress.factory),
        "programme": programme_facts(progress.programme, languages),
        "cycle_number": progress.cycle.number,
        "items": _Freezing(progress, items, languages, since, today, with_details=with_details).items(),
        "steps": _steps_of_the_factory(progress, languages, since, at),
        "overview": typed(overview, language),
        "dialogue": typed(dialogue, language),
        "learning": typed(learning, language),
        "languages": list(languages),
    }


def frozen_now(progress: ProgressReport, at: datetime) -> ProgressReportFacts:
    """What would be frozen if the report were sent now, without the author's words."""
    return progress_facts(progress, overview="", dialogue="", learning="", language=SOURCE_LANGUAGE, at=at,
                          with_details=are_details_shared(progress) or progress.author == Author.FACTORY)


def are_details_shared(progress: ProgressReport) -> bool:
    plan = plan_of(progress)
    return plan is not None and plan.details_sharing >= Shared.BUYERS


def items_of(progress: ProgressReport) -> list[PlanItem]:
    """Items whose latest finding lies in this cycle: the file is the same for all its readers, so it holds what each
    of them has paid for, and no more."""
    return list(
        PlanItem.objects.filter(
            plan__factory=progress.factory, cycle=progress.cycle, sharing__gte=Shared.BUYERS, withdrawn_at=None
        ).order_by("number")
    )


def items_left_out(progress: ProgressReport) -> int:
    """How many items of the plan are not in the file: the factory's own, and those of other cycles."""
    held = PlanItem.objects.filter(plan__factory=progress.factory, withdrawn_at=None)
    return held.count() - len(items_of(progress))


def plan_of(progress: ProgressReport) -> Plan | None:
    return Plan.objects.filter(factory=progress.factory).first()


def since_when(progress: ProgressReport) -> datetime:
    """The progress report before this one in the cycle, else the release."""
    before = (
        ProgressReport.objects.filter(cycle=progress.cycle, number__lt=progress.number, sent_at__isnull=False)
        .order_by("-number").first()
    )
    if before is not None:
        return before.sent_at
    return Report.objects.filter(cycle=progress.cycle).order_by("version").values_list("released_at", flat=True)[0]


class _Freezing:
    """Items and everything that hangs on them, in a fixed number of queries."""

    def __init__(
        self, progress: ProgressReport, items: Sequence[PlanItem], languages: Sequence[str], since: datetime,
        today: date, *, with_details: bool,
    ) -> None:
        self.progress, self.rows, self.languages, self.today = progress, items, languages, today
        self.with_details = with_details
        self.tools: dict[int, Tool] = {pk: compiled(pk) for pk in {item.tool_id for item in items if item.tool_id}}
        self.found = _findings_by_question(progress)
        keys = [item.pk for item in items] if with_details else []
        self.details = {one.item_id: one for one in ItemDetail.objects.filter(item__in=keys)}
        self.actions = _by_item(ItemAction.objects.filter(item__in=keys).order_by("due_on", "pk"))
        self.evidence = _counted(items) if with_details else {}
        self.changes = _changes(items, languages, since) if with_details else {}

    def items(self) -> list[PlanItemFacts]:
        return [self._item(item) for item in self.rows]

    def _item(self, item: PlanItem) -> PlanItemFacts:
        tool, found = self.tools.get(item.tool_id), self.found.get(item.question_id, {})
        detail = self.details.get(item.pk)
        actions = [self._action(action) for action in self.actions.get(item.pk, ())]
        return {
            "ref": item.ref,
            "number": item.number,
            "question_id": item.question_id,
            "cluster": titles_in(tool.cluster(item.cluster).titles, self.languages) if tool else {},
            "point": titles_in(tool.points[item.point].titles, self.languages) if tool else {},
            "text": found.get("text") or {item.language: item.title},
            "source": item.source,
            "status": item.status,
            "is_public": item.is_public,
            "is_late": any(action["is_late"] for action in actions),
            "first_seen_on": found.get("first_seen", {}).get("on") or self._day(item.opened_at),
            "updated_on": self._day(item.changed_at),
            "closed_on": self._day(item.completed_at) if item.completed_at else None,
            "management": item.management,
            "workers": item.workers,
            "verification": item.verification,
            "immediate_action": typed(detail.immediate_action, detail.language) if detail else None,
            "root_cause": typed(detail.root_cause, detail.language) if detail else None,
            "actions": actions,
            "evidence_count": self.evidence.get(item.pk, 0),
            "seriousness": found.get("seriousness", ""),
            "law": found.get("law", []),
            "changes": self.changes.get(label_of(item), []),
        }

    def _action(self, action: ItemAction) -> ActionFacts:
        """A worker who takes something on is not named to buyers: the side is."""
        said: TypedText = {"language": action.language, "text": action.text}
        return {
            "text": said,
            "owner": "" if action.owner_side == Side.WORKERS else action.owner_name,
            "owner_side": action.owner_side,
            "due_on": action.due_on.isoformat(),
            "done_on": action.done_on.isoformat() if action.done_on else None,
            "is_late": action.done_on is None and action.due_on < self.today,
        }

    def _day(self, moment: datetime) -> str:
        return local_today(self.progress.programme, moment).isoformat()


def _findings_by_question(progress: ProgressReport) -> dict[str, Mapping[str, Any]]:
    """The findings of the report in force, by question: words, law and seriousness as they were released."""
    report = Report.objects.filter(cycle=progress.cycle, state=ReportState.CURRENT).first()
    if report is None:
        return {}
    return {finding["question_id"]: finding for finding in json.loads(report.facts)["findings"]}


def _by_item(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.item_id, []).append(row)
    return found


def _counted(items: Sequence[PlanItem]) -> dict[int, int]:
    counts = PlanItem.objects.filter(pk__in=[item.pk for item in items]).annotate(proofs=Count("evidence"))
    return dict(counts.values_list("pk", "proofs"))


def _changes(items: Sequence[PlanItem], languages: Sequence[str], since: datetime) -> dict[str, list[Step]]:
    """What was done about each item since, from the log: the step and its day, without names."""
    labels = [label_of(item) for item in items]
    entries = Entry.objects.filter(about__in=labels, at__gt=since, sharing__gte=Shared.FACTORY).order_by("at", "pk")
    found: dict[str, list[Step]] = {}
    for entry in entries:
        found.setdefault(entry.about, []).append(_step(entry, languages))
    return found


def _steps_of_the_factory(
    progress: ProgressReport, languages: Sequence[str], since: datetime, until: datetime
) -> list[Step]:
    """The steps of the cycle that buyers may read, those on single items apart."""
    entries = Entry.objects.filter(
        factory=progress.factory, cycle=progress.cycle, at__gt=since, at__lte=until, sharing__gte=Shared.BUYERS
    ).exclude(about__startswith=PlanItem._meta.label_lower)
    return [_step(entry, languages) for entry in entries.order_by("at", "pk")[:MOST_STEPS]]


def _step(entry: Entry, languages: Sequence[str]) -> Step:
    programme = entry.programme
    return {"on": local_today(programme, entry.at).isoformat(), "what": _words(entry.step, languages), "by": ""}


def _words(key: str, languages: Sequence[str]) -> Words:
    words: Words = {}
    for language in dict.fromkeys([SOURCE_LANGUAGE, *languages]):
        with translation.override(language):
            words[language] = str(Taken(key).label)
    return words
