"""Loading and saving items inside a step, the same way for every service."""

from django.db.models import Max

from evenweave.access.enums import Action
from evenweave.activity.services import Log
from evenweave.activity.steps import Step
from evenweave.improvement.models import Plan, PlanItem
from evenweave.improvement.rules import State
from evenweave.organisations.models import Factory
from evenweave.people.models import Person
from evenweave.toolkit import clock


def locked_item(by: Person, action: Action, ref: str) -> PlanItem:
    """The item with its plan, factory and cycle, locked; Http404 when it is not there for this person."""
    return PlanItem.objects.select_related("plan__factory", "cycle").one_for(by, action, ref=ref)


def locked_plan_of(factory: Factory) -> Plan:
    """The factory's one plan, opened when it has none. Its lock is what numbers items without gaps or doubles."""
    Plan.objects.get_or_create(factory=factory)
    plan = Plan.objects.select_for_update().get(factory=factory)
    plan.factory = factory
    return plan


def next_number(plan: Plan) -> int:
    return (PlanItem.objects.filter(plan=plan).aggregate(last=Max("number"))["last"] or 0) + 1


def save_state(item: PlanItem, state: State, *more: str) -> None:
    """Put `state` on the row and save it with the fields named in `more`, nothing else."""
    fields = item.take(state)
    item.changed_at = clock.now()
    item.save(update_fields=[*fields, "changed_at", *more])


def touch(item: PlanItem) -> None:
    item.changed_at = clock.now()
    item.save(update_fields=["changed_at"])


def record(log: Log, step: Step, item: PlanItem, by: Person | None, **payload) -> None:
    """One line in the factory's log, as far shared as the item itself. Never carries what somebody wrote."""
    log.record(
        step, about=item, by=by, sharing=item.sharing, factory=item.plan.factory, cycle=item.cycle, payload=payload
    )
