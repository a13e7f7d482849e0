"""Small steps that every journey takes: open a page, read what a person reads, press what it says."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, Response, expect

from tests.journeys.conftest import House

PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)


class Walker:
    """Somebody of the demo in a browser window of their own."""

    def __init__(self, house: House, key: str) -> None:
        self.house = house
        self.page: Page = house.enter_as(key)
        self.page.set_default_timeout(PATIENCE_MS)

    def open(self, path: str) -> Response:
        answer = self.page.goto(path if path.startswith("http") else f"{self.house.address}{path}")
        assert answer is not None
        return answer

    def status(self, path: str) -> int:
        return self.open(path).status

    def read(self, selector: str = "main") -> str:
        """The text as it is seen, white space made even."""
        return even(self.page.locator(selector).first.inner_text())

    def press(self, name: str, *, exact: bool = True) -> None:
        """A button or link by its words; waits for the page that follows."""
        with self.page.expect_navigation(timeout=PATIENCE_MS):
            self.thing(name, exact=exact).click()

    def thing(self, name: str, *, exact: bool = True) -> Locator:
        """The first button, or else link, of these words."""
        place = self.page.locator("main").first
        button = place.get_by_role("button", name=name, exact=exact)
        return (button if button.count() else place.get_by_role("link", name=name, exact=exact)).first

    def follow(self, name: str) -> None:
        """A link by a part of its words."""
        with self.page.expect_navigation(timeout=PATIENCE_MS):
            self.page.locator("main").first.get_by_role("link", name=name).first.click()

    def links(self, within: str = "main") -> list[str]:
        return self.page.locator(f"{within} a").evaluate_all("all => all.map(one => one.getAttribute('href') || '')")

    def find_factory(self, name: str) -> str:
        """The address of a factory's page, from the list."""
        self.open("/factories/")
        link = self.page.locator("main table").get_by_role("link", name=name).first
        address = link.get_attribute("href")
        assert address is not None
        return address

    def find_assessment(self, factory: str, cycle: int = 1) -> str:
        """The address of an assessment's page, from the list."""
        return self._of_cycle("/assessments/", factory, cycle)

    def find_report(self, factory: str, cycle: int) -> str:
        """The address of the report in force of a cycle, from the list."""
        return self._of_cycle("/reports/", factory, cycle)

    def _of_cycle(self, path: str, factory: str, cycle: int) -> str:
        self.open(path)
        for row in self.page.locator("main table tbody tr").filter(has_text=factory).all():
            if even(row.locator("td").first.inner_text()) == str(cycle):
                address = row.locator("a").first.get_attribute("href")
                assert address is not None
                return address
        raise AssertionError(f"{path} shows no cycle {cycle} of {factory}: {self.read()}")


def even(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


type People = Callable[[str], Walker]
