"""Processes that belong together end together, and one that has grown begins anew."""

import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import NoReturn

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


def resident_bytes() -> int:
    """The memory that this process holds now; 0 where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except (OSError, IndexError, ValueError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def begin_anew() -> NoReturn:
    """Become a fresh process with the same command line, number and parent."""
    os.execv(sys.executable, sys.orig_argv)  # noqa: S606 (the very command that started this process)
