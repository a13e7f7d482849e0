"""Which records a person may take an action on, and its inverse: who may take it on a record.

Both read the same two things, the policy's table and the standings, so that a list, a page, a notice and a
chart can never disagree. Records say how they hang on scopes by a class attribute `access`."""

from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Q
from django.http import Http404

from evenweave.access.enums import SCOPE_OF, Action, Role, Scope, Shared
from evenweave.access.models import Standing
from evenweave.access.policy import roles_allowing
from evenweave.activity.models import Entry


@dataclass(frozen=True)
class Paths:
    """How a record reaches each scope: names of fields or relations ("factory_id", "cycle__factory_id").

    `sharing` is the path to the level, `always` a fixed level instead. A record without a path to a scope is out
    of reach for the roles of that scope. With `cycle`, a buyer needs that very cycle paid; with `needs_payment` any
    cycle of the factory; otherwise the factory's consent does."""

    factory: str | None = None
    programme: str | None = None
    assessment: str | None = None
    cycle: str | None = None
    buyer: str | None = None
    sharing: str | None = None
    always: Shared | None = None
    needs_payment: bool = False


# The log stands below this room and cannot say for itself how its entries hang on scopes.
Entry.access = Paths(
    factory="factory_id", programme="programme", assessment="assessment_id", cycle="cycle_id", sharing="sharing"
)


def roles_of(person, at=None) -> set[Role]:
    """The roles a person holds towards anything; empty for nobody. One query."""
    if not getattr(person, "is_authenticated", False):
        return set()
    return {Role(role) for role in Standing.objects.active(at).filter(holder=person).values_list("role", flat=True)}


def may_ever(person, action: Action, at=None) -> bool:
    """Whether any role of the person allows the action on some record: the question behind a 403."""
    return not roles_of(person, at).isdisjoint(roles_allowing(action))


def permitted[M: models.Model](person, action: Action, records: models.QuerySet[M], at=None) -> models.QuerySet[M]:
    """The records on which `person` may take `action`. Adds one small query whatever the number of records."""
    if not getattr(person, "is_authenticated", False):
        return records.none()
    grants = roles_allowing(action)
    held = list(
        Standing.objects.active(at).filter(holder=person, role__in=grants).values_list("role", "programme", "buyer_id")
    )
    reach = Q()
    for role in {role for role, _, _ in held}:
        rows = [row for row in held if row[0] == role]
        reach |= _reach(person, Role(role), rows, records.model.access, grants[Role(role)], at)
    return records.filter(reach) if reach else records.none()


def _nothing() -> Q:
    return Q(pk__in=[])


def _reach(person, role: Role, rows: list[tuple], paths: Paths, least: Shared, at) -> Q:
    """The condition under which a record is in reach of one role."""
    if paths.sharing is None:
        if paths.always is None or paths.always < least:
            return _nothing()
        far_enough = Q()
    else:
        far_enough = Q(**{f"{paths.sharing}__gte": least})
    scope = SCOPE_OF[role]
    if scope is Scope.WHOLE:
        return far_enough or Q(pk__isnull=False)
    if scope is Scope.PROGRAMME:
        if paths.programme is None:
            return _nothing()
        return far_enough & Q(**{f"{paths.programme}__in": sorted({programme for _, programme, _ in rows})})
    mine = Standing.objects.active(at).filter(holder=person, role=role)
    if scope is Scope.ASSESSMENT:
        if paths.assessment is None:
            return _nothing()
        return far_enough & Q(**{f"{paths.assessment}__in": mine.values("assessment_id")})
    if scope is Scope.FACTORY:
        if paths.factory is None:
            return _nothing()
        return far_enough & Q(**{f"{paths.factory}__in": mine.values("factory_id")})
    return far_enough & _buyer_reach({buyer for _, _, buyer in rows}, paths, at)


def _buyer_reach(buyers: set[int], paths: Paths, at) -> Q:
    if paths.buyer is not None:
        return Q(**{f"{paths.buyer}__in": buyers})
    if paths.factory is None:
        return _nothing()
    ties = Standing.objects.active(at).filter(holder__isnull=True, buyer__in=buyers, role=Role.BUYER_OFFICER)
    if paths.cycle is None:
        ties = ties.filter(cycle__isnull=not paths.needs_payment)
        return Q(**{f"{paths.factory}__in": ties.values("factory_id")})
    return Q(**{f"{paths.cycle}__in": ties.filter(cycle__isnull=False).values("cycle_id")})


def people_who_may(action: Action, record: models.Model, *, roles=None, at=None) -> models.QuerySet:
    """The active people who may take `action` on `record`: the inverse of `permitted`, for notices.
    `roles` narrows it to those who may in one of these roles."""
    paths: Paths = record.access
    level = _follow(record, paths.sharing) if paths.sharing else paths.always
    standings = Standing.objects.active(at)
    holders = Q()
    for role, least in roles_allowing(action).items():
        if level is None or level < least or (roles is not None and role not in roles):
            continue
        holders |= _holders(role, record, paths, standings)
    people = get_user_model().objects.filter(is_active=True)
    if not holders:
        return people.none()
    return people.filter(pk__in=standings.filter(holders, holder__isnull=False).values("holder_id"))


def _holders(role: Role, record: models.Model, paths: Paths, standings) -> Q:
    """The condition on standings of one role towards one record."""
    scope = SCOPE_OF[role]
    if scope is Scope.WHOLE:
        return Q(role=role)
    if scope is Scope.BUYER:
        return _buyer_holders(role, record, paths, standings)
    path = {Scope.PROGRAMME: paths.programme, Scope.ASSESSMENT: paths.assessment, Scope.FACTORY: paths.factory}[scope]
    value = _follow(record, path) if path else None
    if value in (None, ""):
        return Q()
    field = {Scope.PROGRAMME: "programme", Scope.ASSESSMENT: "assessment_id", Scope.FACTORY: "factory_id"}[scope]
    return Q(role=role, **{field: value})


def _buyer_holders(role: Role, record: models.Model, paths: Paths, standings) -> Q:
    if paths.buyer is not None:
        return Q(role=role, buyer_id=_follow(record, paths.buyer))
    if paths.factory is None:
        return Q()
    ties = standings.filter(holder__isnull=True, role=Role.BUYER_OFFICER)
    if paths.cycle is None:
        ties = ties.filter(factory_id=_follow(record, paths.factory), cycle__isnull=not paths.needs_payment)
    else:
        ties = ties.filter(cycle_id=_follow(record, paths.cycle), cycle__isnull=False)
    return Q(role=role, holder__isnull=False, buyer_id__in=ties.values("buyer_id"))


def _follow(record: models.Model, path: str):
    """The value at "a__b_id" of a record; None when a link is missing."""
    value = record
    for name in path.split("__"):
        if value is None:
            return None
        value = getattr(value, name)
    return value.pk if isinstance(value, models.Model) else value


class PermittedQuerySet(models.QuerySet):
    """The query set of every record that hangs on a scope."""

    def permitted(self, person, action: Action) -> "PermittedQuerySet":
        return permitted(person, action, self)

    def one_for(self, person, action: Action, **lookup):
        """The one record, locked for a change; Http404 when it is not there for this person."""
        found = permitted(person, action, self).filter(**lookup).select_for_update(of=("self",)).first()
        if found is None:
            raise Http404
        return found
