"""Making a backup and bringing one back."""

import hashlib
import os
import zipfile
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from evenweave.activity.services import verify_log
from evenweave.config.backup import databases
from evenweave.config.backup.archive import BackupError, Manifest, open_verified, pieces, write_manifest, writing
from evenweave.config.checks import worker


def make_backup(target: Path) -> Manifest:
    """Write everything into one new file, readable by this account only. People go on working meanwhile.

    Stored files are only ever added, so those of the copied rows are there afterwards too. What is missing on the
    storage all the same is named in the manifest. Raises BackupError when the file is there already."""
    if target.exists():
        raise BackupError(f"{target} is there already; name a new file.")
    partial = target.with_name(target.name + ".part")
    try:
        with os.fdopen(os.open(partial, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                manifest = _write_all(archive)
            file.flush()
            os.fsync(file.fileno())
        partial.rename(target)
    finally:
        partial.unlink(missing_ok=True)
    return manifest


def _write_all(archive: zipfile.ZipFile) -> Manifest:
    with databases.snapshot() as now:
        manifest = Manifest(
            version=version("evenweave"),
            made_at=timezone.now().isoformat(timespec="seconds"),
            database=connection.vendor,
            is_demo=any(is_demo for (is_demo,) in now.rows(databases.IS_DEMO)),
            migrations=[f"{app}.{name}" for app, name in now.rows(databases.APPLIED)],
            rows={table: now.rows(f'SELECT count(*) FROM "{table}"')[0][0] for table in now.tables()},  # noqa: S608
        )
        paths = [path for (path,) in now.rows(databases.STORED_PATHS)]
        now.write(archive, manifest)
    for path in paths:
        _write_file(archive, path, manifest)
    write_manifest(archive, manifest)
    return manifest


def _write_file(archive: zipfile.ZipFile, path: str, manifest: Manifest) -> None:
    try:
        source = default_storage.open(path, "rb")
    except OSError:
        manifest.missing_files.append(path)
        return
    with source, writing(archive, f"files/{path}", manifest) as out:
        for piece in pieces(source):
            out.write(piece)


def restore_backup(source: Path, *, replace: bool) -> Manifest:
    """Bring a backup back: every checksum first, then the files, then the rows, then the log's chains.

    Raises BackupError, with nothing changed, when the file is damaged, when people are here already and `replace`
    is not given, when a worker is still at work, or when the backup is of the other kind (demo or real)."""
    if not source.is_file():
        raise BackupError(f"There is no file {source}.")
    with source.open("rb") as file:
        archive, manifest = open_verified(file)
        _refuse_if_in_use(manifest, replace=replace)
        for name in manifest.parts:
            if name.startswith("files/"):
                _restore_file(archive, name)
        databases.restore_database(archive, manifest)
    faults = verify_log()
    if faults:
        raise BackupError(f"The backup is back, and its log is not whole: {faults[0].chain} #{faults[0].number}.")
    return manifest


def _refuse_if_in_use(manifest: Manifest, *, replace: bool) -> None:
    if manifest.is_demo != settings.DEMO:
        kind, wanted = ("a demo", 1) if manifest.is_demo else ("a real installation", 0)
        raise BackupError(f"The backup is of {kind}; set EVENWEAVE_DEMO={wanted} to bring it back.")
    there = connection.introspection.table_names()
    if "toolkit_workerheartbeat" in there and worker().is_well:
        raise BackupError("A worker is at work here. Stop the server first, then bring the backup back.")
    people = get_user_model()
    if not replace and people._meta.db_table in there and people.objects.exists():
        raise BackupError("There are people in this installation already; --replace puts the backup in their place.")


def _restore_file(archive: zipfile.ZipFile, name: str) -> None:
    path = name.removeprefix("files/")
    with archive.open(name) as source:
        if default_storage.exists(path):
            if _hash_of_stored(path) == _hash_of(source):
                return
            default_storage.delete(path)
            source.seek(0)
        saved = default_storage.save(path, File(source, name=path))
    if saved != path:
        raise BackupError(f"The storage would not take {path}.")


def _hash_of_stored(path: str) -> str:
    with default_storage.open(path, "rb") as stored:
        return _hash_of(stored)


def _hash_of(source) -> str:
    found = hashlib.sha256()
    for piece in pieces(source):
        found.update(piece)
    return found.hexdigest()
