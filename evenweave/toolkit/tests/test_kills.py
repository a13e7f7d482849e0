"""Workers killed with SIGKILL anywhere: every effect is there exactly once."""

import json
import os
import subprocess
import sys
import uuid

import pytest
from django.conf import settings
from django.db import connection


@pytest.fixture
def empty_database(tmp_path):
    """The address of a database of its own, of the kind that this run is on."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path / 'kills.sqlite3'}"
        return
    import psycopg

    config = settings.DATABASES["default"]
    name = f"kills_{uuid.uuid4().hex}"
    server = {"host": config["HOST"], "port": config["PORT"], "user": config["USER"], "password": config["PASSWORD"]}
    with psycopg.connect(dbname="postgres", autocommit=True, **server) as link:
        link.execute(f'CREATE DATABASE "{name}"')
    yield f"postgresql://{config['USER']}:{config['PASSWORD']}@{config['HOST']}:{config['PORT']}/{name}"
    with psycopg.connect(dbname="postgres", autocommit=True, **server) as link:
        link.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.parametrize(
    ("jobs", "kills", "seed"), [(100, 8, 1), pytest.param(2000, 200, 2, marks=pytest.mark.long)]
)
def test_every_effect_is_there_exactly_once(empty_database, tmp_path, jobs, kills, seed):
    environment = {**os.environ, "DATABASE_URL": empty_database, "EVENWEAVE_DATA": str(tmp_path / "data")}
    environment["DJANGO_SETTINGS_MODULE"] = "evenweave.config.settings"
    done = subprocess.run(
        [sys.executable, "-m", "evenweave.toolkit.tests.killing", str(jobs), str(kills), str(seed)],
        env=environment, capture_output=True, text=True, check=False, timeout=600,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    result = json.loads(done.stdout)
    assert result["effects"] == {f"{number}/{part}": 1 for number in range(jobs) for part in (1, 2)}
    assert result["states"] == {"SUCCESSFUL": jobs}
    assert result["killed"] >= kills // 2, "the workers must really be killed at work"
    assert result["lost"] >= 1, "and some of them in the middle of a job"
