"""Kills workers with SIGKILL at random points while they perform jobs that write rows.

Run as a program with DATABASE_URL naming an empty database: `killing.py JOBS KILLS SEED`. Prints one JSON
document: how often each job's effect is in the database, what the jobs' states are, and how many were killed
in the middle of one. The mother process sets Django up once and forks each worker, so a kill costs little."""

import json
import os
import random
import signal
import sys
import time
from contextlib import suppress

import django
from django.conf import settings

LEASE_SECONDS = 0.5


def main(jobs: int, kills: int, seed: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evenweave.config.settings")
    settings.TASKS = {
        "default": {
            "BACKEND": "evenweave.toolkit.jobs.backend.DurableBackend",
            "OPTIONS": {"LEASE_SECONDS": LEASE_SECONDS, "MAX_ATTEMPTS": kills + 3, "BACKOFF_SECONDS": 0.05},
        }
    }
    settings.DATABASES["default"].get("OPTIONS", {}).pop("pool", None)  # a pool's threads do not survive a fork
    settings.LOGGING["root"]["level"] = "CRITICAL"
    settings.LOGGING["loggers"] = {"django": {"level": "CRITICAL"}}
    django.setup()
    make_tables()
    enqueue(jobs)
    rng = random.Random(seed)
    killed = [kill_one(rng) for _ in range(kills)]
    finish()
    json.dump({"killed": sum(killed), **outcome()}, sys.stdout)


def make_tables() -> None:
    from django.db import connection

    from evenweave.toolkit.jobs.models import Job, PeriodicTick, WorkerHeartbeat

    with connection.schema_editor() as editor:
        for model in (Job, PeriodicTick, WorkerHeartbeat):
            editor.create_model(model)
        editor.execute("CREATE TABLE effect (job varchar(40) NOT NULL, part integer NOT NULL)")


def enqueue(jobs: int) -> None:
    from django.db import connection, transaction

    from evenweave.toolkit.tests import kill_tasks

    with transaction.atomic():
        for number in range(jobs):
            task = kill_tasks.short if number % 2 else kill_tasks.long
            task.enqueue(str(number))
    connection.close()


def kill_one(rng: random.Random) -> bool:
    """Start a worker and kill it: half of them anywhere, half soon after they have begun a job.

    Returns whether it was still running."""
    begun, tell = os.pipe()
    child = start_worker(tell)
    os.close(tell)
    if rng.random() < 0.5:
        os.read(begun, 1)
        time.sleep(rng.uniform(0, 0.03))
    else:
        time.sleep(rng.uniform(0.005, 0.12))
    os.close(begun)
    os.kill(child, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def finish() -> None:
    """Let workers run until every job has ended."""
    from django.db import connection

    from evenweave.toolkit.jobs.models import Job

    deadline = time.monotonic() + 120
    while Job.objects.filter(status__in=["READY", "RUNNING"]).exists():
        connection.close()
        assert time.monotonic() < deadline, "the jobs do not end"
        pair = [start_worker(), start_worker()]
        for child in pair:
            os.waitpid(child, 0)
        time.sleep(LEASE_SECONDS / 4)


def start_worker(tell: int | None = None) -> int:
    """Fork a worker; it writes a byte to `tell` whenever it begins a job. Returns its process id."""
    from django.db import connection
    from django.tasks.signals import task_started

    connection.close()
    if child := os.fork():
        return child
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    try:
        from evenweave.toolkit.jobs.worker import Worker

        def told(**_: object) -> None:
            with suppress(OSError):
                os.write(tell, b".")

        if tell is not None:
            task_started.connect(told)

        Worker(fires_periodic=False).run(until_empty=True)
    finally:
        os._exit(0)


def outcome() -> dict:
    from django.db import connection
    from django.db.models import Count

    from evenweave.toolkit.jobs.models import Job

    with connection.cursor() as cursor:
        cursor.execute("SELECT job, part, count(*) FROM effect GROUP BY job, part")
        rows = cursor.fetchall()
    return {
        "effects": {f"{job}/{part}": count for job, part, count in rows},
        "states": dict(Job.objects.values_list("status").annotate(Count("pk"))),
        "lost": Job.objects.filter(attempts__gt=1).count(),
    }


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:4]))
