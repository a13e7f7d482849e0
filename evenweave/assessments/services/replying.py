"""The factory's word: a reply to each draft finding inside its window, and more time when it needs it."""

from collections.abc import Iterable
from datetime import date
from typing import IO

from django.db import transaction
from django.tasks import task
from django.utils.formats import date_format as shown
from django.utils.translation import gettext as _

from evenweave.access.enums import Action, Shared
from evenweave.activity.services import Log, step
from evenweave.activity.steps import Step
from evenweave.assessments.enums import AssessmentState, Decision, Position
from evenweave.assessments.models import Assessment, ExtensionRequest, Reply
from evenweave.assessments.queries import finding_questions, latest_extension, most_extensions
from evenweave.enrolment.services import finish_step
from evenweave.notifications.services import notify
from evenweave.people.models import Person
from evenweave.programmes.queries import local_today
from evenweave.toolkit import clock
from evenweave.toolkit.files import store_file
from evenweave.toolkit.refusals import Refused
from evenweave.toolkit.uploads import accept_image

REPLY_STEP = "reply"  # the service model's key for it


def reply(
    *, ref: str, question_id: str, position: str, text: str, language: str, by: Person, photos: Iterable[IO[bytes]] = ()
) -> Reply:
    """The factory agrees, agrees in part or disagrees with one draft finding; said again, it replaces what it said
    before. Evidence photos are added to those already there."""
    images = [accept_image(file, field="photos") for file in photos]
    with step() as log:
        assessment = Assessment.objects.one_for(by, Action.REPLY_WRITE, ref=ref)
        _refuse_outside_window(assessment)
        if question_id not in finding_questions(assessment):
            raise Refused(_("There is no draft finding %(id)s to reply to.") % {"id": question_id})
        _refuse_words(position, text)
        given, _made = Reply.objects.update_or_create(
            assessment=assessment, question_id=question_id,
            defaults={"position": position, "text": text.strip(), "language": language, "by": by, "at": clock.now()},
        )
        for number, image in enumerate(images, start=1):
            store_file(
                content=image.bytes, name=f"{question_id}-{number}.{image.content_type.partition('/')[2]}",
                content_type=image.content_type, owner=given, action=Action.REPLY_VIEW, by=by,
            )
        _record(log, Step.REPLY_GIVEN, assessment, by, about=given,
                payload={"question": question_id, "position": position})
    return given


def _refuse_words(position: str, text: str) -> None:
    if position not in Position.values:
        raise Refused(_("Choose whether you agree, agree in part, or disagree."), field="position")
    if position != Position.AGREES and not text.strip():
        raise Refused(_("Say what you see differently, so that it can be looked at."), field="text")


def ask_extension(*, ref: str, until_on: date, reason: str, by: Person) -> ExtensionRequest:
    """The factory asks for more time: only inside its window, one request at a time."""
    with step() as log:
        assessment = Assessment.objects.one_for(by, Action.REPLY_WRITE, ref=ref)
        _refuse_outside_window(assessment)
        _refuse_extension(assessment, until_on, reason)
        asked = ExtensionRequest.objects.create(
            assessment=assessment, until_on=until_on, reason=reason.strip(), asked_by=by
        )
        _record(log, Step.EXTENSION_ASKED, assessment, by, about=asked)
        notify("extension.asked", about=asked, except_for=by)
    return asked


def _refuse_extension(assessment: Assessment, until_on: date, reason: str) -> None:
    asked = list(assessment.extensions.exclude(decision=Decision.WITHDRAWN).values_list("decision", flat=True))
    if Decision.WAITING in asked:
        raise Refused(_("You have asked for more time already. The programme has not answered yet."))
    if len(asked) >= most_extensions(assessment):
        raise Refused(_("You have asked for more time before. The programme's rules allow it no further time."))
    if until_on <= assessment.reply_due_on:
        raise Refused(_("Enter a date after %(day)s.") % {"day": shown(assessment.reply_due_on)}, field="until_on")
    latest = latest_extension(assessment)
    if until_on > latest:
        raise Refused(_("Enter a date up to %(day)s.") % {"day": shown(latest)}, field="until_on")
    if not reason.strip():
        raise Refused(_("Say why you need more time."), field="reason")


def decide_extension(*, extension_ref: str, granted: bool, reason: str, by: Person) -> ExtensionRequest:
    """Staff grant or refuse more time, and say why. Granting moves the last day of the window."""
    with step() as log:
        asked = ExtensionRequest.objects.one_for(by, Action.REPLY_DECIDE, ref=extension_ref)
        assessment = Assessment.objects.select_for_update(of=("self",)).get(pk=asked.assessment_id)
        if asked.decision != Decision.WAITING:
            raise Refused(_("This request has been decided already."))
        if not reason.strip():
            raise Refused(_("Say why. The factory reads it."), field="reason")
        asked.decision = Decision.GRANTED if granted else Decision.REFUSED
        asked.decision_reason = reason.strip()
        asked.decided_by, asked.decided_at = by, clock.now()
        asked.save(update_fields=["decision", "decision_reason", "decided_by", "decided_at"])
        if granted:
            assessment.reply_due_on = asked.until_on
            assessment.save(update_fields=["reply_due_on"])
        _record(log, Step.EXTENSION_DECIDED, assessment, by, about=asked, payload={"granted": granted})
        notify("extension.decided", about=assessment, except_for=by)
    return asked


def close_replies(*, ref: str, by: Person | None) -> Assessment:
    """The factory has said what it had to say, or (`by` None) its window has passed: the report can be released.
    A request for more time that still waits falls away."""
    with step() as log:
        if by is None:
            assessment = Assessment.objects.select_for_update(of=("self",)).get(ref=ref)
        else:
            assessment = Assessment.objects.one_for(by, Action.REPLY_WRITE, ref=ref)
        if assessment.state != AssessmentState.WITH_FACTORY:
            raise Refused(_("The replies to this assessment have been sent already."))
        now = clock.now()
        assessment.extensions.filter(decision=Decision.WAITING).update(
            decision=Decision.WITHDRAWN, decided_by=by, decided_at=now
        )
        assessment.state = AssessmentState.REPLIED
        assessment.replied_at = now
        assessment.save(update_fields=["state", "replied_at"])
        finish_step(cycle=assessment.cycle, step_key=REPLY_STEP, on=local_today(assessment.programme, now))
        _record(log, Step.REPLY_CLOSED, assessment, by, about=assessment)
        notify("reply.closed", about=assessment, except_for=by)
    return assessment


@task
def close_passed_windows() -> None:
    """Close every window whose last day has passed in its programme, unless a request for more time waits."""
    waiting = Assessment.objects.filter(state=AssessmentState.WITH_FACTORY).exclude(
        extensions__decision=Decision.WAITING
    )
    now = clock.now()
    for ref, programme, due_on in waiting.values_list("ref", "programme", "reply_due_on"):
        if due_on < local_today(programme, now):
            with transaction.atomic():
                close_replies(ref=ref, by=None)


def _refuse_outside_window(assessment: Assessment) -> None:
    if assessment.state != AssessmentState.WITH_FACTORY:
        raise Refused(_("The replies to this assessment have been sent. Nothing can be added."))
    if local_today(assessment.programme, clock.now()) > assessment.reply_due_on:
        raise Refused(
            _("The window for replies ended on %(day)s.") % {"day": shown(assessment.reply_due_on)}
        )


def _record(
    log: Log, taken: Step, assessment: Assessment, by: Person | None, *, about, payload: dict | None = None
) -> None:
    log.record(
        taken, about=about, by=by, sharing=Shared.FACTORY, factory=assessment.factory, assessment=assessment,
        cycle=assessment.cycle, payload=payload,
    )
