"""Which roles a person may invite others into."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from evenweave.access.enums import Action, Role
from evenweave.access.models import Standing
from evenweave.people.enums import AccreditedAs
from evenweave.people.models import Accreditation, Person
from evenweave.people.rules import Span, may_act

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


def barred_from(
    people: Iterable[Person], accredited_as: AccreditedAs, programme: str, day: date, *, is_required: bool
) -> list[Person]:
    """Who of these people may not take the task on that day: an accreditation that has run out bars, and where the
    programme requires one, its absence. One query."""
    people = list(people)
    spans: dict[int, list[Span]] = {person.pk: [] for person in people}
    for one in Accreditation.objects.filter(person__in=people, accredited_as=accredited_as, programme=programme):
        spans[one.person_id].append(one.span)
    return [person for person in people if not may_act(spans[person.pk], day, is_required=is_required)]


def accreditations_for(person: Person, action: Action = Action.ACCREDITATION_VIEW) -> QuerySet[Accreditation]:
    return Accreditation.objects.permitted(person, action).select_related("person", "given_by")
