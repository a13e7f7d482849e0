"""Performing one job that has been claimed."""

import logging

from django.db import transaction
from django.tasks import task_backends
from django.tasks.base import DEFAULT_TASK_BACKEND_ALIAS
from django.tasks.signals import task_finished, task_started

from evenweave.toolkit.jobs import leases
from evenweave.toolkit.jobs.backend import DurableBackend, result_of
from evenweave.toolkit.jobs.models import Job
from evenweave.toolkit.jobs.running import GiveUp, JobContext, Outcome

logger = logging.getLogger(__name__)


def durable_backend(alias: str = DEFAULT_TASK_BACKEND_ALIAS) -> DurableBackend:
    """The backend whose jobs we perform. Raises TypeError when settings name another engine."""
    backend = task_backends[alias]
    if not isinstance(backend, DurableBackend):
        raise TypeError(f"TASKS names {type(backend).__name__}; its jobs are performed by its own workers.")
    return backend


def perform(job: Job, lease: leases.Lease, backend: DurableBackend) -> None:
    """Run a claimed job's task and record how it ended. Raises nothing that the task raised."""
    try:
        _run(job, lease, backend)
    except leases.LeaseLost:
        logger.warning("Job %s (%s) was taken over by another worker; nothing of it was kept", job.pk, job.task_path)
    except Exception as error:
        has_ended = leases.record_failure(
            lease, error, backoff_seconds=backend.backoff_seconds, is_final=isinstance(error, GiveUp)
        )
        log = logger.error if has_ended else logger.warning
        told = (job.pk, job.task_path, job.attempts, job.max_attempts)
        log("Job %s (%s) failed, attempt %s of %s", *told, exc_info=error)
        if has_ended:
            _tell_finished(job, backend)
    else:
        _tell_finished(job, backend)


def _run(job: Job, lease: leases.Lease, backend: DurableBackend) -> None:
    result = result_of(job, backend=backend.alias)
    task_started.send(type(backend), task_result=result)
    if not result.task.takes_context:
        with transaction.atomic():
            leases.complete(lease, result.task.call(*result.args, **result.kwargs))
        return
    context = JobContext(task_result=result, lease=lease, outcome=Outcome())
    value = result.task.call(context, *result.args, **result.kwargs)
    if not context.outcome.is_recorded:
        leases.complete(lease, value)


def _tell_finished(job: Job, backend: DurableBackend) -> None:
    """Tell whoever listens to `django.tasks`; a listener that fails is their trouble, the job has ended."""
    try:
        job.refresh_from_db()
        task_finished.send_robust(type(backend), task_result=result_of(job, backend=backend.alias))
    except (ImportError, Job.DoesNotExist) as error:
        logger.debug("Nobody was told that job %s has ended: %s", job.pk, error)
