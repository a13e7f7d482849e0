"""The rows as they were at one moment, out of each kind of database and back. Other people go on writing meanwhile."""

import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from evenweave.config.backup.archive import BackupError, Manifest, pieces, writing

SQLITE_PART = "database/database.sqlite3"
# Rows that say which process is alive now, and those that Django writes itself while it migrates.
NOT_COPIED = {"toolkit_workerheartbeat", "django_migrations"}
STORED_PATHS = "SELECT path FROM toolkit_storedfile ORDER BY path"
APPLIED = "SELECT app, name FROM django_migrations ORDER BY app, name"
IS_DEMO = "SELECT is_demo FROM toolkit_installation LIMIT 1"


class Snapshot(Protocol):
    """One moment of the database."""

    def rows(self, query: str) -> list[tuple]: ...
    def tables(self) -> list[str]: ...
    def write(self, archive: zipfile.ZipFile, manifest: Manifest) -> None: ...


@contextmanager
def snapshot() -> Iterator[Snapshot]:
    """This moment of the database that settings name."""
    if connection.vendor == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            copy = sqlite3.connect(Path(folder) / "copy.sqlite3")
            try:
                connection.ensure_connection()
                connection.connection.backup(copy)
                yield SqliteSnapshot(copy, Path(folder) / "copy.sqlite3")
            finally:
                copy.close()
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield PostgresSnapshot(cursor)


class SqliteSnapshot:
    def __init__(self, copy: sqlite3.Connection, file: Path) -> None:
        self.copy, self.file = copy, file

    def rows(self, query: str) -> list[tuple]:
        return self.copy.execute(query).fetchall()

    def tables(self) -> list[str]:
        named = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        return [name for (name,) in self.rows(named)]

    def write(self, archive: zipfile.ZipFile, manifest: Manifest) -> None:
        self.copy.commit()
        with writing(archive, SQLITE_PART, manifest) as out, self.file.open("rb") as source:
            for piece in pieces(source):
                out.write(piece)


class PostgresSnapshot:
    def __init__(self, cursor) -> None:
        self.cursor = cursor

    def rows(self, query: str) -> list[tuple]:
        self.cursor.execute(query)
        return self.cursor.fetchall()

    def tables(self) -> list[str]:
        return sorted(connection.introspection.table_names(self.cursor))

    def write(self, archive: zipfile.ZipFile, manifest: Manifest) -> None:
        for table in manifest.rows:
            if table in NOT_COPIED:
                continue
            manifest.columns[table] = columns = _columns(self.cursor, table)
            with (
                writing(archive, f"database/{table}.tsv", manifest) as out,
                self.cursor.copy(f"COPY {_quoted(table)} ({_list(columns)}) TO STDOUT") as copy,
            ):
                for piece in copy:
                    out.write(bytes(piece))


def restore_database(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Put the archive's rows in the place of all that is there, then bring them up to this version.

    Either all of them or, when anything fails, what was there before."""
    _refuse_newer(manifest)
    if manifest.database != connection.vendor:
        raise BackupError(f"The backup is of {manifest.database} and this database is {connection.vendor}.")
    if connection.vendor == "sqlite":
        _restore_sqlite(archive)
    else:
        _restore_postgres(archive, manifest)
    call_command("migrate", interactive=False, verbosity=0)


def _refuse_newer(manifest: Manifest) -> None:
    known = {f"{app}.{name}" for app, name in MigrationExecutor(connection).loader.disk_migrations}
    unknown = sorted(set(manifest.migrations) - known)
    if unknown:
        raise BackupError(f"The backup was made by another version ({manifest.version}), which knows {unknown[0]}.")


def _restore_sqlite(archive: zipfile.ZipFile) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "restored.sqlite3"
        with archive.open(SQLITE_PART) as source, file.open("wb") as out:
            for piece in pieces(source):
                out.write(piece)
        restored = sqlite3.connect(file)
        try:
            if restored.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                raise BackupError("The database in the backup is damaged. Nothing was changed.")
            restored.execute("DELETE FROM toolkit_workerheartbeat")
            restored.commit()
            connection.ensure_connection()
            restored.backup(connection.connection)  # one transaction: whoever reads sees the old rows or the new
        finally:
            restored.close()


RESTORING, BEFORE = "evenweave_restoring", "evenweave_before_restore"


def _restore_postgres(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Build everything in a schema beside the one in use, then let them change places in one transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        (schema,) = cursor.fetchone()
        cursor.execute(f"DROP SCHEMA IF EXISTS {RESTORING} CASCADE")
        cursor.execute(f"DROP SCHEMA IF EXISTS {BEFORE} CASCADE")
        cursor.execute(f"CREATE SCHEMA {RESTORING}")
        cursor.execute(f"SET search_path TO {RESTORING}")
        try:
            _migrate_to(manifest.migrations)
            with transaction.atomic():
                _fill(cursor, archive, manifest)
            with transaction.atomic():
                cursor.execute(f"ALTER SCHEMA {_quoted(schema)} RENAME TO {BEFORE}")
                cursor.execute(f"ALTER SCHEMA {RESTORING} RENAME TO {_quoted(schema)}")
            cursor.execute(f"DROP SCHEMA {BEFORE} CASCADE")
        finally:
            cursor.execute(f"DROP SCHEMA IF EXISTS {RESTORING} CASCADE")
            cursor.execute("RESET search_path")


def _migrate_to(applied: list[str]) -> None:
    """Apply exactly these migrations ("app.name") to an empty schema."""
    executor = MigrationExecutor(connection)
    wanted = {tuple(one.split(".", 1)) for one in applied}
    graph = executor.loader.graph
    last = [node for node in wanted if node in graph.nodes and not any(
        child.key in wanted and child.key[0] == node[0] for child in graph.node_map[node].children)]
    executor.recorder.ensure_schema()
    executor.migrate(sorted(last))


def _fill(cursor, archive: zipfile.ZipFile, manifest: Manifest) -> None:
    tables = [table for table in manifest.rows if table not in NOT_COPIED]
    cursor.execute(f"TRUNCATE {_list(tables)}")
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    for table in tables:
        with (
            archive.open(f"database/{table}.tsv") as source,
            cursor.copy(f"COPY {_quoted(table)} ({_list(manifest.columns[table])}) FROM STDIN") as copy,
        ):
            for piece in pieces(source):
                copy.write(piece)
        _continue_numbering(cursor, table)


def _continue_numbering(cursor, table: str) -> None:
    """Let new rows be numbered after the highest that was brought back."""
    for sequence in connection.introspection.get_sequences(cursor, table):
        column = _quoted(sequence["column"])
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence(%s, %s), greatest(max({column}), 1), max({column}) IS NOT NULL)"  # noqa: S608 (names out of the database itself)
            f" FROM {_quoted(table)}",
            [_quoted(table), sequence["column"]],
        )


def _columns(cursor, table: str) -> list[str]:
    """The columns that hold something of their own, in their order."""
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = %s"
        " AND is_generated = 'NEVER' ORDER BY ordinal_position",
        [table],
    )
    return [name for (name,) in cursor.fetchall()]


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _list(names: list[str]) -> str:
    return ", ".join(map(_quoted, names))
