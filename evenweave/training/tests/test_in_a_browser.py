"""A training of a factory that is not enrolled, from its registration to certificate and invoice, in a real browser."""

import pytest
from django.test import Client
from django.urls import reverse

from evenweave.programmes.queries import local_today
from evenweave.toolkit import clock
from evenweave.toolkit.jobs.worker import perform_due
from evenweave.training.models import Certificate, Registration, Session
from tests.browser import axe_violations, sideways_scroll

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]


def page_of(browser, live_server, person=None, width: int = 1366):
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="en")
    if person is not None:
        client = Client()  # one for each: signing in ends the session before
        client.force_login(person)
        context.add_cookies([
            {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url},
        ])
    return context.new_page()


def is_fine(page) -> None:
    assert axe_violations(page) == []
    assert sideways_scroll(page) == 0


def test_from_registration_to_certificate_and_invoice(browser, live_server, cast):
    today = local_today("KH", clock.now()).isoformat()
    assert not cast.factory.cycles.exists()

    leader = page_of(browser, live_server, cast.team_leader)
    leader.goto(f"{live_server.url}{reverse('training_course', args=['rights-and-responsibilities'])}")
    is_fine(leader)
    leader.get_by_role("link", name="Plan a session").click()
    leader.get_by_label("Day").fill(today)
    leader.get_by_label("Place").fill("Training room")
    leader.get_by_label("Seats").fill("0")
    leader.get_by_label("Trainer").select_option(cast.coach.ref)
    leader.get_by_role("button", name="Plan it").click()
    leader.get_by_role("alert").wait_for()
    assert leader.get_by_label("Place").input_value() == "Training room"
    leader.get_by_label("Seats").fill("1")
    is_fine(leader)
    leader.get_by_role("button", name="Plan it").click()
    leader.get_by_text("The session is planned.").first.wait_for()
    session = Session.objects.get()

    manager = page_of(browser, live_server, cast.manager, width=360)
    manager.goto(f"{live_server.url}{reverse('factory_training', args=[cast.factory.ref])}")
    is_fine(manager)
    manager.get_by_role("link", name="Register people").click()
    for row, (name, sex) in enumerate((("Sok Sreyneath", "woman"), ("Chan Rith", "man")), start=1):
        manager.locator(f"#id_name_{row}").fill(name)
        manager.locator(f"#id_sex_{row}").select_option(sex)
        manager.locator(f"#id_post_{row}").select_option("worker")
    is_fine(manager)
    manager.get_by_role("button", name="Register them").click()
    manager.get_by_text("1 person has a seat.").first.wait_for()
    manager.get_by_text("1 person is on the waiting list").first.wait_for()
    is_fine(manager)

    trainer = page_of(browser, live_server, cast.coach, width=800)
    trainer.goto(f"{live_server.url}{reverse('session_attendance', args=[session.ref])}")
    is_fine(trainer)
    door = trainer.get_by_role("link", name="The page it leads to").get_attribute("href")
    sok = Registration.objects.get(name="Sok Sreyneath")

    phone = page_of(browser, live_server, width=360)
    phone.goto(f"{live_server.url}/training/here/{door.split('/training/here/')[1]}")
    is_fine(phone)
    phone.get_by_label("Your code").fill(sok.code)
    phone.get_by_role("button", name="I am here").click()
    phone.get_by_text("You are noted as present").wait_for()
    is_fine(phone)
    phone.get_by_role("link", name="Answer the questions").last.click()
    for question in phone.locator("fieldset").all():
        question.get_by_role("radio").first.check()
    is_fine(phone)
    phone.get_by_role("button", name="Send").click()
    phone.get_by_text("You are noted as present").wait_for()

    trainer.goto(f"{live_server.url}{session.get_absolute_url()}")
    trainer.get_by_role("link", name="Attendance").click()
    trainer.get_by_role("link", name="Close the session").click()
    trainer.get_by_role("button", name="Close it").click()
    trainer.get_by_text("The session is closed.").first.wait_for()
    perform_due()

    manager.goto(f"{live_server.url}{reverse('factory_training', args=[cast.factory.ref])}")
    assert manager.locator("main").get_by_role("link", name="PDF").count() == 1
    is_fine(manager)
    manager.goto(f"{live_server.url}{session.get_absolute_url()}")
    manager.get_by_text("30.00 USD").wait_for()
    is_fine(manager)

    phone.reload()
    with phone.expect_download() as download:
        phone.get_by_role("link", name="Your certificate, PDF").click()
    phone.goto(f"{live_server.url}{reverse('verify', args=[Certificate.objects.get().code])}")
    phone.get_by_role("heading", name="This certificate is genuine").wait_for()
    assert "Sreyneath" not in phone.content()
    phone.set_input_files("#verify-file", download.value.path())
    phone.get_by_text("Unchanged: this is the file").wait_for()
    is_fine(phone)


def test_a_good_practice_is_published_with_consent_and_gone_without(browser, live_server, cast):
    worker = page_of(browser, live_server, cast.worker, width=360)
    worker.goto(f"{live_server.url}{reverse('factory_training', args=[cast.factory.ref])}")
    worker.get_by_role("link", name="Write one down").click()
    for label, text in (("In one line", "Fans over the presses"), ("What the problem was", "Workers fainted."),
                        ("What was done", "Two fans were moved."), ("What came of it", "Nobody fainted since.")):
        worker.get_by_label(label).fill(text)
    is_fine(worker)
    worker.get_by_role("button", name="Save").click()
    worker.get_by_text("Waits for the factory's consent").first.wait_for()
    is_fine(worker)

    manager = page_of(browser, live_server, cast.manager, width=360)
    manager.goto(f"{live_server.url}/today/")
    manager.get_by_role("link", name="Decide").first.click()
    manager.get_by_label("With the factory's name").check()
    is_fine(manager)
    manager.get_by_role("button", name="Give consent").click()
    manager.get_by_text("Can be published").first.wait_for()

    leader = page_of(browser, live_server, cast.team_leader)
    leader.goto(f"{live_server.url}{manager.url.removeprefix(live_server.url)}")
    leader.get_by_role("link", name="Publish it").click()
    leader.get_by_role("button", name="Publish it").click()
    leader.get_by_text("In the library").first.wait_for()

    stranger = page_of(browser, live_server, cast.stranger_buyer, width=360)
    stranger.goto(f"{live_server.url}{reverse('practice_list')}?words=mekong")
    stranger.get_by_role("link", name="Fans over the presses").click()
    stranger.get_by_text("Mekong Stitch").first.wait_for()
    is_fine(stranger)

    manager.get_by_role("link", name="Withdraw consent").click()
    manager.get_by_role("button", name="Withdraw consent").click()
    manager.get_by_text("Nobody reads it in the library any more.").first.wait_for()
    assert stranger.reload().status == 404
