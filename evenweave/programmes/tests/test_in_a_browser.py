"""Country programmes in a real browser: a mandatory, a voluntary and a planned one, and a sale that is refused."""

from datetime import timedelta

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from evenweave.organisations.models import Factory
from evenweave.toolkit import clock
from tests import builders
from tests.browser import axe_violations, sideways_scroll

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]


@pytest.fixture
def page(browser, live_server, client, cast):
    """The programme manager's phone; of two registered factories one is in a cycle."""
    Factory.objects.filter(pk=cast.factory.pk).update(registry_id="R-1")
    Factory.objects.filter(pk=cast.other_factory.pk).update(registry_id="R-2")
    builders.a_cycle(cast.factory, starts_on=clock.now().date() - timedelta(days=30))
    client.force_login(cast.programme_manager)
    window = browser.new_context(viewport={"width": 360, "height": 740}, base_url=live_server.url)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    window.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    yield window.new_page()
    window.close()


def looks_right(page: Page) -> None:
    assert axe_violations(page) == []
    assert sideways_scroll(page) <= 0


def test_a_way_through_the_programmes_to_a_refused_sale(page):
    page.goto("/programmes/")
    looks_right(page)

    page.get_by_role("link", name="Cambodia").click()
    expect(page.get_by_text("Mandatory: Required by government for export.")).to_be_visible()
    expect(page.get_by_text("1 of 2 registered factories are in a cycle today: 50.0 %.")).to_be_visible()
    looks_right(page)

    page.get_by_role("link", name="Country programmes").last.click()
    page.get_by_role("link", name="Vietnam").click()
    expect(page.get_by_text("Voluntary: Driven by market and industry incentives.")).to_be_visible()
    expect(page.get_by_text("Coverage of the registry")).to_have_count(0)

    page.goto("/programmes/MM/")
    expect(page.get_by_text("Planned: nothing is sold.")).to_be_visible()
    expect(page.get_by_text("Third aim: a country programme by the end of 2015")).to_be_visible()
    looks_right(page)

    page.goto("/programmes/quote/")
    page.get_by_label("Programme", exact=True).select_option(label="Vietnam")
    page.get_by_label("Sector").select_option(label="Footwear")
    page.get_by_role("checkbox", name="Advisory").uncheck()
    page.get_by_label("On", exact=True).fill("2014-03-01")
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_text("May not be sold in Vietnam")).to_be_visible()
    expect(page.get_by_text("Assessment and advisory are sold only together, as a yearly package.")).to_be_visible()
    looks_right(page)

    page.get_by_role("checkbox", name="Advisory").check()
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_text("May be sold in Vietnam")).to_be_visible()
    expect(page.get_by_text("No price: no price list is in force on that day.")).to_be_visible()
