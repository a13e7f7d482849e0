"""What load balancers and operators are told."""

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.core.management import call_command
from django.utils import timezone

from evenweave.config import checks
from evenweave.config.commandline import main
from evenweave.questionnaires.models import CompiledTool
from evenweave.toolkit.jobs.models import WorkerHeartbeat

pytestmark = pytest.mark.django_db

NAMES = ["database", "migrations", "content", "worker"]


@pytest.fixture
def beating():
    now = timezone.now()
    return WorkerHeartbeat.objects.create(pk="worker", started_at=now, beat_at=now)


@pytest.fixture
def loaded():
    return CompiledTool.objects.create(
        key="tool", programme="XX", version="1", content_hash="0" * 64, in_force_from="2026-01-01"
    )


def test_the_process_answers(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_ready_when_all_four_parts_are(client, beating, loaded):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "checks": dict.fromkeys(NAMES, True)})


def test_not_ready_without_content_and_without_a_worker(client):
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {
        "ready": False, "checks": {"database": True, "migrations": True, "content": False, "worker": False}
    }


def test_a_worker_that_fell_silent_is_not_one(client, beating, loaded):
    WorkerHeartbeat.objects.update(beat_at=timezone.now() - timedelta(seconds=61))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["worker"]) == (503, False)


def test_a_waiting_migration_is_named(monkeypatch, settings):
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    settings.MIGRATION_MODULES = {}
    monkeypatch.setattr(checks, "_migrated", False)
    assert checks.migrations().is_well
    monkeypatch.setattr(checks, "_migrated", False)
    MigrationRecorder(connection).record_unapplied("toolkit", "0002_jobs")
    found = checks.migrations()
    assert not found.is_well
    assert "toolkit 0002_jobs" in found.says
    assert "migrate" in found.fix


def test_the_migrations_make_what_the_models_say(settings):
    settings.MIGRATION_MODULES = {}
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_the_doctor_names_what_is_wrong_and_its_fix_and_says_no():
    done = CliRunner().invoke(main, ["doctor", "--json"])
    found = {check["name"]: check for check in json.loads(done.stdout)}
    assert done.exit_code == 1
    assert not found["worker"]["is_well"]
    assert "evenweave worker" in found["worker"]["fix"]
    assert found["database"] == {**found["database"], "is_well": True, "fix": ""}


def test_the_doctor_sees_a_secret_key_that_others_may_read(settings, tmp_path, monkeypatch):
    monkeypatch.delenv("EVENWEAVE_SECRET_KEY", raising=False)
    settings.DATA = tmp_path
    key = tmp_path / "secret.key"
    key.write_text("x" * 50)
    key.chmod(0o644)
    assert not checks.secret_key().is_well
    key.chmod(0o600)
    assert checks.secret_key().is_well


def test_a_part_that_breaks_is_a_finding_and_not_a_crash(settings, tmp_path):
    settings.DATA = tmp_path / "no such folder"
    found = checks.data_folder()
    assert not found.is_well
    assert "no such folder" in found.says


def test_rooms_are_told_highest_first_in_one_json_document():
    done = CliRunner().invoke(main, ["rooms", "--json"])
    rooms = [row["room"] for row in json.loads(done.stdout)]
    assert (rooms[0], rooms[-1]) == ("config", "toolkit")


def test_an_unknown_command_is_wrong_use():
    assert CliRunner().invoke(main, ["frobnicate"]).exit_code == 2
