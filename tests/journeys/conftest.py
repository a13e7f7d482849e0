"""The demo programme, served as an installation serves it: one command, a database of its own, a real browser."""

import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

READY_WITHIN_SECONDS = 240
FACTORIES = 11  # those that are told before the doors open: the journeys walk through no other


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys drive a browser. The acts of one file build on each other: --dist=loadfile keeps a file in one process,
    in its order."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.journey)


@dataclass
class House:
    """A running installation and the people in it."""

    address: str
    data: Path
    browser: Browser

    def enter_as(self, key: str, *, width: int = 1366, language: str = "en") -> Page:
        """Somebody of the demo, just signed in, in a window of their own."""
        context: BrowserContext = self.browser.new_context(viewport={"width": width, "height": 900}, locale=language)
        page = context.new_page()
        page.goto(f"{self.address}/demo/")
        page.locator(f'form[action="/demo/sign-in/{key}/"] button').click()
        page.wait_for_url(f"{self.address}/today/")
        if language != "en":
            context.add_cookies([{"name": "django_language", "value": language, "url": self.address}])
            page.goto(f"{self.address}/today/")
        return page


@pytest.fixture(scope="session")
def house(tmp_path_factory, browser: Browser) -> Iterator[House]:
    data = tmp_path_factory.mktemp("house")
    with _demo_database() as database_url, _served(data, database_url) as address:
        yield House(address, data, browser)


class _demo_database:  # noqa: N801 -- a context manager that reads like a function
    """A database of its own beside the suite's: none to name on SQLite, a fresh one on PostgreSQL."""

    def __init__(self) -> None:
        self.suite_url = os.environ.get("DATABASE_URL", "")
        self.name = f"journeys_{os.getpid()}"

    def __enter__(self) -> str:
        if not self.suite_url:
            return ""
        self._administer(f'CREATE DATABASE "{self.name}"')
        parts = urlsplit(self.suite_url)
        return urlunsplit(parts._replace(path=f"/{self.name}"))

    def __exit__(self, *_) -> None:
        if self.suite_url:
            self._administer(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')

    def _administer(self, command: str) -> None:
        import psycopg

        parts = urlsplit(self.suite_url)
        with psycopg.connect(urlunsplit(parts._replace(path="/postgres")), autocommit=True) as link:
            link.execute(command)


class _served:  # noqa: N801 -- a context manager that reads like a function
    """`evenweave serve` as a process of its own, ended with everything it started."""

    def __init__(self, data: Path, database_url: str) -> None:
        self.environment = {
            key: value for key, value in os.environ.items() if not key.startswith(("EVENWEAVE_", "DJANGO_"))
        } | {"EVENWEAVE_DATA": str(data), "EVENWEAVE_DEMO": "1", "EVENWEAVE_PORT": str(_free_port()),
             "EVENWEAVE_DEMO_FACTORIES": str(FACTORIES)}
        self.environment.pop("DATABASE_URL", None)
        if database_url:
            self.environment["DATABASE_URL"] = database_url
        self.log = (data / "serve.log").open("w+")

    def __enter__(self) -> str:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "evenweave.config.commandline", "serve"], env=self.environment,
            stdout=subprocess.PIPE, stderr=self.log, text=True, start_new_session=True,
        )
        return self._address()

    def _address(self) -> str:
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            if not select.select([self.process.stdout], [], [], 1)[0]:
                continue
            line = self.process.stdout.readline()
            if line.startswith("Ready: "):
                return line.removeprefix("Ready: ").strip()
        self.log.seek(0)
        raise AssertionError(f"the house did not open:\n{self.log.read()}")

    def __exit__(self, *_) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        self.log.close()


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]
