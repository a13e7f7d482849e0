"""Decisions of enrolment on plain values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from evenweave.programmes.rules import Reason, Sale, ServiceModel, Step, Words

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


@dataclass(frozen=True, slots=True)
class Broken:
    """One thing a change of the rules does to a running cycle. `kind`: enums.Break. `step`: its key, for the kinds
    that are about a step, with its `title` where the rules have one; `reason`: the rule against the sale."""

    kind: str
    step: str = ""
    reason: Reason | None = None
    title: Words | None = None


def breaks_of(
    *, package: str, steps: Mapping[str, bool], then: ServiceModel | None, now: ServiceModel | None, sale: Sale
) -> list[Broken]:
    """What would break for a running cycle. `steps`: key → whether it is done, as the cycle was laid out. `then`: its
    service model in the rules it was enrolled under (None: unknown), `now`: in the others (None: not there). `sale`:
    whether the others would have sold it what it bought, on its first day. A step that is done is not broken."""
    found = [Broken("not_sold", reason=reason) for reason in sale.reasons]
    if now is None:
        return [*found, Broken("model_gone")]
    known = {step.key: step for step in now.steps_for(package)}
    before = {step.key: step for step in then.steps_for(package)} if then else {}
    open_keys = [key for key, is_done in steps.items() if not is_done]
    found += [_about("step_gone", key, before) for key in open_keys if key not in known]
    found += [_about("step_added", key, known) for key in known if key not in steps]
    found += [
        _about("step_moved", key, known)
        for key in open_keys
        if key in known and key in before and _terms(before[key]) != _terms(known[key])
    ]
    return found


def _about(kind: str, key: str, steps: Mapping[str, Step]) -> Broken:
    return Broken(kind, key, title=steps[key].title if key in steps else None)


def _terms(step: Step) -> tuple:
    return step.owner, step.anchor, step.days, step.months, step.day_kind, step.progress_report, step.is_secret
