"""One command serves pages and does background work; its parts start, mend and end together."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import psutil
import pytest

from evenweave.config.serving import choose_port
from evenweave.config.settings import ROOT

PATIENCE_SECONDS = 90


@pytest.fixture
def serving(empty_database, tmp_path):
    """serving(port) → a started `evenweave serve`; whatever is left of it is ended afterwards."""
    environment = os.environ | {
        "DATABASE_URL": empty_database(), "EVENWEAVE_DATA": str(tmp_path / "data"), "EVENWEAVE_DEMO": "0",
        "DJANGO_SETTINGS_MODULE": "evenweave.config.settings",
    }
    started = []

    def start(port: int) -> subprocess.Popen:
        command = [sys.executable, "-m", "evenweave.config.commandline", "serve"]
        started.append(subprocess.Popen(command, cwd=ROOT, env=environment | {"EVENWEAVE_PORT": str(port)},
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True))
        return started[-1]

    yield start
    for process in started:
        for part in [*family(process), process]:
            part.kill()
        process.stdout.close()
        process.wait()


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


def family(process: subprocess.Popen) -> list[psutil.Process]:
    try:
        return psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def worker_of(process: subprocess.Popen) -> psutil.Process | None:
    return next((part for part in family(process) if last_word(part) == "worker"), None)


def last_word(part: psutil.Process) -> str:
    """The end of a process's command line; empty for one that has just gone."""
    try:
        return (part.cmdline() or [""])[-1]
    except psutil.Error:
        return ""


def wait_for(what):
    """The first true answer of `what`, asked again and again for a while."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if answer := what():
            return answer
        time.sleep(0.1)
    raise AssertionError("it did not happen in time")


def said_until(process: subprocess.Popen, word: str) -> str:
    for line in process.stdout:
        if word in line:
            return line.strip()
    raise AssertionError("it ended without saying so")


def gone(parts: list[psutil.Process]) -> bool:
    return not [part for part in parts if part.is_running() and part.status() != psutil.STATUS_ZOMBIE]


def test_everything_starts_mends_and_ends_together(serving):
    port = free_port()
    server = serving(port)
    assert said_until(server, "Ready") == f"Ready: http://127.0.0.1:{port}"
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz") as answer:
        assert json.load(answer)["ready"] is True

    lost = worker_of(server)
    lost.kill()
    assert wait_for(lambda: (found := worker_of(server)) and found.pid != lost.pid), "another worker takes over"

    parts = family(server)
    assert len(parts) >= 3
    server.send_signal(signal.SIGTERM)
    assert server.wait(timeout=30) == 0
    assert gone(parts)

    again = serving(port)
    said_until(again, "Ready")
    parts = family(again)
    again.kill()
    assert wait_for(lambda: gone(parts)), "nothing outlives the one who looked after it"


def test_a_database_that_cannot_be_used_stops_the_start_and_says_why(tmp_path):
    environment = os.environ | {
        "DATABASE_URL": "sqlite:////no/such/folder/evenweave.sqlite3", "EVENWEAVE_DATA": str(tmp_path),
        "EVENWEAVE_PORT": str(free_port()), "DJANGO_SETTINGS_MODULE": "evenweave.config.settings",
    }
    done = subprocess.run([sys.executable, "-m", "evenweave.config.commandline", "serve"], cwd=ROOT, env=environment,
                          capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS)
    assert done.returncode == 1
    assert "Ready" not in done.stdout
    assert "The database cannot be used" in done.stderr
    assert "DATABASE_URL" in done.stderr, "and what to do about it"


def test_a_port_that_was_asked_for_is_that_or_nothing():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        with pytest.raises(Exception, match="taken"):
            choose_port(port)
    assert choose_port(port) == int(port)
    for wrong in ("http", "0", "70000"):
        with pytest.raises(Exception, match="not a port"):
            choose_port(wrong)
    assert choose_port(None) > 0
