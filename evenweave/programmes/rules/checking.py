"""What can be wrong with a programme file beyond its form."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from evenweave.programmes.rules.reading import NoRulesInForceError, begins, rules_of
from evenweave.programmes.rules.resolving import UnknownModelError, resolved

UNDATED = ("milestones", "remarks")
SOLD = ("participation", "sectors", "packages")


def programme_faults(data: Mapping[str, Any], file_name: str, defaults: Mapping[str, Any]) -> Iterator[str]:
    """One sentence a fault, for a file that has kept to its schema. `defaults`: what it leaves unsaid."""
    if file_name != f"{data['code']}.yaml":
        yield f"the file of {data['code']} is named {data['code']}.yaml"
    try:
        ZoneInfo(data["time_zone"])
    except (KeyError, ValueError, OSError):
        yield f"there is no time zone '{data['time_zone']}'"
    try:
        whole = resolved(data, defaults)
    except UnknownModelError as error:
        yield str(error)
        return
    yield from _opening_faults(whole)
    yield from _model_faults(whole["service_models"])
    yield from _protocol_faults(whole["zero_tolerance"])
    yield from _price_faults(whole)
    yield from _committee_faults(whole["committee"])
    yield from _gaps(whole)


def source_faults(data: Mapping[str, Any], known: Mapping[str, Any]) -> Iterator[str]:
    """Codes of sources that nobody has written down."""
    for code in sorted(set(_codes(data)) - set(known)):
        yield f"there is no source '{code}' in sources.yaml"


def _codes(data: Any) -> Iterator[str]:
    if isinstance(data, Mapping):
        for name, value in data.items():
            yield from value if name == "sources" else _codes(value)
    elif isinstance(data, list):
        for value in data:
            yield from _codes(value)


def _opening_faults(data: Mapping[str, Any]) -> Iterator[str]:
    """A programme that opens says what it sells, where; one that is only planned says what led to it."""
    if begins(data["opening"]) is None:
        if sold := [name for name in SOLD if data.get(name)]:
            yield f"a programme without an opening sells nothing, but has {', '.join(sold)}"
        if not data.get("milestones"):
            yield "a programme that is planned has its milestones"
        return
    if missing := [name for name in SOLD if not data.get(name)]:
        yield f"a programme that opens has {', '.join(missing)}"


def _committee_faults(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for row in rows:
        least, most = row.get("least_members", 2), row["most_members"]
        if least > most:
            yield f"committee from {begins(row)}: at least {least} members, at most {most}"


def _model_faults(models: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for model in models:
        where = f"service model {model['key']}"
        for key in _twice(step["key"] for step in model["steps"]):
            yield f"{where}: the step '{key}' stands twice"
        for step in model["steps"]:
            if step["key"] == "assessment" and not step.get("is_secret"):
                yield f"{where}: the step 'assessment' is secret (is_secret: true)"
            if step.get("is_secret") and ({"days", "months", "anchor"} & set(step)):
                yield f"{where}: the secret step '{step['key']}' has no day that could be worked out"
        numbers = sorted(step["progress_report"] for step in model["steps"] if "progress_report" in step)
        if numbers != list(range(1, len(numbers) + 1)):
            yield f"{where}: progress reports are numbered 1, 2, 3 …, not {numbers}"


def _protocol_faults(protocols: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for protocol in protocols:
        known = ["opened"]
        for step in protocol["steps"]:
            if step["after"] not in known:
                yield f"zero tolerance: '{step['key']}' follows '{step['after']}', which is no earlier step"
            known.append(step["key"])
        for key in [*_twice(known), *_twice(issue["key"] for issue in protocol["issues"])]:
            yield f"zero tolerance: '{key}' stands twice"


def _price_faults(data: Mapping[str, Any]) -> Iterator[str]:
    for prices in data.get("buyer_credits") or ():
        steps = [tier["at_least"] for tier in prices["tiers"]]
        if steps != sorted(set(steps)) or steps[0] != 1:
            yield f"buyer credits from {begins(prices)}: tiers begin at 1 and rise"
    sold = {row["key"] for row in data.get("packages") or ()}
    for prices in data.get("factory_prices") or ():
        open_ended = {line["package"] for line in prices["lines"] if "workers_up_to" not in line}
        for package in sorted(sold - open_ended):
            yield f"factory prices from {begins(prices)}: no price of '{package}' for the largest factories"


def _gaps(data: Mapping[str, Any]) -> Iterator[str]:
    """From the first day of any rule on, everything that must be there is, and each sector has one model."""
    days = sorted({date.fromisoformat(day) for day in _days(data)})
    for day in days:
        try:
            rules = rules_of(data, day)
        except NoRulesInForceError as error:
            yield str(error)
            continue
        for sector in rules.sectors:
            models = [model.key for model in rules.service_models if sector.key in model.sectors]
            if len(models) != 1:
                yield f"{sector.key} has {len(models)} service models on {day}: {', '.join(models) or 'none'}"


def _days(data: Mapping[str, Any]) -> Iterator[str]:
    for name, rule in data.items():
        for row in rule if isinstance(rule, list) and name not in UNDATED else ():
            yield begins(row)
            if row.get("until"):
                yield row["until"]


def _twice(keys: Iterable[str]) -> list[str]:
    return [key for key, count in Counter(keys).items() if count > 1]
