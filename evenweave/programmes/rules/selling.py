"""What may be sold to whom, on a day: one decision for every place where something is enrolled or sold."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from evenweave.programmes.rules.model import NoPriceError, Opening, Provenance, Rules

ASSESSMENT, ADVISORY, TRAINING = "assessment", "advisory", "training"
BOTH = "assessment_and_advisory"
SERVICES = (ASSESSMENT, ADVISORY, TRAINING)

# The rules that can forbid a sale. These keys are a promise to programs that read them: none is renamed or reused.
COUNTRY_NOT_OPEN = "country_not_open"
NOT_YET_OPEN = "not_yet_open"
SECTOR_NOT_COVERED = "sector_not_covered"
PACKAGE_ONLY = "package_only"
UNKNOWN_SERVICE = "unknown_service"
SALE_RULES = (COUNTRY_NOT_OPEN, NOT_YET_OPEN, SECTOR_NOT_COVERED, PACKAGE_ONLY, UNKNOWN_SERVICE)


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule that forbids a sale, and where it stands."""

    rule: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Sale:
    """The answer to "may this be sold?". `packages`: what is bought when it may, training apart.
    `grounds`: the rules that allow it."""

    reasons: tuple[Reason, ...]
    packages: tuple[str, ...] = ()
    grounds: tuple[Provenance, ...] = ()
    has_training: bool = False

    @property
    def is_allowed(self) -> bool:
        return not self.reasons


def sale_of(
    *, opening: Opening, rules: Rules | None, day: date, sector: str, services: Collection[str], is_member: bool = True
) -> Sale:
    """Whether `services` may be sold together to a factory of the sector. `rules`: those of `day`, None on a day
    before any rule is known. `is_member`: whether the factory takes part; training is sold to those who do not, too.

    Every broken rule is named, except what nobody can say: of a sector that is not served, how it is sold."""
    unknown = [Reason(UNKNOWN_SERVICE, opening.provenance)] if set(services) - set(SERVICES) else []
    closed = closed_reasons(opening, day)
    if rules is None or opening.status(day) == "planned":
        return Sale((*closed, *unknown))
    sectors = [known for known in rules.sectors if known.key == sector]
    if not sectors:
        uncovered = [Reason(SECTOR_NOT_COVERED, known.provenance) for known in rules.sectors[:1]]
        return Sale((*closed, *uncovered, *unknown))
    wanted = [service for service in (ASSESSMENT, ADVISORY) if service in services]
    packages, broken = _packages(rules, sector, wanted)
    training = _training_reasons(rules, has_package=bool(wanted), is_member=is_member) if TRAINING in services else []
    reasons = tuple(dict.fromkeys((*closed, *broken, *training, *unknown)))
    if reasons:
        return Sale(reasons)
    grounds = [sectors[0].provenance, *(known.provenance for known in rules.packages if known.key in packages)]
    if TRAINING in services:
        grounds.append(rules.training.provenance)
    return Sale((), packages, tuple(dict.fromkeys(grounds)), TRAINING in services)


def closed_reasons(opening: Opening, day: date) -> list[Reason]:
    """Why the programme serves no factories on that day; empty when it does."""
    rule = {"planned": COUNTRY_NOT_OPEN, "ended": COUNTRY_NOT_OPEN, "starting": NOT_YET_OPEN}.get(opening.status(day))
    return [Reason(rule, opening.provenance)] if rule else []


def _packages(rules: Rules, sector: str, wanted: list[str]) -> tuple[tuple[str, ...], list[Reason]]:
    """The packages that hold what is wanted, or the rule against it."""
    if not wanted:
        return (), []
    sold = rules.packages_for(sector)
    as_one = BOTH if len(wanted) == 2 else wanted[0]
    if as_one in sold:
        return (as_one,), []
    if set(wanted) <= set(sold):
        return tuple(wanted), []
    together = [known for known in rules.packages if known.key == BOTH] or rules.packages
    return (), [Reason(PACKAGE_ONLY, together[0].provenance)]


def _training_reasons(rules: Rules, *, has_package: bool, is_member: bool) -> list[Reason]:
    training = rules.training
    if training is None:
        return [Reason(UNKNOWN_SERVICE, rules.opening.provenance)]
    needs_package = not training.is_sold_separately or not (is_member or training.is_open_to_non_members)
    return [Reason(PACKAGE_ONLY, training.provenance)] if needs_package and not has_package else []


def price_of_sale(rules: Rules, sale: Sale, sector: str, workers: int) -> Decimal:
    """What a factory pays for a sale that is allowed. Raises NoPriceError: "no_list", "no_line" or "no_training_price".

    Training days that the package's fee holds cost nothing more."""
    total = sum((rules.factory_price(package, sector, workers) for package in sale.packages), Decimal(0))
    if sale.has_training and not (sale.packages and rules.training.days_inside_the_fee):
        raise NoPriceError("no_training_price" if rules.factory_prices else "no_list")
    return total
