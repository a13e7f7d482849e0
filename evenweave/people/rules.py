"""How a phone number is written, so that one number is one account; when an accreditation holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


def normal_phone(text: str, country: str = "") -> str:
    """The number with + and country code and nothing between the digits (E.164), from digits of any script; "" when it
    is none. Without its country code a number is one only where `country` (ISO) says of which it is."""
    import phonenumbers

    text = text.strip()
    text = f"+{text[2:]}" if text.startswith("00") else text
    try:
        number = phonenumbers.parse(text, country if country in phonenumbers.SUPPORTED_REGIONS else None)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


# Letters and digits that are not taken for one another when read from paper.
CODE_LETTERS = "BCDFGHJKLMNPQRSTVWXZ23456789"


def plain_code(typed: str) -> str:
    """A code as it was made: without spaces and dashes, in capitals, digits of any script as ours."""
    signs = (str(int(sign)) if sign.isdecimal() else sign for sign in typed if sign.isalnum())
    return "".join(signs).upper()


@dataclass(frozen=True, slots=True)
class Span:
    """The days of one accreditation; `withdrawn_on` None: it was not taken back."""

    given_on: date
    until_on: date
    withdrawn_on: date | None = None

    def holds_on(self, day: date) -> bool:
        """Its last day counts; the day on which it is withdrawn does not."""
        is_withdrawn = self.withdrawn_on is not None and day >= self.withdrawn_on
        return self.given_on <= day <= self.until_on and not is_withdrawn


def may_act(spans: Sequence[Span], day: date, *, is_required: bool) -> bool:
    """Whether somebody with these accreditations for a task may take it on that day. One that has run out bars from
    it; who never had any is barred only where the programme requires one."""
    if not spans:
        return not is_required
    return any(span.holds_on(day) for span in spans)
