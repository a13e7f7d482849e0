"""Who holds a job. Everything that changes a job's state is here, and each change is one short transaction.

A lease is a token written into the job's row. Only the holder of the token in the row can complete the job,
and completing is one UPDATE inside the transaction of the effects: should a lease run out and another worker
take the job over, the first one's UPDATE finds no row and its effects are rolled back. Clocks decide only when
a job is taken over, never whether its effects count twice."""

import random
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from traceback import format_exception
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.tasks.base import TaskResultStatus
from django.utils import timezone
from django.utils.json import normalize_json

from evenweave.toolkit.jobs.models import Job

LONGEST_BACKOFF_SECONDS = 3600
TRACEBACK_LENGTH = 20_000


class LeaseLost(Exception):
    """Another worker has taken the job over, or it has ended; what this one did must not count."""


class WorkerLost(Exception):
    """Recorded against a job whose worker fell silent in the middle of it."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to complete one job."""

    job_id: uuid.UUID
    token: uuid.UUID

    def held(self) -> QuerySet[Job]:
        """The job, as long as this lease is still the one in its row; else nothing."""
        return Job.objects.filter(pk=self.job_id, lease_token=self.token, status=TaskResultStatus.RUNNING)


def due(now: datetime, queues: set[str] | None = None) -> QuerySet[Job]:
    """Jobs that a worker may take at `now`, the most urgent first."""
    ready = Q(status=TaskResultStatus.READY, run_after__lte=now)
    abandoned = Q(status=TaskResultStatus.RUNNING, leased_until__lt=now)
    jobs = Job.objects.filter(ready | abandoned)
    if queues:
        jobs = jobs.filter(queue_name__in=queues)
    return jobs.order_by("-priority", "run_after", "enqueued_at")


def claim(worker_id: str, lease_seconds: float, queues: set[str] | None = None) -> tuple[Job, Lease] | None:
    """Take the most urgent due job, or None when there is nothing to do.

    A job whose worker was lost for the last permitted time is ended as FAILED on the way."""
    if not due(timezone.now(), queues).exists():
        return None  # reading asks for no lock: an idle worker is in nobody's way
    while True:
        with transaction.atomic():
            now = timezone.now()
            job = _locked(due(now, queues)).first()
            if job is None:
                return None
            if job.status == TaskResultStatus.RUNNING:
                job.errors.append(_error(WorkerLost(f"{job.worker_ids[-1]} fell silent")))
            if job.attempts >= job.max_attempts:
                _end(job, TaskResultStatus.FAILED, now)
                job.save()
                continue
            lease = Lease(job.pk, uuid.uuid4())
            job.status = TaskResultStatus.RUNNING
            job.lease_token, job.leased_until = lease.token, now + timedelta(seconds=lease_seconds)
            job.attempts += 1
            job.worker_ids.append(worker_id)
            job.started_at = job.started_at or now
            job.last_attempted_at = now
            job.progress, job.progress_text = None, ""
            job.save()
            return job, lease


def renew(lease: Lease, lease_seconds: float) -> bool:
    """Hold the job for `lease_seconds` more; False when it is no longer ours."""
    return bool(lease.held().update(leased_until=timezone.now() + timedelta(seconds=lease_seconds)))


def complete(lease: Lease, return_value: Any = None) -> None:
    """End the job well, in the caller's transaction. Raises LeaseLost, and the caller's effects must go with it."""
    ended = lease.held().update(
        status=TaskResultStatus.SUCCESSFUL,
        return_value=normalize_json(return_value),
        finished_at=timezone.now(),
        lease_token=None,
        leased_until=None,
        progress=1,
    )
    if not ended:
        raise LeaseLost(str(lease.job_id))


def set_progress(lease: Lease, share: float, text: str) -> None:
    """Show how far the job is. Raises LeaseLost: then there is no use in going on."""
    if not lease.held().update(progress=min(max(share, 0.0), 1.0), progress_text=text[:200]):
        raise LeaseLost(str(lease.job_id))


def record_failure(lease: Lease, error: BaseException, *, backoff_seconds: float, is_final: bool = False) -> bool:
    """Write down an error and plan the next attempt, or end the job when there is none left.

    Returns whether the job has ended. Does nothing when the lease is lost: the job is then somebody else's."""
    with transaction.atomic():
        job = _locked(lease.held()).first()
        if job is None:
            return False
        now = timezone.now()
        job.errors.append(_error(error))
        if has_ended := is_final or job.attempts >= job.max_attempts:
            _end(job, TaskResultStatus.FAILED, now)
        else:
            job.status = TaskResultStatus.READY
            job.run_after = now + backoff(job.attempts, backoff_seconds)
            job.lease_token = job.leased_until = None
        job.save()
        return has_ended


def backoff(attempts: int, first_seconds: float) -> timedelta:
    """How long to wait after the given number of attempts: doubling, at most an hour, spread by a tenth
    so that jobs that failed together do not come back together."""
    seconds = min(first_seconds * 2 ** (attempts - 1), LONGEST_BACKOFF_SECONDS)
    return timedelta(seconds=seconds * random.uniform(0.9, 1.1))  # noqa: S311 (no secret depends on it)


def _end(job: Job, status: TaskResultStatus, now: datetime) -> None:
    job.status, job.finished_at = status, now
    job.lease_token = job.leased_until = None


def _locked(jobs: QuerySet[Job]) -> QuerySet[Job]:
    """The first of these under a lock of its own. On SQLite the transaction itself is the lock."""
    if connection.features.has_select_for_update_skip_locked:
        jobs = jobs.select_for_update(skip_locked=True)
    return jobs


def _error(error: BaseException) -> dict[str, str]:
    kind = type(error)
    return {
        "exception_class_path": f"{kind.__module__}.{kind.__qualname__}",
        "traceback": "".join(format_exception(error))[-TRACEBACK_LENGTH:],
    }
