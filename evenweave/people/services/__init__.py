"""Inviting people in, letting them sign in, and letting them go."""

from evenweave.people.services.codes import ask_for_code, check_code, forget_codes, is_asked_too_often, print_codes
from evenweave.people.services.inviting import (
    INVITATION_DAYS,
    accept_invitation,
    add_by_phone,
    erase_person,
    invite,
    invite_by_mail,
    mail_invitation,
    open_invitation,
)

__all__ = [
    "INVITATION_DAYS",
    "accept_invitation",
    "add_by_phone",
    "ask_for_code",
    "check_code",
    "erase_person",
    "forget_codes",
    "invite",
    "invite_by_mail",
    "is_asked_too_often",
    "mail_invitation",
    "open_invitation",
    "print_codes",
]
