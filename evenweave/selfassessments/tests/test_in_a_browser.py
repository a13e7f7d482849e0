"""A self-assessment by both sides in a real browser: management on its pages, the workers on a phone and in Excel."""

import pytest
from django.test import Client
from django.urls import reverse

from evenweave.improvement.models import PlanItem
from evenweave.selfassessments.models import SideAnswer
from evenweave.selfassessments.tests.books import filled
from evenweave.selfassessments.tests.scene import SECRET_WORDS, Scene, a_scene
from tests.browser import axe_violations, sideways_scroll

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]

DRILLS = "Was an evacuation drill held in the last six months?"


def page_of(browser, live_server, person, width: int = 1366, language: str = "en"):
    client = Client()  # one each: they are signed in at the same time
    client.force_login(person)
    context = browser.new_context(viewport={"width": width, "height": 800}, locale=language)
    context.add_cookies([
        {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url},
        {"name": "django_language", "value": language, "url": live_server.url},
    ])
    return context.new_page()


def checked(page) -> None:
    assert (sideways_scroll(page), axe_violations(page)) == (0, [])


def management_answers(page, live_server, scene: Scene) -> None:
    page.goto(f"{live_server.url}{reverse('self_assessments_of', args=[scene.cast.factory.ref])}")
    checked(page)
    page.get_by_role("button", name="Open the self-assessment").click()
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("link", name="Go on with the next open question").click()
    checked(page)
    page.get_by_label("Answer, in workers").fill("eight hundred")
    page.get_by_role("button", name="Next question").click()
    page.get_by_text("Enter a number from 0 up").wait_for()
    assert page.get_by_label("Answer, in workers").input_value() == "eight hundred"
    page.get_by_label("Answer, in workers").fill("812")
    page.get_by_role("button", name="Next question").click()
    for answer in ("No", "No", "No", "Yes"):
        page.get_by_role("radio", name=answer, exact=True).focus()
        page.keyboard.press("Space")  # with the keyboard alone
        page.get_by_role("button", name="Next question").click()
    page.get_by_role("heading", name=DRILLS).wait_for()
    with page.expect_response(lambda answer: answer.request.method == "POST") as saved:
        page.get_by_role("radio", name="No", exact=True).check(force=True)
    assert saved.value.status == 200  # without a page load
    page.get_by_role("button", name="Check and give the answers").click()
    checked(page)
    page.get_by_role("button", name="Give our answers").click()
    page.get_by_text("You compare as soon as the other side has given its own.").wait_for()


def workers_answer(page, live_server, scene: Scene, tmp_path) -> None:
    page.goto(f"{live_server.url}{reverse('self_assessment', args=[scene.ref])}")
    page.get_by_role("button", name="Begin").click()
    checked(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Take it out").click()
    out = tmp_path / "out.xlsx"
    download.value.save_as(out)
    answers = {"FG-02": "No", "CL-01": "Nono", "CL-02": "No", "SH-01": "No", "SH-02": "No"}
    cells = {key: {"Answer": word} for key, word in answers.items()}
    cells["SH-01"]["In your words"] = SECRET_WORDS
    book = tmp_path / "filled.xlsx"
    book.write_bytes(filled(out.read_bytes(), cells))
    page.get_by_role("link", name="Send it back").click()
    page.get_by_label("Filled-in workbook").set_input_files(book)
    page.get_by_role("button", name="Send the workbook").click()
    page.get_by_text("One cell cannot be taken. Nothing was saved.").wait_for()
    checked(page)
    assert not SideAnswer.objects.filter(sheet__side="workers").exists()
    page.get_by_label("F3 · CL-01 · Answer").select_option("No")
    page.get_by_role("button", name="Take it over with these corrections").click()
    page.get_by_text("6 cells were taken over.").wait_for()
    page.get_by_role("link", name="Check and give the answers").click()
    checked(page)
    page.get_by_role("button", name="Give our answers").click()
    page.get_by_text("Both sides have answered").first.wait_for()


def test_both_sides_answer_apart_compare_and_feed_the_plan(browser, live_server, cast, tmp_path):
    scene = a_scene(cast)
    manager = page_of(browser, live_server, cast.manager)
    management_answers(manager, live_server, scene)
    scene.ref = scene.cycle.self_assessment.ref
    worker = page_of(browser, live_server, cast.worker, width=360)
    workers_answer(worker, live_server, scene, tmp_path)

    together = f"{live_server.url}{reverse('self_together', args=[scene.ref])}"
    worker.goto(together)
    checked(worker)
    worker.get_by_role("link", name="Are all emergency exits open").click()
    worker.get_by_label("No", exact=True).check()
    worker.get_by_label("What you would agree on").fill("The east door was chained.")
    worker.get_by_role("button", name="Propose it").click()
    worker.get_by_text("It counts once the other side agrees.").wait_for()
    checked(worker)
    manager.goto(f"{together}?show=waiting")
    manager.get_by_role("link", name="Are all emergency exits open").click()
    checked(manager)
    manager.get_by_role("button", name="Our side agrees").click()
    manager.get_by_text("Agreed by both sides").wait_for()

    manager.goto(f"{live_server.url}{reverse('self_hand_in', args=[scene.ref])}")
    checked(manager)
    manager.get_by_role("button", name="Hand in the self-assessment").click()
    manager.get_by_role("link", name="Missing: workers", exact=True).wait_for()
    scene.with_profile()
    manager.get_by_role("button", name="Hand in the self-assessment").click()
    manager.get_by_text("The self-assessment is handed in.").wait_for()
    items = PlanItem.objects.order_by("question_id")
    assert list(items.values_list("question_id", "source", "sharing")) == [
        (key, "self_found", 20) for key in ("CL-02", "SH-01", "SH-02")
    ]

    coach = page_of(browser, live_server, cast.coach, width=360, language="ar")
    coach.goto(together)
    assert coach.locator("html").get_attribute("dir") == "rtl"
    checked(coach)
