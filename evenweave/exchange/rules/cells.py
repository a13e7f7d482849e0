"""What a cell of a list says. A fault is its key and what the sentence about it needs."""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from evenweave.exchange.rules.headings import NO, SECTOR_WORDS, YES
from evenweave.organisations.rules import (
    MOST_CONTACTS,
    MOST_CUSTOMERS,
    phone_number,
    plain,
    profile_faults,
)

LENGTHS = {
    "name": 200, "address": 200, "address_more": 200, "city": 100, "region": 100, "postal_code": 20, "email": 254,
    "os_id": 40, "registry_id": 60, "products": 300, "owner_name": 200, "owner_address": 300, "owner_contact": 120,
}
PART_LENGTH = 120
LOST_SIGNS = "\u25a1\ufffd"

Fault = tuple[str, dict[str, Any]]


@dataclass
class Reading:
    """One row as it was understood. `profile` holds what can be used, as `organisations.services` takes it;
    `faults` what cannot, `warnings` what should be looked at, both by field."""

    profile: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, Fault] = field(default_factory=dict)
    warnings: dict[str, Fault] = field(default_factory=dict)


class Unreadable(ValueError):
    """A cell that is none of what its column holds."""

    def __init__(self, key: str, **said: Any) -> None:
        super().__init__(key)
        self.fault: Fault = (key, said)


@dataclass(frozen=True)
class Place:
    """The country that a list belongs to, by its code; and every country by its names and codes as `squeezed` leaves
    them."""

    code: str
    countries: Mapping[str, str]


def read_row(cells: dict[str, Any], place: Place, *, this_year: int) -> Reading:
    """Understand one row: field → cell (text, number, date or None)."""
    reading = Reading()
    values: dict[str, Any] = {}
    at = _where(cells.get("country"), place)
    for name, cell in cells.items():
        if cell is None or (isinstance(cell, str) and not cell.strip()):
            continue
        try:
            values[name] = _reader(name, at)(cell)
        except Unreadable as unreadable:
            reading.faults[name] = unreadable.fault
        if name == "sectors" and name in values and not all(_sector_parts(cell).values()):
            reading.warnings[name] = ("sector_left_out", {})
        if isinstance(cell, str) and any(sign in cell for sign in LOST_SIGNS):
            reading.warnings[name] = ("lost_sign", {})
    if values.pop("country", place.code) != place.code:
        # A buyer's list knows no programmes. Whoever looks through it decides whether the row belongs here.
        values["country"] = at.code
        reading.warnings["country"] = ("another_country", {})
    _parts(values, reading)
    reading.profile = values
    for name, key in profile_faults(values, this_year=this_year).items():
        reading.faults.setdefault(name, (key, {}))
    return reading


def _reader(name: str, place: Place) -> Callable[[Any], Any]:
    if name == "country":
        return lambda cell: _country(cell, place)
    if name.endswith("phone"):
        return lambda cell: _phone(cell, place.code)
    if name == "email" or name.endswith("_email"):
        return _email
    if name.startswith("workers_") or name.endswith("_years") or name == "year_operations_began":
        return _whole_number
    return {
        "latitude": _degrees, "longitude": _degrees, "sectors": _sectors, "has_dormitory": _yes_or_no,
    }.get(name, lambda cell: _text(cell, LENGTHS.get(name, PART_LENGTH)))


def _text(cell: Any, longest: int) -> str:
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        cell = cell.date()
    text = " ".join(str(cell).replace("\u200b", "").split())
    if re.search(r"[\x00-\x1f\x7f]", text):
        raise Unreadable("control_sign")
    if len(text) > longest:
        raise Unreadable("too_long", longest=longest)
    return text


def _whole_number(cell: Any) -> int:
    if isinstance(cell, bool):
        raise Unreadable("not_a_number")
    text = str(cell).strip()
    if re.fullmatch(r"\d{1,3}([ ,.\u00a0\u202f]\d{3})+", text):
        text = re.sub(r"\D", "", text)
    if not re.fullmatch(r"\d{1,9}(\.0+)?", text):
        raise Unreadable("not_a_number")
    return int(text.split(".")[0])


def _degrees(cell: Any) -> Decimal:
    try:
        number = Decimal(str(cell).strip().replace(",", "."))
    except InvalidOperation as problem:
        raise Unreadable("not_degrees") from problem
    if not number.is_finite() or abs(number) > 180:
        raise Unreadable("not_degrees")
    return round(number, 6)


def _phone(cell: Any, country: str) -> str:
    text = str(cell).strip()
    number = phone_number(text, country)
    if number is None and text.isdigit() and not text.startswith("0"):
        # A spreadsheet drops the zero that a national number begins with.
        number = phone_number(f"0{text}", country)
    if number is None:
        raise Unreadable("not_a_phone")
    return number


def _email(cell: Any) -> str:
    text = _text(cell, 254)
    if not re.fullmatch(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]{2,}", text):
        raise Unreadable("not_an_email")
    return text


def _where(cell: Any, place: Place) -> Place:
    """The row's own country, by which its telephone numbers are read."""
    code = place.countries.get(squeezed("" if cell is None else str(cell)), place.code)
    return Place(code, place.countries)


def _country(cell: Any, place: Place) -> str:
    if squeezed(str(cell)) not in place.countries:
        raise Unreadable("not_a_country")
    return place.code


def squeezed(text: str) -> str:
    """`plain` without spaces: "Viet Nam" and "Vietnam" are one country."""
    return plain(text).replace(" ", "")


def _sectors(cell: Any) -> list[str]:
    """The sectors of the programme among those that the cell names; unreadable when there is none."""
    named = _sector_parts(cell)
    if not any(named.values()):
        raise Unreadable("not_a_sector")
    return sorted({sector for sectors in named.values() for sector in sectors})


def _sector_parts(cell: Any) -> dict[str, list[str]]:
    """What a cell names as sectors → the programme's sectors of this name."""
    parts = (plain(part) for part in re.split(r"[,;/|&\n]|\band\b|\bet\b|\by\b", str(cell)))
    return {
        part: [sector for sector, words in SECTOR_WORDS.items() if part in _plain_words(words)]
        for part in parts if part
    }


def _yes_or_no(cell: Any) -> bool:
    said = plain(str(cell))
    if said not in _plain_words(YES) | _plain_words(NO):
        raise Unreadable("not_yes_or_no")
    return said in _plain_words(YES)


@cache
def _plain_words(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(plain(word) for word in words)


def _parts(values: dict[str, Any], reading: Reading) -> None:
    """Gather the numbered contacts and buyers; one without a name is a fault at its name."""
    for kind, most, names in (
        ("contact", MOST_CONTACTS, ("name", "job_title", "phone", "email")),
        ("customer", MOST_CUSTOMERS, ("name", "years")),
    ):
        rows = []
        for number in range(1, most + 1):
            row = {name: values.pop(f"{kind}_{number}_{name}", None) for name in names}
            if row["name"]:
                empty = {"years": None}
                rows.append({name: empty.get(name, "") if value is None else value for name, value in row.items()})
            elif any(value is not None for value in row.values()):
                reading.faults.setdefault(f"{kind}_{number}_name", ("part_without_name", {}))
        if rows:
            values[f"{kind}s"] = rows


def jsonable(value: Any) -> Any:
    """A profile's value as JSON keeps it."""
    return str(value) if isinstance(value, Decimal | dt.date | dt.time) else value


def from_json(profile: dict[str, Any]) -> dict[str, Any]:
    """A profile as it was before `jsonable`."""
    places: Sequence[str] = ("latitude", "longitude")
    return profile | {name: Decimal(profile[name]) for name in places if profile.get(name) is not None}
