"""What can be wrong with an installation, how it is seen, and what to do about it."""

import os
import shutil
import socket
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

LEAST_FREE_BYTES = 500 * 1024 * 1024
MOST_CLOCK_DIFFERENCE_SECONDS = 5
OLDEST_PYTHON = (3, 12)
OLDEST_POSTGRESQL = 150_000
TROUBLES = (DatabaseError, OSError, ImportError, ValueError, LookupError)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at; `fix` says what to do when it is not well."""

    name: str
    is_well: bool
    says: str
    fix: str = ""


type Finding = tuple[bool, str]


def checked(name: str, *, fix: str) -> Callable[[Callable[[], Finding]], Callable[[], Check]]:
    """Make a check of a function that returns whether all is well and what it saw. Its troubles are findings."""

    def declare(look: Callable[[], Finding]) -> Callable[[], Check]:
        @wraps(look)
        def check() -> Check:
            try:
                is_well, says = look()
            except TROUBLES as error:
                is_well, says = False, f"{type(error).__name__}: {error}"
            return Check(name, is_well, says.strip(), "" if is_well else fix)

        return check

    return declare


@checked("python", fix="Install Python 3.12 or newer and run script/server again.")
def python() -> Finding:
    return sys.version_info >= OLDEST_PYTHON, ".".join(map(str, sys.version_info[:3]))


@checked("database", fix="Start the database, or correct DATABASE_URL. PostgreSQL must be 15 or newer.")
def database() -> Finding:
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    if connection.vendor == "postgresql":
        return connection.pg_version >= OLDEST_POSTGRESQL, f"PostgreSQL {connection.pg_version // 10000}"
    return True, f"SQLite at {connection.settings_dict['NAME']}"


_migrated = False  # a database that has been brought up to date stays so for as long as this process runs


@checked("migrations", fix="Run `script/evenweave migrate`; it says which migration fails and why.")
def migrations() -> Finding:
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        waiting = [f"{one.app_label} {one.name}" for one, _ in
                   executor.migration_plan(executor.loader.graph.leaf_nodes())]
        if waiting:
            return False, f"{len(waiting)} not applied, first: {waiting[0]}"
        _migrated = True
    return True, "all applied"


@checked("content", fix="Run `script/evenweave content load`; if it refuses, `content check` names what to correct.")
def content_loaded() -> Finding:
    from evenweave.questionnaires.models import CompiledTool

    loaded = CompiledTool.objects.count()
    return loaded > 0, f"{loaded} versions of the tool loaded"


@checked("worker", fix="Start one: `script/evenweave worker` (script/server does it by itself).")
def worker() -> Finding:
    from evenweave.toolkit.jobs.backend import DurableBackend
    from evenweave.toolkit.jobs.worker import FRESH_SECONDS, freshest_beat

    if settings.TASKS["default"]["BACKEND"] != f"{DurableBackend.__module__}.{DurableBackend.__qualname__}":
        return True, "background work is done by another engine"
    beat = freshest_beat()
    if beat is None:
        return False, "no worker has been seen"
    age = timezone.now() - beat
    return age <= timedelta(seconds=FRESH_SECONDS), f"last seen {max(age.total_seconds(), 0):.0f} seconds ago"


@checked("failed jobs", fix="Read the error, correct its cause, and ask for the work again.")
def failed_jobs() -> Finding:
    from evenweave.toolkit.jobs.models import Job

    recent = Job.objects.filter(status="FAILED", finished_at__gte=timezone.now() - timedelta(days=7))
    last = recent.order_by("-finished_at").first()
    if last is None:
        return True, "none in the last seven days"
    error = last.errors[-1]["exception_class_path"] if last.errors else "no error recorded"
    return False, f"{recent.count()} in the last seven days, last: {last.task_path} ({error})"


@checked("content files", fix="Run `script/evenweave content check` and correct what it names.")
def content_files() -> Finding:
    from evenweave.programmes.commands import checked_content

    faults = checked_content()[1].faults
    return not faults, f"{len(faults)} errors" if faults else "no errors"


@checked("fonts", fix="Install the locked dependencies again: delete .venv and run script/server.")
def fonts() -> Finding:
    from importlib.metadata import distribution

    wanted = ["fontpkg-noto-sans", "fontpkg-noto-sans-khmer", "fontpkg-noto-sans-arabic"]
    missing = [name for name in wanted
               if not any(file.suffix == ".ttf" and file.locate().exists() for file in distribution(name).files or [])]
    return not missing, f"missing: {', '.join(missing)}" if missing else "Latin, Khmer and Arabic are there"


@checked("data folder", fix="Let this account write there, or name another folder in EVENWEAVE_DATA.")
def data_folder() -> Finding:
    with tempfile.NamedTemporaryFile(dir=settings.DATA):
        return True, str(settings.DATA)


@checked("disk", fix="Free some space: uploads and backups need room.")
def disk() -> Finding:
    free = shutil.disk_usage(settings.DATA).free
    return free >= LEAST_FREE_BYTES, f"{free / 1024**3:.1f} GB free"


@checked("clock", fix="Set the clock of this machine, and of the database's, by NTP.")
def clock() -> Finding:
    """Against the database's, or on one machine against its files'."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            before = time.time()
            cursor.execute("SELECT extract(epoch FROM clock_timestamp())::float")
            difference = cursor.fetchone()[0] - (before + time.time()) / 2
    else:
        with tempfile.NamedTemporaryFile(dir=settings.DATA) as file:
            difference = os.stat(file.name).st_mtime - time.time()
    is_plausible = datetime.now(tz=timezone.get_default_timezone()).year >= 2026
    is_well = is_plausible and abs(difference) <= MOST_CLOCK_DIFFERENCE_SECONDS
    return is_well, f"{timezone.now():%Y-%m-%d %H:%M} UTC, {abs(difference):.1f} s beside the database"


@checked("mail", fix="Set EVENWEAVE_MAIL=smtp://user:password@host:587 to a server that answers.")
def mail() -> Finding:
    options = settings.MAILERS["default"]["OPTIONS"]
    if "host" not in options:
        folder = Path(options.get("file_path", settings.DATA))
        return settings.DEMO, f"no server is named; mails are files in {folder}"
    with socket.create_connection((options["host"], options["port"]), timeout=5):
        return True, f"{options['host']} answers"


@checked("address", fix="Set EVENWEAVE_ADDRESS=https://your.domain and EVENWEAVE_HOSTS=your.domain.")
def address() -> Finding:
    if settings.DEMO:
        return True, "a demo on this machine needs none"
    given = settings.PUBLIC_ADDRESS
    host = given.removeprefix("https://").split("/")[0].split(":")[0]
    if not given.startswith("https://"):
        return False, "not https, so sign-in cookies would travel in the clear" if given else "no address is set"
    return host in settings.ALLOWED_HOSTS, given


@checked("secret key", fix="Run `chmod 600 secret.key` in the data folder, owned by the account that serves.")
def secret_key() -> Finding:
    if os.environ.get("EVENWEAVE_SECRET_KEY"):
        return len(settings.SECRET_KEY) >= 40, "from the environment"
    mode = (settings.DATA / "secret.key").stat().st_mode
    return not mode & (stat.S_IRWXG | stat.S_IRWXO), f"mode {stat.S_IMODE(mode):o}"


READY = (database, migrations, content_loaded, worker)
DOCTOR = (python, database, migrations, content_loaded, content_files, worker, failed_jobs, fonts, data_folder, disk,
          clock, mail, address, secret_key)


def look_at(checks: Iterable[Callable[[], Check]]) -> list[Check]:
    """Make these checks, each whatever the others say."""
    return [check() for check in checks]
