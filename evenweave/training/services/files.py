"""The certificates of a session as PDF, made by a job once it is closed."""

from django.tasks import task
from django.tasks.base import TaskContext

from evenweave.access.enums import Action
from evenweave.notifications.services import notify
from evenweave.toolkit.files import files_of_many, store_file
from evenweave.toolkit.jobs.running import completing, enqueue_once
from evenweave.training.models import Certificate, Session


def ask_for_certificates(session: Session) -> None:
    """Inside the step that closed it: the job exists when, and only when, the step holds."""
    enqueue_once(render_certificates, f"certificates of session {session.ref}", session.ref)


@task(takes_context=True, queue_name="documents")
def render_certificates(context: TaskContext, ref: str) -> None:
    """Make the files that are missing, then tell each factory. Done twice, it is done once."""
    from evenweave.training.rendering import certificate_pdf  # heavy, and only the worker makes files

    missing = _without_file(ref)
    made = {certificate.pk: certificate_pdf(certificate) for certificate in missing}
    with completing(context):
        still = [one for one in _without_file(ref) if one.pk in made]
        for certificate in still:
            store_file(
                content=made[certificate.pk], name=f"certificate-{certificate.ref}.pdf",
                content_type="application/pdf", owner=certificate, action=Action.TRAINING_PEOPLE,
            )
        first = {one.registration.factory_id: one for one in reversed(still)}
        for certificate in first.values():
            notify("training.certificates", about=certificate)


def _without_file(ref: str) -> list[Certificate]:
    found = list(
        Certificate.objects.filter(registration__session__ref=ref)
        .select_related("registration__factory", "registration__session__trainer").order_by("pk")
    )
    files = files_of_many(found)
    return [one for one in found if not files[one.pk]]
