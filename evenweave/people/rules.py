"""How a phone number is written, so that one number is one account."""


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
