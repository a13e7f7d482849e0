"""How much of a country's registry takes part."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q

from evenweave.access.enums import SCOPE_OF, Action, Scope
from evenweave.access.policy import roles_allowing
from evenweave.enrolment.models import Cycle
from evenweave.organisations.models import Factory, FactorySector
from evenweave.organisations.queries import ties_of
from evenweave.people.models import Person
from evenweave.programmes.queries import rules_today


@dataclass(frozen=True)
class Coverage:
    """A programme against its country's registry, on a day. `registered`: active factories of covered sectors that
    have a registry number; `enrolled`: those of them in a cycle; `unlisted`: in a cycle without such a number."""

    registered: int
    enrolled: int
    unlisted: int

    @property
    def share(self) -> float | None:
        """The fraction enrolled; None without a registry."""
        return self.enrolled / self.registered if self.registered else None


def coverage_for(person: Person, programme: str) -> Coverage | None:
    """How much of the registry takes part; None where taking part is voluntary, or for whom it is not to read."""
    rules = rules_today(programme)
    if not rules.is_mandatory or not may_in_programme(person, Action.PROGRAMME_COVERAGE, programme):
        return None
    return coverage(programme, [sector.key for sector in rules.sectors], rules.day)


def coverage(programme: str, sectors: Iterable[str], today: date) -> Coverage:
    """Counted in one query, whatever the number of factories."""
    covered = FactorySector.objects.filter(sector__in=list(sectors), until_on=None, factory=OuterRef("pk"))
    running = Cycle.objects.filter(factory=OuterRef("pk"), starts_on__lte=today, ends_on__gte=today)
    counted = (
        Factory.objects.active()
        .filter(Exists(covered), programme=programme)
        .annotate(is_listed=~Q(registry_id=""), is_enrolled=Exists(running))
        .aggregate(
            registered=Count("pk", filter=Q(is_listed=True)),
            enrolled=Count("pk", filter=Q(is_listed=True, is_enrolled=True)),
            unlisted=Count("pk", filter=Q(is_listed=False, is_enrolled=True)),
        )
    )
    return Coverage(**counted)


def may_in_programme(person: Person, action: Action, programme: str) -> bool:
    """Whether a role of the person allows the action in this very programme, or everywhere."""
    return any(
        role in roles_allowing(action) and (SCOPE_OF[role] is Scope.WHOLE or code == programme)
        for role, code in ties_of(person).held
    )
