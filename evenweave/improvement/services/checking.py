"""Programme staff check what the public is told; everything else is the factory's own word."""

from django.utils.translation import gettext as _

from evenweave.access.enums import Action
from evenweave.activity.services import step
from evenweave.activity.steps import Step
from evenweave.improvement import rules
from evenweave.improvement.enums import ItemStatus, Verification
from evenweave.improvement.models import ItemCheck, PlanItem
from evenweave.improvement.services.loading import locked_item, record, save_state
from evenweave.notifications.services import notify
from evenweave.people.models import Person
from evenweave.toolkit import clock
from evenweave.toolkit.refusals import Refused


def decide_check(*, ref: str, is_accepted: bool, by: Person, reason: str = "") -> PlanItem:
    """The item is verified, or it goes back to work with the reason why not."""
    with step() as log:
        item = locked_item(by, Action.PLAN_VERIFY, ref)
        if item.verification != Verification.ASKED or item.withdrawn_at is not None:
            raise Refused(_("Nobody asked for a check of this item, or it was decided already."))
        if not is_accepted and not reason.strip():
            raise Refused(_("Say what is still missing, so that the factory can go on."), field="reason")
        check = ItemCheck.objects.filter(item=item, decided_at__isnull=True).last()
        if check is None:
            check = ItemCheck(item=item, asked_by=by)
        check.is_accepted, check.reason = is_accepted, reason.strip()
        check.decided_by, check.decided_at = by, clock.now()
        check.save()
        state = rules.checked(item.state, is_accepted=is_accepted)
        if state.status != ItemStatus.COMPLETED:
            item.completed_at = None
        save_state(item, state, "completed_at")
        record(log, Step.PLAN_ITEM_VERIFICATION, item, by, is_accepted=is_accepted)
        notify("plan.checked", about=item, except_for=by)
    return item
