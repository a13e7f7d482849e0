"""A good practice: written down, consented to by its factory, published by the programme, withdrawn at any time."""

from django.http import Http404
from django.utils.translation import gettext as _

from evenweave.access.enums import Action, Shared
from evenweave.activity.services import Log, step
from evenweave.activity.steps import Step
from evenweave.notifications.services import notify
from evenweave.organisations.models import Factory
from evenweave.people.models import Person
from evenweave.toolkit import clock
from evenweave.toolkit.refusals import Refused
from evenweave.training.models import Practice, PracticeConsent, Seminar
from evenweave.training.queries.seminars import consent_of, seminars_for

CONSENT_TEXT = "2026.1"


def write_practice(
    *, factory_ref: str, title: str, problem: str, done: str, result: str, course: str = "", seminar_ref: str = "",
    by: Person,
) -> Practice:
    """Something that worked is written down. Nobody outside reads it before the factory has consented and the
    programme has published it."""
    with step() as log:
        factory = Factory.objects.permitted(by, Action.PRACTICE_WRITE).active().filter(ref=factory_ref).first()
        if factory is None:
            raise Http404
        seminar: Seminar | None = seminars_for(by).filter(ref=seminar_ref).first() if seminar_ref else None
        practice = Practice.objects.create(
            factory=factory, seminar=seminar, title=title.strip(), problem=problem.strip(), done=done.strip(),
            result=result.strip(), course=course, language=by.language, written_by=by,
        )
        _record(log, Step.PRACTICE_WRITTEN, practice, by)
        notify("practice.written", about=practice, except_for=by)
    return practice


def edit_practice(
    *, ref: str, title: str, problem: str, done: str, result: str, course: str = "", by: Person
) -> Practice:
    """Other words. Not while a consent stands: the factory consented to these words."""
    with step() as log:
        practice = Practice.objects.one_for(by, Action.PRACTICE_WRITE, ref=ref)
        if consent_of(practice):
            raise Refused(_("The factory has consented to this text. Withdraw the consent first, then change it."))
        practice.title, practice.problem, practice.done = title.strip(), problem.strip(), done.strip()
        practice.result, practice.course, practice.language = result.strip(), course, by.language
        practice.save()
        _record(log, Step.PRACTICE_WRITTEN, practice, by)
        notify("practice.written", about=practice, except_for=by)
    return practice


def consent_to_practice(*, ref: str, is_named: bool, by: Person) -> PracticeConsent:
    """The factory lets others read it, with its name or without."""
    with step() as log:
        practice = Practice.objects.select_related("factory").one_for(by, Action.PRACTICE_CONSENT, ref=ref)
        if consent_of(practice):
            raise Refused(_("The factory has consented already."))
        consent = PracticeConsent.objects.create(
            practice=practice, is_named=is_named, text_version=CONSENT_TEXT, given_by=by
        )
        _record(log, Step.PRACTICE_CONSENTED, practice, by, is_named=is_named, text=CONSENT_TEXT)
        notify("practice.consented", about=practice, except_for=by)
    return consent


def withdraw_practice(*, ref: str, by: Person) -> Practice:
    """From this moment nobody reads it in the library any more; the text stays with the factory."""
    with step() as log:
        practice = Practice.objects.select_related("factory").one_for(by, Action.PRACTICE_CONSENT, ref=ref)
        consent = practice.consents.select_for_update().filter(revoked_at=None).first()
        if consent is None:
            raise Refused(_("There is no consent to withdraw."))
        consent.revoked_by, consent.revoked_at = by, clock.now()
        consent.save(update_fields=["revoked_by", "revoked_at"])
        practice.published_by = practice.published_at = None
        practice.save(update_fields=["published_by", "published_at"])
        _record(log, Step.PRACTICE_WITHDRAWN, practice, by)
        notify("practice.withdrawn", about=practice, except_for=by)
    return practice


def publish_practice(*, ref: str, by: Person) -> Practice:
    """Into the library of every programme; only what the factory has consented to."""
    with step() as log:
        practice = Practice.objects.select_related("factory").one_for(by, Action.PRACTICE_PUBLISH, ref=ref)
        if consent_of(practice) is None:
            raise Refused(_("The factory has not consented."))
        if practice.published_at:
            raise Refused(_("It is published already."))
        practice.published_by, practice.published_at = by, clock.now()
        practice.save(update_fields=["published_by", "published_at"])
        _record(log, Step.PRACTICE_PUBLISHED, practice, by)
        notify("practice.published", about=practice, except_for=by)
    return practice


def _record(log: Log, kind: Step, practice: Practice, by: Person, **payload) -> None:
    log.record(
        kind, about=practice, by=by, sharing=Shared.FACTORY, factory=practice.factory, payload=payload
    )
