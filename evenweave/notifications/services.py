"""Telling people: a row on their desk at once, a mail when the job gets to it, a digest every week."""

from datetime import timedelta

from django.apps import apps
from django.conf import settings
from django.core.signing import Signer
from django.db import models
from django.tasks import TaskContext, task
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from evenweave.access.models import Standing
from evenweave.access.scope import people_who_may, permitted
from evenweave.activity.services import label_of
from evenweave.messaging.email import gateway
from evenweave.notifications.models import Notice
from evenweave.notifications.table import NOTICES
from evenweave.people.models import Person
from evenweave.toolkit import clock
from evenweave.toolkit.jobs.running import completing

DIGEST_DAYS = 7
mute_signer = Signer(salt="digest-mute")


def notify(
    kind_key: str, *, about: models.Model, except_for: Person | None = None, buyer: models.Model | None = None
) -> list[Notice]:
    """Everyone of the kind's roles who may open `about` finds a notice on the desk; the mail follows once this
    transaction holds. With `buyer` only the people of that buyer are told. Called inside a step. A second notice of
    the same kind waits for the first to be read."""
    kind = NOTICES[kind_key]
    readers = people_who_may(kind.action, about, roles=kind.roles)
    if buyer is not None:
        readers = readers.filter(standings__in=Standing.objects.active().filter(buyer=buyer)).distinct()
    if except_for is not None:
        readers = readers.exclude(pk=except_for.pk)
    label = label_of(about)
    waiting = set(Notice.objects.filter(kind=kind.key, about=label, read_at=None).values_list("person_id", flat=True))
    notices = Notice.objects.bulk_create(
        [
            Notice(person=person, kind=kind.key, about=label, at=clock.now())
            for person in readers
            if person.pk not in waiting
        ]
    )
    if kind.is_mailed_at_once:
        for notice in notices:
            mail_notice.enqueue(notice.ref)
    return notices


def record_of(notice: Notice) -> models.Model | None:
    """The record of a notice if its reader may still open it, else None. Permission is asked now, not then."""
    label, _, ref = notice.about.partition(":")
    model = apps.get_model(label)
    return permitted(notice.person, NOTICES[notice.kind].action, model.objects.filter(ref=ref)).first()


@task(takes_context=True)
def mail_notice(context: TaskContext, ref: str) -> None:
    """Mail one notice: a line and a link, never the content. A mail server may be slow: nobody waits for it."""
    notice = Notice.objects.select_related("person").get(ref=ref)
    if notice.mailed_at or notice.dropped_at:
        return
    record = record_of(notice)
    if record is None or not notice.person.is_active:
        with completing(context):
            notice.dropped_at = clock.now()
            notice.save(update_fields=["dropped_at"])
        return
    if notice.person.email:
        with translation.override(notice.person.reads_in):
            line = str(NOTICES[notice.kind].line)
            body = render_to_string(
                "notifications/notice.txt",
                {"person": notice.person, "line": line, "url": address(reverse("notice_open", args=[notice.ref]))},
            )
        gateway.send(to=notice.person.email, subject=line, body=body, key=f"notice:{notice.ref}")
    with completing(context):
        notice.mailed_at = clock.now()
        notice.save(update_fields=["mailed_at"])


def read_notice(*, ref: str, by: Person) -> Notice | None:
    """The person opened it; returns it with its record still open to them, or None."""
    notice = Notice.objects.select_related("person").filter(person=by, ref=ref).first()
    if notice is None:
        return None
    if notice.read_at is None:
        notice.read_at = clock.now()
        notice.save(update_fields=["read_at"])
    return notice


@task
def send_digests() -> None:
    """Once a week: what changed, for everyone with an address who has something and did not mute it."""
    since = clock.now() - timedelta(days=DIGEST_DAYS)
    readers = Person.objects.filter(
        is_active=True, digest_muted=False, email__isnull=False, notices__at__gte=since, notices__dropped_at=None
    ).distinct()
    for person in readers.values_list("ref", flat=True):
        send_digest.enqueue(person, since.date().isoformat())


@task(takes_context=True)
def send_digest(context: TaskContext, person_ref: str, since_on: str) -> None:
    """One person's digest; what they may no longer open is left out."""
    person = Person.objects.get(ref=person_ref)
    notices = Notice.objects.filter(person=person, at__date__gte=since_on, dropped_at=None).select_related("person")
    open_notices = [notice for notice in notices.order_by("-at")[:100] if record_of(notice) is not None]
    if not open_notices or not person.email:
        return
    mute_url = address(reverse("digest_mute", args=[mute_signer.sign(person.ref)]))
    with translation.override(person.reads_in):
        lines = [
            (notice, NOTICES[notice.kind].line, address(reverse("notice_open", args=[notice.ref])))
            for notice in open_notices
        ]
        subject = translation.gettext("What changed this week")
        body = render_to_string("notifications/digest.txt", {"person": person, "lines": lines, "mute_url": mute_url})
    gateway.send(
        to=person.email, subject=subject, body=body, key=f"digest:{person.ref}:{since_on}", unsubscribe_url=mute_url
    )


def mute_digest(*, signed_ref: str) -> Person:
    """One click in the mail stops the digest. Raises django.core.signing.BadSignature for a changed link."""
    person = Person.objects.get(ref=mute_signer.unsign(signed_ref))
    person.digest_muted = True
    person.save(update_fields=["digest_muted"])
    return person


def address(path: str) -> str:
    """The full address of a page, for mails and documents."""
    return f"{settings.PUBLIC_ADDRESS.rstrip('/')}{path}" if settings.PUBLIC_ADDRESS else path
