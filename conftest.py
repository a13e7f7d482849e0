"""What every test run does: marks tests by their room, leaves the long ones for `--long`, names its database."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parent
ROOMS = sorted(room.name for room in (ROOT / "evenweave").iterdir() if (room / "__init__.py").exists())


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="Also run the kill and property tests at full numbers.")


def pytest_configure(config: pytest.Config) -> None:
    for room in ROOMS:
        config.addinivalue_line("markers", f"{room}: tests of the room evenweave/{room} (added by path)")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        parts = item.path.relative_to(ROOT).parts
        if parts[0] == "evenweave" and parts[1] in ROOMS:
            item.add_marker(parts[1])
    if not config.getoption("--long"):
        left_out = [item for item in items if item.get_closest_marker("long")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("long")]


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Let pytest's closing line say which database the run was on."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None:
        return
    build = reporter.build_summary_stats_line

    def with_database():
        parts, colour = build()
        return [*parts, (f"on {_database()}", {colour: True})], colour

    reporter.build_summary_stats_line = with_database


def pytest_terminal_summary(terminalreporter) -> None:
    terminalreporter.write_line(f"database: {_database()}")


def _database() -> str:
    """The kind of database and its version, asked of the libraries so that the run itself need not have begun."""
    from django.conf import settings

    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        import sqlite3

        return f"SQLite {sqlite3.sqlite_version}"
    return f"PostgreSQL {_server_version()}"


def _server_version() -> str:
    import psycopg
    from django.conf import settings

    named = settings.DATABASES["default"]
    try:
        with psycopg.connect(
            dbname="postgres", host=named["HOST"], port=named["PORT"], user=named["USER"], password=named["PASSWORD"]
        ) as link:
            number = link.info.server_version
            return f"{number // 10000}.{number % 10000}"
    except psycopg.OperationalError:
        return "(unreachable)"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The tables are made from the models (`--nomigrations`), which is half a minute quicker in every process, and the
    migrations noted as applied. They run for real in the tests that start an installation, on both databases; one test
    holds that they make the same tables."""
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.recorder import MigrationRecorder
    from django.test import override_settings

    with django_db_blocker.unblock(), override_settings(MIGRATION_MODULES={}):
        recorder = MigrationRecorder(connection)
        recorder.ensure_schema()
        names = MigrationLoader(None).graph.nodes
        recorder.Migration.objects.bulk_create(recorder.Migration(app=app, name=name) for app, name in names)
