"""What tasks and their callers use: asking once, completing by hand, showing progress, giving up."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.tasks.base import Task, TaskContext, TaskResult, TaskResultStatus
from django.tasks.exceptions import TaskResultDoesNotExist

from evenweave.toolkit.jobs import leases
from evenweave.toolkit.jobs.backend import DurableBackend
from evenweave.toolkit.jobs.models import Job


class GiveUp(Exception):
    """Raised by a task that knows that trying again cannot help; the job ends as FAILED at once."""


@dataclass(slots=True)
class Outcome:
    """What `completing` yields; whatever is put into `value` (JSON) becomes the job's return value."""

    value: Any = None
    is_recorded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class JobContext(TaskContext):
    """The context of a task that a worker runs."""

    lease: leases.Lease
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is: `share` from 0 to 1 (None: not said), in words, and whether it has ended and how."""

    share: float | None
    text: str
    is_finished: bool
    has_failed: bool


def enqueue_once(task: Task, key: str, *args: Any, **kwargs: Any) -> TaskResult:
    """Ask for a task unless it was asked for with this key before; then the earlier job is the answer.

    A key is used up for as long as its job is kept. A backend that is not ours asks every time."""
    backend = task.get_backend()
    if isinstance(backend, DurableBackend):
        return backend.enqueue(task, args, kwargs, idempotency_key=key)
    return task.enqueue(*args, **kwargs)


@contextmanager
def completing(context: TaskContext) -> Iterator[Outcome]:
    """The last step of a task that takes its context: one short transaction with its effects and its completion.

    Either both are there afterwards or neither; when the job has meanwhile been taken over, LeaseLost undoes the
    effects. Keep long computing before it: on SQLite everybody who wants to write waits for it. May be used once.
    Under a backend that is not ours, a plain transaction."""
    if not isinstance(context, JobContext):
        with transaction.atomic():
            yield Outcome()
        return
    if context.outcome.is_recorded:
        raise RuntimeError("A job is completed once.")
    with transaction.atomic():
        yield context.outcome
        leases.complete(context.lease, context.outcome.value)
    context.outcome.is_recorded = True


def report_progress(context: TaskContext, share: float, text: str = "") -> None:
    """Show how far the work is (`share` from 0 to 1) to those who wait for it.

    One small write each: call it for steps that a person would notice, not for every row. Raises LeaseLost
    when the job has been taken over."""
    if isinstance(context, JobContext):
        leases.set_progress(context.lease, share, text)


def progress_of(job_id: str) -> Progress:
    """How far a job is, by the id of its task result. Raises TaskResultDoesNotExist."""
    job = Job.objects.filter(pk=job_id).only("status", "progress", "progress_text").first()
    if job is None:
        raise TaskResultDoesNotExist(job_id)
    return Progress(
        share=job.progress,
        text=job.progress_text,
        is_finished=job.status in {TaskResultStatus.SUCCESSFUL, TaskResultStatus.FAILED},
        has_failed=job.status == TaskResultStatus.FAILED,
    )
