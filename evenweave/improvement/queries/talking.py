"""The shared thread as each reader may know its writers."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from evenweave.access.enums import Action, Role, Shared
from evenweave.access.models import Standing
from evenweave.enrolment.models import Cycle
from evenweave.improvement.models import PlanItem, ThreadMessage
from evenweave.improvement.queries.plans import PlanRead
from evenweave.improvement.queries.ties import current_cycle, paid_cycle


@dataclass(frozen=True)
class Said:
    """One message under the name its reader may know. `role` is empty when it would say no more than the name."""

    message: ThreadMessage
    name: str
    role: str
    is_own: bool


def thread_of(read: PlanRead, item: PlanItem | None = None) -> list[Said]:
    """What was said about the item, or about the plan as a whole. Three queries."""
    if read.plan is None:
        return []
    messages = ThreadMessage.objects.permitted(read.person, Action.THREAD_VIEW).filter(plan=read.plan, item=item)
    return [_said(read, message) for message in messages.select_related("by", "buyer")]


def _said(read: PlanRead, message: ThreadMessage) -> Said:
    is_own = message.by_id == read.person.pk
    role = str(Role(message.role).label) if message.role else ""
    if message.buyer_id is not None:
        name, role = _buyers_name(read, message)
    elif read.ties.is_buyer and message.role == Role.WORKER_REPRESENTATIVE and not is_own:
        # Who speaks for the workers is known in the factory; outside it would single the person out.
        name, role = role, ""
    else:
        name = message.by.name
    return Said(message, name, role, is_own)


def _buyers_name(read: PlanRead, message: ThreadMessage) -> tuple[str, str]:
    """The factory and the programme see who writes; another buyer sees the buyer's name if that has agreed."""
    if not read.ties.is_buyer or message.buyer_id in read.ties.buyers:
        return message.by.name, message.buyer.name
    return (message.buyer.name, "") if message.buyer.may_be_named else (_("A buyer"), "")


def readers_of_thread(read: PlanRead, item: PlanItem | None = None) -> int:
    """How many buyers read what is written here now."""
    if item is not None and item.sharing < Shared.BUYERS:
        return 0
    cycle = item.cycle_id if item is not None else getattr(_cycle_of_talk(read), "pk", None)
    if cycle is None:
        return 0
    ties = Standing.objects.active().filter(holder__isnull=True, role=Role.BUYER_OFFICER, cycle=cycle)
    return ties.values("buyer_id").distinct().count()


def _cycle_of_talk(read: PlanRead) -> Cycle | None:
    """The cycle of what this person writes about the whole plan now: a buyer's is the last one it has paid for."""
    if read.ties.is_buyer:
        return paid_cycle(read.factory, read.ties.buyers)
    return current_cycle(read.factory)
