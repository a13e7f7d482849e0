"""The main screens, seen: on a phone, a tablet and a desk, and from right to left."""

import pytest
from playwright.sync_api import Page

from tests.browser import axe_violations, sideways_scroll
from tests.journeys.walking import PATIENCE_MS, Walker

HERO = "Mekong Stitch"
MOST_ON_FIRST_LOAD = 100_000
WIDTHS = (360, 800, 1366)


def hero(walker: Walker) -> str:
    return walker.find_factory(HERO).strip("/").split("/")[-1]


def first_item(walker: Walker) -> str:
    walker.open(f"/plans/{hero(walker)}/?view=list&only=late")
    address = walker.page.locator("main table tbody a").first.get_attribute("href")
    assert address is not None
    return address


def first_progress(walker: Walker) -> str:
    walker.open("/progress/")
    sent = walker.page.locator("main table tbody tr").filter(has_text="Sent")
    address = sent.locator("a").first.get_attribute("href")
    assert address is not None
    return address


SCREENS = {
    "the desk": ("factory-manager", lambda walker: "/today/"),
    "the plan as a board": ("factory-manager", lambda walker: f"/plans/{hero(walker)}/"),
    "the plan as a list": ("factory-manager", lambda walker: f"/plans/{hero(walker)}/?view=list"),
    "an item": ("factory-manager", first_item),
    "a report": ("factory-manager", lambda walker: walker.find_report(HERO, 2)),
    "sharing": ("factory-manager", lambda walker: f"/factories/{hero(walker)}/sharing/"),
    "a progress report": ("factory-manager", first_progress),
    "the task list": ("assessor", lambda walker: walker.find_assessment("Bassac Knit")),
    "a question": ("assessor", lambda walker: f"{walker.find_assessment('Bassac Knit')}questions/WT-13/"),
    "cases": ("assessor", lambda walker: "/cases/"),
    "factories": ("programme-manager", lambda walker: "/factories/"),
    "the manager's desk": ("programme-manager", lambda walker: "/today/"),
    "credits": ("buyer", lambda walker: "/credits/"),
    "a locked factory": ("buyer-unpaid", lambda walker: "/factories/"),
}


@pytest.fixture(scope="module")
def walkers(house):
    inside: dict[str, Walker] = {}

    def come_in(key: str) -> Walker:
        if key not in inside:
            inside[key] = Walker(house, key)
        return inside[key]

    return come_in


@pytest.mark.parametrize("screen", SCREENS)
def test_a_main_screen_is_whole_on_every_width_and_from_right_to_left(house, walkers, screen):
    key, find = SCREENS[screen]
    walker = walkers(key)
    walker.page.set_viewport_size({"width": 1366, "height": 900})
    address = find(walker)
    wrong = {}
    for width in WIDTHS:
        walker.page.set_viewport_size({"width": width, "height": 900})
        walker.open(address)
        wrong |= _wrong(walker.page, f"{width} px")
    try:
        _speak(walker, "ar")
        walker.page.set_viewport_size({"width": 360, "height": 900})
        walker.open(address)
        assert walker.page.locator("html").get_attribute("dir") == "rtl"
        wrong |= _wrong(walker.page, "360 px, from right to left")
    finally:
        _speak(walker, "en")
    assert wrong == {}


def _wrong(page: Page, where: str) -> dict[str, object]:
    found = {f"{where}: sideways": sideways_scroll(page), f"{where}: axe": axe_violations(page)}
    return {what: one for what, one in found.items() if one}


def _speak(walker: Walker, language: str) -> None:
    cookie = {"name": "django_language", "value": language, "url": walker.house.address}
    walker.page.context.add_cookies([cookie])


def test_a_first_page_comes_in_a_hundred_kilobytes(house):
    """What a new browser loads for the desk and for the plan, as it travels."""
    walker = Walker(house, "factory-manager")
    plan = f"/plans/{hero(walker)}/"
    cookies = walker.page.context.cookies()
    for path in ("/today/", plan, "/reports/"):
        context = house.browser.new_context()
        context.add_cookies(cookies)
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        bytes_in: list[int] = []
        session.on("Network.loadingFinished", lambda event, seen=bytes_in: seen.append(event["encodedDataLength"]))
        page.goto(f"{house.address}{path}", wait_until="networkidle", timeout=PATIENCE_MS)
        context.close()
        assert sum(bytes_in) > 5_000, "nothing was measured"
        assert sum(bytes_in) <= MOST_ON_FIRST_LOAD, path
