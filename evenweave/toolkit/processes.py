"""Processes that belong together end together."""

import os
import signal
import threading
import time

WATCH_SECONDS = 1
# The process id of the one that started and looks after this one; it says so itself.
SUPERVISOR = "EVENWEAVE_SUPERVISOR"


def end_with_parent() -> None:
    """Let this process be asked to end (SIGTERM) when the one that supervises it has gone, however it went.

    Does nothing when nobody supervises it."""
    if os.environ.get(SUPERVISOR):
        threading.Thread(target=_watch, args=(os.getppid(),), name="watch-parent", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent and parent != 1:
        time.sleep(WATCH_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
