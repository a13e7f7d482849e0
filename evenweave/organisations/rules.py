"""What a factory's profile must agree on, and how names are compared. Plain Python."""

import re
import unicodedata
from functools import cache

MOST_CONTACTS = 2
MOST_CUSTOMERS = 3
FIRST_YEAR = 1850
# The fields of a profile that are columns of the factory; beside them `sectors`, `contacts`, `customers`.
PLAIN_FIELDS = (
    "name", "address", "address_more", "city", "region", "postal_code", "latitude", "longitude", "phone", "email",
    "os_id", "registry_id", "workers_total", "workers_female", "workers_male", "has_dormitory",
    "year_operations_began", "products", "owner_name", "owner_address", "owner_contact", "owner_phone",
)

# Forms of companies say nothing about which company it is.
COMPANY_FORMS = frozenset([
    "co", "company", "corp", "corporation", "inc", "incorporated", "llc", "ltd", "limited", "plc", "pvt", "pte",
    "private", "sa", "sarl", "gmbh", "srl", "spa", "bv", "ag", "kk", "cv", "pt", "tbk", "jsc", "sdn", "bhd", "the",
    "and",
])


def plain(text: str) -> str:
    """The text as it is compared: lower case, without marks, signs and zero-width spaces, single spaces."""
    if text.isascii():
        return " ".join(text.lower().translate(_ascii_signs()).split())
    return _plain(text)


@cache
def _ascii_signs() -> dict[int, str | None]:
    signs = (chr(code) for code in range(128))
    return {ord(sign): None if sign == "'" else " " for sign in signs if not sign.isalnum()}


@cache
def _marks() -> dict[int, int | None]:
    # Marks that a Latin letter loses, and letters that keep theirs when taken apart; vowel signs of Khmer stay.
    return dict.fromkeys(range(0x0300, 0x0370)) | dict(zip(map(ord, "đøłı"), map(ord, "doli"), strict=True))


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).casefold().translate(_marks())
    kept = "".join(sign if sign.isalnum() or unicodedata.category(sign)[0] == "M" else " " for sign in folded
                   if sign not in "\u200b\u200c\u200d\u00ad'’")
    return " ".join(kept.split())


def company_name(name: str) -> str:
    """The name as it is matched: `plain`, without "Co., Ltd" and its like, unless nothing else is left."""
    words = plain(name).split()
    return " ".join(word for word in words if word not in COMPANY_FORMS) or " ".join(words)


def match_key(name: str, address: str) -> str:
    """Equal for two records exactly when name and address are the same but for case, signs and company forms."""
    return f"{company_name(name)}|{plain(address)}"[:300]


def search_key(name: str, city: str, region: str, os_id: str) -> str:
    """What the list searches and sorts by; begins with the name."""
    return plain(f"{name} | {city} {region} {os_id}")[:500]


def search_words(text: str) -> list[str]:
    """The words that all must occur; at most eight."""
    return plain(text).split()[:8]


def phone_number(text: str, country: str) -> str | None:
    """The number as it is written from abroad, "+855 23 216 789"; None when it cannot be one.
    `country` is a two-letter code, for numbers typed without theirs."""
    import phonenumbers

    try:
        number = phonenumbers.parse(text, country if country in phonenumbers.SUPPORTED_REGIONS else None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number) or not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def example_number(country: str) -> str:
    """A number of the country as an example; some number when the country has none."""
    import phonenumbers

    number = phonenumbers.example_number(country)
    if number is None:
        return "+44 121 234 5678"
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def os_id_is_well_formed(text: str) -> bool:
    """An OS ID: country, year and day it was made, six letters or digits: "XX2019072X46HPM"."""
    return re.fullmatch(r"[A-Z]{2}[0-9]{7}[A-Z0-9]{6}", text) is not None


def profile_faults(profile: dict, *, this_year: int) -> dict[str, str]:
    """What is wrong with a profile: field → key of the fault. Empty when nothing is."""
    faults: dict[str, str] = {}
    if not (profile.get("name") or "").strip():
        faults["name"] = "name_missing"
    faults |= _worker_faults(*(profile.get(f"workers_{who}") for who in ("total", "female", "male")))
    year = profile.get("year_operations_began")
    if year is not None and not FIRST_YEAR <= year <= this_year:
        faults["year_operations_began"] = "year_out_of_range"
    faults |= _place_faults(profile.get("latitude"), profile.get("longitude"))
    if profile.get("os_id") and not os_id_is_well_formed(profile["os_id"]):
        faults["os_id"] = "os_id_malformed"
    return faults


def _worker_faults(total: int | None, female: int | None, male: int | None) -> dict[str, str]:
    if total is None:
        return {"workers_total": "total_missing"} if female is not None or male is not None else {}
    if female is not None and male is not None:
        return {} if female + male == total else {"workers_total": "total_is_not_the_sum"}
    if female is not None and female > total:
        return {"workers_female": "more_than_all"}
    if male is not None and male > total:
        return {"workers_male": "more_than_all"}
    return {}


def _place_faults(latitude, longitude) -> dict[str, str]:
    faults = {}
    if (latitude is None) != (longitude is None):
        faults["longitude" if longitude is None else "latitude"] = "half_a_place"
    if latitude is not None and not -90 <= latitude <= 90:
        faults["latitude"] = "latitude_out_of_range"
    if longitude is not None and not -180 <= longitude <= 180:
        faults["longitude"] = "longitude_out_of_range"
    return faults


def merged_edits(was: dict, mine: dict, now: dict) -> tuple[dict, list[str]]:
    """Two people corrected the same profile. `was`: what I started from, `mine`: what I typed, `now`: what the
    other saved meanwhile, all with the same keys.

    Returns what the form shows next (my changes, and the other's where I made none) and the fields in which both
    changed and differ."""
    merged = {key: mine[key] if mine[key] != was.get(key) else now[key] for key in mine}
    both = [key for key in mine if mine[key] != was.get(key) and now[key] != was.get(key) and mine[key] != now[key]]
    return merged, both
