"""The minutes as PDF, made by a job: when they are closed, and again with each signature."""

from django.db import transaction
from django.tasks import task
from django.tasks.base import TaskContext

from evenweave.access.enums import Action
from evenweave.committees.models import Meeting, MinutesFile
from evenweave.committees.queries.minutes import frozen_minutes, valid_signatures
from evenweave.programmes.queries import rules_on
from evenweave.toolkit.files import store_file
from evenweave.toolkit.jobs.running import completing, enqueue_once


def ask_for_minutes_files(meeting: Meeting) -> None:
    """Inside the step that closed or signed them: the job exists when, and only when, the step holds."""
    signed = len(valid_signatures(meeting))
    enqueue_once(
        render_minutes, f"minutes of {meeting.ref}, {meeting.minutes_sha256}, {signed} signatures", meeting.ref
    )


@task(takes_context=True, queue_name="documents")
def render_minutes(context: TaskContext, ref: str) -> None:
    """Make the files that are missing for the text and the signatures of now. Done twice, it is done once."""
    from evenweave.committees.rendering import LANGUAGES, minutes_pdf  # heavy, and only the worker makes files

    meeting = Meeting.objects.select_related("committee__factory").get(ref=ref)
    signatures = valid_signatures(meeting)
    facts, state = frozen_minutes(meeting), (meeting.minutes_sha256, len(signatures))
    wanted = rules_on(meeting.committee.factory.programme, meeting.on).report_languages
    made = {
        language: minutes_pdf(facts, signatures, language, sha256=meeting.minutes_sha256, at=meeting.closed_at)
        for language in LANGUAGES
        if language in {*wanted, LANGUAGES[0]} and not _is_there(meeting, language, state)
    }
    with completing(context):
        for language, content in made.items():
            if not _is_there(meeting, language, state):
                _keep(meeting, language, content, state)


def _is_there(meeting: Meeting, language: str, state: tuple[str, int]) -> bool:
    sha256, signatures = state
    return MinutesFile.objects.filter(
        meeting=meeting, language=language, sha256=sha256, signatures=signatures
    ).exists()


def _keep(meeting: Meeting, language: str, content: bytes, state: tuple[str, int]) -> None:
    sha256, signatures = state
    with transaction.atomic():
        stored = store_file(
            content=content, name=f"minutes-{meeting.number}-{meeting.on.isoformat()}-{language}.pdf",
            content_type="application/pdf", owner=meeting, action=Action.COMMITTEE_VIEW,
        )
        MinutesFile.objects.create(
            meeting=meeting, language=language, sha256=sha256, signatures=signatures, stored=stored
        )
