"""How allauth fits into the house: nobody signs up by themselves, everybody is invited; who has no e-mail address signs
in with a phone number and a code."""

from allauth.account.adapter import DefaultAccountAdapter

from evenweave.people.models import Person
from evenweave.people.services import ask_for_code
from evenweave.toolkit.refs import new_ref


class InvitedOnly(DefaultAccountAdapter):
    """allauth keeps the code of an attempt in the session. What it keeps of ours is the attempt's reference: the code
    itself is hashed in the database, and compared in `people.forms.CodeForm`."""

    def is_open_for_signup(self, request) -> bool:
        return False

    def get_user_by_phone(self, phone: str) -> Person | None:
        return Person.objects.filter(phone=phone, is_active=True).first()

    def get_phone(self, user: Person) -> tuple[str, bool] | None:
        return (user.phone, True) if user.phone else None

    def set_phone(self, user: Person, phone: str, verified: bool) -> None:
        user.phone = phone
        user.save(update_fields=["phone"])

    def set_phone_verified(self, user: Person, phone: str) -> None:
        """A number that stands on an account was given by who invited; a code that arrives proves no more."""

    def generate_phone_verification_code(self, *, user: Person, phone: str) -> str:
        return new_ref()

    def send_verification_code_sms(self, user: Person, phone: str, code: str, **kwargs) -> None:
        ask_for_code(ref=code, phone=phone)

    def send_unknown_account_sms(self, phone: str, **kwargs) -> None:
        """Nobody has this number: the same work, and nothing is sent."""
        ask_for_code(ref=new_ref(), phone=phone)
