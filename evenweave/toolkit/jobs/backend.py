"""The backend that settings.TASKS names."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.tasks.backends.base import BaseTaskBackend
from django.tasks.base import Task, TaskError, TaskResult, TaskResultStatus
from django.tasks.exceptions import InvalidTask, TaskResultDoesNotExist
from django.tasks.signals import task_enqueued
from django.utils import timezone
from django.utils.json import normalize_json
from django.utils.module_loading import import_string

from evenweave.toolkit.jobs.models import Job

MAX_ATTEMPTS = 10
LEASE_SECONDS = 60
BACKOFF_SECONDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class DurableTask(Task):
    """A task that may say, in its decorator, how often it is tried: `@task(max_attempts=3)`."""

    max_attempts: int | None = None


class DurableBackend(BaseTaskBackend):
    """Keeps jobs as rows of the default database.

    OPTIONS: MAX_ATTEMPTS (times), LEASE_SECONDS (a silent worker's job is taken over after so long),
    BACKOFF_SECONDS (before the second attempt; doubles with each, up to an hour)."""

    task_class = DurableTask
    supports_defer = True
    supports_async_task = True
    supports_get_result = True
    supports_priority = True

    def __init__(self, alias: str, params: dict) -> None:
        super().__init__(alias, params)
        self.max_attempts = self.options.get("MAX_ATTEMPTS", MAX_ATTEMPTS)
        self.lease_seconds = self.options.get("LEASE_SECONDS", LEASE_SECONDS)
        self.backoff_seconds = self.options.get("BACKOFF_SECONDS", BACKOFF_SECONDS)

    def enqueue(self, task: Task, args: Any, kwargs: Any, *, idempotency_key: str | None = None) -> TaskResult:
        """Write the job's row, in the caller's transaction if there is one.

        With an `idempotency_key` that was used before, nothing is written and the earlier job is returned."""
        self.validate_task(task)
        fields = {
            "task_path": task.module_path,
            "args": normalize_json(list(args)),
            "kwargs": normalize_json(kwargs),
            "queue_name": task.queue_name,
            "priority": task.priority,
            "run_after": task.run_after or timezone.now(),
            "max_attempts": getattr(task, "max_attempts", None) or self.max_attempts,
        }
        if idempotency_key is None:
            job, is_new = Job.objects.create(**fields), True
        else:
            job, is_new = Job.objects.get_or_create(idempotency_key=idempotency_key, defaults=fields)
        result = result_of(job, task=task, backend=self.alias)
        if is_new:
            task_enqueued.send(type(self), task_result=result)
        return result

    def get_result(self, result_id: str) -> TaskResult:
        """The state of one job. Raises TaskResultDoesNotExist."""
        try:
            return result_of(Job.objects.get(pk=result_id), backend=self.alias)
        except (Job.DoesNotExist, ValidationError) as error:
            raise TaskResultDoesNotExist(result_id) from error


def result_of(job: Job, *, backend: str, task: Task | None = None) -> TaskResult:
    """A job as `django.tasks` shows it. Raises ImportError when the program no longer has its task."""
    result = TaskResult(
        task=task or task_of(job),
        id=str(job.pk),
        status=TaskResultStatus(job.status),
        enqueued_at=job.enqueued_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
        last_attempted_at=job.last_attempted_at,
        args=job.args,
        kwargs=job.kwargs,
        backend=backend,
        errors=[TaskError(**error) for error in job.errors],
        worker_ids=list(job.worker_ids),
    )
    object.__setattr__(result, "_return_value", job.return_value)  # as django.tasks' own backends do
    return result


def task_of(job: Job) -> Task:
    """The task that a job names. Raises ImportError, or InvalidTask when the name is not a task's."""
    task = import_string(job.task_path)
    if not isinstance(task, Task):
        raise InvalidTask(f"{job.task_path} is not a task.")
    return task.using(priority=job.priority, queue_name=job.queue_name, run_after=job.run_after)
