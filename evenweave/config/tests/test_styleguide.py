"""The style guide in a real browser: no accessibility fault, no sideways scroll, scripts do what they say."""

import gzip

import pytest
from django.urls import reverse

from tests.browser import axe_violations, sideways_scroll

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]


def opened(browser, live_server, query="", width=1366, **context):
    page = browser.new_context(viewport={"width": width, "height": 900}, **context).new_page()
    page.said = []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.goto(f"{live_server.url}{reverse('styleguide')}{query}")
    return page


@pytest.mark.parametrize(
    ("width", "scheme", "direction"),
    [(360, "light", "ltr"), (360, "dark", "rtl"), (800, "light", "rtl"), (1366, "dark", "ltr")],
)
def test_every_component_passes_axe_and_fits_its_window(browser, live_server, width, scheme, direction):
    page = opened(browser, live_server, f"?dir={direction}", width, color_scheme=scheme)
    assert axe_violations(page) == []
    assert sideways_scroll(page) == 0
    assert page.said == []
    page.context.close()


def test_nothing_scrolls_sideways_at_320(browser, live_server):
    page = opened(browser, live_server, width=320)
    assert sideways_scroll(page) == 0
    page.context.close()


def test_the_page_stays_below_a_hundred_kilobytes_and_loads_nothing_from_elsewhere(browser, live_server):
    page = browser.new_context().new_page()
    answers = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(f"{live_server.url}{reverse('styleguide')}")
    page.wait_for_load_state("networkidle")
    loaded = [answer for answer in answers if answer.url.startswith("http")]
    assert {answer.url.split("/")[2] for answer in loaded} == {live_server.url.split("/")[2]}
    assert sum(len(gzip.compress(answer.body())) for answer in loaded) <= 100_000
    page.context.close()


def test_a_script_s_face_is_fetched_by_the_page_that_shows_it(browser, live_server):
    page = browser.new_context().new_page()
    fetched = []
    page.on("response", lambda answer: fetched.append(answer.url.rpartition("/")[2].split(".")[0]))
    page.goto(f"{live_server.url}{reverse('account_login')}")
    page.wait_for_load_state("networkidle")
    assert not any(name.startswith("noto") for name in fetched)
    page.goto(f"{live_server.url}{reverse('styleguide')}")
    with page.expect_response("**/noto-sans-bengali*"), page.expect_response("**/noto-sans-arabic*"):
        page.click("text=Four scripts and a draft translation")
    assert "noto-sans-khmer" in fetched
    page.context.close()


def test_what_was_typed_comes_back_and_can_be_discarded(browser, live_server):
    page = opened(browser, live_server)
    page.fill("#id_empty-name", "Mekong Stitch")
    page.check("#id_empty-topics_1")
    page.reload()
    assert page.input_value("#id_empty-name") == "Mekong Stitch"
    assert page.is_checked("#id_empty-topics_1")
    page.click("text=Discard it")
    assert page.input_value("#id_empty-name") == ""
    page.reload()
    assert page.input_value("#id_empty-name") == ""
    assert not page.is_visible("text=Discard it")
    page.context.close()


def test_a_draft_goes_only_when_the_server_has_named_it_and_its_form_was_sent(browser, live_server):
    page = opened(browser, live_server)
    page.fill("#id_empty-name", "Mekong Stitch")
    saved = "document.cookie = 'ew_saved=styleguide; path=/'"
    page.evaluate(saved)
    page.reload()
    assert page.input_value("#id_empty-name") == "Mekong Stitch"  # typed after that form was saved elsewhere
    page.evaluate("document.querySelector('#id_empty-name').form.dispatchEvent(new Event('submit'))")
    page.reload()
    assert page.input_value("#id_empty-name") == "Mekong Stitch"  # sent, but nobody said that it is safe
    page.evaluate("document.querySelector('#id_empty-name').form.dispatchEvent(new Event('submit'))")
    page.evaluate(saved)
    page.reload()
    assert page.input_value("#id_empty-name") == ""
    assert "ew_saved" not in page.evaluate("document.cookie")
    page.context.close()


def test_errors_take_the_focus_and_the_dialog_opens(browser, live_server):
    page = opened(browser, live_server)
    assert page.evaluate("document.activeElement.hasAttribute('data-error-summary')")
    page.click("button[data-opens=sample-dialog]")
    assert page.is_visible("#sample-dialog")
    assert axe_violations(page) == []
    page.click("text=Not now")
    assert not page.is_visible("#sample-dialog")
    page.context.close()


def test_a_card_moves_by_keyboard_alone(browser, live_server):
    page = opened(browser, live_server)
    menu = page.locator("[data-card] details").first
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    assert menu.evaluate("menu => menu.open")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Agreed"
    page.keyboard.press("Escape")
    assert not menu.evaluate("menu => menu.open")
    page.context.close()


def test_without_scripts_every_word_is_there(browser, live_server):
    page = opened(browser, live_server, java_script_enabled=False)
    assert page.is_visible("text=Keep the east exit free of cartons")
    page.click("summary:has-text('Move') >> nth=0")
    assert page.is_visible("button:has-text('Agreed') >> nth=0")
    page.context.close()
