"""What rooms above add to the page of a country programme. They register it in their urls.py; this room knows none.

    sections.register(lambda person, code: Section(_("Coverage"), sentence, facts))

A supplier returns None when the person may not see it or there is nothing to see."""

from collections.abc import Callable
from dataclasses import dataclass

from evenweave.toolkit.parts import Fact, Link


@dataclass(frozen=True)
class Section:
    """A panel of the page: a sentence first, then figures, and a link that leads further."""

    title: str
    sentence: str
    facts: tuple[Fact, ...] = ()
    link: Link | None = None


Supplier = Callable[[object, str], Section | None]
_registered: list[Supplier] = []


def register(supplier: Supplier) -> None:
    """Let `supplier(person, programme_code)` add a section, after those already there."""
    if supplier not in _registered:
        _registered.append(supplier)


def sections_for(person, programme_code: str) -> list[Section]:
    """Every section this person may see."""
    made = (supplier(person, programme_code) for supplier in _registered)
    return [section for section in made if section is not None]
