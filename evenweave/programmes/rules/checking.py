"""What can be wrong with a programme file beyond its form."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from evenweave.programmes.rules.reading import NoRulesInForceError, rules_of


def programme_faults(data: Mapping[str, Any], file_name: str) -> Iterator[str]:
    """One sentence a fault, for a file that has kept to its schema."""
    if file_name != f"{data['code']}.yaml":
        yield f"the file of {data['code']} is named {data['code']}.yaml"
    try:
        ZoneInfo(data["time_zone"])
    except (KeyError, ValueError, OSError):
        yield f"there is no time zone '{data['time_zone']}'"
    yield from _model_faults(data["service_models"])
    yield from _protocol_faults(data["zero_tolerance"])
    yield from _price_faults(data)
    yield from _gaps(data)


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
            yield f"buyer credits from {prices['from']}: tiers begin at 1 and rise"
    sold = {row["key"] for row in data["packages"]}
    for prices in data.get("factory_prices") or ():
        open_ended = {line["package"] for line in prices["lines"] if "workers_up_to" not in line}
        for package in sorted(sold - open_ended):
            yield f"factory prices from {prices['from']}: no price of '{package}' for the largest factories"


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
    for rule in data.values():
        for row in rule if isinstance(rule, list) else ():
            yield row["from"]
            if "until" in row:
                yield row["until"]


def _twice(keys: Iterable[str]) -> list[str]:
    return [key for key, count in Counter(keys).items() if count > 1]
