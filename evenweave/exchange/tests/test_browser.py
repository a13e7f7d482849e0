"""An import with duplicates and its undoing, in a real browser: by keyboard on a phone, with a long list's progress."""

import csv
import io

import pytest
from django.conf import settings
from playwright.sync_api import Page

from evenweave.exchange.models import ImportBatch
from evenweave.organisations.models import Factory
from evenweave.organisations.services import correct_factory
from evenweave.toolkit.jobs.worker import perform_due
from tests import builders
from tests.browser import axe_violations, sideways_scroll

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]

LIST = [
    ["Firma", "Wo", "Workers", "Remarks"],
    ["Bopha Knits", "Street 271", "840", ""],
    ["Chariesa Fashions", "2 Stefan Stambolov street Sandanski", "", "moved?"],
    ["Mekong Stich", "National Road 4, Village 3, Commune Chaom Chau", "", ""],
    ["Lotus Wear", "Road 6", "abc", ""],
]


@pytest.fixture
def page(browser, live_server, client, cast):
    """The programme manager's phone."""
    client.force_login(cast.programme_manager)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    window = browser.new_context(viewport={"width": 360, "height": 780}, base_url=live_server.url)
    window.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    page = window.new_page()
    page.said = []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    yield page
    window.close()


def a_file(rows: list[list[str]]) -> dict:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return {"name": "list.csv", "mimeType": "text/csv", "buffer": text.getvalue().encode()}


def fits(page: Page) -> None:
    assert axe_violations(page) == [], page.url
    assert sideways_scroll(page) == 0, page.url


def press(page: Page, words: str) -> None:
    """Reach a button by keyboard alone, and press it."""
    button = page.get_by_role("button", name=words).first
    button.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_list_with_duplicates_is_mapped_looked_through_registered_decided_and_undone(page, cast):
    builders.a_factory("Chariessa Fashion Ltd", address="Street 2 Stefan Stambolov, Sandanski")
    correct_factory(
        ref=cast.factory.ref, data={"address": "Natl. Road 4, Village 3, Chaom Chau"}, by=cast.team_leader
    )
    page.goto("/imports/new/")
    fits(page)
    page.get_by_label("File").set_input_files(files=[a_file(LIST)])
    press(page, "Read the file")
    assert page.get_by_text("3 headings were not recognised").is_visible()
    fits(page)
    page.get_by_label("“Wo”").select_option("address")
    press(page, "Check the rows")
    # What was chosen stays chosen when something is missing.
    assert page.get_by_text("Say which column holds the factory's name.").first.is_visible()
    assert page.get_by_label("“Wo”").input_value() == "address"
    page.get_by_label("“Firma”").select_option("name")
    press(page, "Check the rows")
    assert page.get_by_text("C5").is_visible()
    assert page.get_by_text("This is not a whole number. Write figures only").is_visible()
    fits(page)
    page.get_by_role("link", name="Decide about 2 possible duplicates").click()
    fits(page)
    press(page, "The same factory")
    page.goto(f"/imports/{ImportBatch.objects.get().ref}/")
    press(page, "Register 2 factories")
    assert not Factory.objects.filter(name="Chariesa Fashions").exists()
    page.get_by_role("link", name="Decide about 1 possible duplicate").click()
    press(page, "The same factory")
    assert Factory.objects.get(name="Mekong Stich").merged_into == cast.factory
    assert page.get_by_text("Nothing waits for a decision.").is_visible()
    page.get_by_role("link", name="Back to the list").click()
    press(page, "Undo this import")
    fits(page)
    # Only what nobody has touched is withdrawn: who was merged has been decided about.
    assert Factory.objects.get(name="Bopha Knits").status == "withdrawn"
    assert Factory.objects.get(name="Mekong Stich").status == "merged"
    page.goto(f"/factories/{cast.factory.ref}/merge/")
    fits(page)
    page.get_by_role("link", name="Mekong Stich", exact=True).click()
    fits(page)
    press(page, "Split Mekong Stich from this record")
    assert Factory.objects.get(name="Mekong Stich").status == "active"
    assert page.said == []


def test_a_long_list_shows_how_far_it_is_and_opens_by_itself(page, cast):
    rows = [["name", "address"], *([f"{n * 7919} works", f"Road {n * 31} Block {n}"] for n in range(310))]
    page.goto("/imports/new/")
    page.get_by_label("File").set_input_files(files=[a_file(rows)])
    press(page, "Read the file")
    press(page, "Check the rows")
    assert page.get_by_role("progressbar").is_visible()
    fits(page)
    perform_due()
    page.get_by_role("button", name="Register 310 factories").wait_for()
    assert page.said == []
