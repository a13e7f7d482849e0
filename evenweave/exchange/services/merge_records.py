"""What a merge changes, row by row, so that it can be taken back: {"room.model": {id: {field: [before, after]}}}."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q

from evenweave.access.models import Standing
from evenweave.assessments.models import Assessment, Finding, ZeroToleranceCase
from evenweave.committees.models import Committee, Election, Meeting, Member
from evenweave.enrolment.models import Cycle, Invoice
from evenweave.improvement.models import (
    ItemAction,
    ItemCheck,
    ItemDetail,
    ItemEvidence,
    ItemFinding,
    PlanItem,
    SideAnswer,
    ThreadMessage,
)
from evenweave.indicators.models import FactoryResult
from evenweave.organisations.models import Consent, Factory
from evenweave.people.models import Invitation
from evenweave.reports.models import ProgressReport, Report
from evenweave.training.models import Charge, Guest, Practice, Registration, Session

type Rows = dict[str, dict[str, Any]]
type Changes = dict[str, dict[str, dict[str, list]]]

ITEM_STATE = (
    "plan_id", "number", "cycle_id", "status", "management", "workers", "verification", "is_public", "source",
    "sharing", "completed_at", "withdrawn_at", "withdrawn_reason", "changed_at",
)
# Model → how it leads to its factory, and what a merge may change of it. A room that lets a merge change more says so
# here: else a split cannot take it back.
WATCHED: dict[type[models.Model], tuple[str, tuple[str, ...]]] = {
    Cycle: ("factory", ("factory_id", "number")),
    Assessment: ("factory", ("factory_id",)),
    Finding: ("factory", ("factory_id",)),
    ZeroToleranceCase: ("factory", ("factory_id",)),
    Report: ("factory", ("factory_id",)),
    ProgressReport: ("factory", ("factory_id",)),
    Invoice: ("factory", ("factory_id",)),
    FactoryResult: ("factory", ("factory_id",)),
    PlanItem: ("plan__factory", ITEM_STATE),
    ItemDetail: ("item__plan__factory", ("due_on",)),
    ItemFinding: ("item__plan__factory", ("item_id",)),
    ItemAction: ("item__plan__factory", ("item_id",)),
    ItemEvidence: ("item__plan__factory", ("item_id",)),
    SideAnswer: ("item__plan__factory", ("item_id",)),
    ItemCheck: ("item__plan__factory", ("item_id",)),
    ThreadMessage: ("plan__factory", ("plan_id", "item_id", "cycle_id")),
    Committee: ("factory", ("factory_id", "ended_on")),
    Member: ("committee__factory", ("left_on", "left_reason", "is_chair")),
    Election: ("committee__factory", ("state",)),
    Meeting: ("committee__factory", ("state",)),
    Registration: ("factory", ("factory_id", "name_key")),
    Session: ("closed_to", ("closed_to_id",)),
    Charge: ("factory", ("factory_id",)),
    Practice: ("factory", ("factory_id",)),
    Guest: ("factory", ("factory_id",)),
    Standing: ("factory", ("ends_at",)),
    Invitation: ("factory", ("factory_id",)),
    Consent: ("factory", ("revoked_at", "revoked_by_id", "reason")),
    Factory: ("merged_into", ("merged_into_id",)),
}


@dataclass
class Watch:
    """What was changed while it watched; `created` are the ids of new rows."""

    changes: Changes = field(default_factory=dict)
    created: dict[str, list[int]] = field(default_factory=dict)


@contextmanager
def watching(*factories: Factory) -> Iterator[Watch]:
    """Compares the rows of the factories before and after."""
    watch, before = Watch(), _rows(factories)
    yield watch
    after = _rows(factories)
    for label, rows in after.items():
        known = before[label]
        watch.created[label] = [int(key) for key in rows if key not in known]
        watch.changes[label] = {
            key: changed for key, now in rows.items() if key in known and (changed := _changed(known[key], now))
        }


def _changed(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list]:
    """Of a row that changed every field that is watched, so that a later change of another one is noticed too."""
    return {name: [before[name], value] for name, value in after.items()} if before != after else {}


def _rows(factories: tuple[Factory, ...]) -> dict[str, Rows]:
    return {
        model._meta.label_lower: _values(model.objects.filter(Q(**{f"{path}__in": factories})), fields)
        for model, (path, fields) in WATCHED.items()
    }


def values_now(label: str, changed: dict[str, dict[str, list]]) -> Rows:
    """The rows as they are now, in the fields that were changed; a row that is gone is absent."""
    model = apps.get_model(label)
    return _values(model.objects.filter(pk__in=[int(key) for key in changed]), WATCHED[model][1])


def _values(rows: models.QuerySet, fields: tuple[str, ...]) -> Rows:
    read = rows.order_by("pk").values("pk", *fields)
    return {str(row["pk"]): {name: _as_json(row[name]) for name in fields} for row in read}


def _as_json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def put_back(label: str, key: str, changed: dict[str, list]) -> None:
    """Give a row the values that it had before."""
    model = apps.get_model(label)
    values = {name: model._meta.get_field(name).to_python(before) for name, (before, _after) in changed.items()}
    model.objects.filter(pk=int(key)).update(**values)
