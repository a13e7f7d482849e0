"""The plan as a progress report freezes it: what a buyer that paid for the cycle may see of it."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import translation

from evenweave.access.enums import Shared
from evenweave.activity.models import Entry
from evenweave.activity.steps import Step as Taken
from evenweave.improvement.models import Plan, PlanItem
from evenweave.improvement.queries import frozen_plan
from evenweave.programmes.queries import local_today, rules_on
from evenweave.reports.enums import Author, ReportState
from evenweave.reports.facts import SCHEMA, PlanItemFacts, ProgressReportFacts, Step, Words
from evenweave.reports.models import ProgressReport, Report
from evenweave.reports.queries.gathering import SOURCE_LANGUAGE, factory_facts, programme_facts, typed
from evenweave.reports.queries.service_facts import service_facts

MOST_STEPS = 200


def progress_facts(
    progress: ProgressReport, *, overview: str, dialogue: str, learning: str, language: str, at: datetime,
    with_details: bool,
) -> ProgressReportFacts:
    """The facts of a progress report sent at `at`. `with_details`: causes, actions and steps, once they are shared."""
    today = local_today(progress.programme, at)
    languages = rules_on(progress.programme, today).report_languages
    since = since_when(progress)
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
        "items": _items(progress, languages, since, with_details=with_details),
        "steps": _steps_of_the_factory(progress, languages, since, at),
        "overview": typed(overview, language),
        "dialogue": typed(dialogue, language),
        "learning": typed(learning, language),
        "languages": list(languages),
    } | service_facts(progress.cycle, since, at, languages)


def frozen_now(progress: ProgressReport, at: datetime) -> ProgressReportFacts:
    """What would be frozen if the report were sent now, without the author's words."""
    return progress_facts(progress, overview="", dialogue="", learning="", language=SOURCE_LANGUAGE, at=at,
                          with_details=are_details_shared(progress) or progress.author == Author.FACTORY)


def are_details_shared(progress: ProgressReport) -> bool:
    plan = plan_of(progress)
    return plan is not None and plan.details_sharing >= Shared.BUYERS


def items_left_out(progress: ProgressReport) -> int:
    """How many items of the plan are not in the file: the factory's own, and those of other cycles. The file is the
    same for all its readers, so it holds what each of them has paid for, and no more."""
    held = PlanItem.objects.filter(plan__factory=progress.factory, withdrawn_at=None)
    return held.exclude(cycle=progress.cycle, sharing__gte=Shared.BUYERS).count()


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


UNSHARED: Mapping[str, Any] = {
    "immediate_action": None, "root_cause": None, "actions": [], "changes": [], "evidence_count": 0, "is_late": False,
}


def _items(
    progress: ProgressReport, languages: Sequence[str], since: datetime, *, with_details: bool
) -> list[PlanItemFacts]:
    """The frozen plan, with the words and the law of the report in force; without what the factory keeps to itself."""
    plan = plan_of(progress)
    if plan is None:
        return []
    found = _findings_by_question(progress)
    items = frozen_plan(plan, progress.cycle, since=since, languages=dict.fromkeys([SOURCE_LANGUAGE, *languages]))
    return [
        item | _released(found.get(item["question_id"])) | ({} if with_details else UNSHARED) for item in items
    ]


def _released(finding: Mapping[str, Any] | None) -> dict[str, Any]:
    if finding is None:
        return {}
    return {
        "text": finding["text"], "law": finding["law"], "seriousness": finding["seriousness"],
        "first_seen_on": finding["first_seen"]["on"],
    }


def _findings_by_question(progress: ProgressReport) -> dict[str, Mapping[str, Any]]:
    """The findings of the report in force, by question: words, law and seriousness as they were released."""
    report = Report.objects.filter(cycle=progress.cycle, state=ReportState.CURRENT).first()
    if report is None:
        return {}
    return {finding["question_id"]: finding for finding in json.loads(report.facts)["findings"]}


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
