"""Inviting people in, and letting them go."""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.tasks import task
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from evenweave.access.enums import SCOPE_OF, Role, Scope, Shared
from evenweave.access.services import give_standing
from evenweave.activity.services import step
from evenweave.activity.steps import Step
from evenweave.people.models import Invitation, Person
from evenweave.people.queries import Offer
from evenweave.people.rules import normal_phone
from evenweave.toolkit import clock
from evenweave.toolkit.refusals import Refused

INVITATION_DAYS = 14


def invite(
    *, name: str, email: str, role: Role, by: Person, factory=None, buyer=None, programme: str = ""
) -> tuple[Invitation, str]:
    """A person is asked in with one role; returns the invitation and its token, which is kept nowhere."""
    token = secrets.token_urlsafe(32)
    with step() as log:
        invitation = Invitation.objects.create(
            token_hash=_hash(token),
            name=name,
            email=email,
            role=role,
            factory=factory,
            buyer=buyer,
            programme=programme,
            invited_by=by,
            expires_at=clock.now() + timedelta(days=INVITATION_DAYS),
        )
        log.record(
            Step.PERSON_INVITED,
            about=invitation,
            by=by,
            factory=factory,
            programme=programme,
            sharing=_sharing(role),
            payload={"role": role},
        )
    return invitation, token


def open_invitation(*, token: str) -> Invitation | None:
    """The invitation of a token that may still be accepted."""
    return (
        Invitation.objects.filter(token_hash=_hash(token), accepted_at=None, expires_at__gt=clock.now())
        .select_related("factory", "buyer")
        .first()
    )


def accept_invitation(*, token: str, password: str | None, language: str) -> Person:
    """The account exists and its standing holds from now on. Without a password only other ways of signing in work."""
    with step() as log:
        invitation = open_invitation(token=token)
        if invitation is None:
            raise Refused(_("This invitation is no longer open. Ask the person who invited you for a new one."))
        person = _account(invitation, password, language)
        give_standing(
            role=Role(invitation.role),
            holder=person,
            factory=invitation.factory,
            buyer=invitation.buyer,
            programme=invitation.programme,
        )
        invitation.accepted_at, invitation.accepted_by = clock.now(), person
        invitation.save(update_fields=["accepted_at", "accepted_by"])
        log.record(
            Step.PERSON_JOINED,
            about=invitation,
            by=person,
            factory=invitation.factory,
            programme=invitation.programme,
            sharing=_sharing(invitation.role),
            payload={"role": invitation.role},
        )
    return person


def _account(invitation: Invitation, password: str | None, language: str) -> Person:
    try:
        with transaction.atomic():
            return Person.objects.create_user(
                name=invitation.name, email=invitation.email, password=password, language=language
            )
    except IntegrityError as fault:
        raise Refused(_("There is already an account with this e-mail address. Sign in instead.")) from fault


def _sharing(role: str) -> Shared:
    """The factory's own people may know of each other; the programme's staff are the programme's business."""
    return Shared.FACTORY if SCOPE_OF[Role(role)] is Scope.FACTORY else Shared.STAFF


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def invite_by_mail(*, name: str, email: str, offer: Offer, by: Person) -> tuple[Invitation, str]:
    """Invite into an offer of the inviter's; the link goes out by mail. Returns the invitation and the link's path,
    which the inviter may also hand over on paper."""
    with step():
        invitation, token = invite(
            name=name,
            email=email,
            role=offer.role,
            factory=offer.factory,
            buyer=offer.buyer,
            programme=offer.programme,
            by=by,
        )
        path = reverse("invitation_accept", args=[token])
        mail_invitation.enqueue(invitation.ref, path)
    return invitation, path


@task
def mail_invitation(ref: str, path: str) -> None:
    """The link by mail, in the language the inviter reads."""
    invitation = Invitation.objects.select_related("invited_by").get(ref=ref)
    with translation.override(invitation.invited_by.reads_in):
        body = render_to_string(
            "people/invitation.txt",
            {"invitation": invitation, "url": f"{settings.PUBLIC_ADDRESS.rstrip('/')}{path}", "days": INVITATION_DAYS},
        )
        send_mail(_("You are invited to Evenweave"), body, None, [invitation.email])


def add_by_phone(*, name: str, phone: str, language: str, role: Role, factory, by: Person) -> Person:
    """An account for somebody who has no e-mail address: signs in with the phone number and a code, and stands in
    `role` at the factory from now on. Raises Refused for a number that cannot be, or that another account has."""
    number = normal_phone(phone, factory.country)
    if not number:
        raise Refused(_("Write the number with + and the country code, as +855 12 345 678."), field="phone")
    with step() as log:
        try:
            with transaction.atomic():
                person = Person.objects.create_user(name=name, phone=number, language=language)
        except IntegrityError as fault:
            raise Refused(_("Another account has this phone number."), field="phone") from fault
        give_standing(role=role, holder=person, factory=factory)
        log.record(
            Step.PERSON_ADDED, about=person, by=by, factory=factory, sharing=_sharing(role), payload={"role": role}
        )
    return person


def erase_person(*, ref: str, by: Person | None) -> Person:
    """The row is blanked, never deleted: what the person did stays in the log under nobody's name."""
    with step() as log:
        person = Person.objects.select_for_update().get(ref=ref)
        person.name, person.email, person.phone = _("Erased person"), None, None
        person.is_active, person.erased_at = False, clock.now()
        person.set_unusable_password()
        person.save()
        person.standings.filter(ends_at=None).update(ends_at=clock.now())
        log.record(Step.PERSON_ERASED, about=person, by=by, sharing=Shared.STAFF)
    return person
