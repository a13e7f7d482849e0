"""Both sides of the factory answer for themselves, each once or as often as they change their mind."""

from django.utils.translation import gettext as _

from evenweave.access.enums import Action
from evenweave.activity.services import step
from evenweave.activity.steps import Step
from evenweave.improvement import rules
from evenweave.improvement.enums import Agreement
from evenweave.improvement.models import PlanItem, SideAnswer
from evenweave.improvement.queries.ties import ties_of
from evenweave.improvement.services.loading import locked_item, record, save_state
from evenweave.people.models import Person
from evenweave.toolkit.refusals import Refused


def answer_agreement(*, ref: str, position: str, by: Person, reason: str = "") -> PlanItem:
    """The person's side agrees or disagrees. A manager answers for management, a worker representative for the
    workers, nobody for the other. A disagreement needs its reason and stays readable after a change of mind."""
    with step() as log:
        item = locked_item(by, Action.PLAN_AGREE, ref)
        side = rules.side_of(ties_of(by, item.plan.factory).roles)
        if side is None:
            raise Refused(_("Only one who stands for management or for the workers can answer here."))
        if position not in {Agreement.AGREES, Agreement.DISAGREES}:
            raise Refused(_("Choose whether your side agrees."), field="position")
        if position == Agreement.DISAGREES and not reason.strip():
            raise Refused(_("Say what your side disagrees with. The other side reads it."), field="reason")
        if rules.is_closed_to_work(item.state, is_withdrawn=item.withdrawn_at is not None):
            raise Refused(_("This item is closed; there is nothing to answer any more."))
        SideAnswer.objects.create(
            item=item, side=side, position=position, reason=reason.strip(), language=by.language, by=by
        )
        save_state(item, rules.answered(item.state, side, position))
        record(log, Step.PLAN_ITEM_AGREED, item, by, side=side.value, position=str(position))
    return item
