"""The law library: titles, days, values, and what a question may cite."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from evenweave.questionnaires.rules.checking.faults import Fault
from evenweave.questionnaires.rules.source import Document, Source

INTERNATIONAL = re.compile(r"^(ilo|instruments)\b")
DAYS = ("date_on", "in_force_from", "known_on")


@dataclass(frozen=True, slots=True)
class KnownLaw:
    """Keys of international instruments, and national laws with the country whose file holds them."""

    international: frozenset[str]
    national: Mapping[str, str]

    def is_national(self, key: str) -> bool:
        return key in self.national


def known_law(source: Source) -> KnownLaw:
    """What content/law holds, by key."""
    international: set[str] = set()
    national: dict[str, str] = {}
    for document in source.law:
        for row in _cited(document):
            if is_international(document):
                international.add(row["key"])
            else:
                national.setdefault(row["key"], country_of(document))
    return KnownLaw(frozenset(international), national)


def is_international(document: Document) -> bool:
    return bool(INTERNATIONAL.match(document.path.rpartition("/")[2]))


def country_of(document: Document) -> str:
    """The code in capitals that a national file's name begins with, "" for ilo-*: law/kh-pay.yaml is Cambodia's."""
    if is_international(document):
        return ""
    return document.path.rpartition("/")[2].removesuffix(".yaml").partition("-")[0].upper()


def values_of(source: Source, country: str) -> set[str]:
    """The keys of a country's dated values."""
    return {value["key"] for document in source.law if country_of(document) == country
            for value in document.data.get("values") or ()}


def law_faults(source: Source) -> Iterator[Fault]:
    """Titles that differ, keys of two countries, days that do not exist, values that contradict or cite nothing."""
    known = known_law(source)
    yield from _title_faults(source)
    yield from _owner_faults(source)
    for document in source.law:
        for said in (*_day_faults(document), *_value_faults(document, known)):
            yield Fault(document.path, said)
    yield from _contradictions(source)


def _cited(document: Document) -> list[Mapping[str, Any]]:
    return [*(document.data.get("instruments") or ()), *(document.data.get("laws") or ())]


def _title_faults(source: Source) -> Iterator[Fault]:
    seen: dict[str, tuple[str, str]] = {}
    for document in source.law:
        for row in _cited(document):
            path, title = seen.setdefault(row["key"], (document.path, row["title"]))
            if title != row["title"]:
                yield Fault(document.path, f"{row['key']}: has another title in {path}: “{title}”")


def _day_faults(document: Document) -> Iterator[str]:
    for row in (*_cited(document), *(document.data.get("values") or ())):
        for name in DAYS:
            if row.get(name) and not is_day(row[name]):
                yield f"{row['key']}: {name} {row[name]} is no day of the calendar"


def is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _owner_faults(source: Source) -> Iterator[Fault]:
    """Whose law it is must be plain from the key, since a key is all that a question names."""
    owners: dict[str, Document] = {}
    for document in source.law:
        for row in _cited(document):
            first = owners.setdefault(row["key"], document)
            if country_of(first) != country_of(document):
                yield Fault(document.path, f"{row['key']}: this key belongs to {first.path}")


def _value_faults(document: Document, known: KnownLaw) -> Iterator[str]:
    country = country_of(document)
    for value in document.data.get("values") or ():
        if "law" in value and known.national.get(value["law"]) != country:
            yield f"{value['key']}: rests on '{value['law']}', which is no law of {country} in content/law"


def _contradictions(source: Source) -> Iterator[Fault]:
    spans: dict[tuple[str, str, Any], tuple[str, Any]] = {}
    for document in source.law:
        for value in document.data.get("values") or ():
            name = (country_of(document), value["key"], value["in_force_from"])
            path, other = spans.setdefault(name, (document.path, value["value"]))
            if other != value["value"]:
                yield Fault(document.path, f"{value['key']}: is {other} from the same day in {path}")
