"""`evenweave backup FILE` and `evenweave restore FILE`."""

from pathlib import Path

import click
from django.db import DatabaseError

from evenweave.config.backup.archive import BackupError, Manifest
from evenweave.config.backup.making import make_backup, restore_backup
from evenweave.toolkit.answers import answer, json_option

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=FILE)
@json_option
def backup(file: Path, as_json: bool) -> None:
    """Write the whole installation, rows and stored files, into FILE. People may go on working.

    Exit 1 when it could not be made, or when stored files are missing from the storage. The secret key is not in
    it; the people and the grievances are: keep it as you keep them."""
    try:
        manifest = make_backup(file)
    except (BackupError, DatabaseError, OSError) as error:
        _refuse(error, as_json)
        return
    lines = [f"{file}: {_told(manifest)}.", *(f"Missing on the storage: {path}" for path in manifest.missing_files)]
    answer(_document(file, manifest), lines, as_json=as_json, is_yes=not manifest.missing_files)


@click.command()
@click.argument("file", type=FILE)
@click.option("--replace", is_flag=True, help="Put the backup in the place of the people and records that are here.")
@json_option
def restore(file: Path, replace: bool, as_json: bool) -> None:
    """Bring a backup back into an empty installation, and check the log's chains. Exit 1 when it is refused."""
    try:
        manifest = restore_backup(file, replace=replace)
    except (BackupError, DatabaseError, OSError) as error:
        _refuse(error, as_json)
        return
    answer(_document(file, manifest), [f"Back as of {manifest.made_at}: {_told(manifest)}. The log is whole."],
           as_json=as_json)


def _refuse(error: Exception, as_json: bool) -> None:
    answer({"error": str(error)}, [str(error)], as_json=as_json, is_yes=False)


def _told(manifest: Manifest) -> str:
    files = sum(name.startswith("files/") for name in manifest.parts)
    return f"{sum(manifest.rows.values())} rows in {len(manifest.rows)} tables, {files} stored files"


def _document(file: Path, manifest: Manifest) -> dict:
    return {
        "file": str(file),
        "made_at": manifest.made_at,
        "version": manifest.version,
        "database": manifest.database,
        "rows": sum(manifest.rows.values()),
        "files": sum(name.startswith("files/") for name in manifest.parts),
        "missing_files": manifest.missing_files,
        "error": None,
    }
