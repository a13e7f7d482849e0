"""How a phone number is written, so that one number is one account."""

import re

_SPOKEN = re.compile(r"[\s().\-/\u00a0]+")
_E164 = re.compile(r"\+[1-9]\d{6,14}")
_DIGITS = str.maketrans("០១២៣៤៥៦៧៨៩٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹০১২৩৪৫৬৭৮৯", "0123456789" * 4)


def normal_phone(text: str) -> str:
    """The number with + and country code and nothing between the digits, of any script; "" when it is none. A number
    without its country code is none: nothing here knows which country it is of."""
    number = _SPOKEN.sub("", text.translate(_DIGITS))
    number = "+" + number[2:] if number.startswith("00") else number
    return number if _E164.fullmatch(number) else ""
