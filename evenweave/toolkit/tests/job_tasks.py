"""Tasks for the tests of background work. Their effects are rows of WorkerHeartbeat: a table that is at hand."""

from django.tasks import task
from django.utils import timezone

from evenweave.toolkit.jobs.models import WorkerHeartbeat
from evenweave.toolkit.jobs.running import GiveUp, completing, report_progress

seen: list[object] = []


def write(name: str) -> None:
    WorkerHeartbeat.objects.create(pk=name, started_at=timezone.now(), beat_at=timezone.now())


@task
def write_row(name: str) -> dict:
    write(name)
    return {"wrote": name}


@task(max_attempts=2)
def write_and_fail(name: str) -> None:
    write(name)
    raise ValueError("the disk is full")


@task
def give_up() -> None:
    raise GiveUp("no such address")


@task(takes_context=True)
def write_at_the_end(context, name: str) -> None:
    report_progress(context, 0.5, "half way")
    seen.append((context.task_result.id, context.attempt))
    with completing(context) as outcome:
        write(name)
        outcome.value = "done"


@task(takes_context=True)
def fail_while_completing(context, name: str) -> None:
    with completing(context):
        write(name)
        raise ValueError("at the last moment")


@task(takes_context=True)
def lose_the_lease(context, name: str) -> None:
    """Another worker takes the job over while this one computes."""
    seen.append("other")
    take_over()
    with completing(context):
        write(name)


@task
def lose_the_lease_in_short_work(name: str) -> None:
    write(name)
    take_over()


def take_over() -> None:
    """What another worker does to a lease that has run out."""
    import uuid

    from evenweave.toolkit.jobs.models import Job

    Job.objects.filter(status="RUNNING").update(lease_token=uuid.uuid4())


@task
def note() -> None:
    seen.append("noted")
