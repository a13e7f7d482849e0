"""Reads of the law library: instruments, national laws and dated values, from content/law."""

import functools
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from django.conf import settings

from evenweave.law import rules
from evenweave.law.rules import Instrument, Law, Library, Value
from evenweave.toolkit.yaml_files import read_yaml


def library() -> Library:
    """The whole library, read once in the life of a process."""
    return _library(Path(settings.CONTENT))


@functools.cache
def _library(content: Path) -> Library:
    return rules.library_of((path.name, read_yaml(path)) for path in sorted((content / "law").rglob("*.yaml")))


def reference(key: str) -> Instrument | Law:
    """The instrument or law of that key. Raises KeyError."""
    return library().reference(key)


def citation(key: str, provision: str = "") -> str:
    """One line as pages and reports print it; the bare key where the library has lost the text."""
    try:
        return rules.citation(reference(key), provision)
    except KeyError:
        return f"{key}, {provision}" if provision else key


def citations(references: Iterable) -> list[str]:
    """The lines of a question's legal references (anything with `instrument` and `provision`)."""
    return [citation(ref.instrument, ref.provision) for ref in references]


def instruments() -> list[Instrument]:
    """International instruments in the order of their keys."""
    return sorted(library().instruments.values(), key=lambda instrument: instrument.key)


def laws_in_force(country: str, day: date) -> list[Law]:
    """The country's laws and orders in force on a day, by title."""
    found = (law for law in library().laws.values() if law.country == country and law.is_in_force(day))
    return sorted(found, key=lambda law: law.title)


def values_on(country: str, day: date) -> dict[str, Value]:
    """The country's legal values in force on a day, by key."""
    return library().values_on(country, day)


def value_on(country: str, key: str, day: date) -> Value | None:
    """One legal value on a day, such as "legal_minimum_age"; None where none is known."""
    return values_on(country, day).get(key)
