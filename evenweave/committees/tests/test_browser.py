"""A committee in a real browser: from a nomination to a signed decision that is a plan item, closed with evidence."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from evenweave.assessments.tests.pictures import a_picture
from evenweave.committees import services
from evenweave.committees.models import Committee, Election, Meeting
from evenweave.committees.tests import scene
from evenweave.improvement.models import ItemAction, PlanItem
from evenweave.improvement.tests.test_browser import page_of
from tests import builders
from tests.browser import axe_violations, sideways_scroll

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]


def fill_who(page, name: str, sex: str, by: str) -> None:
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_role("radio", name=sex, exact=True).check()
    page.get_by_label("Named by").fill(by)
    page.get_by_role("button", name="Stands for election").click()
    page.get_by_text(f"{name} stands for election.").wait_for()


def test_from_a_nomination_to_a_signed_decision_that_is_closed_with_evidence(
    browser, live_server, client, cast, tmp_path
):
    builders.a_cycle(cast.factory)
    committee = scene.formed(cast)
    today = timezone.localtime(timezone.now(), timezone=timezone.get_fixed_timezone(7 * 60)).date()
    home = f"/committees/{cast.factory.ref}/"
    with page_of(browser, live_server, client, cast.worker) as page:
        # An election: called, nominated, counted on paper.
        page.goto(home)
        page.get_by_role("link", name="Call an election").click()
        page.get_by_label("Seats to fill").fill("4")
        page.get_by_label("Nominations until").fill(today.isoformat())
        page.get_by_label("Workers vote on").fill(today.isoformat())
        page.get_by_role("button", name="Call the election").click()
        page.get_by_label("Account").select_option(label="Keo Sreymom")
        fill_who(page, "Keo Sreymom", "Woman", "Line 4")
        for name in ("Nhem Pisey", "Ros Sophea", "Touch Veasna", "Som Dara"):
            fill_who(page, name, "Woman", "Union A")
        page.get_by_role("link", name="Record the count").click()
        for label, number in (("may vote", "1000"), ("handed out", "700"), ("in the box", "690"), ("Invalid", "20")):
            page.get_by_label(label).fill(number)
        page.get_by_label("Who watched the count").fill("Heng Vibol, coach")
        for place, name in enumerate(("Keo Sreymom", "Nhem Pisey", "Ros Sophea", "Touch Veasna", "Som Dara")):
            page.get_by_label(f"Votes for {name}").fill(str(900 if place == 4 else 160 - place))
        page.get_by_role("button", name="Record the count").click()
        page.locator(".ew-summary-box").get_by_text("more than the valid ballots").wait_for()
        assert page.get_by_label("Who watched the count").input_value() == "Heng Vibol, coach"
        page.get_by_label("Votes for Som Dara").fill("9")
        page.get_by_role("button", name="Record the count").click()
        page.get_by_text("Turnout").wait_for()
        assert page.get_by_text("69 %").is_visible()
        # A meeting: planned, begun, a point asked for and decided.
        page.goto(home)
        page.get_by_role("link", name="Plan a meeting").click()
        page.get_by_label("Day").fill(today.isoformat())
        page.get_by_label("Begins at").fill("00:01")
        page.get_by_role("button", name="Plan it").click()
        page.get_by_label("What do you want to talk about?").fill("It is too hot on line 4")
        page.get_by_role("button", name="Add it").click()
        page.get_by_text("It is too hot on line 4").first.wait_for()
        page.get_by_role("button", name="Begin the meeting").click()
        for box in page.get_by_role("checkbox").all():
            box.check()
        page.get_by_role("button", name="Note who is here").click()
        page.get_by_text("8 of 8 are here. The committee can decide.").wait_for()
        page.get_by_role("link", name="It is too hot on line 4").click()
        page.get_by_label("What do you decide?").fill("Two fans a line")
        page.get_by_label("Who does it").fill("Keo Vanna")
        page.locator("#id_owner_side").get_by_text("Management").check()
        page.get_by_label("Done by").fill((today + timedelta(days=20)).isoformat())
        page.get_by_role("button", name="Decide", exact=True).click()
        page.get_by_text("Decided. It is in the plan.").wait_for()
        page.get_by_role("link", name="Close the minutes").click()
        page.get_by_label("The meeting ended at").fill("23:59")
        page.get_by_role("button", name="Close the minutes").click()
        page.get_by_role("button", name="Sign the minutes").click()
        page.get_by_text("Your side has signed.").wait_for()
        assert page.said == []
    meeting = Meeting.objects.get()
    with page_of(browser, live_server, client, cast.manager, width=360) as page:
        # The other side signs on a phone, and does what was decided.
        page.goto(f"/committees/meetings/{meeting.ref}/")
        page.get_by_text("Two fans a line").first.wait_for()
        page.get_by_role("button", name="Sign the minutes").click()
        page.get_by_text("Signed by both sides").wait_for()
        item = PlanItem.objects.get()
        page.goto(f"/plans/items/{item.ref}/")
        page.get_by_text("Decided by the committee.").wait_for()
        photo = Path(tmp_path / "fans.jpg")
        photo.write_bytes(a_picture("navy").read())
        page.goto(f"/plans/items/{item.ref}/evidence/add/")
        page.get_by_label("Photo").set_input_files(photo)
        page.locator("main form button").first.click()
        page.wait_for_url(f"**/plans/items/{item.ref}/**")
        page.goto(f"/plans/actions/{ItemAction.objects.get().ref}/done/")
        page.locator("main form button").first.click()
        page.wait_for_url(f"**/plans/items/{item.ref}/**")
        for lane in ("doing", "verified"):
            page.goto(f"/plans/items/{item.ref}/")
            page.locator(f"button[name='to'][value='{lane}']").first.click()
            page.get_by_text(f"Item {item.number}:").first.wait_for()
    item.refresh_from_db()
    assert (item.status, item.management, item.workers, item.evidence.count()) == ("completed", "agrees", "agrees", 1)
    assert (Meeting.objects.get().state, Election.objects.get().state) == ("signed", "held")
    assert Committee.objects.get() == committee


@pytest.mark.parametrize(("width", "language"), [(1366, "en"), (360, "ar")])
def test_every_page_passes_axe_and_fits_its_window(browser, live_server, client, table, width, language):
    meeting = scene.opened(table, table.committee)
    point = services.add_point(meeting_ref=meeting.ref, title="Fans", by=table.worker)
    planned = scene.planned(table, table.committee)
    closed = scene.opened(table, table.committee, scene.at(2026, 10, 20))
    ended_at = closed.starts_at.replace(hour=23)
    services.close_minutes(meeting_ref=closed.ref, ended_at=ended_at, remarks="", by=table.manager)
    table.coach.language = language
    table.coach.save()
    table.manager.language = language
    table.manager.save()
    home, member = f"/committees/{table.factory.ref}/", table.committee.members.get(name="Nhem Pisey")
    election = table.committee.elections.get()
    pages = [
        home, f"{home}record/", f"{home}members/add/workers/", f"{home}elections/call/", f"{home}meetings/plan/",
        f"/committees/members/{member.ref}/", f"/committees/elections/{election.ref}/",
        f"/committees/meetings/{planned.ref}/", f"/committees/meetings/{meeting.ref}/",
        f"/committees/points/{point.ref}/", f"/committees/meetings/{meeting.ref}/close/",
        f"/committees/meetings/{closed.ref}/", f"/committees/meetings/{closed.ref}/reopen/", "/calendar/",
    ]
    with page_of(browser, live_server, client, table.manager, width) as page:
        for address in pages:
            page.goto(address)
            assert page.locator("h1").count() == 1, address
            assert axe_violations(page) == [], address
            assert sideways_scroll(page) == 0, address
        assert page.said == []
    client.logout()
    window = browser.new_context(viewport={"width": width, "height": 900}, base_url=live_server.url)
    page = window.new_page()
    page.goto("/accounts/login/code/")
    assert axe_violations(page) == []
    page.locator("input[type=tel]").fill("+85512345678")
    page.locator("main form button").first.click()
    page.wait_for_url("**/confirm/**")
    assert axe_violations(page) == []
    assert sideways_scroll(page) == 0
    window.close()
