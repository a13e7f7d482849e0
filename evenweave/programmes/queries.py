"""A programme's rules on a day, its calendar and its local day, read from content/programmes; what may be sold."""

import functools
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from evenweave.access.models import Standing
from evenweave.programmes.models import RulesVersion
from evenweave.programmes.rules import (
    Calendar,
    NoPriceError,
    NoRulesInForceError,
    Opening,
    Rules,
    Sale,
    sale_of,
)
from evenweave.programmes.rules.checking import programme_faults
from evenweave.programmes.rules.reading import opening_of, weekend_of
from evenweave.programmes.rules.resolving import resolved
from evenweave.programmes.rules.selling import closed_reasons, price_of_sale
from evenweave.programmes.rules.timeline import Timeline
from evenweave.questionnaires.queries import PROGRAMME_DEFAULTS, PROGRAMME_SOURCES, read_schemas
from evenweave.questionnaires.rules import Document, Source, canonical_json, content_hash
from evenweave.questionnaires.rules.checking import form_faults
from evenweave.toolkit import clock
from evenweave.toolkit.yaml_files import UnreadableFile, parse_yaml, read_yaml


class UnknownProgrammeError(LookupError):
    """There is no file for this programme."""


@dataclass(frozen=True)
class Quote:
    """Whether something may be sold, and for how much. `price` None: not allowed, or `no_price` says why (see
    NoPriceError). `currency`: the price list's, else the programme's own."""

    sale: Sale
    price: Decimal | None
    currency: str
    no_price: str = ""
    is_demo_price: bool = False


def all_programmes() -> list[str]:
    """The codes of every country programme that has rules, in order."""
    return sorted(_files(_root()))


def rules_on(programme_code: str, day: date) -> Rules:
    """What holds for the programme on that day. Raises UnknownProgrammeError or NoRulesInForceError."""
    return _rules(_root(), programme_code, day)


def whole_file(programme_code: str) -> Mapping[str, Any]:
    """The programme's file with all that it leaves to the defaults. Raises UnknownProgrammeError."""
    return _whole(_root(), programme_code)


def file_hash(programme_code: str) -> str:
    """Equal for files that say the same, whatever their layout: SHA-256 of the whole file as canonical JSON."""
    return _hash(_root(), programme_code)


def shared_defaults() -> Mapping[str, Any]:
    """What holds where a programme's file says nothing."""
    return _defaults(_root())


def proposed_file(programme_code: str, text: str) -> tuple[Mapping[str, Any], list[str]]:
    """A programme's file that somebody proposes, made whole, and what is wrong with it, one sentence each."""
    name = f"{programme_code}.yaml"
    try:
        data = parse_yaml(text)
    except UnreadableFile as error:
        return {}, [str(error)]
    if not isinstance(data, dict):
        return {}, ["holds no keys"]
    source = Source(versions={}, programmes=(Document(name, "programme", data),), schemas=read_schemas())
    if malformed := form_faults(source):
        return {}, [fault.message for fault in malformed]
    if faults := list(programme_faults(data, name, shared_defaults())):
        return {}, faults
    return resolved(data, shared_defaults()), []


def known_sources() -> Mapping[str, Mapping[str, str]]:
    """What the codes of sources stand for: code → title, and address where it is a page."""
    return _sources(_root())


def newest_version(programme_code: str) -> RulesVersion | None:
    """The rules that were loaded last, without their data; None before the first load."""
    return RulesVersion.objects.filter(programme=programme_code).defer("data").order_by("-loaded_at", "-pk").first()


def rules_today(programme_code: str) -> Rules:
    """What holds on the programme's own today."""
    return rules_on(programme_code, local_today(programme_code, clock.now()))


def opening_of_programme(programme_code: str) -> Opening:
    """From when on the programme serves factories; there on every day, also where no other rule is."""
    return opening_of(_file(_root(), programme_code))


def sale_on(
    programme_code: str, day: date, *, sector: str, services: Collection[str], is_member: bool = True
) -> Sale:
    """Whether the services may be sold to a factory of the sector on that day. Raises UnknownProgrammeError."""
    opening = opening_of_programme(programme_code)
    return sale_of(opening=opening, rules=_rules_if_any(programme_code, day), day=day, sector=sector,
                   services=services, is_member=is_member)


def closed_on(programme_code: str, day: date) -> Sale | None:
    """Why the programme serves no factories on that day; None when it does."""
    reasons = tuple(closed_reasons(opening_of_programme(programme_code), day))
    return Sale(reasons) if reasons else None


def quote_on(programme_code: str, day: date, *, sector: str, services: Collection[str], workers: int = 0) -> Quote:
    """The sale and its price for a factory of so many workers; 0: the smallest size of the price list."""
    sale = sale_on(programme_code, day, sector=sector, services=services)
    rules = _rules_if_any(programme_code, day)
    prices = rules.factory_prices if rules else None
    currency = prices.currency if prices else _file(_root(), programme_code)["currency"]
    if not sale.is_allowed:
        return Quote(sale, None, currency)
    try:
        price = price_of_sale(rules, sale, sector, workers)
        return Quote(sale, price, currency, is_demo_price=prices is not None and prices.is_demo)
    except NoPriceError as fault:
        return Quote(sale, None, currency, fault.reason)


def _rules_if_any(programme_code: str, day: date) -> Rules | None:
    try:
        return rules_on(programme_code, day)
    except NoRulesInForceError:
        return None


def programme_name(programme_code: str, language: str = "en") -> str:
    """The programme's name in a language, else in English."""
    name = _file(_root(), programme_code)["name"]
    return name.get(language) or name["en"]


def programme_names(language: str = "en") -> dict[str, str]:
    """Code → name of every programme, by name: the choices of a form."""
    names = {code: programme_name(code, language) for code in all_programmes()}
    return dict(sorted(names.items(), key=lambda item: item[1]))


def own_programme(person) -> str:
    """The programme somebody works for; "" for nobody's and for who works for several or for all."""
    held = Standing.objects.active().filter(holder=person).exclude(programme="").values_list("programme", flat=True)
    codes = set(held)
    return codes.pop() if len(codes) == 1 else ""


def programme_zone(programme_code: str) -> ZoneInfo:
    return ZoneInfo(_file(_root(), programme_code)["time_zone"])


def local_today(programme_code: str, now: datetime) -> date:
    """The day it is in the programme's country at `now` (aware)."""
    return now.astimezone(programme_zone(programme_code)).date()


def calendar(programme_code: str) -> Calendar:
    """The programme's weekends and public holidays, with the days it has set otherwise."""
    return _calendar(_root(), programme_code)


def _root() -> Path:
    """The installation's content; the same object each time, since making and hashing a path is most of a look-up."""
    return settings.CONTENT if isinstance(settings.CONTENT, Path) else Path(settings.CONTENT)


@functools.cache
def _files(content: Path) -> MappingProxyType:
    paths = sorted((content / "programmes").glob("*.yaml"))
    documents = (read_yaml(path) for path in paths if path.name not in {PROGRAMME_DEFAULTS, PROGRAMME_SOURCES})
    return MappingProxyType({document["code"]: document for document in documents})


def _file(content: Path, programme_code: str) -> dict:
    try:
        return _files(content)[programme_code]
    except KeyError:
        raise UnknownProgrammeError(f"there is no programme '{programme_code}'") from None


@functools.lru_cache(maxsize=4096)
def _rules(content: Path, programme_code: str, day: date) -> Rules:
    return _timeline(content, programme_code).on(day)


@functools.cache
def _timeline(content: Path, programme_code: str) -> Timeline:
    return Timeline(_whole(content, programme_code))


@functools.cache
def _whole(content: Path, programme_code: str) -> MappingProxyType:
    return MappingProxyType(resolved(_file(content, programme_code), _defaults(content)))


@functools.cache
def _hash(content: Path, programme_code: str) -> str:
    return content_hash(canonical_json(dict(_whole(content, programme_code))))


@functools.cache
def _sources(content: Path) -> MappingProxyType:
    return MappingProxyType(read_yaml(content / "programmes" / PROGRAMME_SOURCES)["sources"])


@functools.cache
def _defaults(content: Path) -> MappingProxyType:
    return MappingProxyType(read_yaml(content / "programmes" / PROGRAMME_DEFAULTS))


@functools.cache
def _calendar(content: Path, programme_code: str) -> Calendar:
    import holidays  # slow to import, and needed only where days are counted

    rule = _file(content, programme_code)["calendar"]
    days = holidays.country_holidays(rule["country"])
    for override in rule["overrides"]:
        day = date.fromisoformat(override["day"])
        if override["is_holiday"]:
            days.append({day: override.get("name") or ""})
        elif day in days:
            days.pop(day)
    return Calendar(days, weekend_of(rule))
