"""Fixtures every test may ask for."""

import os
import uuid

# Before Django is set up.
os.environ["EVENWEAVE_SECRET_KEY"] = "only-for-tests-" + "x" * 40

import pytest


@pytest.fixture(autouse=True)
def _quick_and_quiet(settings, tmp_path):
    """Cheap password hashes, mails kept in memory, files in the test's own folder."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "files")},
        },
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(scope="session")
def browser():
    """The one browser of this process, opened when a test first asks."""
    from tests.browser import chromium

    with chromium() as opened:
        yield opened


@pytest.fixture
def cast(db):
    """Everybody of tests/cast.py, in the database."""
    from tests.cast import introduce

    return introduce()


@pytest.fixture
def seen_by(client):
    """seen_by(cast, url) → {key: status} for everybody, the one who is not signed in included."""

    def ask(cast, url: str, **kwargs) -> dict[str, int]:
        statuses = {}
        for key, person in cast.people.items():
            client.logout()
            if person is not None:
                client.force_login(person)
            statuses[key] = client.get(url, **kwargs).status_code
        client.logout()
        return statuses

    return ask


@pytest.fixture
def empty_database(tmp_path):
    """empty_database() → the address (DATABASE_URL) of a new one, of the kind this run is on. For other processes."""
    from django.conf import settings

    named = settings.DATABASES["default"]
    if named["ENGINE"].endswith("sqlite3"):
        yield lambda: f"sqlite:///{tmp_path / uuid.uuid4().hex}.sqlite3"
        return
    import psycopg

    server = {"host": named["HOST"], "port": named["PORT"], "user": named["USER"], "password": named["PASSWORD"]}
    made = []

    def make() -> str:
        made.append(f"made_{uuid.uuid4().hex}")
        with psycopg.connect(dbname="postgres", autocommit=True, **server) as link:
            link.execute(f'CREATE DATABASE "{made[-1]}"')
        return f"postgresql://{named['USER']}:{named['PASSWORD']}@{named['HOST']}:{named['PORT']}/{made[-1]}"

    yield make
    with psycopg.connect(dbname="postgres", autocommit=True, **server) as link:
        for name in made:
            link.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
