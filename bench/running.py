"""What it costs to have Evenweave running: memory while idle, and the time of a second start."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from bench.registry import Row, benchmark, median

ROOT = Path(__file__).resolve().parent.parent
MEGABYTE = 1024 * 1024
SETTLE_SECONDS = 3
PAGES = ("/accounts/login/", "/healthz", "/readyz")


@benchmark("idle memory")
def idle_memory() -> Iterator[Row]:
    """The proportional set size of every process of script/server after some pages were asked for."""
    with _server() as (process, port):
        for path in PAGES * 10:
            _get(port, path)
        ours = _settled_megabytes([process])
    with _bare() as processes:
        limit = _settled_megabytes(processes)
    yield Row("idle memory of all processes", "PSS", ours, "MB", bar=250, limit=limit)


@benchmark("second start")
def second_start() -> Iterator[Row]:
    """From the command to the line that says it is ready, when everything is installed and prepared."""
    yield Row("second start", "script/server", median(_seconds_to_ready), "s", bar=5, limit=median(_seconds_of_bare))


@contextmanager
def _server() -> Iterator[tuple[subprocess.Popen, int]]:
    port = _free_port()
    process = subprocess.Popen([ROOT / "script" / "server"], env=os.environ | {"EVENWEAVE_PORT": str(port)},
                               stdout=subprocess.PIPE, text=True)
    try:
        for line in process.stdout:
            if line.startswith("Ready"):
                break
        else:
            raise RuntimeError("script/server ended before it was ready")
        yield process, port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


@contextmanager
def _bare() -> Iterator[list[subprocess.Popen]]:
    """The limit: a web server and a Django process that do nothing."""
    port = _free_port()
    command = [sys.executable, "-m", "bench.bare"]
    processes = [subprocess.Popen([*command, "web", str(port)], cwd=ROOT),
                 subprocess.Popen([*command, "django"], cwd=ROOT)]
    try:
        _wait_for(port)
        yield processes
    finally:
        for process in processes:
            process.terminate()
            process.wait()


def _seconds_to_ready() -> float:
    began = time.perf_counter()
    with _server():
        return time.perf_counter() - began


def _seconds_of_bare() -> float:
    began = time.perf_counter()
    with _bare():
        return time.perf_counter() - began


def _settled_megabytes(processes: list[subprocess.Popen]) -> float:
    time.sleep(SETTLE_SECONDS)
    roots = [psutil.Process(process.pid) for process in processes]
    family = [part for root in roots for part in [root, *root.children(recursive=True)]]
    return sum(part.memory_full_info().pss for part in family) / MEGABYTE


def _wait_for(port: int) -> None:
    while True:
        try:
            return _get(port, "/")
        except OSError:
            time.sleep(0.02)


def _get(port: int, path: str) -> None:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as answer:
        answer.read()


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]
