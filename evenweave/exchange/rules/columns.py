"""Which column of a list holds which field."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import count

from evenweave.exchange.rules.headings import ENGLISH, LANGUAGES
from evenweave.organisations.rules import plain

FIELDS = tuple(ENGLISH)
# The names of fields as `--map` and messages say them, where the profile's own name is longer.
SHORT_NAMES = {"sector": "sectors", "owner": "owner_name", "contact": "contact_1_name"}
# Whoever says it whole says it more surely than whoever says it among other words.
LESS_USUAL = 1000
LESS_THAN_ENGLISH = 50
# Arabic is written with or without these; a heading is the same.
ARABIC_MARKS = re.compile("[\u0640\u064b-\u065f\u0670]")


def field_named(name: str) -> str | None:
    """The field of a name as people give it: "sector", "workers_total"; None when there is no such field."""
    field = SHORT_NAMES.get(name, name)
    return field if field in FIELDS else None


def short_name(field: str) -> str:
    """The name of a field as people give it."""
    return next((short for short, long in SHORT_NAMES.items() if long == field), field)


def guessed(headings: Sequence[str], earlier: Mapping[str, str] | None = None) -> dict[str, str]:
    """Heading → field for the headings that are usual; each field once, to the heading that is most usual for it.
    What people said `earlier` about a list with these headings is taken instead."""
    if earlier is not None:
        return {heading: field for heading, field in earlier.items() if heading in headings}
    wishes = [
        (rank, place, heading, field)
        for place, heading in enumerate(headings)
        for field, rank in _fields_of(heading).items()
    ]
    mapping: dict[str, str] = {}
    for _rank, _place, heading, field in sorted(wishes):
        if heading not in mapping and field not in mapping.values():
            mapping[heading] = field
    return mapping


def _fields_of(heading: str) -> dict[str, int]:
    """The fields for which a heading is usual, with how usual it is; else those for which a part of it is, such as one
    of two languages or what stands before a bracket."""
    parts = [re.sub(r"[(\[].*?[)\]]", " ", heading), *re.split(r"[/|\n()\[\]]", heading)]
    for text in (heading, *parts):
        if found := _usual().get(_heading(text)):
            return found if text == heading else {field: rank + LESS_USUAL for field, rank in found.items()}
    return {}


@cache
def _usual() -> dict[str, dict[str, int]]:
    """Heading → field → how usual it is for it, 0 the most."""
    usual: dict[str, dict[str, int]] = {}
    for first, words in zip(count(step=LESS_THAN_ENGLISH), LANGUAGES.values(), strict=False):
        for field, headings in words.items():
            for rank, heading in enumerate((field, *headings), start=first):
                fields = usual.setdefault(_heading(heading), {})
                fields[field] = min(rank, fields.get(field, rank))
    return usual


def _heading(text: str) -> str:
    apart = ARABIC_MARKS.sub("", unicodedata.normalize("NFKD", text))
    return plain(re.sub("[_'’]", " ", apart))


def mapping_fault(mapping: Mapping[str, str]) -> str | None:
    """Why a mapping cannot be used: "no_name", "field_twice", or None."""
    fields = list(mapping.values())
    if "name" not in fields:
        return "no_name"
    return "field_twice" if len(set(fields)) < len(fields) else None
