"""The factory lets its buyers see how it works on its issues."""

from evenweave.access.enums import Action, Shared
from evenweave.activity.services import step
from evenweave.activity.steps import Step
from evenweave.improvement.models import Plan
from evenweave.improvement.queries.ties import current_cycle
from evenweave.notifications.services import notify
from evenweave.people.models import Person
from evenweave.toolkit import clock


def share_details(*, plan_ref: str, by: Person) -> Plan:
    """From now on, and for good, buyers that see an item also read its causes, actions, answers and proof, as they
    stand on the day of reading. Done with the first progress report at the latest; done twice, it is done once."""
    with step() as log:
        plan = Plan.objects.select_related("factory").one_for(by, Action.PROGRESS_WRITE, ref=plan_ref)
        if plan.details_sharing >= Shared.BUYERS:
            return plan
        plan.details_sharing, plan.details_shared_at = Shared.BUYERS, clock.now()
        plan.save(update_fields=["details_sharing", "details_shared_at"])
        log.record(
            Step.PLAN_SHARED, about=plan, by=by, sharing=Shared.BUYERS, factory=plan.factory,
            cycle=current_cycle(plan.factory),
        )
        notify("plan.shared", about=plan, except_for=by)
    return plan
