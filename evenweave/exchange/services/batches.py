"""An import on its way: loading it for a person, moving it on, and working on it in the background."""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import batched

from django.db import transaction
from django.http import Http404
from django.tasks.exceptions import TaskResultDoesNotExist
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evenweave.access.enums import Action
from evenweave.exchange.enums import BatchState
from evenweave.exchange.models import ImportBatch
from evenweave.people.models import Person
from evenweave.toolkit import clock
from evenweave.toolkit.jobs.running import GiveUp, progress_of, report_progress
from evenweave.toolkit.refusals import Refused

# What a person waits for without noticing is done at once, the rest as a job.
ROWS_AT_ONCE = 300
OBJECTS_BETWEEN_SWEEPS = 200_000

Progress = Callable[[int, int], None]


def unseen(_done: int, _of: int) -> None:
    """Nobody watches."""


def batch_of(ref: str, by: Person | None, *, locked: bool = True) -> ImportBatch:
    """The batch for this person, locked for a change inside a transaction; Http404 when it is not there. `by` None is
    the command line."""
    if locked and by is not None:
        return ImportBatch.objects.one_for(by, Action.FACTORY_IMPORT, ref=ref)
    batches = ImportBatch.objects.all() if by is None else ImportBatch.objects.permitted(by, Action.FACTORY_IMPORT)
    batch = batches.filter(ref=ref).first()
    if batch is None:
        raise Http404
    return batch


def in_state(ref: str, by: Person | None, *expected: BatchState) -> ImportBatch:
    """The batch, locked; Refused when it is at another stage."""
    batch = batch_of(ref, by)
    if batch.state not in expected:
        raise Refused(_("This import is: %(state)s.") % {"state": batch.get_state_display()})
    return batch


def move(ref: str, by: Person | None, expected: BatchState, under_way: BatchState) -> ImportBatch:
    """The batch is under way; also when it was before and the work on it has stopped."""
    with transaction.atomic():
        batch = in_state(ref, by, expected, under_way)
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


def end(batch: ImportBatch, state: BatchState, moment: str) -> None:
    """The work on it is done; `moment` is the field that says when."""
    batch.state, batch.job_id = state, ""
    setattr(batch, moment, clock.now())
    batch.save(update_fields=["state", "job_id", moment])


def as_job(ref: str, by: Person, expected: BatchState, under_way: BatchState, job) -> ImportBatch:
    """Let a worker do it: `job(ref, id of the person)`."""
    with transaction.atomic():
        batch = move(ref, by, expected, under_way)
        batch.job_id = job.enqueue(ref, by.pk).id
        batch.save(update_fields=["job_id"])
    return batch


def work_off(keys: Sequence[int], at_once: int, some: Callable[[Sequence[int]], None], progress: Progress) -> None:
    """Rows by their keys, some at a time; each step is a short transaction, so that others save meanwhile."""
    done = 0
    with seldom_swept():
        for step in batched(keys, at_once):
            some(step)
            done += len(step)
            progress(done, len(keys))


@contextmanager
def seldom_swept() -> Iterator[None]:
    """Many rows make many objects and hardly a cycle among them: looking for cycles as often as usual would take a
    third of the time."""
    usual = gc.get_threshold()
    gc.set_threshold(OBJECTS_BETWEEN_SWEEPS, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def asker(person_id: int) -> Person:
    """Who asked for the work; GiveUp when they have left."""
    person = Person.objects.filter(pk=person_id, is_active=True).first()
    if person is None:
        raise GiveUp("The person who asked for it has left.")
    return person


def shown(context) -> Progress:
    """Progress that whoever waits for the job sees, at most a hundred times."""
    last = -1

    def show(done: int, of: int) -> None:
        nonlocal last
        share = done * 100 // max(of, 1)
        if share == last:
            return
        last = share
        words = ngettext("%(done)s of %(of)s row", "%(done)s of %(of)s rows", of) % {"done": done, "of": of}
        report_progress(context, done / max(of, 1), words)

    return show
