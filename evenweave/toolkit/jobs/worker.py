"""The worker: claims jobs one at a time, performs them, fires what is periodic, and shows that it is alive."""

import logging
import os
import signal
import socket
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.utils import timezone

from evenweave.toolkit.jobs import leases, periodic
from evenweave.toolkit.jobs.models import WorkerHeartbeat
from evenweave.toolkit.jobs.performing import durable_backend, perform
from evenweave.toolkit.processes import resident_bytes

logger = logging.getLogger(__name__)

IDLE_SECONDS = 0.5
BEAT_SECONDS = 10
FRESH_SECONDS = 60
AFTER_TROUBLE_SECONDS = 2
# Libraries that set documents keep what they have set; a worker that has grown so far begins anew when it is idle.
WORN_BYTES = 130 * 1024 * 1024


class Worker:
    """One process's loop. `run` returns when it is told to stop or, if asked, when there is nothing to do."""

    def __init__(self, *, fires_periodic: bool = True) -> None:
        self.backend = durable_backend()
        self.worker_id = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
        self.fires_periodic = fires_periodic
        self.is_worn = False
        self.stopping = threading.Event()
        self.heartbeat = Heartbeat(self.worker_id, self.backend.lease_seconds)

    def run(self, *, until_empty: bool = False, at_most: int | None = None) -> int:
        """Perform jobs until `stop`; with `until_empty` until none is due, with `at_most` until so many.

        Returns how many were performed. It also returns when there is nothing to do and its work has made this
        process large: then `is_worn`. Trouble with the database is waited out, never fatal."""
        performed = 0
        self.heartbeat.start()
        try:
            self._register()
            while not self.stopping.is_set() and (at_most is None or performed < at_most):
                if self._step():
                    performed += 1
                elif until_empty or at_most is not None:
                    break
                elif performed and resident_bytes() > WORN_BYTES:
                    self.is_worn = True
                    break
                else:
                    self.stopping.wait(IDLE_SECONDS)
        finally:
            self.heartbeat.stop(goes_on=self.is_worn)
        return performed

    def stop(self, *_: object) -> None:
        """Finish the job in hand and end. Fits a signal handler."""
        self.stopping.set()

    def stop_on_signals(self) -> None:
        """End gracefully on SIGTERM and SIGINT; a second one ends at once, which loses nothing either."""

        def first(number: int, _: object) -> None:
            signal.signal(number, signal.SIG_DFL)
            self.stop()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, first)

    def _step(self) -> bool:
        """Perform one job if there is one."""
        try:
            close_old_connections()
            if self.fires_periodic:
                periodic.fire_due(timezone.now())
            claimed = leases.claim(self.worker_id, self.backend.lease_seconds, self.backend.queues)
            if claimed is None:
                return False
            job, lease = claimed
            with self.heartbeat.renewing(lease):
                perform(job, lease, self.backend)
        except (OperationalError, InterfaceError) as error:
            logger.warning("The database is in trouble, trying again: %s", error)
            connection.close()
            self.stopping.wait(AFTER_TROUBLE_SECONDS)
            return False
        return True

    def _register(self) -> None:
        if not self.fires_periodic:
            return
        try:
            periodic.register(timezone.now())
        except (OperationalError, InterfaceError) as error:
            logger.warning("The schedule could not be registered: %s", error)
            connection.close()


class Heartbeat:
    """A thread that shows the worker's sign of life and renews the lease of the job in hand.

    It is never fatal: a beat that cannot be written (on SQLite while someone writes at length) is tried again,
    and a lease that runs out costs a repetition, not correctness."""

    def __init__(self, worker_id: str, lease_seconds: float) -> None:
        self.worker_id = worker_id
        self.lease_seconds = lease_seconds
        self.started_at = timezone.now()
        self._lease: leases.Lease | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._beat_on, name="heartbeat", daemon=True)

    def start(self) -> None:
        """Beat once, so that a worker that has started is seen at once, and go on in the background."""
        self._beat()
        self._thread.start()

    def stop(self, *, goes_on: bool) -> None:
        """End, and take the sign of life away unless the process goes on as another worker."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=BEAT_SECONDS)
        if goes_on:
            return
        try:
            WorkerHeartbeat.objects.filter(pk=self.worker_id).delete()
        except (OperationalError, InterfaceError) as error:
            logger.debug("The sign of life stays behind: %s", error)

    @contextmanager
    def renewing(self, lease: leases.Lease) -> Iterator[None]:
        """A block in which the lease is renewed well before it runs out."""
        self._lease = lease
        try:
            yield
        finally:
            self._lease = None

    def _beat_on(self) -> None:
        last_beat = last_renewal = timezone.now()
        pause = min(BEAT_SECONDS, self.lease_seconds / 4)
        while not self._stopping.wait(min(pause, 1)):
            now = timezone.now()
            if now - last_beat >= timedelta(seconds=BEAT_SECONDS):
                self._beat()
                last_beat = now
            if now - last_renewal >= timedelta(seconds=self.lease_seconds / 4):
                self._renew()
                last_renewal = now
        connection.close()

    def _beat(self) -> None:
        self._try(
            lambda: WorkerHeartbeat.objects.update_or_create(
                pk=self.worker_id, defaults={"started_at": self.started_at, "beat_at": timezone.now()}
            )
        )

    def _renew(self) -> None:
        if lease := self._lease:
            self._try(lambda: leases.renew(lease, self.lease_seconds))

    def _try(self, step: Callable[[], object]) -> None:
        try:
            step()
        except (OperationalError, InterfaceError) as error:
            logger.info("A heartbeat was missed: %s", error)
            connection.close()


def perform_due() -> int:
    """Perform in this process, without threads, all that is due now. Returns how many jobs. For tests and set-up."""
    backend = durable_backend()
    performed = 0
    while claimed := leases.claim("in-process", backend.lease_seconds, backend.queues):
        perform(*claimed, backend)
        performed += 1
    return performed


def freshest_beat() -> datetime | None:
    """When a worker was last seen alive, or None when none is known."""
    return WorkerHeartbeat.objects.order_by("-beat_at").values_list("beat_at", flat=True).first()
