"""The room's pages in a real browser: answers saved as one goes, a conflict, a sign-in that runs out; axe on each."""

import re
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect

from evenweave.assessments.models import Assessment, CurrentAnswer
from evenweave.assessments.services import answering, cases, reviewing, submitting
from evenweave.assessments.services.answering import Said
from evenweave.assessments.tests.scene import COMPLETE, Scene, a_change, a_small_tool
from evenweave.toolkit import clock
from evenweave.toolkit.uuid7 import uuid7
from tests import builders
from tests.browser import axe_violations, sideways_scroll
from tests.cast import introduce

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]


@pytest.fixture
def today(db) -> Scene:
    """An assessment under way in real time: the server's own clock cannot be set from here."""
    cast = introduce()
    cycle = builders.a_cycle(
        cast.factory, starts_on=clock.now().date() - timedelta(days=20), service_model="2021"
    )
    tool = a_small_tool()
    made = builders.an_assessment(
        cycle, tool=tool, planner=cast.programme_manager, assessors=(cast.assessor, cast.second_assessor),
        reviewer=cast.reviewer, state="in_progress", day_on=clock.now().date(),
    )
    return Scene(cast, cycle, tool, ref=made.ref)


def answer(scene: Scene, values: dict, by=None) -> None:
    changes = [a_change(*place, value) for place, value in values.items()]
    answering.record_changes(ref=scene.ref, changes=changes, by=by or scene.cast.assessor)


@contextmanager
def page_of(browser, live_server, client, person, path: str, *, width: int = 1366):
    """A window of this person on that page; nothing may be said on its console."""
    client.force_login(person)
    context = browser.new_context(viewport={"width": width, "height": 1000})
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page = context.new_page()
    said = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{live_server.url}{path}")
    yield page
    assert said == []
    context.close()


def question_path(scene: Scene, question_id: str = "SH-01") -> str:
    return reverse("question", args=[scene.ref, question_id])


def value(scene: Scene, field: str, question_id: str = "SH-01"):
    return CurrentAnswer.objects.filter(
        assessment__ref=scene.ref, question_id=question_id, field=field
    ).values_list("value", flat=True).first()


def test_a_finding_is_written_and_saved_as_one_goes(browser, live_server, client, today):
    with page_of(browser, live_server, client, today.cast.assessor, question_path(today), width=800) as page:
        page.locator('input[name="answer"][value="no"]').check()
        page.locator(".ew-finding").wait_for()
        page.get_by_text("Saved, ").wait_for()
        for place, words in enumerate(("1", "6", "floor 2")):
            page.locator('[name="blank"]').nth(place).fill(words)
        page.locator("#id_explanation").fill("Cartons stood at the east door.")
        page.locator("#id_note").click()
        page.locator("#question-lacks:not(:has(p))").wait_for(state="attached")
        page.locator('input[name="seriousness"][value="major"]').check()
        expect(page.locator("[data-saved-state]").first).to_have_text(re.compile("^Saved"))
        assert axe_violations(page) == []
        page.get_by_role("button", name="Next question").click()
        page.wait_for_url(f"**{question_path(today, 'SH-02')}")
    assert value(today, "answer") == "no"
    assert value(today, "finding") == ["1", "6", "floor 2"]
    assert value(today, "explanation") == "Cartons stood at the east door."
    assert value(today, "seriousness") == "major"


def test_text_typed_while_another_field_is_saved_stays(browser, live_server, client, today):
    with page_of(browser, live_server, client, today.cast.assessor, question_path(today)) as page:
        page.route("**/questions/**", lambda route: (page.wait_for_timeout(300), route.continue_()))
        page.locator('input[name="answer"][value="no"]').check()
        page.locator("#id_explanation").press_sequentially("Cartons at the door, twice", delay=20)
        page.locator(".ew-finding").wait_for()
        assert page.locator("#id_explanation").input_value() == "Cartons at the door, twice"
        page.locator("#id_note").click()
        page.wait_for_timeout(1500)
    assert value(today, "explanation") == "Cartons at the door, twice"


def test_two_answers_appear_side_by_side_and_a_choice_settles_them(browser, live_server, client, today):
    with page_of(browser, live_server, client, today.cast.assessor, question_path(today), width=800) as page:
        answering.answer_question(
            ref=today.ref, question_id="SH-01", said={"answer": Said(uuid7(), "yes", frozenset())},
            by=today.cast.second_assessor,
        )
        page.locator('input[name="answer"][value="no"]').check()
        page.get_by_text("Two answers to one question").wait_for()
        assert axe_violations(page) == []
        page.get_by_role("button", name="Use Nou Pisey's answer").click()
        page.wait_for_load_state()
        assert page.get_by_text("Two answers to one question").count() == 0
        assert page.locator('input[name="answer"][value="yes"]').is_checked()
    assert value(today, "answer") == "yes"


def test_a_sign_in_that_runs_out_loses_nothing(browser, live_server, client, today):
    with page_of(browser, live_server, client, today.cast.assessor, question_path(today)) as page:
        page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
        page.locator("#id_note").fill("The guard asked us to come back.")
        page.locator("#id_explanation").click()
        page.wait_for_url("**/accounts/login/**")
        page.locator('[name="login"]').fill(today.cast.assessor.email)
        page.locator('[name="password"]').fill(builders.PASSWORD)
        page.locator('form:has([name="password"]) button[type="submit"]').first.click()
        page.wait_for_url(f"**{question_path(today)}")
        assert page.locator("#id_note").input_value() == "The guard asked us to come back."
        page.get_by_role("button", name="Save", exact=True).click()
        page.wait_for_load_state()
    assert value(today, "note") == "The guard asked us to come back."


def everything(scene: Scene) -> dict[str, tuple]:
    """Every page that is drawn for somebody: name → (who, path), as the assessment moves on."""
    return {
        "list": (scene.cast.team_leader, reverse("assessment_list")),
        "plan": (scene.cast.programme_manager, reverse("assessment_plan")),
        "tasks": (scene.cast.assessor, reverse("assessment", args=[scene.ref])),
        "cluster": (scene.cast.assessor, reverse("assessment_cluster", args=[scene.ref, "osh"])),
        "question": (scene.cast.assessor, question_path(scene)),
        "fact": (scene.cast.assessor, question_path(scene, "FG-01")),
        "check": (scene.cast.assessor, reverse("assessment_check", args=[scene.ref])),
        "case_open": (scene.cast.assessor, f"{reverse('case_open')}?assessment={scene.ref}&question=CL-01"),
        "case_list": (scene.cast.team_leader, reverse("case_list")),
    }


def looked_at(browser, live_server, client, pages: dict[str, tuple]) -> dict[str, list]:
    faults = {}
    for name, (person, path) in pages.items():
        for width in (360, 1366):
            with page_of(browser, live_server, client, person, path, width=width) as page:
                found = axe_violations(page)
                if sideways_scroll(page):
                    found.append(f"{sideways_scroll(page)} px wider than its window")
                if found:
                    faults[f"{name} at {width}"] = found
    return faults


def test_every_page_passes_axe_and_fits_its_window(browser, live_server, client, today):
    answer(today, {place: said for place, said in COMPLETE.items() if place[0] != "CL-02"})
    pages = everything(today)
    assert looked_at(browser, live_server, client, pages) == {}
    answer(today, {("CL-02", "answer"): "yes"})
    submitting.submit(ref=today.ref, by=today.cast.assessor)
    reviewing.comment(ref=today.ref, question_id="SH-01", text="Which door?", by=today.cast.reviewer)
    review = {
        name: (today.cast.reviewer, reverse(name, args=[today.ref]))
        for name in ("assessment_review", "review_comment", "review_approve")
    }
    assert looked_at(browser, live_server, client, review) == {}
    Assessment.objects.filter(ref=today.ref).update(started_on=clock.now().date(), ended_on=clock.now().date())
    reviewing.approve(ref=today.ref, by=today.cast.reviewer)
    case = cases.open_case(
        assessment_ref=today.ref, issue="violence", description="A slap.", protected_name="X", by=today.cast.assessor
    )
    manager = today.cast.manager
    reply = {
        name: (manager, reverse(name, args=[today.ref]))
        for name in ("assessment", "assessment_reply", "reply_send", "extension_ask")
    } | {
        "reply_to_finding": (manager, reverse("reply_to_finding", args=[today.ref, "SH-01"])),
        "case": (today.cast.team_leader, reverse("case", args=[case.ref])),
    }
    assert looked_at(browser, live_server, client, reply) == {}
