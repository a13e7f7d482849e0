"""A year of visits, planned and logged, in a real browser."""

from datetime import timedelta

import pytest
from django.urls import reverse

from evenweave.advisory.models import Visit
from evenweave.advisory.tests.scene import a_coached_factory
from evenweave.improvement.models import ItemAction, PlanItem
from evenweave.toolkit import clock
from tests.browser import axe_violations, sideways_scroll

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]


def page_of(browser, live_server, client, person, width: int = 1366, language: str = "en"):
    client.force_login(person)
    context = browser.new_context(viewport={"width": width, "height": 900}, locale=language)
    context.add_cookies([
        {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url},
        {"name": "django_language", "value": language, "url": live_server.url},
    ])
    return context.new_page()


def test_a_year_of_visits_is_planned_and_logged(browser, live_server, client, cast):
    item = a_coached_factory(cast)
    today = clock.now().date()
    cast.cycle.starts_on, cast.cycle.ends_on = today - timedelta(days=30), today + timedelta(days=334)
    cast.cycle.save()
    cycle = f"{live_server.url}{reverse('cycle_visits', args=[cast.cycle.ref])}"

    coach = page_of(browser, live_server, client, cast.coach)
    coach.goto(cycle)
    coach.get_by_role("button", name="Lay out the visits").click()
    coach.get_by_text("8 visits are planned.").first.wait_for()
    assert coach.locator("main tbody tr").count() == 8
    assert axe_violations(coach) == []

    first = Visit.objects.order_by("day_on").first()
    Visit.objects.filter(pk=first.pk).update(day_on=today)
    coach.goto(f"{live_server.url}{first.get_absolute_url()}")
    coach.get_by_role("link", name="Log the visit").click()
    for label, value in (("Managers who took part", "2"), ("Workers and their representatives", "3"), ("Women", "4")):
        coach.get_by_label(label).fill(value)
    coach.locator("#id_item_1").select_option(item.ref)
    coach.locator("#id_advice_1").fill("Give the keys to the guard of each shift.")
    coach.locator("#id_next_1").fill("Hang a key box at every exit")
    coach.get_by_role("button", name="Log it").click()
    coach.get_by_text("Say who does it.").first.wait_for()
    assert coach.locator("#id_advice_1").input_value() == "Give the keys to the guard of each shift."
    coach.locator("#id_owner_1").fill("Safety officer")
    coach.locator("#id_side_1").select_option("management")
    coach.locator("#id_due_1").fill((today + timedelta(days=14)).isoformat())
    assert axe_violations(coach) == []
    coach.get_by_role("button", name="Log it").click()
    coach.get_by_text("The visit is logged.").first.wait_for()
    coach.get_by_role("link", name="Draw the causes").click()
    coach.get_by_label("People").fill("New guards every month")
    coach.get_by_role("button", name="Draw", exact=True).click()
    coach.get_by_text("One cause was found.").first.wait_for()
    assert axe_violations(coach) == []
    action = ItemAction.objects.get(item=PlanItem.objects.get())
    assert action.text == "Hang a key box at every exit"

    worker = page_of(browser, live_server, client, cast.worker, width=360)
    worker.goto(f"{live_server.url}{first.get_absolute_url()}")
    assert sideways_scroll(worker) == 0
    worker.get_by_label("This is what we agreed").check()
    worker.get_by_role("button", name="Say so").click()
    worker.get_by_text("As agreed").first.wait_for()
    assert axe_violations(worker) == []
    worker.goto(cycle)
    assert sideways_scroll(worker) == 0
    assert worker.get_by_text("1 of 8 visits are held, 7 are planned.").is_visible()

    leader = page_of(browser, live_server, client, cast.team_leader, width=800, language="ar")
    leader.goto(f"{live_server.url}{reverse('visit_list')}")
    assert leader.locator("html").get_attribute("dir") == "rtl"
    assert (sideways_scroll(leader), axe_violations(leader)) == (0, [])
