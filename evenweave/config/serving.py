"""`evenweave serve`: everything that runs, started and ended together.

This process only looks after others, so it imports nothing of ours that is large."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from types import FrameType

import click

from evenweave.toolkit.processes import SUPERVISOR

HOST = "127.0.0.1"
USUAL_PORT = 8000
READY_WITHIN_SECONDS = 60
END_WITHIN_SECONDS = 20
LOOK_SECONDS = 0.1
RESTART_SECONDS = 2

EVENWEAVE = [sys.executable, "-m", "evenweave.config.commandline"]


@click.command()
def serve() -> None:
    """Make everything ready, then serve pages and do background work until told to stop.

    EVENWEAVE_PORT names the port (else 8000, or a free one when that is taken), EVENWEAVE_DATA the data folder,
    EVENWEAVE_DEMO=0|1 whether this is a demo, DATABASE_URL another database than the embedded one."""
    port = choose_port(os.environ.get("EVENWEAVE_PORT"))
    raise SystemExit(Supervisor(port).run())


def choose_port(asked: str | None) -> int:
    """The port that was asked for, else the usual one, else a free one. Raises UsageError when it cannot be."""
    if asked:
        if not asked.isdecimal() or not 0 < int(asked) < 65536:
            raise click.UsageError(f"EVENWEAVE_PORT is '{asked}', which is not a port.")
        if not _is_free(int(asked)):
            raise click.ClickException(f"Port {asked} (EVENWEAVE_PORT) is taken by another program.")
        return int(asked)
    return USUAL_PORT if _is_free(USUAL_PORT) else _free_port()


def _is_free(port: int) -> bool:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((HOST, port))
        except OSError:
            return False
    return True


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind((HOST, 0))
        return trial.getsockname()[1]


class Supervisor:
    """Starts the parts, says when they are ready, restarts a worker that died, and ends all of them."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.parts: dict[str, subprocess.Popen] = {}
        self.is_stopping = False
        # Documents and mails name the address that this installation has, unless the operator has given another.
        address = {"EVENWEAVE_ADDRESS": f"http://{HOST}:{port}"}
        self.environment = {**address, **os.environ, SUPERVISOR: str(os.getpid())}

    def run(self) -> int:
        """The exit code: 0 when told to stop, 1 when a part could not be kept running."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            # Whoever starts this with nohup wants it to outlive the terminal.
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self._stop)
        try:
            if self._finish("prepare", [*EVENWEAVE, "prepare"]) != 0:
                return self._failed("The installation could not be made ready; the reason stands above.")
            self._start("worker", [*EVENWEAVE, "worker"])
            self._start("web", [sys.executable, "-m", "evenweave.config.web", str(self.port)])
            if not self._wait_until_ready():
                return self._failed(f"Not ready after {READY_WITHIN_SECONDS} seconds: {self._readiness()}")
            if not self.is_stopping:
                click.echo(f"Ready: http://{HOST}:{self.port}")
            self._start_rest_of_demo()
            return self._look_after()
        finally:
            self._end_all()

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.is_stopping = True

    def _start(self, name: str, command: list[str]) -> subprocess.Popen:
        # A session of its own: Ctrl-C reaches this process, which then ends the parts in order.
        self.parts[name] = subprocess.Popen(command, env=self.environment, start_new_session=True,  # noqa: S603
                                            stdin=subprocess.DEVNULL)
        return self.parts[name]

    def _finish(self, name: str, command: list[str]) -> int:
        """Run a part to its end. Returns its exit code, or 1 when told to stop meanwhile."""
        part = self._start(name, command)
        while part.poll() is None and not self.is_stopping:
            time.sleep(LOOK_SECONDS)
        return 1 if part.poll() is None else self.parts.pop(name).returncode

    def _wait_until_ready(self) -> bool:
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while time.monotonic() < deadline and not self.is_stopping:
            if self.parts["web"].poll() is not None:
                return False
            if self._readiness().get("ready"):
                return True
            self._mend_worker()
            time.sleep(LOOK_SECONDS)
        return self.is_stopping

    def _readiness(self) -> dict:
        """What /readyz says, or nothing while nobody answers."""
        link = http.client.HTTPConnection(HOST, self.port, timeout=5)
        try:
            link.request("GET", "/readyz")
            return json.loads(link.getresponse().read())
        except (OSError, ValueError, http.client.HTTPException):
            return {}
        finally:
            link.close()

    def _start_rest_of_demo(self) -> None:
        asked = os.environ.get("EVENWEAVE_DEMO", "0" if "DATABASE_URL" in os.environ else "1")
        if asked.strip().lower() in {"1", "true", "yes", "on"} and not self.is_stopping:
            self._start("demo", ["nice", *EVENWEAVE, "demo", "--rest"])

    def _look_after(self) -> int:
        while not self.is_stopping:
            if self.parts["web"].poll() is not None:
                return self._failed(f"The web server ended by itself (code {self.parts['web'].returncode}).")
            self._mend_worker()
            self._bury_demo()
            time.sleep(LOOK_SECONDS * 3)
        return 0

    def _mend_worker(self) -> None:
        code = self.parts["worker"].poll()
        if code is None:
            return
        click.echo(f"The worker ended (code {code}); starting another.", err=True)
        time.sleep(RESTART_SECONDS)
        self._start("worker", [*EVENWEAVE, "worker"])

    def _bury_demo(self) -> None:
        part = self.parts.get("demo")
        if part is None or part.poll() is None:
            return
        if part.returncode:
            click.echo(f"The rest of the demo could not be made (code {part.returncode}).", err=True)
        del self.parts["demo"]

    def _failed(self, why: str) -> int:
        if not self.is_stopping:
            click.echo(why, err=True)
        return 0 if self.is_stopping else 1

    def _end_all(self) -> None:
        """Ask every part to end, then insist. Jobs in hand are finished or, if cut off, done again later."""
        for part in self.parts.values():
            if part.poll() is None:
                part.terminate()
        deadline = time.monotonic() + END_WITHIN_SECONDS
        for part in self.parts.values():
            try:
                part.wait(timeout=max(deadline - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                part.kill()
                part.wait()
