"""A job, the tick of a periodic job, and the sign of life of a worker."""

import uuid

from django.db import models
from django.db.models import Q
from django.tasks.base import TaskResultStatus
from django.utils import timezone


class Job(models.Model):
    """One call of a task, from its asking to its end. Failed ones are kept, with every error."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    task_path = models.CharField(max_length=200)
    args = models.JSONField(default=list)
    kwargs = models.JSONField(default=dict)
    queue_name = models.CharField(max_length=40)
    priority = models.SmallIntegerField(default=0)
    # Given by callers that must not ask twice; two jobs never share one.
    idempotency_key = models.CharField(max_length=200, unique=True, null=True)  # noqa: DJ001 (unique when given)

    status = models.CharField(max_length=10, choices=TaskResultStatus.choices, default=TaskResultStatus.READY)
    run_after = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField()
    # Who holds the token may complete the job; when the lease has run out, anybody may take it over.
    lease_token = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True)
    worker_ids = models.JSONField(default=list)
    # One row a failed attempt: {"exception_class_path", "traceback"}.
    errors = models.JSONField(default=list)
    return_value = models.JSONField(null=True)

    # How much is done, from 0 to 1; null while the task has not said.
    progress = models.FloatField(null=True)
    progress_text = models.CharField(max_length=200, blank=True)

    enqueued_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    last_attempted_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["status", "run_after"], name="job_to_do"),
            models.Index(fields=["status", "finished_at"], name="job_finished"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["READY", "RUNNING", "SUCCESSFUL", "FAILED"]), name="job_status_known"
            ),
            models.CheckConstraint(
                condition=Q(progress__isnull=True) | Q(progress__gte=0, progress__lte=1), name="job_progress_share"
            ),
            models.CheckConstraint(
                condition=~Q(status="RUNNING") | Q(lease_token__isnull=False, leased_until__isnull=False),
                name="job_running_is_leased",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_path} {self.status}"


class PeriodicTick(models.Model):
    """When a periodic job is due next. The row is locked while it is fired, so one tick is one job."""

    name = models.CharField(max_length=100, primary_key=True)
    schedule = models.CharField(max_length=60)
    next_run_at = models.DateTimeField()
    last_job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self) -> str:
        return f"{self.name} {self.schedule}"


class WorkerHeartbeat(models.Model):
    """The last sign of life of one worker process."""

    worker_id = models.CharField(max_length=120, primary_key=True)
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.worker_id
