"""Signing in with a phone number and a code, sent through a gateway or printed, never by an e-mail address."""

import re
from datetime import timedelta
from urllib.parse import parse_qs

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from evenweave.access.enums import Role
from evenweave.messaging.tests.peer import peer
from evenweave.people.models import Person, SignInCode
from evenweave.people.services import add_by_phone, forget_codes, print_codes
from evenweave.toolkit import clock
from evenweave.toolkit.jobs.models import Job
from evenweave.toolkit.jobs.worker import perform_due

PHONE = "+85512345678"
UNKNOWN = "+85512999999"


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


@pytest.fixture
def gate(settings):
    with peer() as kept:
        settings.SMS = settings.SMS | {"URL": kept.url}
        yield kept


@pytest.fixture
def member(cast) -> Person:
    return add_by_phone(
        name="Nhem Pisey", phone=PHONE, language="en", role=Role.WORKER_REPRESENTATIVE, factory=cast.factory,
        by=cast.coach,
    )


def ask(client, phone=PHONE):
    return client.post(reverse("account_request_login_code"), {"phone": phone})


def enter(client, code):
    return client.post(reverse("account_confirm_login_code"), {"code": code})


def sent(gate) -> str:
    """The code in the last text."""
    perform_due()
    text = parse_qs(gate.asked[-1][3])["text"][0]
    return re.search(r"\d{6}", text)[0]


def test_a_code_that_was_sent_opens_once(client, member, gate):
    assert ask(client, "+855 12 345 678").status_code == 302
    code = sent(gate)
    assert parse_qs(gate.asked[0][3])["to"] == [PHONE]
    assert code not in "".join(str(job.args) + str(job.kwargs) for job in Job.objects.all())
    assert all(code not in row.code_hash for row in SignInCode.objects.all())
    assert enter(client, f" {code[:3]} {code[3:]} ").status_code == 302
    assert client.get(reverse("account")).context["user"] == member
    client.logout()
    ask(client)
    assert "does not open" in enter(client, code).content.decode()


def test_a_wrong_code_keeps_what_was_typed_and_three_end_the_attempt(client, member, gate):
    ask(client)
    code = sent(gate)
    wrong = "000000" if code != "000000" else "111111"
    drawn = enter(client, wrong).content.decode()
    assert f'value="{wrong}"' in drawn
    enter(client, wrong)
    assert enter(client, wrong).status_code == 302
    assert enter(client, code).status_code == 302
    assert client.get(reverse("account")).status_code == 302  # nobody is signed in


def test_a_code_is_old_after_ten_minutes(client, member, gate):
    now = clock.now()
    with clock.at(now - timedelta(minutes=11)):
        ask(client)
        code = sent(gate)
    assert "does not open" in enter(client, code).content.decode()


def without_secrets(page) -> str:
    drawn = re.sub(r'nonce="[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"', "", page.content.decode())
    return re.sub(re.escape(PHONE) + "|" + re.escape(UNKNOWN), "NUMBER", drawn)


def test_a_number_that_nobody_has_is_answered_like_one_that_somebody_has(client, member, gate):
    answers = {}
    for phone in (PHONE, UNKNOWN):
        client.cookies.clear()
        asked = ask(client, phone)
        page = client.get(asked["Location"])
        answers[phone] = (
            asked.status_code, asked["Location"], without_secrets(page), without_secrets(enter(client, "123456"))
        )
    assert answers[PHONE] == answers[UNKNOWN]
    assert SignInCode.objects.count() == 2
    perform_due()
    assert [parse_qs(body)["to"] for _m, _p, _h, body in gate.asked] == [[PHONE]]


@pytest.mark.parametrize("phone", [PHONE, UNKNOWN])
def test_many_codes_for_one_number_are_too_many_whoever_asks(client, member, phone):
    """Also from many addresses and processes: counted in the database."""
    said = []
    for _time in range(6):
        cache.clear()
        client.cookies.clear()
        said.append(ask(client, phone).status_code)
    assert said == [302] * 5 + [200]
    cache.clear()
    with clock.at(clock.now() + timedelta(minutes=61)):
        assert ask(client, phone).status_code == 302


def test_allauth_s_own_limit_stands_before_ours(client, member):
    said = []
    for _time in range(4):
        client.cookies.clear()
        said.append(ask(client).status_code)
    assert said == [302, 302, 302, 200]


def test_a_new_code_can_be_asked_for(client, member, gate):
    ask(client)
    first = sent(gate)
    assert 'name="next"' in client.get(reverse("account_confirm_login_code")).content.decode()
    again = client.post(reverse("account_logout"), {"next": reverse("account_request_login_code")})
    assert again["Location"] == reverse("account_request_login_code")
    ask(client)
    second = sent(gate)
    assert "does not open" in enter(client, first).content.decode() or first == second
    assert enter(client, second).status_code == 302


@pytest.mark.parametrize("typed", ["012 345 678", "no number", ""])
def test_what_is_no_number_comes_back(client, member, typed):
    drawn = ask(client, typed).content.decode()
    assert "ew-summary-box" in drawn
    assert f'value="{typed}"' in drawn or not typed


def test_printed_codes_open_each_once_where_no_text_arrives(client, cast, member):
    codes = print_codes(person=member, by=cast.coach, factory=cast.factory)
    assert len(set(codes)) == 6
    for code in (codes[0].lower(), f"{codes[1][:4]}-{codes[1][4:]}"):
        ask(client)
        perform_due()
        assert enter(client, code).status_code == 302
        assert client.get(reverse("account")).context["user"] == member
        client.logout()
    ask(client)
    assert "does not open" in enter(client, codes[0]).content.decode()


def test_a_new_sheet_ends_the_one_before_and_a_sheet_ends_after_thirty_days(client, cast, member):
    old = print_codes(person=member, by=cast.coach, factory=cast.factory)
    new = print_codes(person=member, by=cast.coach, factory=cast.factory)
    ask(client)
    assert "does not open" in enter(client, old[0]).content.decode()
    with clock.at(clock.now() + timedelta(days=31)):
        ask(client)
        assert "does not open" in enter(client, new[0]).content.decode()


def test_another_one_s_sheet_opens_nothing(client, cast, member):
    other = add_by_phone(
        name="Ros Sophea", phone=UNKNOWN, language="en", role=Role.WORKER_REPRESENTATIVE, factory=cast.factory,
        by=cast.coach,
    )
    codes = print_codes(person=other, by=cast.coach, factory=cast.factory)
    ask(client)
    assert "does not open" in enter(client, codes[0]).content.decode()


def test_a_closed_account_gets_no_code(client, member, gate):
    Person.objects.filter(pk=member.pk).update(is_active=False)
    ask(client)
    perform_due()
    assert gate.asked == []


def test_who_signed_in_by_phone_may_add_a_passkey(client, member, gate):
    ask(client)
    enter(client, sent(gate))
    assert client.get(reverse("mfa_add_webauthn")).status_code == 200


def test_a_gateway_that_fails_is_tried_again_with_a_new_code(client, member, gate):
    gate.status = 503
    ask(client)
    sent(gate)
    gate.status = 200
    Job.objects.update(run_after=timezone.now())
    second = sent(gate)
    assert len(gate.asked) == 2
    assert enter(client, second).status_code == 302


def test_what_opens_nothing_any_more_is_forgotten(client, member):
    ask(client)
    with clock.at(clock.now() + timedelta(days=2)):
        forget_codes.func()
    assert SignInCode.objects.count() == 0
