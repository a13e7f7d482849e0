"""What the factory's two sides and their coach do about an item."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import IO

from django.db.models import Min
from django.http import Http404
from django.utils.translation import gettext as _

from evenweave.access.enums import Action, Shared
from evenweave.activity.services import step
from evenweave.activity.steps import Step
from evenweave.improvement import rules
from evenweave.improvement.enums import ItemSource, ItemStatus, Lack, Side, Verification
from evenweave.improvement.models import ItemAction, ItemCheck, ItemDetail, ItemEvidence, PlanItem
from evenweave.improvement.queries.ties import today_of
from evenweave.improvement.services.loading import (
    locked_item,
    locked_plan_of,
    next_number,
    record,
    save_state,
    touch,
)
from evenweave.notifications.services import notify
from evenweave.organisations.models import Factory
from evenweave.people.models import Person
from evenweave.questionnaires.models import CompiledTool
from evenweave.questionnaires.queries import compiled, tool_in_force
from evenweave.questionnaires.rules import Question
from evenweave.toolkit import clock
from evenweave.toolkit.files import store_file
from evenweave.toolkit.refusals import Refused
from evenweave.toolkit.uploads import accept_image


class EditConflict(Refused):
    """Somebody else saved in the meantime. `theirs` is the detail as it stands now; nothing was overwritten."""

    def __init__(self, theirs: ItemDetail) -> None:
        name = theirs.changed_by.name if theirs.changed_by else _("Somebody")
        super().__init__(
            _("%(name)s changed this item while you were writing. Both versions are below; nothing is lost.")
            % {"name": name}
        )
        self.theirs = theirs


def add_self_found(
    *, factory_ref: str, title: str, by: Person, question_id: str = "", origin: str = "", origin_label: str = ""
) -> PlanItem:
    """An issue the factory found itself, before or beside any assessment. Only the factory and the programme see it
    until an assessment finds the same; then the item becomes that finding's. Opens the factory's plan when it has
    none. `question_id` is of the tool in force today; one issue has one open item. `origin` (ItemOrigin) and the
    generic label of a record in a room above say out of what it came."""
    with step() as log:
        factory = Factory.objects.one_for(by, Action.PLAN_EDIT, ref=factory_ref)
        plan = locked_plan_of(factory)
        item = PlanItem(
            plan=plan, number=next_number(plan), source=ItemSource.SELF_FOUND, title=title, language=by.language,
            added_by=by, sharing=Shared.FACTORY, origin=origin, origin_label=origin_label,
        )
        if question_id:
            _about_question(item, tool_in_force(factory.programme, today_of(factory)), question_id)
        item.save()
        ItemDetail.objects.create(item=item, language=by.language)
        record(log, Step.PLAN_ITEM_ADDED, item, by)
    return item


def _about_question(item: PlanItem, tool: CompiledTool, question_id: str) -> None:
    content = compiled(tool.pk)
    if not content.has(question_id) or not content.question(question_id).is_scored:
        raise Refused(_("Choose a question of the list."), field="question")
    question = content.question(question_id)
    there = PlanItem.objects.filter(plan=item.plan, withdrawn_at__isnull=True, lineage_root__in=question.roots)
    number = rules.item_for(question.roots, dict(there.values_list("lineage_root", "number")))
    if number is not None:
        raise Refused(
            _("Item %(number)s is about this question already. Go on working there.") % {"number": number},
            field="question",
        )
    hang_on_question(item, tool, question)


def hang_on_question(item: PlanItem, tool: CompiledTool, question: Question) -> None:
    """The item is about this question of this version from now on. Not saved."""
    item.tool, item.question_id, item.lineage_root = tool, question.id, question.lineage_root
    item.cluster, item.point = question.cluster, question.point


def withdraw_item(*, ref: str, reason: str, by: Person) -> PlanItem:
    """The factory takes back an issue it had found itself; what an assessment found it cannot take back."""
    with step() as log:
        item = _workable(by, ref)
        if item.source != ItemSource.SELF_FOUND:
            raise Refused(_("An assessment found this. Only an amended report can take it back."))
        if not reason:
            raise Refused(_("Say why you take this item out of the plan."), field="reason")
        item.withdrawn_at = item.changed_at = clock.now()
        item.withdrawn_reason = reason
        item.save(update_fields=["withdrawn_at", "withdrawn_reason", "changed_at"])
        record(log, Step.PLAN_ITEM_WITHDRAWN, item, by)
    return item


def edit_item(
    *,
    ref: str,
    immediate_action: str,
    whys: Iterable[Sequence[str]],
    root_cause: str,
    revision: int,
    by: Person,
) -> PlanItem:
    """What was done at once, why it happens, and the cause behind it. `whys`: (why, because) rows. `revision` is of
    the text the person began from; raises EditConflict when another was saved since."""
    with step() as log:
        item = _workable(by, ref)
        detail, _made = ItemDetail.objects.select_for_update(of=("self",)).get_or_create(item=item)
        written = {
            "immediate_action": immediate_action.strip(),
            "whys": rules.tidy_whys(whys),
            "root_cause": root_cause.strip(),
        }
        if all(getattr(detail, name) == value for name, value in written.items()):
            return item
        if detail.revision != revision:
            raise EditConflict(detail)
        for name, value in written.items():
            setattr(detail, name, value)
        detail.revision += 1
        detail.language, detail.changed_by, detail.changed_at = by.language, by, clock.now()
        detail.save()
        touch(item)
        record(log, Step.PLAN_ITEM_CHANGED, item, by, revision=detail.revision)
    return item


def add_action(*, ref: str, text: str, owner_name: str, owner_side: str, due_on: date, by: Person) -> ItemAction:
    """Somebody of one of the sides will do something by a day. Either side may propose for both: the agreement
    of both is what makes it the plan's."""
    with step() as log:
        item = _workable(by, ref)
        action = ItemAction.objects.create(
            item=item, text=text, language=by.language, owner_name=owner_name, owner_side=Side(owner_side),
            due_on=due_on,
        )
        _note_due_day(item)
        touch(item)
        record(log, Step.PLAN_ITEM_CHANGED, item, by, action=action.ref)
    return action


def finish_action(*, action_ref: str, done_on: date, by: Person) -> ItemAction:
    """The action was done on that day, today or before."""
    with step() as log:
        action = ItemAction.objects.one_for(by, Action.PLAN_EDIT, ref=action_ref)
        item = _workable(by, action.item.ref)
        if done_on > today_of(item.plan.factory):
            raise Refused(_("Choose today or a day before."), field="done_on")
        if action.done_on is None:
            action.done_on = done_on
            action.save(update_fields=["done_on"])
            _note_due_day(item)
            touch(item)
            record(log, Step.PLAN_ITEM_CHANGED, item, by, done=action.ref)
    return action


def take_back_action(*, action_ref: str, by: Person) -> None:
    """An action that was written down by mistake is gone, as long as nobody has called it done."""
    with step() as log:
        action = ItemAction.objects.one_for(by, Action.PLAN_EDIT, ref=action_ref)
        item = _workable(by, action.item.ref)
        if action.done_on is not None:
            raise Refused(_("This action is done; it stays."))
        action.delete()
        _note_due_day(item)
        touch(item)
        record(log, Step.PLAN_ITEM_CHANGED, item, by, taken_back=action_ref)


def _note_due_day(item: PlanItem) -> None:
    earliest = ItemAction.objects.filter(item=item, done_on__isnull=True).aggregate(day=Min("due_on"))["day"]
    ItemDetail.objects.update_or_create(item=item, defaults={"due_on": earliest})


def move_item(*, ref: str, status: str, by: Person) -> PlanItem:
    """The item is begun, laid back, completed or taken up again. A publicly reported item that is completed asks the
    programme for its check. Completing needs an answer of both sides (a disagreement stays written), something that
    was done, and no action left open. Asking for the status it has changes nothing."""
    with step() as log:
        item = locked_item(by, Action.PLAN_EDIT, ref)
        if item.status == status:
            return item
        if status not in rules.moves_from(item.state, is_withdrawn=item.withdrawn_at is not None):
            raise Refused(_why_not(item, status))
        if status == ItemStatus.COMPLETED:
            _refuse_unless_done(item)
        before = item.status
        item.completed_at = clock.now() if status == ItemStatus.COMPLETED else None
        save_state(item, rules.moved(item.state, status, is_public=item.is_public), "completed_at")
        record(log, Step.PLAN_ITEM_MOVED, item, by, before=before, after=str(status))
        if item.verification == Verification.ASKED:
            ItemCheck.objects.create(item=item, asked_by=by)
            notify("plan.check_asked", about=item, except_for=by)
        else:
            ItemCheck.objects.filter(item=item, decided_at__isnull=True).delete()
    return item


def _why_not(item: PlanItem, status: str) -> str:
    if item.withdrawn_at is not None:
        return _("This item was withdrawn and stays as it was.")
    if item.verification == Verification.VERIFIED:
        return _("The programme verified this item. Only a new finding opens it again.")
    names = {"now": ItemStatus(item.status).label, "to": ItemStatus(status).label if status in ItemStatus else status}
    return _("An item cannot go from “%(now)s” to “%(to)s” in one step.") % names


def _refuse_unless_done(item: PlanItem) -> None:
    detail = ItemDetail.objects.filter(item=item).first()
    actions = list(ItemAction.objects.filter(item=item).values_list("done_on", flat=True))
    lacks = rules.lacking(
        item.state,
        actions=len(actions),
        open_actions=actions.count(None),
        has_immediate_action=bool(detail and detail.immediate_action),
    )
    if lacks:
        words = "; ".join(str(Lack(lack).label) for lack in lacks)
        raise Refused(
            _("Item %(number)s cannot be called done yet: %(words)s.") % {"number": item.number, "words": words}
        )


def add_evidence(*, ref: str, file: IO[bytes], note: str, is_before: bool, by: Person) -> ItemEvidence:
    """A photo of how it was or how it is now, drawn anew without metadata. Raises Refused for anything else."""
    if not PlanItem.objects.permitted(by, Action.PLAN_EDIT).filter(ref=ref).exists():
        raise Http404
    image = accept_image(file, field="file")
    with step() as log:
        item = locked_item(by, Action.PLAN_EDIT, ref)
        if rules.is_closed_to_evidence(item.state, is_withdrawn=item.withdrawn_at is not None):
            raise Refused(_("This item is closed. Nothing can be added to it."))
        evidence = ItemEvidence.objects.create(item=item, note=note, is_before=is_before, by=by)
        ending = "png" if image.content_type == "image/png" else "jpg"
        store_file(
            content=image.bytes, name=f"item-{item.number}-{evidence.ref}.{ending}", content_type=image.content_type,
            owner=evidence, action=Action.PLAN_DETAIL, by=by,
        )
        touch(item)
        record(log, Step.PLAN_ITEM_EVIDENCE, item, by, evidence=evidence.ref)
    return evidence


def _workable(by: Person, ref: str) -> PlanItem:
    """The item, locked, on which work may still be written down."""
    item = locked_item(by, Action.PLAN_EDIT, ref)
    if item.withdrawn_at is not None:
        raise Refused(_("This item was withdrawn and stays as it was."))
    if rules.is_closed_to_work(item.state, is_withdrawn=False):
        raise Refused(_("This item is done. Take it up again first if something has to change."))
    return item
