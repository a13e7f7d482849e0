"""Factories as a person may read them."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import get_language

from evenweave.access.enums import SCOPE_OF, Action, Role, Scope
from evenweave.access.models import Standing
from evenweave.access.policy import roles_allowing
from evenweave.activity.models import Entry
from evenweave.activity.services import label_of
from evenweave.activity.steps import Step
from evenweave.organisations.enums import FactoryStatus
from evenweave.organisations.models import Factory, FactoryContact, FactoryCustomer, FactorySector
from evenweave.organisations.rules import search_words
from evenweave.toolkit import clock

# Records that are no factory of their own: a duplicate, and one that an import brought and that was taken back.
UNLISTED = (FactoryStatus.MERGED, FactoryStatus.WITHDRAWN)
SORTS = {"name": ("search_key", "pk"), "place": ("city", "search_key", "pk")}


@dataclass(frozen=True)
class Wanted:
    """The filters of the factory list; empty means all."""

    words: str = ""
    programme: str = ""
    region: str = ""
    sector: str = ""
    status: str = FactoryStatus.ACTIVE


@dataclass(frozen=True)
class Ties:
    """What a person is tied to, read once: each role with its programme's code, and the buyers they work for."""

    held: frozenset[tuple[Role, str]]
    buyers: frozenset[int] = frozenset()

    @property
    def are_narrow(self) -> bool:
        """Whether they lead to single factories only, through the person or their buyer."""
        return {SCOPE_OF[role] for role, _code in self.held} <= {Scope.FACTORY, Scope.BUYER, Scope.ASSESSMENT}

    def allow(self, action: Action) -> bool:
        """Whether any of them lets the person take the action on something."""
        return not {role for role, _code in self.held}.isdisjoint(roles_allowing(action))

    def programmes(self, action: Action) -> list[str]:
        """The codes of the programmes in which the person may take `action`; one more query for a whole-house
        role, which may in all that have factories."""
        mine = [(role, code) for role, code in self.held if role in roles_allowing(action)]
        if any(SCOPE_OF[role] is Scope.WHOLE for role, _code in mine):
            return sorted(set(Factory.objects.order_by().values_list("programme", flat=True).distinct()))
        return sorted({code for _role, code in mine if code})


def ties_of(person, at=None) -> Ties:
    """The person's ties; none for somebody who is not signed in. One query, for a buyer's officer two."""
    if not getattr(person, "is_authenticated", False):
        return Ties(frozenset())
    now = at or clock.now()
    rows = list(
        Standing.objects.active(now).filter(holder=person)
        .values_list("role", "programme", "factory__programme", "buyer_id").distinct()
    )
    held = {(Role(role), programme or factorys or "") for role, programme, factorys, _buyer in rows}
    if buyers := {buyer for _role, _programme, _factorys, buyer in rows if buyer}:
        consents = Standing.objects.active(now).filter(holder=None, role=Role.BUYER_OFFICER, buyer__in=buyers)
        codes = consents.order_by().values_list("factory__programme", flat=True).distinct()
        held |= {(Role.BUYER_OFFICER, code) for code in codes}
    return Ties(frozenset(held), frozenset(buyers))


def programmes_for(person, action: Action) -> list[str]:
    """The codes of the programmes in which the person may take `action`."""
    return ties_of(person).programmes(action)


def seen_by(person) -> QuerySet[Factory]:
    """Every factory the person may see, in no order, merged duplicates among them. Asks for the person's roles now: a
    page that filters it in several ways asks once."""
    return Factory.objects.permitted(person, Action.FACTORY_VIEW)


def factories_for(
    person,
    wanted: Wanted | None = None,
    order: str = "name",
    ties: Ties | None = None,
    seen: QuerySet[Factory] | None = None,
) -> QuerySet[Factory]:
    """The factories a person may see, filtered and ordered ("name", "-place"). A merged duplicate is none."""
    wanted = wanted or Wanted(status="")
    found = seen_by(person) if seen is None else seen
    # Said by what is left out: by "status = …" a planner without statistics would walk all active factories of the
    # house for somebody who may see two hundred.
    found = found.exclude(status__in=_left_out(wanted.status))
    if wanted.programme:
        found = _of_programme(found, wanted.programme, ties or ties_of(person))
    if wanted.region:
        found = found.filter(region=wanted.region)
    if wanted.sector:
        open_ones = FactorySector.objects.filter(factory=OuterRef("pk"), sector=wanted.sector, until_on=None)
        found = found.filter(Exists(open_ones))
    return searched(found, wanted.words).order_by(*_ordered(order))


def _left_out(status: str) -> list[str]:
    return [other for other in FactoryStatus if other != status] if status else list(UNLISTED)


def _of_programme(factories: QuerySet[Factory], programme: str, ties: Ties) -> QuerySet[Factory]:
    """Those of one programme. For somebody tied to single factories and buyers the programme's index is kept out of
    it: the planner would walk the whole programme for their two hundred."""
    if ties.are_narrow:
        return factories.exclude(~Q(programme=programme))
    return factories.filter(programme=programme)


def searched(factories: QuerySet[Factory], words: str) -> QuerySet[Factory]:
    """Those in whose name, place or OS ID every word occurs, whatever case and marks; the same on every database."""
    for word in search_words(words):
        factories = factories.filter(search_key__contains=word)
    return factories


def _ordered(order: str) -> list[str]:
    names = SORTS.get(order.removeprefix("-"), SORTS["name"])
    return [f"-{name}" for name in names] if order.startswith("-") else list(names)


def regions_for(
    person, programme: str, ties: Ties | None = None, seen: QuerySet[Factory] | None = None
) -> list[str]:
    """The provinces of a programme's factories as far as the person sees them."""
    found = (seen_by(person) if seen is None else seen).exclude(region="").exclude(status__in=UNLISTED)
    found = _of_programme(found, programme, ties or ties_of(person))
    return sorted(set(found.order_by().values_list("region", flat=True).distinct()))


def factory_for(person, ref: str, action: Action = Action.FACTORY_VIEW) -> Factory | None:
    """One factory with its sectors, also a closed or merged one; None when it is not there for this person."""
    return (
        Factory.objects.permitted(person, action).filter(ref=ref).select_related("merged_into")
        .prefetch_related(open_sectors()).first()
    )


def open_sectors() -> Prefetch:
    return Prefetch(
        "sectors", FactorySector.objects.filter(until_on=None).order_by("sector"), to_attr="open_sectors"
    )


@dataclass(frozen=True)
class Profile:
    """What is confidential about a factory, for those who may read it."""

    contacts: list[FactoryContact] = field(default_factory=list)
    customers: list[FactoryCustomer] = field(default_factory=list)


def profile_for(person, factory: Factory) -> Profile | None:
    """The confidential part of a factory; None when the person sees its identity only."""
    if not Factory.objects.permitted(person, Action.FACTORY_PROFILE).filter(pk=factory.pk).exists():
        return None
    return Profile(list(factory.contacts.order_by("pk")), list(factory.customers.order_by("pk")))


def may(person, action: Action, factory: Factory) -> bool:
    return Factory.objects.permitted(person, action).filter(pk=factory.pk).exists()


LISTED = ("ref", "name", "city", "region", "os_id", "status")


def consented_since(person, factories: list[Factory], ties: Ties | None = None) -> dict[int, datetime]:
    """Of these factories, those a buyer's officer knows only by the factory's consent, nothing being paid: id →
    since when. Empty for everybody who is no buyer's officer. As many queries for fifty factories as for one."""
    ties = ties or ties_of(person)
    if not ties.buyers:
        return {}
    keys = [factory.pk for factory in factories]
    rows = Standing.objects.active().filter(
        holder=None, role=Role.BUYER_OFFICER, buyer__in=ties.buyers, factory__in=keys
    ).order_by("-starts_at")
    consents: dict[int, datetime] = {}
    known = _profiles_read(person, keys, ties)
    for factory, cycle, since in rows.values_list("factory_id", "cycle_id", "starts_at"):
        if cycle is None:
            consents[factory] = since
        else:
            known.add(factory)
    return {factory: since for factory, since in consents.items() if factory not in known}


def _profiles_read(person, keys: list[int], ties: Ties) -> set[int]:
    """Which of the factories the person knows by another role than that of a buyer's officer."""
    if {role for role, _code in ties.held} == {Role.BUYER_OFFICER}:
        return set()
    read = Factory.objects.permitted(person, Action.FACTORY_PROFILE).filter(pk__in=keys)
    return set(read.values_list("pk", flat=True))


def last_correction(factory: Factory) -> Entry | None:
    """The log's newest entry that corrected this profile."""
    return (
        Entry.objects.filter(about=label_of(factory), step=Step.FACTORY_CORRECTED)
        .select_related("actor").order_by("-number").first()
    )


def same_factory(programme: str, key: str, besides: int | None = None) -> Factory | None:
    """An active factory of the programme with this very match key."""
    found = Factory.objects.filter(Q(programme=programme, match_key=key), status=FactoryStatus.ACTIVE)
    return found.exclude(pk=besides).first()


def country_name(code: str) -> str:
    """A country in the reader's language; the code itself when it is no country's."""
    from babel import Locale, UnknownLocaleError

    try:
        locale = Locale.parse((get_language() or "en").replace("-", "_"))
    except UnknownLocaleError:
        locale = Locale.parse("en")
    return locale.territories.get(code, code)
