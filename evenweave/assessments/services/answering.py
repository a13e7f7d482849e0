"""On site: starting, answering, who takes which cluster, photos."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import IO
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from evenweave.access.enums import Action, Role, Shared
from evenweave.access.scope import people_who_may
from evenweave.activity.services import step
from evenweave.activity.steps import Step
from evenweave.assessments.enums import AssessmentState
from evenweave.assessments.models import Assessment, ClusterOwner, Photo
from evenweave.assessments.rules import FieldState, may_move
from evenweave.assessments.services import ledger
from evenweave.assessments.services.ledger import Accepted, Said
from evenweave.assessments.services.recording import checked_value, ledger_of, record_changes, refuse_when_closed
from evenweave.people.models import Person
from evenweave.programmes.queries import local_today
from evenweave.questionnaires.enums import FACTS
from evenweave.questionnaires.models import CompiledTool
from evenweave.questionnaires.queries import NoToolInForceError, compiled
from evenweave.questionnaires.rules import Question
from evenweave.questionnaires.services import take_into_use
from evenweave.toolkit import clock
from evenweave.toolkit.files import store_file
from evenweave.toolkit.refusals import Refused
from evenweave.toolkit.uploads import accept_image

__all__ = [
    "Accepted",
    "Said",
    "add_photo",
    "answer_question",
    "record_changes",
    "settle",
    "start",
    "take_cluster",
    "withdraw_photo",
]


def start(*, ref: str, by: Person) -> Assessment:
    """The assessors are at the gate: the version of the tool in force today is fixed for good."""
    with step() as log:
        assessment = Assessment.objects.one_for(by, Action.ASSESSMENT_ANSWER, ref=ref)
        if not may_move(assessment.state, AssessmentState.IN_PROGRESS):
            raise Refused(_("This assessment has been started already."))
        today = local_today(assessment.programme, clock.now())
        assessment.tool = _tool_of_today(assessment.programme, today)
        assessment.state = AssessmentState.IN_PROGRESS
        assessment.started_on = today
        assessment.save(update_fields=["tool", "state", "started_on"])
        log.record(
            Step.ASSESSMENT_STARTED, about=assessment, by=by, sharing=Shared.STAFF, factory=assessment.factory,
            assessment=assessment, cycle=assessment.cycle,
        )
    return assessment


def _tool_of_today(programme: str, today: date) -> CompiledTool:
    try:
        return take_into_use(programme, today)
    except NoToolInForceError:
        raise Refused(_("No version of the questionnaire is in force today.")) from None


@dataclass(frozen=True)
class Answered:
    """A question after a save: the state of each of its fields."""

    assessment: Assessment
    question: Question
    states: Mapping[str, FieldState]


def answer_question(*, ref: str, question_id: str, said: Mapping[str, Said], by: Person) -> Answered:
    """Take in what a form says about one question, as changes: only fields that differ from what the form was drawn
    from. Sent twice it counts once; sent again with something else, the second stands on the first."""
    with transaction.atomic():
        assessment = Assessment.objects.one_for(by, Action.ASSESSMENT_ANSWER, ref=ref)
        refuse_when_closed(assessment)
        tool = compiled(assessment.tool_id)
        kept = ledger.take_said(ledger_of(assessment), tool, question_id, said, by, checked_value)
    return Answered(assessment, tool.question(question_id), kept)


def settle(
    *, ref: str, question_id: str, field: str, chosen: UUID, heads: frozenset[UUID], change_id: UUID, by: Person
) -> FieldState:
    """End a conflict: the chosen answer stands, on top of all that were shown (`heads`). What somebody said in the
    meantime is no part of the choice and stays a conflict."""
    with transaction.atomic():
        assessment = Assessment.objects.one_for(by, Action.ASSESSMENT_ANSWER, ref=ref)
        refuse_when_closed(assessment)
        return ledger.settle_on(
            ledger_of(assessment), compiled(assessment.tool_id), (question_id, field), chosen, heads, change_id, by,
            checked_value,
        )


def take_cluster(*, ref: str, cluster: str, by: Person, owner_ref: str | None = None) -> ClusterOwner:
    """The cluster (or "facts") is from now on done by `owner_ref`, one of the assessors; by default by oneself."""
    with transaction.atomic():
        assessment = Assessment.objects.one_for(by, Action.ASSESSMENT_ANSWER, ref=ref)
        refuse_when_closed(assessment)
        tool = compiled(assessment.tool_id)
        if cluster not in {FACTS, *(one.key for one in tool.clusters)}:
            raise Refused(_("This version of the questionnaire has no such cluster."))
        owner = by if owner_ref is None else _assessor(assessment, owner_ref)
        row, _made = ClusterOwner.objects.update_or_create(
            assessment=assessment, cluster=cluster, defaults={"person": owner}
        )
    return row


def _assessor(assessment: Assessment, person_ref: str) -> Person:
    found = people_who_may(Action.ASSESSMENT_ANSWER, assessment, roles={Role.ASSESSOR}).filter(ref=person_ref).first()
    if found is None:
        raise Refused(_("A cluster is taken by one of the assessors."))
    return found


def add_photo(*, ref: str, question_id: str, file: IO[bytes], caption: str, by: Person) -> Photo:
    """Keep a photo on a question: redrawn, without metadata. The same picture sent twice is kept once."""
    image = accept_image(file, field="photo")
    with transaction.atomic():
        assessment = Assessment.objects.one_for(by, Action.ASSESSMENT_ANSWER, ref=ref)
        refuse_when_closed(assessment)
        ledger.question_of(compiled(assessment.tool_id), question_id)
        photo, is_new = Photo.objects.get_or_create(
            assessment=assessment, question_id=question_id, sha256_sent=image.sha256_of_sent,
            defaults={"caption": caption.strip()[:200], "taken_by": by},
        )
        if is_new:
            store_file(
                content=image.bytes, name=f"{question_id}.{image.content_type.partition('/')[2]}",
                content_type=image.content_type, owner=photo, action=Action.ASSESSMENT_VIEW, by=by,
            )
        elif photo.withdrawn_at is not None:
            photo.withdrawn_at = None
            photo.save(update_fields=["withdrawn_at"])
    return photo


def withdraw_photo(*, photo_ref: str, by: Person) -> Photo:
    """The photo is no longer evidence; its record stays."""
    with transaction.atomic():
        photo = Photo.objects.one_for(by, Action.ASSESSMENT_ANSWER, ref=photo_ref)
        assessment = Assessment.objects.one_for(by, Action.ASSESSMENT_ANSWER, pk=photo.assessment_id)
        refuse_when_closed(assessment)
        if photo.withdrawn_at is None:
            photo.withdrawn_at = clock.now()
            photo.save(update_fields=["withdrawn_at"])
    return photo
