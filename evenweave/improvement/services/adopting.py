"""Findings enter the plan when their report is released, and leave it when an amendment takes them back."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from evenweave.access.enums import Action, Shared
from evenweave.activity.services import step
from evenweave.activity.steps import Step
from evenweave.assessments.models import Assessment, Finding
from evenweave.improvement import rules
from evenweave.improvement.enums import ItemSource, ItemStatus, Verification
from evenweave.improvement.models import ItemDetail, ItemFinding, Plan, PlanItem, ThreadMessage
from evenweave.improvement.services.loading import locked_plan_of, next_number, record, save_state
from evenweave.improvement.services.working import hang_on_question
from evenweave.organisations.models import Factory
from evenweave.people.models import Person
from evenweave.questionnaires.models import CompiledTool, ToolContent
from evenweave.questionnaires.queries import compiled
from evenweave.questionnaires.rules import Tool
from evenweave.toolkit import clock


def adopt_findings(
    *, assessment: Assessment, findings: Iterable[Finding], at: datetime, by: Person | None
) -> list[PlanItem]:
    """Every finding of a released report hangs on one item from now on: on the open item of its question's lineage,
    which it reopens when that was completed and makes the programme's when the factory had found it itself, or on
    a new one. Buyers that paid for the assessment's cycle see these items. Joins the release's transaction; its
    cost in queries is the same whatever the number of findings (but for the log).

    Returns the items in the order of the findings, each once."""
    with step() as log:
        adoption = _Adoption(locked_plan_of(assessment.factory), assessment, at)
        for finding in findings:
            adoption.adopt(finding)
        adoption.save()
        for item in adoption.items:
            kind = adoption.steps[item.lineage_root]
            record(log, kind, item, by, findings=[finding.ref for finding in adoption.findings[item.lineage_root]])
    return adoption.items


@dataclass
class _Adoption:
    """One report's findings on their way into the plan, keyed by the items' lineage roots."""

    plan: Plan
    assessment: Assessment
    at: datetime
    items: list[PlanItem] = field(default_factory=list)
    findings: dict[str, list[Finding]] = field(default_factory=dict)
    steps: dict[str, Step] = field(default_factory=dict)
    undone: dict[str, dict] = field(default_factory=dict)

    def __post_init__(self) -> None:
        held = PlanItem.objects.select_related("cycle").filter(plan=self.plan, withdrawn_at__isnull=True)
        self.open = {item.lineage_root: item for item in held.exclude(lineage_root="")}
        for item in self.open.values():
            item.plan = self.plan
        self.number = next_number(self.plan)
        self.tool = _content_of(self.assessment)

    def adopt(self, finding: Finding) -> None:
        item = rules.item_for(self._roots_of(finding), self.open) or self._new(finding)
        root = item.lineage_root
        if root not in self.findings:
            self.items.append(item)
            self.steps.setdefault(root, Step.PLAN_ITEM_CHANGED)
        self.findings.setdefault(root, []).append(finding)

    def _roots_of(self, finding: Finding) -> tuple[str, ...]:
        """The lineage roots of a finding's question, the canonical one first."""
        roots = self.tool.question(finding.question_id).roots if self._asks(finding) else ()
        return (finding.lineage_root, *(root for root in roots if root != finding.lineage_root))

    def _asks(self, finding: Finding) -> bool:
        return self.tool is not None and self.tool.has(finding.question_id)

    def _new(self, finding: Finding) -> PlanItem:
        item = PlanItem(
            plan=self.plan, number=self.number, source=ItemSource.FINDING, lineage_root=finding.lineage_root,
            title=finding.text, language=finding.language, opened_at=self.at,
        )
        self.number += 1
        self.open[item.lineage_root] = item
        self.steps[item.lineage_root] = Step.PLAN_ITEM_ADDED
        return item

    def save(self) -> None:
        for item in self.items:
            self._settle(item, self.findings[item.lineage_root])
        fresh = [item for item in self.items if item.pk is None]
        held = [item for item in self.items if item.pk is not None]
        PlanItem.objects.bulk_create(fresh)
        PlanItem.objects.bulk_update(held, _SETTLED) if held else None
        ItemDetail.objects.bulk_create([ItemDetail(item=item, language=item.language) for item in fresh])
        ItemFinding.objects.bulk_create(
            ItemFinding(item=item, finding=finding, reopened_from=self.undone.get(item.lineage_root))
            for item in self.items
            for finding in self.findings[item.lineage_root]
        )
        # What was said to the buyers of the item's earlier years is part of its history.
        ThreadMessage.objects.filter(item__in=held, sharing__gte=Shared.BUYERS).update(cycle=self.assessment.cycle)

    def _settle(self, item: PlanItem, findings: list[Finding]) -> None:
        """The item as its findings make it; of the parts of a split question one public part is enough."""
        is_public = any(finding.is_public for finding in findings)
        if item.status == ItemStatus.COMPLETED:
            self.undone[item.lineage_root] = item.state.as_json() | {"completed_at": _text(item.completed_at)}
            self.steps[item.lineage_root] = Step.PLAN_ITEM_REOPENED
            item.completed_at = None
        item.take(rules.found_again(item.state, is_public=is_public))
        _hang_on(item, findings[0], is_public=is_public)
        item.changed_at = self.at


def _content_of(assessment: Assessment) -> Tool | None:
    try:
        return compiled(assessment.tool_id)
    except ToolContent.DoesNotExist:  # a version imported by name alone: every question is its own lineage
        return None


_SETTLED = [
    "source", "tool", "question_id", "cluster", "point", "cycle", "is_public", "status", "management", "workers",
    "verification", "completed_at", "changed_at", "sharing",
]


def _hang_on(item: PlanItem, finding: Finding, *, is_public: bool) -> None:
    """The item belongs to the finding's cycle and question from now on, and to its buyers."""
    item.source = ItemSource.FINDING
    item.tool_id, item.question_id = finding.tool_id, finding.question_id
    item.cluster, item.point = finding.cluster, finding.point
    item.cycle, item.is_public = finding.cycle, is_public
    item.sharing = max(item.sharing, Shared.BUYERS)


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


@dataclass(frozen=True)
class Admitted:
    """What the factory says of itself about one question: `title` is the item's sentence, in `by`'s language."""

    question_id: str
    title: str


def adopt_admitted(
    *, factory_ref: str, tool: CompiledTool, admitted: Iterable[Admitted], origin: str, origin_label: str, by: Person
) -> list[PlanItem]:
    """What a factory admits enters its plan as found by itself, in one go; returns the new items. Where an item of
    the lineage stands already nothing is added, whatever its state: what buyers read of it must not move because of
    what the factory said to itself."""
    with step() as log:
        factory = Factory.objects.one_for(by, Action.PLAN_EDIT, ref=factory_ref)
        plan = locked_plan_of(factory)
        content = compiled(tool.pk)
        there = PlanItem.objects.filter(plan=plan, withdrawn_at__isnull=True).exclude(lineage_root="")
        held: dict[str, PlanItem] = {item.lineage_root: item for item in there}
        number, fresh = next_number(plan), []
        for one in admitted:
            question = content.question(one.question_id)
            if rules.item_for(question.roots, held) is not None:
                continue
            item = PlanItem(
                plan=plan, number=number, source=ItemSource.SELF_FOUND, title=one.title, language=by.language,
                added_by=by, sharing=Shared.FACTORY, origin=origin, origin_label=origin_label,
            )
            hang_on_question(item, tool, question)
            held[item.lineage_root] = item
            fresh.append(item)
            number += 1
        PlanItem.objects.bulk_create(fresh)
        ItemDetail.objects.bulk_create([ItemDetail(item=item, language=item.language) for item in fresh])
        for item in fresh:
            record(log, Step.PLAN_ITEM_ADDED, item, by)
    return fresh


def withdraw_finding(*, finding: Finding, reason: str, by: Person | None) -> PlanItem | None:
    """An amendment took the finding back. Its item is closed as withdrawn when no other finding holds it; when the
    factory had found the issue itself before, the item stays as the factory's own, out of buyers' sight. When an
    earlier finding holds it, it belongs to that one's cycle again, and what the withdrawn finding had reopened is
    completed again. Called inside the amendment's step; returns the item, or None when the finding has none."""
    with step() as log:
        link = ItemFinding.objects.filter(finding=finding).first()
        if link is None:
            return None
        item = PlanItem.objects.select_related("plan__factory", "cycle").select_for_update(of=("self",)).get(
            pk=link.item_id
        )
        if item.withdrawn_at is not None:
            return item
        record(log, Step.PLAN_ITEM_WITHDRAWN, item, by, finding=finding.ref)
        others = _findings_that_hold(item, but=finding)
        if others:
            _belong_to_earlier(item, link, others)
        elif item.added_by_id is not None:
            _give_back(item)
        else:
            _close(item, reason)
    return item


def correct_finding(*, finding: Finding, text: str, language: str, by: Person | None) -> PlanItem | None:
    """An amendment corrected the finding's sentence. The item that was opened with it is called by the new one; an item
    that an earlier finding or the factory itself opened keeps its name. Called inside the amendment's step; returns the
    item, or None when nothing was to change."""
    with step() as log:
        link = ItemFinding.objects.filter(finding=finding).first()
        if link is None:
            return None
        item = PlanItem.objects.select_related("plan__factory", "cycle").select_for_update(of=("self",)).get(
            pk=link.item_id
        )
        opened_it = ItemFinding.objects.filter(item=item).order_by("finding__made_at", "pk").first() == link
        if not opened_it or item.added_by_id is not None or item.withdrawn_at is not None:
            return None
        item.title, item.language, item.changed_at = text, language, clock.now()
        item.save(update_fields=["title", "language", "changed_at"])
        record(log, Step.PLAN_ITEM_CHANGED, item, by, finding=finding.ref)
    return item


def _findings_that_hold(item: PlanItem, *, but: Finding) -> list[Finding]:
    """The other findings of the item that no amendment took back, the newest first."""
    held = Finding.objects.filter(item_finding__item=item, withdrawal__isnull=True).exclude(pk=but.pk)
    return list(held.select_related("cycle").order_by("-made_at", "-pk"))


def _belong_to_earlier(item: PlanItem, link: ItemFinding, others: list[Finding]) -> None:
    newest = others[0]
    same_report = [finding for finding in others if finding.assessment_id == newest.assessment_id]
    is_public = any(finding.is_public for finding in same_report)
    _hang_on(item, newest, is_public=is_public)
    ThreadMessage.objects.filter(item=item, sharing__gte=Shared.BUYERS).update(cycle=newest.cycle)
    is_the_last_report = newest.assessment_id != link.finding.assessment_id and newest.made_at <= link.finding.made_at
    state = rules.with_public(item.state, is_public=is_public)
    if link.reopened_from and is_the_last_report and item.status != ItemStatus.COMPLETED:
        earlier = dict(link.reopened_from)
        completed_at = earlier.pop("completed_at")
        item.completed_at = datetime.fromisoformat(completed_at) if completed_at else clock.now()
        state = rules.State(**earlier)
    save_state(
        item, state, "source", "tool", "question_id", "cluster", "point", "cycle", "is_public", "sharing",
        "completed_at",
    )


def _give_back(item: PlanItem) -> None:
    item.source, item.cycle, item.is_public = ItemSource.SELF_FOUND, None, False
    item.sharing = Shared.FACTORY
    state = item.state
    if state.verification != Verification.VERIFIED:
        state = rules.State(state.status, state.management, state.workers)
    save_state(item, state, "source", "cycle", "is_public", "sharing")


def _close(item: PlanItem, reason: str) -> None:
    item.withdrawn_at, item.withdrawn_reason = clock.now(), reason
    item.changed_at = item.withdrawn_at
    item.save(update_fields=["withdrawn_at", "withdrawn_reason", "changed_at"])
