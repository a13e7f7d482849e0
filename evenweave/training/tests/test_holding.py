"""Who was there, what they learnt, certificates and invoices."""

import io
from datetime import UTC, date, datetime, timedelta

import pypdf
import pytest
from django.core.cache import cache
from django.urls import reverse

from evenweave.activity.models import Payload
from evenweave.enrolment.enums import Package
from evenweave.enrolment.models import Invoice
from evenweave.notifications.models import Notice
from evenweave.toolkit import clock
from evenweave.toolkit.files import files_of, open_stored
from evenweave.toolkit.jobs.worker import perform_due
from evenweave.toolkit.limits import may_try
from evenweave.toolkit.refusals import Refused
from evenweave.training import rules, services
from evenweave.training.models import Attendance, Certificate, Charge, Evaluation, Registration, Session
from evenweave.training.queries.courses import course_named
from evenweave.training.queries.holding import door_of, link_of, outcome_of
from evenweave.training.tests.scene import FIRST, ONE_DAY, SECOND, a_session, morning, registered
from tests import builders

pytestmark = pytest.mark.django_db

ALL_RIGHT = {question.id: question.right for question in course_named(ONE_DAY).questions}
ALL_WRONG = {question.id: question.right % 3 + 1 for question in course_named(ONE_DAY).questions}


def listed(cast, session: Session, on: date, *present: Registration) -> None:
    with morning(on):
        services.note_list(ref=session.ref, on=on, present=[one.ref for one in present], by=cast.coach)


def held(cast, *names: str, **more) -> Session:
    """A course of one day, closed on its day, with everybody there."""
    session = a_session(cast, capacity=12, course=ONE_DAY, **more)
    listed(cast, session, FIRST, *registered(cast, session, *names))
    with morning(FIRST):
        services.close_session(ref=session.ref, by=cast.coach)
    return session


# Rules


@pytest.mark.parametrize(("days", "attended", "percent", "earned"), [
    (2, 2, 100, True), (2, 1, 100, False), (3, 2, 66, True), (3, 2, 67, False), (1, 0, 1, False),
])
def test_the_certificate_asks_for_the_share_of_days_that_the_course_says(days, attended, percent, earned):
    assert rules.has_earned(days, attended, percent) is earned


def test_before_is_open_until_the_first_day_and_after_for_thirty_days_from_the_last():
    first, last = FIRST, SECOND
    at = {day: rules.open_stages(day, first, last) for day in (
        first - timedelta(days=9), first, last, last + timedelta(days=30), last + timedelta(days=31))}
    assert list(at.values()) == [("before",), ("before",), ("after",), ("after",), ()]
    assert rules.open_stages(first, first, first) == ("before", "after")


def test_four_are_too_few_to_tell_of():
    four = rules.outcome([(0.0, 1.0)] * 4, [5] * 4)
    assert (four.answered_both, four.gain, four.satisfied) == (0, None, None)
    five = rules.outcome([(0.25, 0.75)] * 4 + [(0.5, 0.5)], [5, 4, 4, 4, 3])
    assert (five.answered_both, round(five.before, 3), round(five.after, 3), five.satisfied) == (5, 0.3, 0.7, 4.0)


# Who was there


def test_the_list_of_a_day_is_what_was_said_last(cast):
    session = a_session(cast)
    sok, mey, chan = registered(cast, session, "Sok", "Mey", "Chan")
    listed(cast, session, FIRST, sok, mey)
    listed(cast, session, FIRST, sok, chan)
    assert set(Attendance.objects.values_list("registration__name", "on")) == {("Sok", FIRST), ("Chan", FIRST)}
    with morning(FIRST):
        for on, present, field in ((SECOND, [sok.ref], "on"), (date(2026, 3, 20), [], "on"), (FIRST, ["x"], "present")):
            with pytest.raises(Refused) as refused:
                services.note_list(ref=session.ref, on=on, present=present, by=cast.coach)
            assert refused.value.field == field


def test_a_phone_opens_the_door_with_the_own_code_once_and_not_after_it_has_closed(cast, client):
    session = a_session(cast)
    sok, _mey = registered(cast, session, "Sok", "Mey")
    with morning(FIRST):
        door = reverse("training_door", args=[door_of(session, FIRST)])
        asked = client.get(door)
        assert asked.status_code == 200
        assert "Sok" not in asked.content.decode()
        wrong = client.post(door, {"code": "zzzzzz"})
        assert (wrong.status_code, "Nobody on the list has this code." in wrong.content.decode()) == (422, True)
        for _again in range(2):
            answer = client.post(door, {"code": f" {sok.code.upper()} "})
            assert answer.status_code == 302
        own = client.get(answer["Location"]).content.decode()
        assert "You are noted as present: 16 March 2026" in " ".join(own.split())
        assert "Mekong Stitch" not in own
        assert "Sok" not in own
    assert list(Attendance.objects.values_list("registration__name", "noted")) == [("Sok", "by_code")]
    with clock.at(datetime(2026, 3, 16, 10, 1, tzinfo=UTC)):
        closed = client.post(door, {"code": sok.code})
    assert (closed.status_code, "This code has run out" in closed.content.decode()) == (410, True)
    assert client.get(reverse("training_door", args=["forged:by-somebody"])).status_code == 410
    assert client.get(reverse("training_own", args=["forged~by-somebody"])).status_code == 404


def test_the_door_counts_tries_and_forgets(cast, client):
    cache.clear()
    assert [may_try("x", most=2, seconds=60) for _ in range(3)] == [True, True, False]
    assert may_try("y", most=2, seconds=60)
    session = a_session(cast)
    (sok,) = registered(cast, session, "Sok")
    with morning(FIRST):
        door = reverse("training_door", args=[door_of(session, FIRST)])
        for _try in range(60):
            client.post(door, {"code": "zzzzzz"})
        refused = client.post(door, {"code": sok.code})
    assert "Too many codes were tried." in refused.content.decode()
    assert not Attendance.objects.exists()
    cache.clear()


# What was learnt


def test_answers_count_once_and_are_told_from_five_on(cast, client):
    session = a_session(cast, capacity=12, course=ONE_DAY)
    everybody = registered(cast, session, *(f"Person {n}" for n in range(5)))
    for place, one in enumerate(everybody):
        with morning(FIRST):
            services.answer_questions(link=link_of(one), stage="before", given=ALL_WRONG)
            assert outcome_of(session).gain is None
            services.answer_questions(
                link=link_of(one), stage="after", given=ALL_RIGHT if place else ALL_WRONG, satisfied=4
            )
    found = outcome_of(session)
    assert (found.answered_both, found.before, found.after, found.satisfied) == (5, 0.0, 0.8, 4.0)
    with morning(FIRST), pytest.raises(Refused, match="already"):
        services.answer_questions(link=link_of(everybody[0]), stage="before", given=ALL_RIGHT)
    client.force_login(cast.other_manager)
    with morning(FIRST):
        page = client.get(session.get_absolute_url()).content.decode()
    assert "Right answers rose from 0 % to 80 %; 5 people answered both times." in page
    assert "How they liked it: 4.0 of 5." in page


def test_questions_left_open_keep_the_answers_given(cast, client):
    session = a_session(cast, course=ONE_DAY)
    (sok,) = registered(cast, session, "Sok")
    url = reverse("training_questions", args=[link_of(sok), "before"])
    with morning():
        refused = client.post(url, {"RIGHTS-1": "2"})
        page = refused.content.decode()
        assert (refused.status_code, Evaluation.objects.count()) == (422, 0)
        assert "checked" in page
        assert client.post(url, {name: str(value) for name, value in ALL_RIGHT.items()}).status_code == 302
        assert (Evaluation.objects.get().right, Evaluation.objects.get().asked) == (3, 3)
        assert client.get(url).status_code == 404
        assert client.get(reverse("training_questions", args=[link_of(sok), "after"])).status_code == 404


# The end of a session


def test_only_who_was_there_every_day_gets_a_certificate_and_each_factory_one_invoice(cast):
    session = a_session(cast, capacity=5)
    sok, mey = registered(cast, session, "Sok Sreyneath", "Mey")
    (visal,) = registered(cast, session, "Visal", by=cast.other_manager, factory=cast.other_factory)
    builders.a_cycle(cast.other_factory, starts_on=date(2026, 1, 5), package=Package.ASSESSMENT_AND_ADVISORY)
    listed(cast, session, FIRST, sok, mey, visal)
    with morning(FIRST), pytest.raises(Refused, match="last day has not come"):
        services.close_session(ref=session.ref, by=cast.coach)
    listed(cast, session, SECOND, sok, visal)
    with morning(SECOND):
        services.close_session(ref=session.ref, by=cast.coach)
    assert set(Certificate.objects.values_list("registration__name", flat=True)) == {"Sok Sreyneath", "Visal"}
    # Two seats were kept by the factory that is not enrolled; the other one's year holds training days.
    (invoice,) = Invoice.objects.all()
    assert (invoice.factory, invoice.total, invoice.currency) == (cast.factory, 90, "USD")
    assert invoice.lines == [
        {"text": "Supervisory skills, 2026-03-16", "quantity": 2, "unit_price": "45.00", "amount": "90.00"}
    ]
    assert Charge.objects.get(factory=cast.other_factory).not_charged == "inside_the_fee"
    assert set(Notice.objects.filter(kind="invoice.issued").values_list("person", flat=True)) == {cast.manager.pk}
    for again in (lambda: services.close_session(ref=session.ref, by=cast.coach),
                  lambda: services.note_list(ref=session.ref, on=SECOND, present=[], by=cast.coach)):
        with morning(SECOND), pytest.raises(Refused, match="stays as it is"):
            again()
    assert all("Sreyneath" not in str(row.content) for row in Payload.objects.all())


def test_a_closed_session_costs_by_the_day_and_numbers_have_no_gap(cast):
    held(cast, "Sok", "Mey", closed_to_ref=cast.factory.ref)
    held(cast, "Chan", "Rith", "Mao")
    totals = list(Invoice.objects.order_by("number").values_list("number", "total"))
    # One day for the whole factory; three people at 30.
    assert totals == [(1, 420), (2, 90)]


def test_a_session_to_which_nobody_came_is_not_closed(cast):
    session = a_session(cast, course=ONE_DAY)
    registered(cast, session, "Sok")
    with morning(FIRST), pytest.raises(Refused, match="Nobody is noted"):
        services.close_session(ref=session.ref, by=cast.coach)
    assert not Invoice.objects.exists()


def test_the_certificate_is_a_file_that_verifies_and_the_page_names_nobody(cast, client):
    held(cast, "Sok Sreyneath")
    with morning(FIRST):
        perform_due()
    certificate = Certificate.objects.get()
    (stored,) = files_of(certificate)
    with open_stored(stored) as file:
        content = file.read()
    text = " ".join(pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text().split())
    for said in ("Sok Sreyneath", "Rights and responsibilities at work", "16 March 2026", "Heng Vibol"):
        assert said in text
    assert Notice.objects.filter(kind="training.certificates").count() == 1
    page = client.get(reverse("verify", args=[certificate.code.lower()])).content.decode()
    assert "This certificate is genuine" in page
    assert stored.sha256 in page.replace("<wbr>", "")
    assert "Sreyneath" not in page
    assert "Mekong" not in page
    assert client.get(reverse("verify", args=["ABCDEF"])).status_code == 404
    with morning(FIRST):
        own = client.get(reverse("training_own_certificate", args=[link_of(certificate.registration)]))
    assert (own.status_code, own.content[:5]) == (200, b"%PDF-")
    for person, status in ((cast.manager, 200), (cast.coach, 200), (cast.other_manager, 404), (cast.quality, 404)):
        client.force_login(person)
        answer = client.get(reverse("file", args=[stored.ref]))
        b"".join(answer.streaming_content) if answer.streaming else b""
        assert answer.status_code == status


def test_the_trainers_page_holds_list_codes_and_the_days_picture(cast, client):
    session = a_session(cast)
    (sok,) = registered(cast, session, "Sok")
    client.force_login(cast.coach)
    url = reverse("session_attendance", args=[session.ref])
    with morning(FIRST):
        page = client.get(url).content.decode()
        assert f"Sok · Mekong Stitch · {sok.code}" in page
        assert 'aria-label="QR code of the day"' in page
        assert 'aria-label="QR code of the day"' not in client.get(f"{url}?on=2026-03-17").content.decode()
        client.post(url, {"on": "2026-03-16", "present": [sok.ref]})
        bad = client.post(url, {"on": "2026-03-17", "present": [sok.ref]})
    assert (bad.status_code, "This day has not come yet." in bad.content.decode()) == (422, True)
    assert Attendance.objects.get().noted == "by_list"


def test_a_merged_record_takes_its_people_along_even_of_one_name(cast):
    session = held(cast, "Sok Dara")
    other = a_session(cast, course=ONE_DAY)
    registered(cast, other, "Sok Dara")
    registered(cast, other, "Sok Dara", "Mey", by=cast.other_manager, factory=cast.other_factory)
    services.merge_training(survivor=cast.other_factory, duplicate=cast.factory)
    assert Registration.objects.filter(factory=cast.other_factory).count() == 4
    assert Charge.objects.get(session=session).factory == cast.other_factory
    with pytest.raises(Refused, match="on the list already"):
        registered(cast, other, "Mey", by=cast.other_manager, factory=cast.other_factory)
