"""The scripts that a newcomer meets first: they parse, and they are not fooled by a Python that does not run."""

import os
import subprocess
import sys

import pytest

from evenweave.config.settings import ROOT

SCRIPTS = [*(ROOT / "script").iterdir(), ROOT / ".ci" / "run"]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_a_script_parses_and_can_be_run(script):
    assert subprocess.run(["bash", "-n", script], check=False).returncode == 0
    assert script.suffix == ".bash" or os.access(script, os.X_OK)


@pytest.fixture
def sourced(tmp_path):
    """sourced(command, path) → what a command of script/install.bash prints, with `path` as the only programs."""
    (tmp_path / "home").mkdir()
    environment = {"HOME": str(tmp_path / "home")}

    def run(command: str, *path) -> subprocess.CompletedProcess:
        programs = ":".join(map(str, path)) + ":/usr/bin:/bin"
        line = f'. "{ROOT}/script/install.bash"; {command}'
        return subprocess.run(["bash", "-c", line], env=environment | {"PATH": programs},
                              capture_output=True, text=True, check=False)

    return run


def program(folder, name: str, text: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{text}\n")
    (folder / name).chmod(0o755)


def test_a_shim_that_dies_is_passed_over_for_a_python_that_runs(sourced, tmp_path):
    program(tmp_path / "shims", "python3.13", "exit 127")
    program(tmp_path / "real", "python3.12", f'exec "{sys.executable}" "$@"')
    found = sourced("find_python", tmp_path / "shims", tmp_path / "real")
    assert found.stdout.strip() == sys.executable


def test_a_python_that_is_too_old_is_none(sourced, tmp_path):
    program(tmp_path / "old", "python3.13", "exit 1")
    assert sourced("is_python python3.13", tmp_path / "old").returncode != 0


def test_a_uv_that_dies_is_passed_over(sourced, tmp_path):
    program(tmp_path / "shims", "uv", "exit 127")
    assert str(tmp_path) not in sourced("find_uv", tmp_path / "shims").stdout


def test_an_installation_made_of_other_lock_files_is_made_again(sourced, tmp_path):
    (tmp_path / "venv" / "bin").mkdir(parents=True)
    (tmp_path / "venv" / "bin" / "python").symlink_to(sys.executable)
    set_up = f"venv={tmp_path}/venv"
    now = sourced("stamp_of").stdout.strip()
    for written, run_is_there, dev_is_there in [
        (f"run {now}", True, False), (f"dev {now}", True, True), ("dev 1-2", False, False)
    ]:
        (tmp_path / "venv" / "installed").write_text(written + "\n")
        assert (sourced(f"{set_up}; is_installed run").returncode == 0) is run_is_there
        assert (sourced(f"{set_up}; is_installed dev").returncode == 0) is dev_is_there
