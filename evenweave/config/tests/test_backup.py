"""The drill: an installation is lost and comes back whole, on another machine, from one file."""

import json
import os
import stat
import subprocess
import sys
import zipfile

from evenweave.config.settings import ROOT


def drill(half: str, file, database: str, data) -> dict:
    environment = os.environ | {"DATABASE_URL": database, "EVENWEAVE_DATA": str(data), "EVENWEAVE_DEMO": "0"}
    environment["DJANGO_SETTINGS_MODULE"] = "evenweave.config.settings"
    done = subprocess.run([sys.executable, "-m", "evenweave.config.tests.drill", half, str(file)], cwd=ROOT,
                          env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def test_an_installation_comes_back_whole_from_one_file(empty_database, tmp_path):
    file = tmp_path / "evenweave.backup"
    before = drill("lose", file, empty_database(), tmp_path / "here")
    assert before["backup"]["code"] == 0
    assert before["backup"]["files"] == 1
    assert before["again"]["code"] == 1, "a backup never overwrites a file"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert {name for _, name in before["seen"]["factories"]} == {"Mekong\tStitch", "Tonlé \\ Garment", "រោងចក្រ"}
    assert len(before["seen"]["log"]) == 3

    after = drill("recover", file, empty_database(), tmp_path / "elsewhere")
    assert after["damaged"]["code"] == 1
    assert "checksum" in after["damaged"]["error"]
    assert after["restore"]["code"] == 0, after["restore"]
    assert after["seen"] == before["seen"]
    assert after["again"]["code"] == 1, "people are there already"
    assert after["replace"]["code"] == 0, after["replace"]
    assert after["seen after replacing"] == before["seen"]
    assert (after["log"]["code"], after["migrations"]) == (0, True)
    with zipfile.ZipFile(file) as archive:
        assert not [name for name in archive.namelist() if "secret" in name], "the key is kept apart from its safe"
