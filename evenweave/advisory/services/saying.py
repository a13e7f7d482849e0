"""What the factory's sides say of a visit, and how the coach sees their dialogue."""

from django.utils.translation import gettext as _

from evenweave.access.enums import Action, Shared
from evenweave.activity.services import step
from evenweave.activity.steps import Step
from evenweave.advisory.enums import DialogueProgress, VisitState
from evenweave.advisory.models import DialogueScore, Visit, VisitWord
from evenweave.advisory.queries import is_coached
from evenweave.enrolment.models import Cycle
from evenweave.improvement.queries import ties_of
from evenweave.notifications.services import notify
from evenweave.people.models import Person
from evenweave.toolkit.refusals import Refused


def answer_visit(*, ref: str, is_as_agreed: bool, text: str, by: Person) -> VisitWord:
    """One side of the factory says whether the log is what was agreed. The coach is told when it is not."""
    with step() as log:
        visit = Visit.objects.select_related("cycle__factory").one_for(by, Action.VISIT_ANSWER, ref=ref)
        side = ties_of(by, visit.cycle.factory).side
        if side is None:
            raise Refused(_("You stand on neither side of this factory, so you cannot speak for one."))
        if visit.state != VisitState.HELD:
            raise Refused(_("There is nothing to answer yet: the visit is not logged."))
        if not is_as_agreed and not text.strip():
            raise Refused(_("Say what was agreed instead."), field="text")
        word = VisitWord.objects.create(
            visit=visit, side=side, is_as_agreed=is_as_agreed, text=text.strip(), language=by.language, by=by
        )
        log.record(
            Step.VISIT_ANSWERED, about=visit, by=by, sharing=Shared.FACTORY, factory=visit.cycle.factory,
            cycle=visit.cycle, payload={"side": str(side), "is_as_agreed": is_as_agreed},
        )
        if not is_as_agreed:
            notify("visit.answered", about=visit, except_for=by)
    return word


def score_dialogue(*, cycle_ref: str, progress: str, reason: str, by: Person) -> DialogueScore:
    """How far management and workers have come in talking to each other. The factory reads it, with the reason."""
    with step() as log:
        cycle = Cycle.objects.select_related("factory").one_for(by, Action.VISIT_LOG, ref=cycle_ref)
        if not is_coached(cycle):
            raise Refused(_("This cycle is an assessment alone: no advisory was bought with it."))
        if not reason.strip():
            raise Refused(_("Say what you saw. Both sides read it."), field="reason")
        score = DialogueScore.objects.create(
            cycle=cycle, progress=DialogueProgress(progress), reason=reason.strip(), language=by.language, by=by
        )
        log.record(
            Step.DIALOGUE_SCORED, about=score, by=by, sharing=Shared.FACTORY, factory=cycle.factory, cycle=cycle,
            payload={"progress": str(score.progress)},
        )
    return score
