"""Tasks whose effects the kill tests count: two rows a job, written with a pause between them."""

import time

from django.db import connection
from django.tasks import task

from evenweave.toolkit.jobs.running import completing


def _write(job: str, part: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO effect (job, part) VALUES (%s, %s)", [job, part])


@task
def short(job: str) -> None:
    """The default way: the whole function is in the completing transaction."""
    _write(job, 1)
    time.sleep(0.005)
    _write(job, 2)


@task(takes_context=True)
def long(context, job: str) -> None:
    """The other way: work outside, then one short transaction."""
    time.sleep(0.01)
    with completing(context):
        _write(job, 1)
        time.sleep(0.005)
        _write(job, 2)
