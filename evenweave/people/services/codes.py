"""One-time codes for those who sign in with a phone number: sent, or printed by staff.

The database holds keyed hashes of codes and of numbers, never a code. A number that nobody has costs the same work
and gives the same answers as one that somebody has."""

import secrets
from datetime import timedelta
from importlib import import_module

from django.conf import settings
from django.tasks import TaskContext, task
from django.utils import translation
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from evenweave.access.enums import Shared
from evenweave.activity.services import step
from evenweave.activity.steps import Step
from evenweave.people.models import Person, SignInCode
from evenweave.people.rules import CODE_LETTERS, plain_code
from evenweave.toolkit import clock
from evenweave.toolkit.jobs.running import completing

SENT_MINUTES = 10
PRINTED_DAYS = 30
PRINTED_AT_ONCE = 6
SENT_DIGITS, PRINTED_SIGNS = 6, 8
MOST_AN_HOUR = 5


def is_asked_too_often(*, phone: str) -> bool:
    """Whether so many codes were asked for this number, of whomever, that the next has to wait. Counted in the
    database, so that it holds for all processes together."""
    since = clock.now() - timedelta(hours=1)
    asked = SignInCode.objects.filter(phone_hash=_hash_of_phone(phone), is_printed=False, made_at__gt=since)
    return asked.count() >= MOST_AN_HOUR


def ask_for_code(*, ref: str, phone: str) -> SignInCode:
    """A code is made and sent in the background, if an account has this number; `ref` names the attempt."""
    made = SignInCode.objects.create(
        ref=ref, person=Person.objects.filter(phone=phone, is_active=True).first(), phone_hash=_hash_of_phone(phone),
        expires_at=clock.now() + timedelta(minutes=SENT_MINUTES),
    )
    send_code.enqueue(ref, phone)
    return made


@task(takes_context=True)
def send_code(context: TaskContext, ref: str, phone: str) -> None:
    """The code comes into being here, so that it stands in no queue; it is sent through the gateway for texts. Without
    a gateway nothing is sent, and printed codes are the way in."""
    sender = import_module(settings.TEXT_SENDER)
    made = SignInCode.objects.select_related("person").filter(ref=ref).first()
    if made is not None and made.person is not None and made.expires_at > clock.now() and sender.is_there():
        code = "".join(secrets.choice("0123456789") for _place in range(SENT_DIGITS))
        made.code_hash = _hash_of_code(made.person, code)
        made.save(update_fields=["code_hash"])
        with translation.override(made.person.language):
            text = _("%(code)s is your code for Evenweave, for %(minutes)s minutes. Give it to nobody.") % {
                "code": code, "minutes": SENT_MINUTES,
            }
        sender.send(to=phone, text=text, key=f"code:{ref}")
    with completing(context):
        pass


def check_code(*, ref: str, typed: str) -> bool:
    """Whether what was typed is the code of this attempt, or one of the person's printed ones. A code opens once."""
    code, now = plain_code(typed), clock.now()
    attempt = SignInCode.objects.select_related("person").filter(ref=ref, expires_at__gt=now).first()
    person = attempt.person if attempt else None
    if person is None or not person.is_active:
        constant_time_compare(_hash_of_code(None, code), "")
        return False
    usable = SignInCode.objects.filter(person=person, used_at=None, expires_at__gt=now).exclude(code_hash="")
    given = _hash_of_code(person, code)
    for row in usable.filter(ref=ref) | usable.filter(is_printed=True):
        if constant_time_compare(given, row.code_hash):
            # Only one of two who come at the same moment finds it unused.
            return bool(SignInCode.objects.filter(pk=row.pk, used_at=None).update(used_at=now))
    return False


def print_codes(*, person: Person, by: Person, factory) -> list[str]:
    """Six codes for paper, each good for one sign-in within thirty days; earlier sheets hold no more. Returns the
    codes, which are kept nowhere. The caller has asked whether `by` may do this."""
    codes = [_printed_code() for _line in range(PRINTED_AT_ONCE)]
    now = clock.now()
    with step() as log:
        SignInCode.objects.filter(person=person, is_printed=True, used_at=None, expires_at__gt=now).update(
            expires_at=now
        )
        SignInCode.objects.bulk_create(
            SignInCode(
                person=person, is_printed=True, code_hash=_hash_of_code(person, code), printed_by=by,
                expires_at=now + timedelta(days=PRINTED_DAYS),
            )
            for code in codes
        )
        log.record(Step.CODES_PRINTED, about=person, by=by, factory=factory, sharing=Shared.FACTORY)
    return codes


def _printed_code() -> str:
    return "".join(secrets.choice(CODE_LETTERS) for _place in range(PRINTED_SIGNS))


@task
def forget_codes() -> None:
    """Attempts and codes that open nothing any more are deleted after a day."""
    SignInCode.objects.filter(expires_at__lt=clock.now() - timedelta(days=1)).delete()


def _hash_of_code(person: Person | None, code: str) -> str:
    named = f"{person.ref if person else ''}:{code}"
    return salted_hmac("evenweave.people.code", named, algorithm="sha256").hexdigest()


def _hash_of_phone(phone: str) -> str:
    return salted_hmac("evenweave.people.phone", phone, algorithm="sha256").hexdigest()
