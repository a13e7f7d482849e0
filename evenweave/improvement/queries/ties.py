"""In which roles a person stands towards a factory's plan."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from evenweave.access.enums import Action, Role
from evenweave.access.models import Standing
from evenweave.access.policy import GRANTS, roles_allowing
from evenweave.enrolment.models import Cycle
from evenweave.improvement import rules
from evenweave.improvement.enums import Side
from evenweave.organisations.models import Factory
from evenweave.people.models import Person
from evenweave.programmes.queries import local_today
from evenweave.toolkit import clock


@dataclass(frozen=True)
class Ties:
    """`roles` towards this factory, those of buyers left out; `buyers` (ids) the person works for that have paid for
    a cycle of it, each with the ids of those cycles."""

    roles: frozenset[Role]
    paid: dict[int, frozenset[int]]

    @property
    def buyers(self) -> frozenset[int]:
        return frozenset(self.paid)

    @property
    def is_buyer(self) -> bool:
        """Reads as a buyer does: stands in no other role towards the factory."""
        return not self.roles

    @property
    def side(self) -> Side | None:
        return rules.side_of(self.roles)

    @property
    def speaks_as(self) -> Role:
        """The role in which the person's words are signed: that nearest to the factory."""
        order = [role for role in Role if role in self.roles]
        return order[0] if order else Role.BUYER_OFFICER

    def may(self, action: Action) -> bool:
        """Whether one of these roles allows the action on what the factory itself may see."""
        roles = self.roles or ({Role.BUYER_OFFICER} if self.paid else set())
        return any(action in GRANTS[role] for role in roles)

    def writing_buyer(self, cycle_id: int | None) -> int | None:
        """The buyer a message comes from: one that has paid for this cycle; None for everybody else."""
        if not self.is_buyer:
            return None
        able = (buyer for buyer, cycles in sorted(self.paid.items()) if cycle_id is None or cycle_id in cycles)
        return next(able, None)


def ties_of(person: Person, factory: Factory) -> Ties:
    """Two queries."""
    reading = [role for role in roles_allowing(Action.PLAN_VIEW) if role is not Role.BUYER_OFFICER]
    rows = list(
        Standing.objects.active()
        .filter(holder=person)
        .filter(
            Q(role=Role.BUYER_OFFICER)
            | Q(role__in=reading) & (Q(factory=factory) | Q(programme=factory.programme) | Q(role=Role.QUALITY))
        )
        .values_list("role", "buyer_id")
    )
    employers = {buyer for role, buyer in rows if role == Role.BUYER_OFFICER}
    paid: dict[int, set[int]] = {}
    if employers:
        tied = Standing.objects.active().filter(
            holder__isnull=True, role=Role.BUYER_OFFICER, buyer__in=employers, factory=factory, cycle__isnull=False
        )
        for buyer, cycle in tied.values_list("buyer_id", "cycle_id"):
            paid.setdefault(buyer, set()).add(cycle)
    return Ties(
        roles=frozenset(Role(role) for role, _ in rows if role != Role.BUYER_OFFICER),
        paid={buyer: frozenset(cycles) for buyer, cycles in paid.items()},
    )


def today_of(factory: Factory) -> date:
    """The day it is at the factory."""
    return local_today(factory.programme, clock.now())


def current_cycle(factory: Factory) -> Cycle | None:
    """The newest cycle of a factory."""
    return Cycle.objects.filter(factory=factory).order_by("-number").first()


def paid_cycle(factory: Factory, buyers) -> Cycle | None:
    """The newest cycle of a factory that one of the buyers has paid for."""
    tied = Standing.objects.active().filter(holder__isnull=True, role=Role.BUYER_OFFICER, buyer__in=buyers)
    return Cycle.objects.filter(factory=factory, pk__in=tied.values("cycle_id")).order_by("-number").first()
