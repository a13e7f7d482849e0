"""A real browser for journeys, and the accessibility check that every page of one passes.

def test_a_page(browser, live_server):
    page = browser.new_page()
    page.goto(live_server.url)
    assert axe_violations(page) == []
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, without a window and without asking anybody on the network. One to a process: its driver
    keeps an event loop in this thread until it ends, beside which no second one starts and which Django, unless told,
    takes for async code, in every test of the process that comes after."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_program(), args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def _program() -> str:
    for name in PROGRAMS:
        if found := shutil.which(name):
            return found
    raise RuntimeError(f"none of {', '.join(PROGRAMS)} is installed; script/test installs one")


def axe_violations(page: Page) -> list[str]:
    """What axe-core finds wrong with the page as it stands: "rule: the first place and what to do", one a rule."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("rules => axe.run({runOnly: rules})", RULES)["violations"]
    return [f"{rule['id']}: {rule['nodes'][0]['html'][:200]} | {rule['nodes'][0]['failureSummary']}" for rule in found]


def sideways_scroll(page: Page) -> int:
    """By how many pixels the page is wider than its window; 0 is right."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
