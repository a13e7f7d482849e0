"""A programme's file made whole: what it leaves to the defaults, and the service models it names by key."""

from collections.abc import Iterator, Mapping
from typing import Any

type Data = Mapping[str, Any]

# Sections that a programme's file may leave to the defaults.
INHERITED = (
    "reply", "report_deadline", "buyer_credits", "zero_tolerance", "committee", "public_reporting", "training",
    "advisors",
)


class UnknownModelError(LookupError):
    """A programme names a service model that the defaults do not have."""


def resolved(data: Data, defaults: Data) -> dict[str, Any]:
    """The programme's rules in full. Raises UnknownModelError.

    A section of its own takes the place of the whole default. A programme that serves sectors and names no service
    model follows the default one, from the first day on and without end."""
    own = {name: rows for name, rows in defaults.items() if name in INHERITED}
    return {**own, **data, "service_models": list(_models(data, defaults))}


def _models(data: Data, defaults: Data) -> Iterator[dict[str, Any]]:
    templates = {model["key"]: model for model in defaults.get("service_models") or ()}
    sectors = list(dict.fromkeys(row["key"] for row in data.get("sectors") or ()))
    named = data.get("service_models")
    if named is None:
        named = [{"model": defaults["default_service_model"], "until": None}] if sectors else []
    for row in named:
        if "model" not in row:
            yield dict(row)
            continue
        if row["model"] not in templates:
            raise UnknownModelError(f"there is no service model '{row['model']}' in the defaults")
        model = {"sectors": sectors, **templates[row["model"]], **row}
        yield {name: value for name, value in model.items() if name != "model"}
