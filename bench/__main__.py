"""Runs the benchmarks in an installation of their own."""

import importlib
import json
import os
import pkgutil
import platform
import sqlite3
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version

import click

import bench
from bench.registry import BENCHMARKS


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
@click.option("--only", default="", help="Only benchmarks whose name holds this word.")
@click.option("--child", hidden=True, help="Run one benchmark in this process.")
def main(as_json: bool, only: str, child: str | None) -> None:
    """Measure, compare with the limit, and say whether each figure is within its bar. Exit 1 when one is not."""
    for module in pkgutil.iter_modules(bench.__path__):
        if module.name not in {"__main__", "bare"}:
            importlib.import_module(f"bench.{module.name}")
    if child:
        click.echo(json.dumps([row.document() for row in BENCHMARKS[child]()]))
        return
    beside = _beside()
    rows = [row | {"on": beside} for name in BENCHMARKS if only in name for row in _measured(name)]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        _show(rows, beside)
    sys.exit(0 if all(row["within"] for row in rows) else 1)


def _measured(name: str) -> list[dict]:
    """The rows of one benchmark, run in a process and an installation of its own."""
    with tempfile.TemporaryDirectory(prefix="evenweave-bench-") as folder, _database() as database:
        environment = os.environ | database | {
            "EVENWEAVE_DATA": folder, "EVENWEAVE_DEMO": "0", "EVENWEAVE_LOG_LEVEL": "ERROR"
        }
        prepare = [sys.executable, "-m", "evenweave.config.commandline", "prepare"]
        subprocess.run(prepare, env=environment, check=True, stdout=subprocess.DEVNULL)
        done = subprocess.run([sys.executable, "-m", "bench", "--child", name], env=environment, check=True,
                              stdout=subprocess.PIPE, text=True)
        return json.loads(done.stdout)


@contextmanager
def _database() -> Iterator[dict[str, str]]:
    """An empty database, as a change to the environment: none for SQLite, which lives in the data folder."""
    server = os.environ.get("DATABASE_URL")
    if not server:
        yield {}
        return
    import psycopg

    name = f"bench_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as link:
        link.execute(f'CREATE DATABASE "{name}"')
    yield {"DATABASE_URL": f"{server.rpartition('/')[0]}/{name}"}
    with psycopg.connect(server, autocommit=True) as link:
        link.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _beside() -> dict:
    """The machine, how busy it was, and the versions that decide: without them a figure says nothing."""
    url = os.environ.get("DATABASE_URL", "")
    return {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}",
        "load": round(os.getloadavg()[0], 2),
        "versions": {"python": platform.python_version(), "evenweave": version("evenweave"),
                     "django": version("django"), "granian": version("granian"),
                     "database": "PostgreSQL" if url.startswith("postgres") else f"SQLite {sqlite3.sqlite_version}"},
    }


def _show(rows: list[dict], beside: dict) -> None:
    versions = ", ".join(f"{name} {number}" for name, number in beside["versions"].items())
    click.echo(f"{beside['machine']}; load {beside['load']}; {versions}")
    for row in rows:
        limit = f"limit {row['limit']} (×{row['ratio']})" if row["limit"] else "no limit"
        mark = "within" if row["within"] else "OVER"
        click.echo(f"{mark:<7} {row['work']} [{row['size']}]: {row['value']} {row['unit']}, bar {row['bar']}, {limit}")


if __name__ == "__main__":
    main()
