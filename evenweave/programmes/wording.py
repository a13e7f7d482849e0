"""What a quote says: the document for programs, and each rule in words for people."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from evenweave.programmes.enums import Confidence, SaleRule
from evenweave.programmes.queries import Quote
from evenweave.programmes.rules import Provenance, Reason, Sale


@dataclass(frozen=True)
class Said:
    """A rule in words: what it says, since when it holds, and where it was read."""

    sentence: str
    since: str
    source: str


def document(quote: Quote) -> dict[str, Any]:
    """Exactly the four keys that programs are promised: money as text, no price as null."""
    return {
        "allowed": quote.sale.is_allowed,
        "reasons": [
            {"rule": reason.rule, "source": source(reason.provenance), "in_force_from": reason.provenance.valid_from}
            for reason in quote.sale.reasons
        ],
        "price": None if quote.price is None else str(quote.price),
        "currency": quote.currency,
    }


def source(provenance: Provenance) -> str:
    """The codes of the sources of a rule."""
    return ", ".join(provenance.sources)


def codes_in(rules: Any) -> set[str]:
    """The codes of every source that stands anywhere in the rules."""
    if isinstance(rules, Provenance):
        return set(rules.sources)
    if isinstance(rules, tuple | list):
        return set().union(*(codes_in(each) for each in rules))
    if isinstance(rules, Mapping):
        return codes_in(list(rules.values()))
    if is_dataclass(rules):
        return codes_in([getattr(rules, part.name) for part in fields(rules)])
    return set()


def since(provenance: Provenance) -> str:
    """Since when a rule holds, as far as anybody knows."""
    if provenance.valid_from is not None:
        return _("in force from %(day)s") % {"day": date_format(provenance.valid_from)}
    if provenance.known_on is not None:
        return _("known to be in force on %(day)s; when it began is not recorded") % {
            "day": date_format(provenance.known_on)
        }
    return _("no day is set")


def origin(provenance: Provenance) -> str:
    """Since when, where it was read and how sure it is, in one line."""
    return f"{capfirst(since(provenance))} · {certainty(provenance)}"


def certainty(provenance: Provenance) -> str:
    """Where it was read and, unless the source states it, how sure it is."""
    words = [_("source: %(source)s") % {"source": source(provenance)}]
    if provenance.confidence != Confidence.STATED:
        words.append(str(Confidence(provenance.confidence).label))
    return " · ".join(words)


def said(reason: Reason) -> Said:
    return Said(str(SaleRule(reason.rule).label), since(reason.provenance), source(reason.provenance))


def reasons(sale: Sale) -> list[Said]:
    """Every broken rule in words."""
    return [said(reason) for reason in sale.reasons]


def refusal_of(sale: Sale) -> str:
    """Why a sale is refused, in one paragraph: every broken rule, since when it holds and where it was read."""
    return " ".join(
        _("%(rule)s (%(since)s; source: %(source)s).")
        % {"rule": each.sentence, "since": each.since, "source": each.source}
        for each in reasons(sale)
    )


def price(quote: Quote) -> str:
    """The price, or why there is none; nothing where nothing is sold."""
    if quote.price is not None:
        amount = f"{quote.price} {quote.currency}"
        return _("%(amount)s a year, from a price list made for the demo") % {"amount": amount} if (
            quote.is_demo_price
        ) else _("%(amount)s a year") % {"amount": amount}
    if not quote.no_price:
        return ""
    return {
        "no_list": _("No price: no price list is in force on that day."),
        "no_line": _("No price: the price list in force has no line for this."),
        "no_training_price": _("No price: the price list in force has no price for training."),
    }[quote.no_price]
