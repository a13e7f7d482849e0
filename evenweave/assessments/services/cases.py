"""Zero tolerance: a suspicion opens its case at once, with its own clock and audience, whatever happens elsewhere.

The name of the person to protect stands in a row of its own; no log entry, notice or file ever holds it."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from evenweave.access.enums import Action, Role, Shared
from evenweave.activity.services import step
from evenweave.activity.steps import Step
from evenweave.assessments.enums import CaseState
from evenweave.assessments.models import Assessment, CaseStep, ProtectedPerson, ZeroToleranceCase
from evenweave.assessments.queries import protocol_of
from evenweave.notifications.services import notify
from evenweave.organisations.models import Factory
from evenweave.people.models import Person
from evenweave.programmes.rules import ZeroTolerance
from evenweave.questionnaires.queries import compiled
from evenweave.toolkit import clock
from evenweave.toolkit.refusals import Refused


def open_case(
    *, issue: str, description: str, by: Person, factory_ref: str | None = None, assessment_ref: str | None = None,
    question_id: str = "", protected_name: str = "", protected_details: str = "",
) -> ZeroToleranceCase:
    """A suspicion is enough, with or without a question, before, during or after an assessment. The clock of the
    programme's protocol starts now, and the programme's leaders are told. Give the factory or the assessment."""
    with step() as log:
        factory, assessment = _place(by, factory_ref, assessment_ref)
        now = clock.now()
        protocol = protocol_of(factory.programme, now)
        _refuse_words(protocol, issue, description)
        if question_id and (assessment is None or not compiled(assessment.tool_id).has(question_id)):
            raise Refused(_("This assessment does not ask %(id)s.") % {"id": question_id}, field="question_id")
        case = ZeroToleranceCase.objects.create(
            factory=factory, programme=factory.programme, assessment=assessment, question_id=question_id,
            issue=issue, description=description.strip(), opened_by=by, opened_at=now,
        )
        _start_clock(case, protocol)
        if protected_name.strip() or protected_details.strip():
            ProtectedPerson.objects.create(
                case=case, name=protected_name.strip(), details=protected_details.strip()
            )
        log.record(
            Step.ZERO_TOLERANCE_OPENED, about=case, by=by, sharing=Shared.STAFF, factory=factory,
            assessment=assessment, payload={"issue": issue},
        )
        notify("zero_tolerance.opened", about=case, except_for=by)
    return case


def _place(by: Person, factory_ref: str | None, assessment_ref: str | None) -> tuple[Factory, Assessment | None]:
    if assessment_ref is not None:
        assessment = Assessment.objects.one_for(by, Action.ZERO_TOLERANCE_OPEN, ref=assessment_ref)
        return assessment.factory, assessment
    return Factory.objects.one_for(by, Action.ZERO_TOLERANCE_OPEN, ref=factory_ref), None


def _refuse_words(protocol: ZeroTolerance, issue: str, description: str) -> None:
    if issue not in {known.key for known in protocol.issues}:
        raise Refused(_("Choose what you suspect."), field="issue")
    if not description.strip():
        raise Refused(_("Say what was seen or heard, where and when."), field="description")


def _start_clock(case: ZeroToleranceCase, protocol: ZeroTolerance) -> None:
    due = protocol.deadlines(case.opened_at)
    CaseStep.objects.bulk_create(
        CaseStep(case=case, key=duty.key, order=duty.order, due_at=due[duty.key]) for duty in protocol.duties
    )


def take_step(*, case_ref: str, key: str, note: str, by: Person) -> CaseStep:
    """One duty of the protocol is done. What counts from it gets its new latest moment; where the duty informs the
    ministry, its observers can read the case from now on and are told."""
    with step() as log:
        case = _open_case_for(by, case_ref)
        steps = {row.key: row for row in case.steps.all()}
        taken = steps.get(key)
        if taken is None or taken.done_at is not None:
            raise Refused(_("This duty is done already, or the protocol does not know it."))
        protocol = protocol_of(case.programme, case.opened_at)
        _refuse_out_of_turn(protocol, key, steps)
        taken.done_at, taken.done_by, taken.note = clock.now(), by, note.strip()
        taken.save(update_fields=["done_at", "done_by", "note"])
        _move_clock(case, protocol, steps)
        log.record(
            Step.ZERO_TOLERANCE_STEP, about=case, by=by, sharing=Shared.STAFF, factory=case.factory,
            assessment=case.assessment, payload={"duty": key},
        )
        if Role.MINISTRY in _informed_by(protocol, key):
            _inform_ministry(case, by)
    return taken


def _open_case_for(by: Person, case_ref: str) -> ZeroToleranceCase:
    case = ZeroToleranceCase.objects.one_for(by, Action.ZERO_TOLERANCE_HANDLE, ref=case_ref)
    if case.state != CaseState.OPEN:
        raise Refused(_("This case is closed."))
    return case


def _refuse_out_of_turn(protocol: ZeroTolerance, key: str, steps: Mapping[str, CaseStep]) -> None:
    after = next((duty.after for duty in protocol.duties if duty.key == key), "opened")
    if after in steps and steps[after].done_at is None:
        raise Refused(_("The duty before this one is still open. Do that first."))


def _move_clock(case: ZeroToleranceCase, protocol: ZeroTolerance, steps: Mapping[str, CaseStep]) -> None:
    done = {row.key: row.done_at for row in steps.values() if row.done_at is not None}
    due = protocol.deadlines(case.opened_at, done)
    moved = [row for row in steps.values() if row.done_at is None and due.get(row.key, row.due_at) != row.due_at]
    for row in moved:
        row.due_at = due[row.key]
    CaseStep.objects.bulk_update(moved, ["due_at"])


def _informed_by(protocol: ZeroTolerance, key: str) -> tuple[str, ...]:
    return next((duty.informs for duty in protocol.duties if duty.key == key), ())


def _inform_ministry(case: ZeroToleranceCase, by: Person) -> None:
    """FACTORY is the level at which the ministry reads a case; no path leads from a case to the factory's people."""
    if case.sharing < Shared.FACTORY:
        case.sharing = Shared.FACTORY
        case.save(update_fields=["sharing"])
        notify("zero_tolerance.informed", about=case, except_for=by)


def close_case(*, case_ref: str, outcome: str, by: Person) -> ZeroToleranceCase:
    """The case ends with its outcome, once every duty is done: a case is never closed by waiting."""
    with step() as log:
        case = _open_case_for(by, case_ref)
        if case.steps.filter(done_at=None).exists():
            raise Refused(_("Some duties are still open. Do them first, or note at each why it is not needed."))
        if not outcome.strip():
            raise Refused(_("Say how the case ended."), field="outcome")
        case.state, case.closed_at, case.outcome = CaseState.CLOSED, clock.now(), outcome.strip()
        case.save(update_fields=["state", "closed_at", "outcome"])
        log.record(
            Step.ZERO_TOLERANCE_CLOSED, about=case, by=by, sharing=Shared.STAFF, factory=case.factory,
            assessment=case.assessment,
        )
    return case
