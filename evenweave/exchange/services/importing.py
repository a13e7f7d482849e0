"""Importing lists of factories: read, check, look through, register, undo.

Matching happens outside any write; registering goes in steps of a few rows, so that others save meanwhile. A row that
has come to its end says so in the same transaction: work that was interrupted goes on where it stopped."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any

from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.tasks import task
from django.tasks.exceptions import TaskResultDoesNotExist
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evenweave.access.enums import Action, Shared
from evenweave.access.models import Standing
from evenweave.activity.models import Entry
from evenweave.activity.services import step
from evenweave.activity.steps import Step
from evenweave.exchange.enums import BatchState, Outcome, Verdict
from evenweave.exchange.models import ImportBatch, ImportRow, ImportTable
from evenweave.exchange.queries import import_programmes, known_factories, place_of, wanted_rows
from evenweave.exchange.rules.cells import Reading, from_json, jsonable, read_row
from evenweave.exchange.rules.columns import FIELDS, guessed, mapping_fault
from evenweave.exchange.rules.matching import Index, Known, halves
from evenweave.organisations.enums import FactoryStatus
from evenweave.organisations.models import Factory
from evenweave.organisations.queries import same_factory
from evenweave.organisations.rules import match_key
from evenweave.organisations.services import make_factory
from evenweave.people.models import Person
from evenweave.toolkit import clock
from evenweave.toolkit.jobs.running import GiveUp, completing, progress_of, report_progress
from evenweave.toolkit.refusals import Refused
from evenweave.toolkit.sheets import Limits, Table, read_table

LIMITS = Limits(rows=20_000, columns=100)
# What a person waits for without noticing is done at once, the rest as a job.
ROWS_AT_ONCE = 300
ROWS_A_STEP = 25

Progress = Callable[[int, int], None]


def _unseen(_done: int, _of: int) -> None:
    """Nobody watches."""


# --- reading and checking -------------------------------------------------


def open_import(*, file: IO[bytes], filename: str, programme: str, by: Person | None) -> ImportBatch:
    """Read the file and guess its columns; nothing is checked yet. Refused for a file that cannot be read whole,
    Http404 where the person imports nothing. `by` None is the command line."""
    if by is not None and programme not in import_programmes(by):
        raise Http404
    table = read_table(file, filename, limits=LIMITS, field="file")
    if not table.rows:
        raise Refused(_("%(file)s: there are no rows under the headings.") % {"file": filename}, field="file")
    with transaction.atomic():
        batch = ImportBatch.objects.create(
            programme=programme, filename=filename[:200], headings=list(table.headings),
            mapping=guessed(table.headings), opened_by=by,
        )
        rows = [[row.number, [jsonable(cell) for cell in row.cells]] for row in table.rows]
        ImportTable.objects.create(batch=batch, rows=rows)
    return batch


def read_factory_list(
    *, file: IO[bytes], filename: str, programme: str, by: Person | None, mapping: dict[str, str] | None = None
) -> ImportBatch:
    """Read and check in one go; returns the batch ready to be looked through. `mapping`: heading → field; without
    it the usual headings are recognised."""
    batch = open_import(file=file, filename=filename, programme=programme, by=by)
    return check_import(ref=batch.ref, mapping=batch.mapping if mapping is None else mapping, by=by)


@dataclass(frozen=True, slots=True)
class Judged:
    """Whether a row is new; else the factory or the earlier row that it repeats or resembles."""

    verdict: Verdict
    match_id: int | None = None
    like_row: int | None = None
    score: int | None = None


@dataclass
class Checked:
    """One row after checking: what it says, and whether it is new."""

    number: int
    cells: dict[str, Any]
    reading: Reading
    judged: Judged


def examine(
    table: list[tuple[int, dict[str, Any]]], programme: str, progress: Progress = _unseen
) -> list[Checked]:
    """Check rows, given as (number, field → cell), against each other and what is registered; writes nothing."""
    place, year = place_of(programme), clock.now().year
    known = _Register(place.code)
    checked = []
    for done, (number, cells) in enumerate(table):
        reading = read_row(cells, place, this_year=year)
        checked.append(_judged(number, cells, reading, known))
        if done % 250 == 0:
            progress(done, len(table))
    return checked


def _judged(number: int, cells: dict[str, Any], reading: Reading, known: "_Register") -> Checked:
    judged = Judged(Verdict.FAULTY) if reading.faults else known.judge(number, reading.profile)
    shown = {name: "" if cell is None else str(cell) for name, cell in cells.items()}
    return Checked(number, shown, reading, judged)


class _Register:
    """What is registered in a country, and what the rows before this one said."""

    def __init__(self, country: str) -> None:
        rows = known_factories(country)
        self.keys = {key: pk for pk, key, _os, _registry in rows}
        self.os_ids = {os_id: pk for pk, _key, os_id, _registry in rows if os_id}
        self.registry_ids = {registry: pk for pk, _key, _os, registry in rows if registry}
        self.index = Index(Known(pk, *halves(key)) for pk, key, _os, _registry in rows)
        self.seen: dict[str, int] = {}

    def judge(self, number: int, profile: dict[str, Any]) -> Judged:
        key = match_key(profile["name"], profile.get("address", ""))
        os_id, registry_id = profile.get("os_id", ""), profile.get("registry_id", "")
        known = self.os_ids.get(os_id) or self.registry_ids.get(registry_id) or self.keys.get(key)
        if known is not None:
            return Judged(Verdict.KNOWN, match_id=known)
        marks = [f"key {key}"] + [f"{kind} {mark}" for kind, mark in (("os", os_id), ("id", registry_id)) if mark]
        if earlier := next((self.seen[mark] for mark in marks if mark in self.seen), None):
            return Judged(Verdict.REPEATED, like_row=earlier)
        self.seen |= dict.fromkeys(marks, number)
        match = self.index.best(*halves(key))
        # Rows of the file stand in the index with their number below zero.
        self.index.add(Known(-number, *halves(key)))
        if match is None:
            return Judged(Verdict.NEW)
        if match.id < 0:
            return Judged(Verdict.POSSIBLE, like_row=-match.id, score=match.score)
        return Judged(Verdict.POSSIBLE, match_id=match.id, score=match.score)


def check_import(
    *, ref: str, mapping: dict[str, str], by: Person | None, progress: Progress = _unseen
) -> ImportBatch:
    """Check every row with these columns; what an earlier check said is forgotten. Refused for columns that cannot
    be used and for a batch that is past its preview."""
    batch = _of(ref, by, locked=False)
    mapping = _usable(batch, mapping)
    checked = examine(_table_of(batch, mapping), batch.programme, progress)
    with transaction.atomic():
        _save_check(_to_check(ref, by), mapping, checked)
    batch.refresh_from_db()
    return batch


def _save_check(batch: ImportBatch, mapping: dict[str, str], checked: list[Checked]) -> None:
    batch.rows.all().delete()
    ImportRow.objects.bulk_create([_row_of(batch, one) for one in checked], batch_size=1000)
    batch.mapping, batch.state, batch.job_id = mapping, BatchState.PREVIEW, ""
    batch.save(update_fields=["mapping", "state", "job_id"])


def _row_of(batch: ImportBatch, checked: Checked) -> ImportRow:
    reading, judged = checked.reading, checked.judged
    return ImportRow(
        batch=batch, number=checked.number, cells=checked.cells, verdict=judged.verdict,
        profile={name: jsonable(value) for name, value in reading.profile.items()},
        faults=reading.faults, warnings=reading.warnings,
        match_id=judged.match_id, like_row=judged.like_row, match_score=judged.score,
    )


def _table_of(batch: ImportBatch, mapping: dict[str, str]) -> list[tuple[int, dict[str, Any]]]:
    places = [(batch.headings.index(heading), field) for heading, field in mapping.items()]
    return [(number, {field: cells[place] for place, field in places}) for number, cells in batch.table.rows]


def table_of(table: Table, mapping: dict[str, str]) -> list[tuple[int, dict[str, Any]]]:
    """The rows of a table that was read, as `examine` takes them."""
    places = [(table.headings.index(heading), field) for heading, field in mapping.items()]
    return [(row.number, {field: row.cells[place] for place, field in places}) for row in table.rows]


def _usable(batch: ImportBatch, mapping: dict[str, str]) -> dict[str, str]:
    mapping = {heading: field for heading, field in mapping.items() if field}
    if not (set(mapping) <= set(batch.headings) and set(mapping.values()) <= set(FIELDS)):
        raise Refused(_("These are not the columns of this file."))
    refuse_mapping(mapping)
    return mapping


def refuse_mapping(mapping: dict[str, str]) -> None:
    """Refused when no column holds the name, or two hold the same."""
    fault = mapping_fault(mapping)
    if fault == "no_name":
        raise Refused(_("Say which column holds the factory's name."))
    if fault == "field_twice":
        raise Refused(_("Two columns are said to hold the same. Choose one of them."))


def decide_row(*, ref: str, number: int | None, is_wanted: bool, by: Person) -> None:
    """A possible duplicate is registered nevertheless, or left out; with `number` None all of them."""
    with transaction.atomic():
        batch = _in_state(ref, by, BatchState.PREVIEW)
        rows = batch.rows.filter(verdict=Verdict.POSSIBLE)
        if number is not None:
            rows = rows.filter(number=number)
        if not rows.update(is_wanted=is_wanted):
            raise Http404


# --- registering ----------------------------------------------------------


def commit_import(*, ref: str, by: Person | None, progress: Progress = _unseen) -> ImportBatch:
    """Register what the preview calls new, and the possible duplicates that somebody wants, in short steps."""
    batch = _move(ref, by, BatchState.PREVIEW, BatchState.COMMITTING)
    _work_off(batch, lambda: _register_some(batch, by), wanted_rows(batch).count(), progress)
    _end(batch, BatchState.COMMITTED, "committed_at")
    return batch


def _register_some(batch: ImportBatch, by: Person | None) -> int:
    with step() as log:
        ImportBatch.objects.select_for_update().get(pk=batch.pk)
        rows = list(wanted_rows(batch).order_by("number")[:ROWS_A_STEP])
        for row in rows:
            _register(row, batch, by, log)
        ImportRow.objects.bulk_update(rows, ["outcome", "factory", "match"])
    return len(rows)


def _register(row: ImportRow, batch: ImportBatch, by: Person | None, log) -> None:
    profile = from_json(row.profile)
    twin = same_factory(batch.programme, match_key(profile["name"], profile.get("address", "")))
    if twin is not None:
        # Registered by somebody else since the preview.
        row.outcome, row.match = Outcome.LEFT_OUT, twin
        return
    row.factory = make_factory(data=profile | {"programme": batch.programme})
    row.outcome = Outcome.REGISTERED
    log.record(
        Step.FACTORY_IMPORTED, about=row.factory, by=by, factory=row.factory, sharing=Shared.FACTORY,
        payload={"import": batch.ref, "row": row.number},
    )


# --- undoing --------------------------------------------------------------


def undo_import(*, ref: str, by: Person | None, progress: Progress = _unseen) -> ImportBatch:
    """Withdraw the factories of an import that nobody has touched since; the others stay, and the rows say so."""
    batch = _move(ref, by, BatchState.COMMITTED, BatchState.UNDOING)
    _work_off(batch, lambda: _withdraw_some(batch, by), _registered(batch).count(), progress)
    _end(batch, BatchState.UNDONE, "undone_at")
    return batch


def _registered(batch: ImportBatch):
    return batch.rows.filter(outcome=Outcome.REGISTERED)


def _withdraw_some(batch: ImportBatch, by: Person | None) -> int:
    with step() as log:
        ImportBatch.objects.select_for_update().get(pk=batch.pk)
        rows = list(_registered(batch).order_by("number")[:ROWS_A_STEP])
        factories = {
            factory.pk: factory
            for factory in Factory.objects.select_for_update().filter(pk__in=[row.factory_id for row in rows])
        }
        touched = _touched(list(factories))
        for row in rows:
            row.outcome = Outcome.KEPT if row.factory_id in touched else Outcome.WITHDRAWN
            if row.outcome == Outcome.WITHDRAWN:
                _withdraw(factories[row.factory_id], batch, by, log)
        ImportRow.objects.bulk_update(rows, ["outcome"])
    return len(rows)


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


def _withdraw(factory: Factory, batch: ImportBatch, by: Person | None, log) -> None:
    factory.status, factory.status_reason = FactoryStatus.WITHDRAWN, f"import {batch.ref}"
    factory.save(update_fields=["status", "status_reason"])
    log.record(
        Step.FACTORY_IMPORT_UNDONE, about=factory, by=by, factory=factory, sharing=Shared.STAFF,
        payload={"import": batch.ref},
    )


# --- short and long work --------------------------------------------------


def ask_check(*, ref: str, mapping: dict[str, str], by: Person) -> ImportBatch:
    """Check now, or as a job when the list is long."""
    batch = _of(ref, by, locked=False)
    usable = _usable(batch, mapping)
    if len(batch.table.rows) <= ROWS_AT_ONCE:
        return check_import(ref=ref, mapping=usable, by=by)
    with transaction.atomic():
        batch = _to_check(ref, by)
        batch.mapping, batch.state = usable, BatchState.CHECKING
        batch.job_id = check_long_list.enqueue(ref, usable, by.pk).id
        batch.save(update_fields=["mapping", "state", "job_id"])
    return batch


def ask_commit(*, ref: str, by: Person) -> ImportBatch:
    """Register now, or as a job when there is much to register."""
    batch = _of(ref, by, locked=False)
    if wanted_rows(batch).count() <= ROWS_AT_ONCE // 6:
        return commit_import(ref=ref, by=by)
    return _as_job(ref, by, BatchState.PREVIEW, BatchState.COMMITTING, commit_long_list)


def ask_undo(*, ref: str, by: Person) -> ImportBatch:
    """Undo now, or as a job when there is much to withdraw."""
    batch = _of(ref, by, locked=False)
    if _registered(batch).count() <= ROWS_AT_ONCE // 6:
        return undo_import(ref=ref, by=by)
    return _as_job(ref, by, BatchState.COMMITTED, BatchState.UNDOING, undo_long_list)


def _as_job(ref: str, by: Person, expected: BatchState, under_way: BatchState, job) -> ImportBatch:
    with transaction.atomic():
        batch = _move(ref, by, expected, under_way)
        batch.job_id = job.enqueue(ref, by.pk).id
        batch.save(update_fields=["job_id"])
    return batch


@task(takes_context=True)
def check_long_list(context, ref: str, mapping: dict[str, str], person_id: int) -> None:
    """Check a long list; the preview is there when the job is."""
    by = _asker(person_id)
    batch = _of(ref, by, locked=False)
    checked = examine(_table_of(batch, mapping), batch.programme, _shown(context))
    with completing(context):
        _save_check(_to_check(ref, by), mapping, checked)


@task(takes_context=True)
def commit_long_list(context, ref: str, person_id: int) -> None:
    """Register a long list step by step; begun again, it goes on where it stopped."""
    by = _asker(person_id)
    batch = _of(ref, by, locked=False)
    _work_off(batch, lambda: _register_some(batch, by), wanted_rows(batch).count(), _shown(context))
    with completing(context):
        _end(batch, BatchState.COMMITTED, "committed_at")


@task(takes_context=True)
def undo_long_list(context, ref: str, person_id: int) -> None:
    """Undo a long import step by step; begun again, it goes on where it stopped."""
    by = _asker(person_id)
    batch = _of(ref, by, locked=False)
    _work_off(batch, lambda: _withdraw_some(batch, by), _registered(batch).count(), _shown(context))
    with completing(context):
        _end(batch, BatchState.UNDONE, "undone_at")


def _asker(person_id: int) -> Person:
    person = Person.objects.filter(pk=person_id, is_active=True).first()
    if person is None:
        raise GiveUp("The person who asked for it has left.")
    return person


def _shown(context) -> Progress:
    def show(done: int, of: int) -> None:
        report_progress(context, done / max(of, 1), ngettext("%(done)s of %(of)s row", "%(done)s of %(of)s rows", of)
                        % {"done": done, "of": of})

    return show


def _work_off(batch: ImportBatch, some: Callable[[], int], of: int, progress: Progress) -> None:
    done = 0
    while count := some():
        done += count
        progress(done, of)


def _move(ref: str, by: Person | None, expected: BatchState, under_way: BatchState) -> ImportBatch:
    """The batch is under way; also when it was before and the work on it has stopped."""
    with transaction.atomic():
        batch = _in_state(ref, by, expected, under_way)
        if batch.state == under_way and is_being_worked_on(batch):
            raise Refused(_("This import is: %(state)s.") % {"state": batch.get_state_display()})
        batch.state = under_way
        batch.save(update_fields=["state"])
    return batch


def is_being_worked_on(batch: ImportBatch) -> bool:
    """Whether a job for it waits or runs; false when it has failed."""
    try:
        return bool(batch.job_id) and not progress_of(batch.job_id).is_finished
    except TaskResultDoesNotExist:
        return False


def _end(batch: ImportBatch, state: BatchState, moment: str) -> None:
    batch.state, batch.job_id = state, ""
    setattr(batch, moment, clock.now())
    batch.save(update_fields=["state", "job_id", moment])


def _of(ref: str, by: Person | None, *, locked: bool = True) -> ImportBatch:
    """The batch for this person, locked for a change inside a transaction; Http404 when it is not there."""
    if locked and by is not None:
        return ImportBatch.objects.one_for(by, Action.FACTORY_IMPORT, ref=ref)
    batches = ImportBatch.objects.all() if by is None else ImportBatch.objects.permitted(by, Action.FACTORY_IMPORT)
    batch = batches.filter(ref=ref).first()
    if batch is None:
        raise Http404
    return batch


def _to_check(ref: str, by: Person | None) -> ImportBatch:
    return _in_state(ref, by, BatchState.MAPPING, BatchState.CHECKING, BatchState.PREVIEW)


def _in_state(ref: str, by: Person | None, *expected: BatchState) -> ImportBatch:
    batch = _of(ref, by)
    if batch.state not in expected:
        raise Refused(_("This import is: %(state)s.") % {"state": batch.get_state_display()})
    return batch
