"""The web server: granian with one worker process, for a reverse proxy or a browser on the same machine.

`python -m evenweave.config.web PORT`; `evenweave serve` runs it."""

import sys

from granian import Granian

from evenweave.toolkit.processes import end_with_parent

THREADS = 4


def main(port: int) -> None:
    """Serve until told to stop."""
    end_with_parent()
    Granian(
        "evenweave.config.wsgi:application",
        address="127.0.0.1",
        port=port,
        interface="wsgi",
        workers=1,
        blocking_threads=THREADS,
        # Threads that come and go would each open the database anew.
        blocking_threads_idle_timeout=600,
        websockets=False,
        log_level="warning",
        workers_kill_timeout=10,
        respawn_failed_workers=True,
    ).serve()


if __name__ == "__main__":
    main(int(sys.argv[1]))
