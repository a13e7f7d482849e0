"""One item with everything that its reader may know of it."""

from dataclasses import dataclass
from datetime import datetime

from evenweave.access.enums import Action, Role, Shared
from evenweave.access.models import Standing
from evenweave.access.scope import permitted
from evenweave.activity.models import Entry
from evenweave.activity.services import label_of
from evenweave.assessments.models import Finding, Photo
from evenweave.improvement import rules
from evenweave.improvement.enums import ItemStatus, Lack, Side, Verification
from evenweave.improvement.models import (
    ItemAction,
    ItemCheck,
    ItemDetail,
    ItemEvidence,
    PlanItem,
    SideAnswer,
)
from evenweave.improvement.queries.plans import PlanRead, name_of_owner, read_of
from evenweave.improvement.queries.wording import Wording
from evenweave.people.models import Person
from evenweave.toolkit.files import files_of_many
from evenweave.toolkit.models import StoredFile

STEPS_SHOWN = 8


@dataclass(frozen=True)
class ActionRow:
    action: ItemAction
    owner: str
    days_late: int


@dataclass(frozen=True)
class Proof:
    """A picture that the reader may open. `at` is when it was added or taken."""

    stored: StoredFile
    note: str
    at: datetime
    by: str
    is_before: bool
    is_from_assessment: bool = False


@dataclass(frozen=True)
class ItemRead:
    """An item open before a person. `detail`, `actions`, `answers`, `checks`, `proof` are empty for a buyer with whom
    the factory has not shared them."""

    read: PlanRead
    item: PlanItem
    detail: ItemDetail | None
    actions: list[ActionRow]
    answers: list[SideAnswer]
    checks: list[ItemCheck]
    proof: list[Proof]
    findings: list[Finding]
    point: str
    cluster: str
    law: list[str]
    buyers: int

    @property
    def lane(self):
        return rules.lane_of(self.item.state)

    @property
    def sees_details(self) -> bool:
        return self.read.sees_details

    @property
    def is_withdrawn(self) -> bool:
        return self.item.withdrawn_at is not None

    @property
    def may_work(self) -> bool:
        """Whether causes and actions may be written by this person now."""
        closed = rules.is_closed_to_work(self.item.state, is_withdrawn=self.is_withdrawn)
        return self.read.may(Action.PLAN_EDIT) and not closed

    @property
    def may_add_proof(self) -> bool:
        closed = rules.is_closed_to_evidence(self.item.state, is_withdrawn=self.is_withdrawn)
        return self.read.may(Action.PLAN_EDIT) and not closed

    @property
    def moves(self) -> list[ItemStatus]:
        if not self.read.may(Action.PLAN_EDIT):
            return []
        return rules.moves_from(self.item.state, is_withdrawn=self.is_withdrawn)

    @property
    def answering_side(self) -> Side | None:
        """The side the person may answer for now."""
        if rules.is_closed_to_work(self.item.state, is_withdrawn=self.is_withdrawn):
            return None
        return self.read.ties.side

    @property
    def may_decide(self) -> bool:
        waits = self.item.verification == Verification.ASKED and not self.is_withdrawn
        return waits and self.read.may(Action.PLAN_VERIFY)

    @property
    def lacks(self) -> list[Lack]:
        return rules.lacking(
            self.item.state,
            actions=len(self.actions),
            open_actions=sum(row.action.done_on is None for row in self.actions),
            has_immediate_action=bool(self.detail and self.detail.immediate_action),
        )


def item_for(person: Person, ref: str) -> ItemRead | None:
    """The item, if the person may see it. The number of queries does not depend on what hangs on it."""
    items = PlanItem.objects.permitted(person, Action.PLAN_VIEW).select_related("plan__factory", "cycle", "tool")
    item = items.filter(ref=ref).first()
    if item is None:
        return None
    read = read_of(person, item.plan)
    wording = Wording()
    cluster, point = wording.titles_of(item)
    findings = Finding.objects.permitted(person, Action.REPORT_VIEW).filter(item_finding__item=item)
    findings = list(findings.select_related("cycle", "withdrawal").order_by("made_at", "pk"))
    return ItemRead(
        read=read,
        item=item,
        detail=_of(ItemDetail, read, item).select_related("changed_by").first() if read.sees_details else None,
        actions=_actions(read, item),
        answers=list(_of(SideAnswer, read, item).select_related("by")),
        checks=list(_of(ItemCheck, read, item).select_related("decided_by")),
        proof=_proof(read, item, findings),
        findings=findings,
        point=point,
        cluster=cluster,
        law=wording.law_of(item),
        buyers=_buyers_of(item),
    )


def action_for(person: Person, ref: str) -> ItemAction | None:
    """The action, if the person may work on it."""
    actions = ItemAction.objects.permitted(person, Action.PLAN_EDIT).select_related("item")
    return actions.filter(ref=ref).first()


def _of(model, read: PlanRead, item: PlanItem):
    return model.objects.permitted(read.person, Action.PLAN_DETAIL).filter(item=item)


def _actions(read: PlanRead, item: PlanItem) -> list[ActionRow]:
    return [
        ActionRow(
            action, name_of_owner(read, action),
            0 if action.done_on else max((read.today - action.due_on).days, 0),
        )
        for action in _of(ItemAction, read, item)
    ]


def _proof(read: PlanRead, item: PlanItem, findings: list[Finding]) -> list[Proof]:
    """The assessors' photos of the findings as far as the person may open them, then the factory's own."""
    evidence = list(_of(ItemEvidence, read, item).select_related("by"))
    files = files_of_many(evidence)
    own = [
        Proof(stored, one.note, one.at, "" if read.ties.is_buyer else one.by.name, one.is_before)
        for one in evidence
        for stored in files[one.pk][:1]
    ]
    return _assessors_photos(read.person, findings) + own


def _assessors_photos(person: Person, findings: list[Finding]) -> list[Proof]:
    asked = {(finding.assessment_id, finding.question_id) for finding in findings}
    photos = Photo.objects.permitted(person, Action.ASSESSMENT_VIEW).filter(
        assessment__in={assessment for assessment, _ in asked}, question_id__in={question for _, question in asked},
        sharing__gte=Shared.FACTORY, withdrawn_at__isnull=True,
    )
    shown = [photo for photo in photos.order_by("taken_at", "pk") if (photo.assessment_id, photo.question_id) in asked]
    files = files_of_many(shown)
    return [
        Proof(stored, photo.caption, photo.taken_at, "", is_before=True, is_from_assessment=True)
        for photo in shown
        for stored in files[photo.pk][:1]
    ]


def _buyers_of(item: PlanItem) -> int:
    """How many buyers read this item: those that the factory has consented to and that paid for its cycle."""
    if item.cycle_id is None or item.sharing < Shared.BUYERS:
        return 0
    ties = Standing.objects.active().filter(holder__isnull=True, role=Role.BUYER_OFFICER, cycle=item.cycle_id)
    return ties.values("buyer_id").distinct().count()


def steps_of(read: PlanRead, item: PlanItem) -> list[Entry]:
    """The newest steps about the item that the person may read, with their payloads. Whose steps they were is for the
    factory and the programme: a buyer reads no name but its own officers'."""
    entries = permitted(read.person, Action.LOG_VIEW, Entry.objects.filter(about=label_of(item)))
    return list(entries.select_related("actor", "payload").order_by("-at", "-number"))
