"""Background work: a job exists with its transaction, runs once, is tried again, and is never half done."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.tasks import TaskResultStatus
from django.tasks.exceptions import TaskResultDoesNotExist
from django.utils import timezone

from evenweave.toolkit.jobs import leases, periodic
from evenweave.toolkit.jobs.models import Job, PeriodicTick, WorkerHeartbeat
from evenweave.toolkit.jobs.periodic import Periodic, daily, every, weekly
from evenweave.toolkit.jobs.running import enqueue_once, progress_of
from evenweave.toolkit.jobs.worker import WORN_BYTES, Worker, perform_due
from evenweave.toolkit.tests import job_tasks

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_seen():
    job_tasks.seen.clear()


def rows() -> set[str]:
    return set(WorkerHeartbeat.objects.values_list("pk", flat=True))


def let_time_pass() -> None:
    """Make everything that waits for a moment due now."""
    Job.objects.update(run_after=timezone.now() - timedelta(seconds=1))


def test_a_job_writes_its_rows_and_its_result_is_found_by_its_id():
    asked = job_tasks.write_row.enqueue("loom")
    assert asked.status == TaskResultStatus.READY
    assert perform_due() == 1
    found = job_tasks.write_row.get_result(asked.id)
    assert (found.status, found.return_value, rows()) == (TaskResultStatus.SUCCESSFUL, {"wrote": "loom"}, {"loom"})
    assert found.attempts == 1
    assert perform_due() == 0


def test_a_job_asked_for_in_a_transaction_that_fails_never_existed():
    with suppress(ZeroDivisionError), transaction.atomic():
        job_tasks.write_row.enqueue("loom")
        raise ZeroDivisionError
    assert perform_due() == 0
    assert rows() == set()


def test_an_unknown_result_is_unknown():
    for unknown in ("8a5a3f5e-0000-4000-8000-000000000000", "not-an-id"):
        with pytest.raises(TaskResultDoesNotExist):
            job_tasks.note.get_backend().get_result(unknown)


def test_a_failed_attempt_leaves_no_row_waits_and_the_last_one_ends_the_job():
    asked = job_tasks.write_and_fail.enqueue("loom")
    before = timezone.now()
    assert perform_due() == 1
    waiting = Job.objects.get()
    assert (waiting.status, rows()) == ("READY", set())
    assert waiting.run_after >= before + timedelta(seconds=9)
    let_time_pass()
    perform_due()
    asked.refresh()
    assert asked.status == TaskResultStatus.FAILED
    assert [error.exception_class_path for error in asked.errors] == ["builtins.ValueError"] * 2
    assert "the disk is full" in asked.errors[0].traceback
    let_time_pass()
    assert perform_due() == 0


def test_the_wait_doubles_and_never_passes_an_hour():
    seconds = [leases.backoff(attempt, 10).total_seconds() for attempt in (1, 2, 3, 20)]
    for measured, expected in zip(seconds, (10, 20, 40, 3600), strict=True):
        assert expected * 0.9 <= measured <= expected * 1.1


def test_a_task_that_gives_up_is_not_tried_again():
    asked = job_tasks.give_up.enqueue()
    perform_due()
    asked.refresh()
    assert (asked.status, asked.attempts) == (TaskResultStatus.FAILED, 1)


def test_long_work_completes_with_its_rows_and_shows_progress():
    asked = job_tasks.write_at_the_end.enqueue("loom")
    perform_due()
    asked.refresh()
    assert (asked.return_value, rows()) == ("done", {"loom"})
    assert job_tasks.seen == [(asked.id, 1)]
    progress = progress_of(asked.id)
    assert (progress.share, progress.text, progress.is_finished, progress.has_failed) == (1, "half way", True, False)


def test_long_work_that_fails_while_completing_leaves_neither_row_nor_completion():
    job_tasks.fail_while_completing.enqueue("loom")
    perform_due()
    assert rows() == set()
    assert Job.objects.get().status == "READY"


@pytest.mark.parametrize("task", [job_tasks.lose_the_lease, job_tasks.lose_the_lease_in_short_work])
def test_what_a_worker_did_after_its_job_was_taken_over_does_not_count(task):
    task.enqueue("loom")
    perform_due()
    assert rows() == set()


def test_a_silent_workers_job_is_taken_over_and_the_loss_is_recorded():
    job_tasks.write_row.enqueue("loom")
    job, lost = leases.claim("first", 60)
    assert leases.claim("second", 60) is None
    Job.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    again, lease = leases.claim("second", 60)
    assert (again.pk, again.attempts, again.worker_ids) == (job.pk, 2, ["first", "second"])
    assert again.errors[0]["exception_class_path"].endswith("WorkerLost")
    assert leases.renew(lost, 60) is False
    assert leases.renew(lease, 60) is True


def test_a_job_that_takes_every_worker_with_it_ends_as_failed():
    job_tasks.write_row.enqueue("loom")
    Job.objects.update(max_attempts=1)
    leases.claim("first", 60)
    Job.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert leases.claim("second", 60) is None
    job = Job.objects.get()
    assert (job.status, len(job.errors)) == ("FAILED", 1)


def test_urgent_jobs_first_then_the_older_and_none_before_its_time():
    first = job_tasks.note.enqueue()
    later = job_tasks.note.using(run_after=timezone.now() + timedelta(hours=1)).enqueue()
    urgent = job_tasks.note.using(priority=10).enqueue()
    claimed = []
    while taken := leases.claim("worker", 60):
        claimed.append(str(taken[0].pk))
    assert claimed == [urgent.id, first.id]
    assert later.id not in claimed


def test_what_is_asked_for_with_the_same_key_is_asked_for_once():
    first = enqueue_once(job_tasks.write_row, "report-7", "loom")
    again = enqueue_once(job_tasks.write_row, "report-7", "loom")
    other = enqueue_once(job_tasks.write_row, "report-8", "weft")
    assert first.id == again.id != other.id
    assert perform_due() == 2


def test_a_job_whose_task_is_gone_fails_as_a_job_and_not_as_a_worker():
    job_tasks.note.enqueue()
    Job.objects.update(task_path="evenweave.toolkit.tests.job_tasks.no_such_task")
    job_tasks.write_row.enqueue("loom")
    assert perform_due() == 2
    assert rows() == {"loom"}


def test_a_path_that_is_not_a_task_is_never_called():
    job_tasks.note.enqueue()
    Job.objects.update(task_path="evenweave.toolkit.tests.job_tasks.take_over")
    perform_due()
    assert Job.objects.get().errors[0]["exception_class_path"].endswith("InvalidTask")


def test_the_database_refuses_a_running_job_without_a_lease():
    job_tasks.note.enqueue()
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.update(status="RUNNING")


NOW = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)


@pytest.fixture
def schedule(monkeypatch):
    table = {"note": Periodic("evenweave.toolkit.tests.job_tasks.note", every(minutes=10))}
    monkeypatch.setattr(periodic, "periodic_jobs", lambda: table)
    periodic.register(NOW)
    return table


def test_a_tick_fires_once_however_often_it_is_looked_at(schedule):
    assert periodic.fire_due(NOW + timedelta(minutes=9)) == []
    assert periodic.fire_due(NOW + timedelta(minutes=10)) == ["note"]
    assert periodic.fire_due(NOW + timedelta(minutes=10)) == []
    perform_due()
    assert periodic.fire_due(NOW + timedelta(minutes=20)) == ["note"]


def test_missed_ticks_are_made_up_for_by_one_and_a_slow_job_never_piles_up(schedule):
    assert periodic.fire_due(NOW + timedelta(hours=5)) == ["note"]
    assert periodic.fire_due(NOW + timedelta(hours=6)) == []
    assert Job.objects.count() == 1
    perform_due()
    assert periodic.fire_due(NOW + timedelta(hours=7)) == ["note"]


def test_a_changed_schedule_gets_a_new_date_and_an_unchanged_one_keeps_its_own(schedule):
    periodic.register(NOW + timedelta(minutes=5))
    assert PeriodicTick.objects.get().next_run_at == NOW + timedelta(minutes=10)
    schedule["note"] = Periodic("evenweave.toolkit.tests.job_tasks.note", every(hours=2))
    periodic.register(NOW + timedelta(minutes=5))
    assert PeriodicTick.objects.get().next_run_at == NOW + timedelta(minutes=125)


def test_daily_is_a_time_of_day_where_the_programme_is():
    # 06:00 in Phnom Penh (UTC+7) is 23:00 UTC of the day before.
    assert daily(at="06:00", zone="Asia/Phnom_Penh").next_after(NOW) == datetime(2026, 3, 5, 23, 0, tzinfo=UTC)
    assert daily(at="12:00").next_after(NOW) == datetime(2026, 3, 6, 12, 0, tzinfo=UTC)


def test_weekly_is_a_day_where_the_programme_is():
    # NOW is a Thursday; 06:00 of Monday the 9th in Phnom Penh is 23:00 UTC of Sunday the 8th.
    monday = weekly(on="monday", at="06:00", zone="Asia/Phnom_Penh")
    assert monday.next_after(NOW) == datetime(2026, 3, 8, 23, 0, tzinfo=UTC)
    assert monday.next_after(datetime(2026, 3, 8, 23, 0, tzinfo=UTC)) == datetime(2026, 3, 15, 23, 0, tzinfo=UTC)
    with pytest.raises(ValueError, match="tuple"):
        weekly(on="Mon", at="06:00")


@pytest.mark.django_db(transaction=True)
def test_a_worker_performs_what_is_there_shows_that_it_lives_and_goes():
    for name in ("warp", "weft"):
        job_tasks.write_row.enqueue(name)
    worker = Worker(fires_periodic=False)
    assert worker.run(until_empty=True) == 2
    assert rows() == {"warp", "weft"}, "and its own sign of life is gone with it"
    job_tasks.write_row.enqueue("one")
    job_tasks.write_row.enqueue("two")
    assert Worker(fires_periodic=False).run(at_most=1) == 1


@pytest.mark.django_db(transaction=True)
def test_the_schedule_of_this_house_can_be_registered_and_names_tasks_that_exist():
    from django.utils.module_loading import import_string

    periodic.register(timezone.now())
    table = periodic.periodic_jobs()
    assert set(PeriodicTick.objects.values_list("name", flat=True)) == set(table)
    for line in table.values():
        assert import_string(line.task).enqueue


def at_once(work, times: int = 4) -> list:
    """What `work` returned in each of several threads that began together, each with a connection of its own."""
    together = threading.Barrier(times)

    def one(_: int):
        try:
            together.wait()
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


@pytest.mark.django_db(transaction=True)
def test_workers_that_ask_at_the_same_moment_never_get_the_same_job():
    for number in range(12):
        job_tasks.write_row.enqueue(str(number))
    taken = at_once(lambda: [leases.claim("worker", 60)[0].pk for _ in range(3)])
    flat = [pk for several in taken for pk in several]
    assert len(set(flat)) == len(flat) == 12


@pytest.mark.django_db(transaction=True)
def test_a_tick_that_every_worker_sees_at_the_same_moment_fires_once(schedule):
    fired = at_once(lambda: periodic.fire_due(NOW + timedelta(minutes=10)))
    assert sorted(fired) == [[], [], [], ["note"]]
    assert Job.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_its_work_made_large_begins_anew_when_idle_and_stays_alive_for_others(monkeypatch):
    monkeypatch.setattr("evenweave.toolkit.jobs.worker.resident_bytes", lambda: WORN_BYTES + 1)
    job_tasks.note.enqueue()
    worker = Worker(fires_periodic=False)
    assert worker.run() == 1
    assert worker.is_worn
    assert rows() == {worker.worker_id}, "its sign of life is there until the next one's"
    stopped = Worker(fires_periodic=False)
    stopped.stop()
    assert stopped.run() == 0
    assert not stopped.is_worn, "nothing was performed, so beginning anew would not help"
