"""Reading a list of factories and checking its rows: nothing is registered yet.

Reading and matching happen outside any write; what was found is saved in short steps, so that others save meanwhile."""

from dataclasses import dataclass
from itertools import batched
from typing import IO, Any

from django.db import transaction
from django.http import Http404
from django.tasks import task
from django.utils.translation import gettext as _

from evenweave.exchange.enums import BatchState, Verdict
from evenweave.exchange.models import ImportBatch, ImportRow, ImportTable
from evenweave.exchange.queries import earlier_mapping, import_programmes, known_factories, place_of
from evenweave.exchange.rules.cells import Reading, jsonable, read_row
from evenweave.exchange.rules.columns import FIELDS, guessed, mapping_fault
from evenweave.exchange.rules.matching import best_matches, halves
from evenweave.exchange.services.batches import (
    ROWS_AT_ONCE,
    Progress,
    asker,
    batch_of,
    in_state,
    seldom_swept,
    shown,
    unseen,
)
from evenweave.organisations.rules import match_key
from evenweave.people.models import Person
from evenweave.toolkit import clock
from evenweave.toolkit.jobs.running import completing
from evenweave.toolkit.refusals import Refused
from evenweave.toolkit.sheets import Limits, Table, read_table

MEGABYTE = 1024 * 1024
LIMITS = Limits(size=20 * MEGABYTE, rows=60_000, columns=100)
ROWS_SAVED_A_STEP = 500
SAMPLES, SAMPLE_LENGTH = 3, 60
CHECKABLE = (BatchState.MAPPING, BatchState.CHECKING, BatchState.PREVIEW)


def open_import(*, file: IO[bytes], filename: str, programme: str, by: Person | None) -> ImportBatch:
    """Read the file and guess its columns, as they were said to be for a list with the same headings; nothing is
    checked yet. Refused for a file that cannot be read whole, Http404 where the person imports nothing. `by` None is
    the command line."""
    if by is not None and programme not in import_programmes(by):
        raise Http404
    table = read_table(file, filename, limits=LIMITS, field="file")
    if not table.rows:
        raise Refused(_("%(file)s: there are no rows under the headings.") % {"file": filename}, field="file")
    mapping = guessed(table.headings, earlier_mapping(programme, table.headings))
    rows = [[row.number, [jsonable(cell) for cell in row.cells]] for row in table.rows]
    with transaction.atomic():
        batch = ImportBatch.objects.create(
            programme=programme, filename=filename[:200], headings=list(table.headings), mapping=mapping, opened_by=by,
            samples=_samples(table),
        )
        ImportTable.objects.create(batch=batch, rows=rows)
    return batch


def _samples(table: Table) -> list[list[str]]:
    """The first cells of each column that say something, so that people recognise it."""
    samples: list[list[str]] = [[] for _heading in table.headings]
    for row in table.rows[:50]:
        for cell, said in zip(row.cells, samples, strict=True):
            if cell is not None and len(said) < SAMPLES and str(cell)[:SAMPLE_LENGTH] not in said:
                said.append(str(cell)[:SAMPLE_LENGTH])
    return samples


def read_factory_list(
    *, file: IO[bytes], filename: str, programme: str, by: Person | None, mapping: dict[str, str] | None = None
) -> ImportBatch:
    """Read and check in one go; returns the batch ready to be looked through. `mapping`: heading → field; without
    it the usual headings are recognised."""
    batch = open_import(file=file, filename=filename, programme=programme, by=by)
    return check_import(ref=batch.ref, mapping=batch.mapping if mapping is None else mapping, by=by)


# --- judging --------------------------------------------------------------


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
    key: str = ""
    judged: Judged = Judged(Verdict.FAULTY)


def examine(
    table: list[tuple[int, dict[str, Any]]], programme: str, progress: Progress = unseen
) -> list[Checked]:
    """Check rows, given as (number, field → cell), against each other and what is registered; writes nothing."""
    place, year = place_of(programme), clock.now().year
    known = _Register(programme, place.code)
    checked = []
    for done, (number, cells) in enumerate(table):
        reading = read_row(cells, place, this_year=year)
        texts = {name: "" if cell is None else str(cell) for name, cell in cells.items()}
        row = Checked(number, texts, reading)
        if not reading.faults:
            row.key = match_key(reading.profile["name"], reading.profile.get("address", ""))
            row.judged = known.judge(number, row.key, reading.profile)
        checked.append(row)
        if done % 250 == 0:
            progress(done // 2, len(table))
    known.compare(checked, progress)
    return checked


class _Register:
    """What is registered in a programme and its country, and what the rows before this one said."""

    def __init__(self, programme: str, country: str) -> None:
        rows = known_factories(programme, country)
        self.known = [(pk, halves(key)) for pk, key, _os, _registry in rows]
        self.keys = {key: pk for pk, key, _os, _registry in rows}
        self.os_ids = {os_id: pk for pk, _key, os_id, _registry in rows if os_id}
        self.registry_ids = {registry: pk for pk, _key, _os, registry in rows if registry}
        self.seen: dict[str, int] = {}

    def judge(self, number: int, key: str, profile: dict[str, Any]) -> Judged:
        """Whether exactly this factory is registered or stood in an earlier row; else it is new for now."""
        os_id, registry_id = profile.get("os_id", ""), profile.get("registry_id", "")
        known = self.os_ids.get(os_id) or self.registry_ids.get(registry_id) or self.keys.get(key)
        if known is not None:
            return Judged(Verdict.KNOWN, match_id=known)
        marks = [f"key {key}"] + [f"{kind} {mark}" for kind, mark in (("os", os_id), ("id", registry_id)) if mark]
        if earlier := next((self.seen[mark] for mark in marks if mark in self.seen), None):
            return Judged(Verdict.REPEATED, like_row=earlier)
        self.seen |= dict.fromkeys(marks, number)
        return Judged(Verdict.NEW)

    def compare(self, checked: list[Checked], progress: Progress) -> None:
        """Of the new rows those that are much like a factory or an earlier row are possible duplicates."""
        new = [row for row in checked if row.judged.verdict is Verdict.NEW]

        def show(done: int, of: int) -> None:
            progress(len(checked) - len(checked) * (of - done) // (2 * of), len(checked))

        places = [half for _pk, half in self.known]
        for row, match in zip(new, best_matches(places, [halves(row.key) for row in new], show), strict=True):
            if match is None:
                continue
            if match.place < len(places):
                row.judged = Judged(Verdict.POSSIBLE, match_id=self.known[match.place][0], score=match.score)
            else:
                like = new[match.place - len(places)].number
                row.judged = Judged(Verdict.POSSIBLE, like_row=like, score=match.score)


# --- checking -------------------------------------------------------------


def check_import(
    *, ref: str, mapping: dict[str, str], by: Person | None, progress: Progress = unseen
) -> ImportBatch:
    """Check every row with these columns; what an earlier check said is forgotten. Refused for columns that cannot
    be used and for a batch that is past its preview."""
    batch = batch_of(ref, by, locked=False)
    mapping = usable_mapping(batch.headings, mapping)
    check = _begin_check(ref, mapping, by)
    _check(batch, check, mapping, progress)
    with transaction.atomic():
        _end_check(batch, check)
    batch.refresh_from_db()
    return batch


def ask_check(*, ref: str, mapping: dict[str, str], by: Person) -> ImportBatch:
    """Check now, or as a job when the list is long."""
    batch = batch_of(ref, by, locked=False)
    usable = usable_mapping(batch.headings, mapping)
    if len(batch.table.rows) <= ROWS_AT_ONCE:
        return check_import(ref=ref, mapping=usable, by=by)
    with transaction.atomic():
        check = _begin_check(ref, usable, by)
        batch = batch_of(ref, by)
        batch.job_id = check_long_list.enqueue(ref, check, by.pk).id
        batch.save(update_fields=["job_id"])
    return batch


@task(takes_context=True)
def check_long_list(context, ref: str, check: int, person_id: int) -> None:
    """Check a long list; the preview is there when the job is. Nothing is done when somebody began anew since."""
    batch = batch_of(ref, asker(person_id), locked=False)
    if batch.checks != check:
        return
    _check(batch, check, batch.mapping, shown(context))
    with completing(context):
        _end_check(batch, check)


def _begin_check(ref: str, mapping: dict[str, str], by: Person | None) -> int:
    """The rows are being checked from now on; returns the number of this check."""
    with transaction.atomic():
        batch = in_state(ref, by, *CHECKABLE)
        batch.mapping, batch.state, batch.job_id = mapping, BatchState.CHECKING, ""
        batch.checks += 1
        batch.save(update_fields=["mapping", "state", "job_id", "checks"])
    return batch.checks


def _check(batch: ImportBatch, check: int, mapping: dict[str, str], progress: Progress) -> None:
    with seldom_swept():
        checked = examine(_rows_of(batch, mapping), batch.programme, progress)
        _forget_rows(batch, check)
        for some in batched(checked, ROWS_SAVED_A_STEP):
            rows = [_row_of(batch, one) for one in some]
            with transaction.atomic():
                _still(batch, check)
                ImportRow.objects.bulk_create(rows)


def _forget_rows(batch: ImportBatch, check: int) -> None:
    for some in batched(list(batch.rows.values_list("pk", flat=True)), ROWS_SAVED_A_STEP):
        with transaction.atomic():
            _still(batch, check)
            ImportRow.objects.filter(pk__in=some).delete()


def _end_check(batch: ImportBatch, check: int) -> None:
    now = _still(batch, check)
    now.state, now.job_id = BatchState.PREVIEW, ""
    now.save(update_fields=["state", "job_id"])


def _still(batch: ImportBatch, check: int) -> ImportBatch:
    """The batch, locked, while this check of it is the newest."""
    now = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if (now.state, now.checks) != (BatchState.CHECKING, check):
        raise Refused(_("Somebody has begun to check this list anew."))
    return now


def _row_of(batch: ImportBatch, checked: Checked) -> ImportRow:
    reading, judged = checked.reading, checked.judged
    return ImportRow(
        batch=batch, number=checked.number, cells=checked.cells, verdict=judged.verdict,
        profile={name: jsonable(value) for name, value in reading.profile.items()},
        faults=reading.faults, warnings=reading.warnings,
        match_id=judged.match_id, like_row=judged.like_row, match_score=judged.score,
    )


# --- columns --------------------------------------------------------------


def _rows_of(batch: ImportBatch, mapping: dict[str, str]) -> list[tuple[int, dict[str, Any]]]:
    places = [(batch.headings.index(heading), field) for heading, field in mapping.items()]
    return [(number, {field: cells[place] for place, field in places}) for number, cells in batch.table.rows]


def table_of(table: Table, mapping: dict[str, str]) -> list[tuple[int, dict[str, Any]]]:
    """The rows of a table that was read, as `examine` takes them."""
    places = [(table.headings.index(heading), field) for heading, field in mapping.items()]
    return [(row.number, {field: row.cells[place] for place, field in places}) for row in table.rows]


def usable_mapping(headings: list[str], mapping: dict[str, str]) -> dict[str, str]:
    """The columns that are read. Refused when no column holds the name, two hold the same, or one is not there."""
    mapping = {heading: field for heading, field in mapping.items() if field}
    if not (set(mapping) <= set(headings) and set(mapping.values()) <= set(FIELDS)):
        raise Refused(_("These are not the columns of this file."))
    fault = mapping_fault(mapping)
    if fault == "no_name":
        raise Refused(_("Say which column holds the factory's name."))
    if fault == "field_twice":
        raise Refused(_("Two columns are said to hold the same. Choose one of them."))
    return mapping
