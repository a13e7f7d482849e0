"""Workers killed with SIGKILL anywhere: every effect is there exactly once."""

import json
import os
import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("jobs", "kills", "seed"), [(100, 8, 1), pytest.param(2000, 200, 2, marks=pytest.mark.long)]
)
def test_every_effect_is_there_exactly_once(empty_database, tmp_path, jobs, kills, seed):
    environment = {**os.environ, "DATABASE_URL": empty_database(), "EVENWEAVE_DATA": str(tmp_path / "data")}
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
