"""Registering the rows of an import, and taking them back.

It goes in short steps, each prepared before anything is written, so that others save meanwhile. A row that has come to
its end says so in the same transaction: work that was interrupted goes on where it stopped."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q
from django.tasks import task

from evenweave.access.enums import Shared
from evenweave.access.models import Standing
from evenweave.activity.models import Entry
from evenweave.activity.services import Log, step
from evenweave.activity.steps import Step
from evenweave.exchange.enums import BatchState, Outcome
from evenweave.exchange.models import ImportBatch, ImportRow
from evenweave.exchange.queries import wanted_rows
from evenweave.exchange.rules.cells import from_json
from evenweave.exchange.services.batches import (
    ROWS_AT_ONCE,
    Progress,
    as_job,
    asker,
    batch_of,
    end,
    move,
    shown,
    unseen,
    work_off,
)
from evenweave.organisations.enums import FactoryStatus
from evenweave.organisations.models import Factory
from evenweave.organisations.services import Draft, draw_up_factory, save_factories
from evenweave.people.models import Person
from evenweave.toolkit.jobs.running import completing

ROWS_A_STEP = 100


def commit_import(*, ref: str, by: Person | None, progress: Progress = unseen) -> ImportBatch:
    """Register what the preview calls new, in short steps. A possible duplicate about which nobody has said that it
    is the same factory is registered too, and waits for a person."""
    batch = move(ref, by, BatchState.PREVIEW, BatchState.COMMITTING)
    _register_all(batch, by, progress)
    end(batch, BatchState.COMMITTED, "committed_at")
    return batch


def ask_commit(*, ref: str, by: Person) -> ImportBatch:
    """Register now, or as a job when there is much to register."""
    batch = batch_of(ref, by, locked=False)
    if wanted_rows(batch).count() <= ROWS_AT_ONCE:
        return commit_import(ref=ref, by=by)
    return as_job(ref, by, BatchState.PREVIEW, BatchState.COMMITTING, commit_long_list)


@task(takes_context=True)
def commit_long_list(context, ref: str, person_id: int) -> None:
    """Register a long list step by step; begun again, it goes on where it stopped."""
    by = asker(person_id)
    batch = batch_of(ref, by, locked=False)
    _register_all(batch, by, shown(context))
    with completing(context):
        end(batch, BatchState.COMMITTED, "committed_at")


@dataclass
class _Ready:
    """A row with the factory that it will be."""

    row: ImportRow
    draft: Draft


def _register_all(batch: ImportBatch, by: Person | None, progress: Progress) -> None:
    keys = list(wanted_rows(batch).order_by("number").values_list("pk", flat=True))
    work_off(keys, ROWS_A_STEP, lambda some: _register_some(batch, some, by), progress)


def _register_some(batch: ImportBatch, keys: Sequence[int], by: Person | None) -> None:
    rows = list(wanted_rows(batch).filter(pk__in=keys).order_by("number").defer("cells", "faults", "warnings"))
    ready = [_Ready(row, draw_up_factory(data=_data_of(row, batch), is_read=True)) for row in rows]
    with step() as log:
        ImportBatch.objects.select_for_update().get(pk=batch.pk)
        still_open = set(wanted_rows(batch).filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
        _register([one for one in ready if one.row.pk in still_open], batch, by, log)


def _data_of(row: ImportRow, batch: ImportBatch) -> dict[str, Any]:
    return from_json(row.profile) | {"programme": batch.programme}


def _register(ready: list[_Ready], batch: ImportBatch, by: Person | None, log: Log) -> None:
    keys = {one.draft.factory.match_key for one in ready}
    twins = Factory.objects.filter(programme=batch.programme, match_key__in=keys, status=FactoryStatus.ACTIVE)
    registered_meanwhile = {twin.match_key: twin for twin in twins}
    new = []
    for one in ready:
        one.row.match = registered_meanwhile.get(one.draft.factory.match_key, one.row.match)
        one.row.outcome = Outcome.REGISTERED
        if one.draft.factory.match_key in registered_meanwhile:
            one.row.outcome = Outcome.MATCHED
        else:
            new.append(one)
    save_factories([one.draft for one in new])
    for one in new:
        one.row.factory = one.draft.factory
        log.record(
            Step.FACTORY_IMPORTED, about=one.row.factory, by=by, factory=one.row.factory, sharing=Shared.FACTORY,
            payload={"import": batch.ref, "row": one.row.number},
        )
    _save_outcomes([one.row for one in ready])


def _save_outcomes(rows: list[ImportRow]) -> None:
    """As `bulk_update`, which takes as long for this as everything else in a step together."""
    table = connection.ops.quote_name(ImportRow._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {table} SET outcome = %s, factory_id = %s, match_id = %s WHERE id = %s",  # noqa: S608 -- our own name
            [(row.outcome, row.factory_id, row.match_id, row.pk) for row in rows],
        )


# --- undoing --------------------------------------------------------------


def undo_import(*, ref: str, by: Person | None, progress: Progress = unseen) -> ImportBatch:
    """Withdraw the factories of an import that nobody has touched since; the others stay, and the rows say so."""
    batch = move(ref, by, BatchState.COMMITTED, BatchState.UNDOING)
    _withdraw_all(batch, by, progress)
    end(batch, BatchState.UNDONE, "undone_at")
    return batch


def ask_undo(*, ref: str, by: Person) -> ImportBatch:
    """Undo now, or as a job when there is much to withdraw."""
    batch = batch_of(ref, by, locked=False)
    if _registered(batch).count() <= ROWS_AT_ONCE:
        return undo_import(ref=ref, by=by)
    return as_job(ref, by, BatchState.COMMITTED, BatchState.UNDOING, undo_long_list)


@task(takes_context=True)
def undo_long_list(context, ref: str, person_id: int) -> None:
    """Undo a long import step by step; begun again, it goes on where it stopped."""
    by = asker(person_id)
    batch = batch_of(ref, by, locked=False)
    _withdraw_all(batch, by, shown(context))
    with completing(context):
        end(batch, BatchState.UNDONE, "undone_at")


def _registered(batch: ImportBatch):
    return batch.rows.filter(outcome=Outcome.REGISTERED)


def _withdraw_all(batch: ImportBatch, by: Person | None, progress: Progress) -> None:
    keys = list(_registered(batch).order_by("number").values_list("pk", flat=True))
    work_off(keys, ROWS_A_STEP, lambda some: _withdraw_some(batch, some, by), progress)


def _withdraw_some(batch: ImportBatch, rows: Sequence[int], by: Person | None) -> None:
    with step() as log:
        ImportBatch.objects.select_for_update().get(pk=batch.pk)
        keys = list(_registered(batch).filter(pk__in=rows).values_list("factory_id", flat=True))
        factories = {one.pk: one for one in Factory.objects.select_for_update().filter(pk__in=keys).order_by("pk")}
        touched = _touched(keys)
        untouched = [factory for pk, factory in factories.items() if pk not in touched]
        _withdraw(untouched, batch, by, log)
        batch.rows.filter(factory__in=touched).update(outcome=Outcome.KEPT)
        batch.rows.filter(factory__in=untouched).update(outcome=Outcome.WITHDRAWN)


def _touched(keys: list[int]) -> set[int]:
    """The factories with which anything has happened since they were imported: a step in the log, a standing, or a
    change of their row."""
    steps = Entry.objects.filter(factory__in=keys).exclude(step=Step.FACTORY_IMPORTED)
    changed = Factory.objects.filter(pk__in=keys).filter(Q(revision__gt=1) | ~Q(status=FactoryStatus.ACTIVE))
    return {
        *steps.values_list("factory_id", flat=True),
        *Standing.objects.filter(factory__in=keys).values_list("factory_id", flat=True),
        *changed.values_list("pk", flat=True),
    }


def _withdraw(factories: list[Factory], batch: ImportBatch, by: Person | None, log: Log) -> None:
    Factory.objects.filter(pk__in=[factory.pk for factory in factories]).update(
        status=FactoryStatus.WITHDRAWN, status_reason=f"import {batch.ref}"
    )
    for factory in factories:
        log.record(
            Step.FACTORY_IMPORT_UNDONE, about=factory, by=by, factory=factory, sharing=Shared.STAFF,
            payload={"import": batch.ref},
        )

