"""A factory was on record twice: its two plans become one."""

from django.db.models import Min
from django.utils.translation import gettext as _

from evenweave.access.enums import Shared
from evenweave.activity.services import step
from evenweave.activity.steps import Step
from evenweave.improvement import rules
from evenweave.improvement.enums import ItemSource, ItemStatus
from evenweave.improvement.models import (
    ItemAction,
    ItemCheck,
    ItemDetail,
    ItemEvidence,
    ItemFinding,
    Plan,
    PlanItem,
    SideAnswer,
    ThreadMessage,
)
from evenweave.improvement.services.loading import locked_plan_of, next_number, record, save_state
from evenweave.organisations.models import Factory
from evenweave.people.models import Person
from evenweave.toolkit import clock


def merge_plans(*, survivor: Factory, duplicate: Factory, by: Person) -> Plan | None:
    """The duplicate's items move into the survivor's plan under new numbers. Where both have an open item of one
    lineage, the survivor's takes over the findings, actions, proof, answers and messages, and the other is withdrawn
    with a word where it went; its causes stay readable there. Whether causes and actions are shared with buyers stays
    as the survivor decided. Called inside the merge's step. Returns the survivor's plan, or None when the
    duplicate had none."""
    with step() as log:
        emptied = Plan.objects.select_for_update().filter(factory=duplicate).first()
        if emptied is None:
            return None
        plan = locked_plan_of(survivor)
        held = PlanItem.objects.select_related("cycle").filter(plan=plan, withdrawn_at__isnull=True)
        there = {item.lineage_root: item for item in held.exclude(lineage_root="")}
        first = next_number(plan)
        moving = PlanItem.objects.select_related("cycle").filter(plan=emptied).order_by("number")
        for number, item in enumerate(moving, start=first):
            twin = there.get(item.lineage_root) if item.withdrawn_at is None else None
            if twin is not None:
                twin.plan = plan
                _fold(item, twin)
                record(log, Step.PLAN_ITEM_CHANGED, twin, by, takes_over=item.ref)
            item.plan, item.number = plan, number
            item.save(update_fields=["plan", "number", "withdrawn_at", "withdrawn_reason", "changed_at"])
        ThreadMessage.objects.filter(plan=emptied).update(plan=plan)
    return plan


def _fold(item: PlanItem, twin: PlanItem) -> None:
    """`twin` takes over what hangs on `item`."""
    for model in (ItemFinding, ItemAction, ItemEvidence, SideAnswer, ItemCheck, ThreadMessage):
        model.objects.filter(item=item).update(item=twin)
    state = twin.state
    if twin.status == ItemStatus.COMPLETED and item.status != ItemStatus.COMPLETED:
        state, twin.completed_at = rules.found_again(state, is_public=twin.is_public or item.is_public), None
    twin.is_public = twin.is_public or item.is_public
    state = rules.with_public(state, is_public=twin.is_public)
    if item.source == ItemSource.FINDING:
        twin.source = ItemSource.FINDING
    if item.cycle is not None and (twin.cycle is None or twin.cycle.starts_on < item.cycle.starts_on):
        twin.cycle = item.cycle
    twin.sharing = max(twin.sharing, item.sharing)
    save_state(twin, state, "completed_at", "is_public", "source", "cycle", "sharing")
    ThreadMessage.objects.filter(item=twin, sharing__gte=Shared.BUYERS).update(cycle=twin.cycle)
    earliest = ItemAction.objects.filter(item=twin, done_on__isnull=True).aggregate(day=Min("due_on"))["day"]
    ItemDetail.objects.update_or_create(item=twin, defaults={"due_on": earliest})
    item.withdrawn_at = item.changed_at = clock.now()
    item.withdrawn_reason = _("Item %(number)s takes over.") % {"number": twin.number}
