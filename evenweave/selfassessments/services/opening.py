"""A factory opens the self-assessment of its running cycle."""

from django.utils.translation import gettext as _

from evenweave.access.enums import Action, Shared
from evenweave.activity.services import Log, step
from evenweave.activity.steps import Step
from evenweave.enrolment.models import Cycle
from evenweave.improvement.enums import Side
from evenweave.notifications.services import notify
from evenweave.organisations.models import Factory
from evenweave.people.models import Person
from evenweave.questionnaires.queries import NoToolInForceError
from evenweave.questionnaires.services import take_into_use
from evenweave.selfassessments.models import SelfAssessment, SideSheet
from evenweave.selfassessments.queries import cycle_to_open, side_of, today_of
from evenweave.toolkit.refusals import Refused


def open_self_assessment(*, factory_ref: str, by: Person) -> SelfAssessment:
    """Two empty sheets, one a side, on the version of the tool in force today, which is fixed for good. Both sides
    are told. One a cycle, whether or not the service model asks for it."""
    with step() as log:
        factory = Factory.objects.one_for(by, Action.SELF_ASSESSMENT_ANSWER, ref=factory_ref)
        cycle = cycle_to_open(factory)
        if cycle is None:
            raise Refused(_("This cycle has its self-assessment already, or no cycle is running."))
        if side_of(by, factory) is None:
            raise Refused(_("You stand on neither side of this factory, so you cannot speak for one."))
        found = SelfAssessment(cycle=cycle, opened_by=by)
        found.tool = _tool_of_today(cycle, found)
        found.save()
        SideSheet.objects.bulk_create(SideSheet(self_assessment=found, side=side) for side in Side)
        record(log, Step.SELF_ASSESSMENT_OPENED, found, by)
        notify("self_assessment.opened", about=found, except_for=by)
    return found


def _tool_of_today(cycle: Cycle, found: SelfAssessment):
    try:
        return take_into_use(cycle.programme, today_of(found))
    except NoToolInForceError:
        raise Refused(_("No version of the questionnaire is in force today.")) from None


def record(log: Log, kind: Step, found: SelfAssessment, by: Person, **payload) -> None:
    """One line in the factory's log. It never carries an answer, nor how many were given."""
    log.record(
        kind, about=found, by=by, sharing=Shared.FACTORY, factory=found.cycle.factory, cycle=found.cycle,
        payload=payload,
    )
