"""What the law library holds, and how it is cited. Days are dates; unknown days are None."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

INTERNATIONAL = ""


@dataclass(frozen=True, slots=True)
class Instrument:
    """An international instrument: a convention, protocol, recommendation, declaration or code."""

    key: str
    title: str
    year: int
    kind: str
    source: str
    url: str = ""
    note: str = ""

    @property
    def country(self) -> str:
        return INTERNATIONAL


@dataclass(frozen=True, slots=True)
class Law:
    """A national law or order. `source` is the page where it was read, which may not be the official text."""

    key: str
    title: str
    country: str
    source: str
    kind: str = "law"
    number: str = ""
    date_on: date | None = None
    in_force_from: date | None = None
    note: str = ""

    def is_in_force(self, day: date) -> bool:
        """From its first day in force, else from its date; a law with neither is taken to be in force."""
        begins = self.in_force_from or self.date_on
        return begins is None or begins <= day


@dataclass(frozen=True, slots=True)
class Value:
    """A number or word that national law sets, from a day on. `in_force_from` None: valid, since when is unknown."""

    key: str
    value: float | int | str
    unit: str
    country: str
    in_force_from: date | None
    known_on: date
    source: str
    law: str = ""
    provision: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Library:
    """Everything under content/law, by key."""

    instruments: Mapping[str, Instrument] = field(default_factory=dict)
    laws: Mapping[str, Law] = field(default_factory=dict)
    values: tuple[Value, ...] = ()

    def reference(self, key: str) -> Instrument | Law:
        """Raises KeyError for a key the library does not hold."""
        return self.instruments[key] if key in self.instruments else self.laws[key]

    def values_on(self, country: str, day: date) -> dict[str, Value]:
        """The country's values in force on a day: of each key the newest that has begun."""
        found: dict[str, Value] = {}
        begun = [v for v in self.values if v.country == country and (v.in_force_from or date.min) <= day]
        for value in sorted(begun, key=lambda v: (v.in_force_from or date.min, v.known_on)):
            found[value.key] = value
        return found


def library_of(files: Iterable[tuple[str, Mapping[str, Any]]]) -> Library:
    """The library from (file name, content) pairs. A file is named ilo-*.yaml, or by its country."""
    instruments: dict[str, Instrument] = {}
    laws: dict[str, Law] = {}
    values: list[Value] = []
    for name, data in files:
        country = country_of(name)
        for row in data.get("instruments") or ():
            instruments.setdefault(row["key"], Instrument(**row))
        for row in data.get("laws") or ():
            laws.setdefault(row["key"], Law(**_days(row, "date_on", "in_force_from"), country=country))
        for row in data.get("values") or ():
            values.append(Value(**_days(row, "in_force_from", "known_on"), country=country))
    return Library(instruments, laws, tuple(values))


def country_of(file_name: str) -> str:
    """The country code that a file name begins with, in capitals; "" for ilo-*.yaml."""
    prefix = file_name.removesuffix(".yaml").partition("-")[0]
    return INTERNATIONAL if prefix in {"ilo", "instruments"} else prefix.upper()


def _days(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {**row, **{name: date.fromisoformat(row[name]) if row.get(name) else None for name in names if name in row}}


def citation(reference: Instrument | Law, provision: str = "") -> str:
    """One line as a report prints it: "Occupational Safety and Health Convention, 1981 (C155), Article 16"."""
    if isinstance(reference, Instrument):
        year = "" if str(reference.year) in reference.title else f", {reference.year}"
        cited = f"{reference.title}{year} ({reference.key})"
    else:
        day = reference.date_on or reference.in_force_from
        year = f"{day.year}" if day and str(day.year) not in reference.title + reference.number else ""
        inside = ", ".join(part for part in (reference.number, year) if part)
        cited = f"{reference.title} ({inside})" if inside else reference.title
    return f"{cited}, {provision}" if provision else cited
