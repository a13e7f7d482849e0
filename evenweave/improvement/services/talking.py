"""The one thread that the factory, the programme and its buyers share."""

from django.utils.translation import gettext as _

from evenweave.access.enums import Action, Shared
from evenweave.activity.services import step
from evenweave.activity.steps import Step
from evenweave.improvement.models import Plan, PlanItem, ThreadMessage
from evenweave.improvement.queries.ties import Ties, current_cycle, paid_cycle, ties_of
from evenweave.improvement.services.loading import record
from evenweave.notifications.services import notify
from evenweave.people.models import Person
from evenweave.toolkit.refusals import Refused

LONGEST = 4000


def write_message(
    *, plan_ref: str, text: str, by: Person, item_ref: str | None = None, language: str = ""
) -> ThreadMessage:
    """Everyone who may see the item (or, without one, the plan in its present cycle) reads it. Other buyers read
    "A buyer" above the words of one that has not agreed to be named."""
    text = text.strip()
    if not text:
        raise Refused(_("Write something first."), field="text")
    if len(text) > LONGEST:
        raise Refused(_("Write at most %(most)s letters.") % {"most": LONGEST}, field="text")
    with step() as log:
        plan = Plan.objects.select_related("factory").one_for(by, Action.THREAD_WRITE, ref=plan_ref)
        item = None
        if item_ref is not None:
            items = PlanItem.objects.select_related("cycle").filter(plan=plan)
            item = items.one_for(by, Action.THREAD_WRITE, ref=item_ref)
            item.plan = plan
        ties = ties_of(by, plan.factory)
        message = ThreadMessage.objects.create(
            plan=plan, item=item, by=by, role=ties.speaks_as, text=text, language=language or by.language,
            buyer_id=ties.writing_buyer(item.cycle_id if item else None),
            sharing=item.sharing if item else Shared.BUYERS,
            cycle=item.cycle if item else _cycle_of_talk(plan, ties),
        )
        if item is not None:
            record(log, Step.THREAD_WRITTEN, item, by, message=message.ref)
        else:
            log.record(
                Step.THREAD_WRITTEN, about=plan, by=by, sharing=Shared.BUYERS, factory=plan.factory,
                cycle=message.cycle, payload={"message": message.ref},
            )
        notify("thread.written", about=item or plan, except_for=by)
    return message


def _cycle_of_talk(plan: Plan, ties: Ties):
    """A word about the whole plan belongs to the present cycle; a buyer's to the last one it has paid for."""
    return paid_cycle(plan.factory, ties.buyers) if ties.is_buyer else current_cycle(plan.factory)
