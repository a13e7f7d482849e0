"""Writing standings. Rooms call these when a step ties a person or a buyer to something."""

from evenweave.access.enums import Role
from evenweave.access.models import Standing
from evenweave.toolkit import clock


def give_standing(*, role: Role, at=None, until=None, **scope) -> Standing:
    """The tie holds from now on (`scope`: holder, buyer, factory, programme, assessment,
    cycle). Given twice, it is kept once."""
    standing = Standing.objects.active(at).filter(role=role, **_exactly(scope)).first()
    if standing is None:
        standing = Standing.objects.create(role=role, starts_at=at or clock.now(), ends_at=until, **scope)
    return standing


def end_standing(*, role: Role, at=None, **scope) -> int:
    """The ties of this role that match `scope` no longer hold; returns how many ended."""
    now = at or clock.now()
    return Standing.objects.active(now).filter(role=role, **scope).update(ends_at=now)


def _exactly(scope: dict) -> dict:
    links = {name: scope.get(name) for name in ("holder", "buyer", "factory", "assessment", "cycle")}
    wanted = {"programme": scope.get("programme", "")}
    for name, value in links.items():
        wanted |= {f"{name}__isnull": True} if value is None else {name: value}
    return wanted
