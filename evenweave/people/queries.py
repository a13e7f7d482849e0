"""Which roles a person may invite others into."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from evenweave.access.enums import Role
from evenweave.access.models import Standing
from evenweave.people.models import Person

# Who may ask whom in. The place (factory, programme) is the inviter's own.
OFFERS: dict[Role, tuple[Role, ...]] = {
    Role.FACTORY_MANAGER: (Role.FACTORY_MANAGER, Role.MANAGEMENT_REPRESENTATIVE, Role.WORKER_REPRESENTATIVE),
    Role.ADVISOR: (Role.FACTORY_MANAGER, Role.MANAGEMENT_REPRESENTATIVE, Role.WORKER_REPRESENTATIVE),
    Role.BUYER_OFFICER: (Role.BUYER_OFFICER,),
    Role.TEAM_LEADER: (Role.STAFF,),
    Role.PROGRAMME_MANAGER: (Role.STAFF, Role.TEAM_LEADER, Role.MINISTRY),
    Role.ADMINISTRATOR: (Role.QUALITY, Role.ADMINISTRATOR),
}


@dataclass(frozen=True)
class Offer:
    """A role at a place that an inviter may give."""

    role: Role
    factory: object | None
    buyer: object | None
    programme: str

    @property
    def label(self) -> str:
        place = self.factory or self.buyer or self.programme or _("the whole installation")
        return f"{self.role.label} · {place}"


def offers_for(person: Person) -> dict[str, Offer]:
    """The roles and places a person may invite into, by a key that is stable within this person's standings."""
    standings = (
        Standing.objects.active()
        .filter(holder=person, role__in=OFFERS)
        .select_related("factory", "buyer")
        .order_by("pk")
    )
    return {
        f"{standing.pk}-{role}": Offer(role, standing.factory, standing.buyer, standing.programme)
        for standing in standings
        for role in OFFERS[Role(standing.role)]
    }
