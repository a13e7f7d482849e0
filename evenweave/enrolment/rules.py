"""Decisions of enrolment on plain values."""

from collections.abc import Iterable
from decimal import Decimal

# The services a package holds, as the rules of a sale know them.
SERVICES_OF = {
    "assessment": ("assessment",),
    "advisory": ("advisory",),
    "assessment_and_advisory": ("assessment", "advisory"),
}

# Anchors that would tell the factory when an assessment is, was planned or is being written up.
DRAFT_SENT = "draft_sent"
BETRAYING_ANCHORS = frozenset({"assessment", DRAFT_SENT})


def is_kept_from_the_factory(*, is_secret: bool, anchor: str) -> bool:
    """Whether a step stays with staff until the factory knows of its assessment anyway."""
    return is_secret or anchor in BETRAYING_ANCHORS


def buyer_may_read(*, has_consent: bool, has_paid_credit: bool) -> bool:
    """A report reaches a buyer only if the factory has consented and the credit for that cycle is paid (DOMAIN 10b)."""
    return has_consent and has_paid_credit


def credits_left(purchases: Iterable[tuple[int, bool]], spent: int) -> int:
    """Credits a buyer can still spend: those of paid purchases, less those spent. `purchases`: (quantity, is paid)."""
    return sum(quantity for quantity, is_paid in purchases if is_paid) - spent


def amount(quantity: int, unit_price: Decimal) -> Decimal:
    return (quantity * unit_price).quantize(Decimal("0.01"))
