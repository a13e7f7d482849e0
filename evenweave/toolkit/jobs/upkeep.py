"""Jobs about jobs."""

from datetime import timedelta

from django.tasks import task
from django.tasks.base import TaskResultStatus
from django.utils import timezone

from evenweave.toolkit.jobs.models import Job, WorkerHeartbeat

KEEP_SUCCESSFUL_DAYS = 30
KEEP_HEARTBEATS_DAYS = 1


@task
def forget_finished_jobs() -> int:
    """Remove jobs that ended well long ago, with their idempotency keys; failed ones stay. Returns how many."""
    now = timezone.now()
    WorkerHeartbeat.objects.filter(beat_at__lt=now - timedelta(days=KEEP_HEARTBEATS_DAYS)).delete()
    old = Job.objects.filter(
        status=TaskResultStatus.SUCCESSFUL, finished_at__lt=now - timedelta(days=KEEP_SUCCESSFUL_DAYS)
    )
    return old.delete()[0]
