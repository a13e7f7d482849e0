"""The plan in a real browser: by keyboard, without scripts, on a phone, from right to left."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.conf import settings

from evenweave.improvement.models import PlanItem
from evenweave.improvement.services import add_evidence, edit_item, write_message
from evenweave.improvement.tests import scene as building
from evenweave.improvement.tests.test_services import a_photo
from evenweave.toolkit import clock
from tests import builders
from tests.browser import axe_violations, sideways_scroll

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]


@pytest.fixture
def factory(cast):
    """Mekong Stitch with four items, released a month ago; EX-2 has causes, proof and a message of a buyer."""
    cast.first_tool, cast.second_tool = building.tools()
    today = clock.now()
    cast.cycle = builders.a_cycle(cast.factory, starts_on=(today - timedelta(days=60)).date())
    builders.consented(cast.nordlys, cast.factory)
    builders.paid(cast.nordlys, cast.cycle)
    assessment = building.released(cast, cast.cycle, cast.first_tool)
    with clock.at(today - timedelta(days=30)):
        cast.items = building.adopted(cast, assessment, *building.FIRST)
    ref = cast.items[1].ref
    edit_item(
        ref=ref, immediate_action="Moved.", whys=[("Why?", "Because.")], root_cause="Nobody owns it.", revision=1,
        by=cast.manager,
    )
    add_evidence(ref=ref, file=a_photo(), note="East exit", is_before=False, by=cast.worker)
    write_message(plan_ref=cast.items[1].plan.ref, item_ref=ref, text="Can we help?", by=cast.buyer)
    return cast


@contextmanager
def page_of(browser, live_server, client, person, width=1366, **context):
    """A window of somebody who is signed in. `said`: what the page had to say to the console."""
    client.force_login(person)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    window = browser.new_context(viewport={"width": width, "height": 900}, base_url=live_server.url, **context)
    window.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    page = window.new_page()
    page.said = []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    yield page
    window.close()


def status(item: PlanItem) -> str:
    item.refresh_from_db()
    return item.status


@pytest.mark.parametrize(("width", "language"), [(1366, "en"), (360, "en"), (360, "ar")])
def test_every_page_passes_axe_and_fits_its_window(browser, live_server, client, factory, width, language):
    for person in (factory.manager, factory.buyer):
        person.language = language
        person.save()
        plan, item = f"/plans/{factory.factory.ref}/", f"/plans/items/{factory.items[1].ref}/"
        pages = [plan, f"{plan}?view=list", f"{plan}?view=dates&only=public", item, f"{plan}talk/"]
        if person == factory.manager:
            pages += [f"{item}edit/", f"{item}actions/add/", f"{item}evidence/add/", f"{item}answer/", f"{plan}add/",
                      f"{plan}share/"]
        with page_of(browser, live_server, client, person, width) as page:
            for address in pages:
                page.goto(address)
                assert axe_violations(page) == [], address
                assert sideways_scroll(page) == 0, address
            assert page.said == []


def test_an_item_moves_by_keyboard_alone(browser, live_server, client, factory):
    with page_of(browser, live_server, client, factory.worker) as page:
        page.goto(f"/plans/{factory.factory.ref}/?only=public")
        page.locator(".ew-item summary").first.focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.get_by_text("Item 1: In progress.").wait_for()
        assert page.url.endswith("?only=public")
    assert status(factory.items[0]) == "in_progress"


def test_an_item_moves_and_a_side_answers_without_scripts(browser, live_server, client, factory):
    with page_of(browser, live_server, client, factory.worker, java_script_enabled=False) as page:
        page.goto(f"/plans/{factory.factory.ref}/")
        card = page.locator(".ew-item", has_text="EX-1 is not well.")
        card.locator("summary").click()
        card.get_by_role("button", name="Doing").click()
        assert page.get_by_text("Item 1: In progress.").is_visible()
        page.goto(f"/plans/items/{factory.items[1].ref}/")
        page.get_by_role("button", name="Agree", exact=True).click()
        assert page.get_by_text("Your side's answer is noted.").is_visible()
        page.get_by_label("Your message, in any language").fill("We check at noon.")
        page.get_by_role("button", name="Send").click()
        assert page.get_by_text("We check at noon.").is_visible()
    assert status(factory.items[0]) == "in_progress"
    factory.items[1].refresh_from_db()
    assert factory.items[1].workers == "agrees"


def test_an_answer_is_taken_in_place(browser, live_server, client, factory):
    """With scripts the page stays where it is; what was typed elsewhere on this device is still there."""
    with page_of(browser, live_server, client, factory.manager) as page:
        page.goto(f"/plans/items/{factory.items[1].ref}/")
        page.evaluate("window.stayed = true")
        page.get_by_label("Your message, in any language").fill("Not sent yet")
        page.get_by_role("button", name="Agree", exact=True).click()
        page.get_by_text("Your side's answer is noted.").wait_for()
        assert page.evaluate("window.stayed")
        assert page.get_by_label("Your message, in any language").input_value() == "Not sent yet"
        page.goto(f"/plans/{factory.factory.ref}/")
        page.evaluate("window.stayed = true")
        page.get_by_role("link", name="Publicly reported").click()
        page.wait_for_url("**only=public")
        assert page.locator(".ew-item").count() == 1
        assert page.evaluate("window.stayed")
        assert page.said == []
