"""The quality review: comments, back to the assessors, or on to the factory."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from evenweave.access.enums import Action, Shared
from evenweave.activity.services import Log, step
from evenweave.activity.steps import Step
from evenweave.assessments.enums import AssessmentState
from evenweave.assessments.models import Assessment, Photo, ReviewComment
from evenweave.assessments.queries import finding_questions, reply_window_ends
from evenweave.assessments.rules import may_move
from evenweave.enrolment.services import anchor_steps, finish_step
from evenweave.notifications.services import notify
from evenweave.people.models import Person
from evenweave.programmes.queries import local_today
from evenweave.questionnaires.queries import compiled
from evenweave.toolkit import clock
from evenweave.toolkit.refusals import Refused

# Keys of the service model's steps and anchors (content/programmes).
ASSESSMENT_STEP, DRAFT_STEP = "assessment", "draft"
ON_SITE_ANCHOR, DRAFT_SENT_ANCHOR = "assessment", "draft_sent"


def comment(*, ref: str, question_id: str, text: str, by: Person) -> ReviewComment:
    """A comment of the reviewer on one question, or on the whole with an empty question id."""
    with transaction.atomic():
        assessment = Assessment.objects.one_for(by, Action.ASSESSMENT_REVIEW, ref=ref)
        _refuse_unless_in_review(assessment)
        if question_id and not compiled(assessment.tool_id).has(question_id):
            raise Refused(_("This version of the questionnaire does not ask %(id)s.") % {"id": question_id})
        if not text.strip():
            raise Refused(_("Enter what should change, and why."), field="text")
        return ReviewComment.objects.create(
            assessment=assessment, question_id=question_id, text=text.strip(), by=by
        )


def resolve_comment(*, comment_ref: str, by: Person) -> ReviewComment:
    """An assessor has dealt with a comment; the reviewer sees who and when."""
    with transaction.atomic():
        found = ReviewComment.objects.one_for(by, Action.ASSESSMENT_ANSWER, ref=comment_ref)
        if found.resolved_at is None:
            found.resolved_at = clock.now()
            found.resolved_by = by
            found.save(update_fields=["resolved_at", "resolved_by"])
    return found


def return_to_assessors(*, ref: str, by: Person) -> Assessment:
    """The assessment goes back with its comments; answers can be changed again."""
    with step() as log:
        assessment = Assessment.objects.one_for(by, Action.ASSESSMENT_REVIEW, ref=ref)
        _refuse_unless_in_review(assessment)
        if not assessment.comments.filter(resolved_at=None).exists():
            raise Refused(_("Write at least one comment first: the assessors must know what to change."))
        assessment.state = AssessmentState.RETURNED
        assessment.save(update_fields=["state"])
        _record(log, Step.ASSESSMENT_RETURNED, assessment, by, Shared.STAFF)
        notify("assessment.returned", about=assessment, except_for=by)
    return assessment


def approve(*, ref: str, by: Person) -> Assessment:
    """The draft findings go to the factory, and with them its window for replies opens. From here on the factory
    and its coach know of the assessment; the days of the cycle that hang on it are moved and shown."""
    with step() as log:
        assessment = Assessment.objects.one_for(by, Action.ASSESSMENT_REVIEW, ref=ref)
        _refuse_unless_in_review(assessment)
        now = clock.now()
        today = local_today(assessment.programme, now)
        assessment.state = AssessmentState.WITH_FACTORY
        assessment.sharing = Shared.FACTORY
        assessment.approved_at = now
        assessment.reply_due_on = reply_window_ends(assessment.programme, today)
        assessment.save(update_fields=["state", "sharing", "approved_at", "reply_due_on"])
        Photo.objects.filter(
            assessment=assessment, withdrawn_at=None, question_id__in=finding_questions(assessment)
        ).update(sharing=Shared.FACTORY)
        _record(log, Step.ASSESSMENT_APPROVED, assessment, by, Shared.FACTORY)
        _move_cycle(assessment, today)
        notify("reply.opened", about=assessment, except_for=by)
    return assessment


def _move_cycle(assessment: Assessment, today: date) -> None:
    """Only now: a day of the cycle that moved earlier would have told the factory when its assessment was."""
    cycle = assessment.cycle
    finish_step(cycle=cycle, step_key=ASSESSMENT_STEP, on=assessment.ended_on)
    anchor_steps(cycle=cycle, anchor_key=ON_SITE_ANCHOR, on=assessment.ended_on)
    finish_step(cycle=cycle, step_key=DRAFT_STEP, on=today)
    anchor_steps(cycle=cycle, anchor_key=DRAFT_SENT_ANCHOR, on=today)


def _refuse_unless_in_review(assessment: Assessment) -> None:
    if not may_move(assessment.state, AssessmentState.RETURNED):
        raise Refused(
            _("This assessment is not in review: its state is “%(state)s”.")
            % {"state": assessment.get_state_display()}
        )


def _record(log: Log, taken: Step, assessment: Assessment, by: Person, sharing: Shared) -> None:
    log.record(
        taken, about=assessment, by=by, sharing=sharing, factory=assessment.factory, assessment=assessment,
        cycle=assessment.cycle,
    )
