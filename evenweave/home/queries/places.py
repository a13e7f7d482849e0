"""Where a person stands: the roles they hold, and the one factory they belong to, if it is one."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from evenweave.access.enums import Role
from evenweave.access.models import Standing
from evenweave.people.models import Person

FACTORY_SIDE = {Role.FACTORY_MANAGER, Role.MANAGEMENT_REPRESENTATIVE, Role.WORKER_REPRESENTATIVE}


@dataclass(frozen=True)
class Whereabouts:
    """`own_factory` is the public reference of the only factory somebody stands in, else ""."""

    roles: frozenset[Role]
    own_factory: str = ""


def whereabouts_of(person: Person | AnonymousUser) -> Whereabouts:
    if not person.is_authenticated:
        return Whereabouts(frozenset())
    rows = list(Standing.objects.active().filter(holder=person).values_list("role", "factory__ref"))
    roles = frozenset(Role(role) for role, _factory in rows)
    factories = {factory for role, factory in rows if role in FACTORY_SIDE}
    is_of_one = len(factories) == 1 and roles <= FACTORY_SIDE
    return Whereabouts(roles, str(factories.pop()) if is_of_one else "")
