"""A programme's rules on a day, its calendar and its local day, read from content/programmes."""

import functools
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

from django.conf import settings

from evenweave.programmes.rules import Calendar, Rules, rules_of
from evenweave.programmes.rules.reading import weekend_of
from evenweave.programmes.rules.resolving import resolved
from evenweave.questionnaires.queries import PROGRAMME_DEFAULTS
from evenweave.toolkit import clock
from evenweave.toolkit.yaml_files import read_yaml


class UnknownProgrammeError(LookupError):
    """There is no file for this programme."""


def all_programmes() -> list[str]:
    """The codes of every country programme that has rules, in order."""
    return sorted(_files(Path(settings.CONTENT)))


def rules_on(programme_code: str, day: date) -> Rules:
    """What holds for the programme on that day. Raises UnknownProgrammeError or NoRulesInForceError."""
    return _rules(Path(settings.CONTENT), programme_code, day)


def rules_today(programme_code: str) -> Rules:
    """What holds on the programme's own today."""
    return rules_on(programme_code, local_today(programme_code, clock.now()))


def programme_name(programme_code: str, language: str = "en") -> str:
    """The programme's name in a language, else in English."""
    name = _file(Path(settings.CONTENT), programme_code)["name"]
    return name.get(language) or name["en"]


def programme_names(language: str = "en") -> dict[str, str]:
    """Code → name of every programme, by name: the choices of a form."""
    names = {code: programme_name(code, language) for code in all_programmes()}
    return dict(sorted(names.items(), key=lambda item: item[1]))


def programme_zone(programme_code: str) -> ZoneInfo:
    return ZoneInfo(_file(Path(settings.CONTENT), programme_code)["time_zone"])


def local_today(programme_code: str, now: datetime) -> date:
    """The day it is in the programme's country at `now` (aware)."""
    return now.astimezone(programme_zone(programme_code)).date()


def calendar(programme_code: str) -> Calendar:
    """The programme's weekends and public holidays, with the days it has set otherwise."""
    return _calendar(Path(settings.CONTENT), programme_code)


@functools.cache
def _files(content: Path) -> MappingProxyType:
    paths = sorted((content / "programmes").glob("*.yaml"))
    documents = (read_yaml(path) for path in paths if path.name != PROGRAMME_DEFAULTS)
    return MappingProxyType({document["code"]: document for document in documents})


def _file(content: Path, programme_code: str) -> dict:
    try:
        return _files(content)[programme_code]
    except KeyError:
        raise UnknownProgrammeError(f"there is no programme '{programme_code}'") from None


@functools.lru_cache(maxsize=512)
def _rules(content: Path, programme_code: str, day: date) -> Rules:
    return rules_of(_whole(content, programme_code), day)


@functools.cache
def _whole(content: Path, programme_code: str) -> MappingProxyType:
    return MappingProxyType(resolved(_file(content, programme_code), _defaults(content)))


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
