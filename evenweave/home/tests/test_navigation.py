"""Everybody finds what their roles open, and nothing else is offered."""

import re

import pytest
from django.urls import reverse

from evenweave.home.navigation import links_for
from evenweave.notifications.models import Notice


def labels(person, rf, path="/today/"):
    request = rf.get(path)
    request.user = person
    return [link.label for link in links_for(request)]


def test_a_person_of_one_factory_finds_their_own_factory_by_name(cast, rf):
    found = labels(cast.worker, rf)
    assert found[0] == "Today"
    assert not {"Factories", "Invoices", "Credits", "Urgent cases"} & set(found)


def test_nobody_without_a_role_is_led_to_pages_that_would_refuse(cast, rf):
    assert labels(cast.nobody, rf) == []


def test_no_link_leads_to_a_refusal(cast, client):
    for key, person in cast.people.items():
        if person is None:
            continue
        client.force_login(person)
        drawn = client.get("/accounts/logout/").content.decode()
        links = re.findall(r'<a href="([^"]+)"', drawn.split("</header>")[0])
        answers = {href: client.get(href, follow=True).status_code for href in links}
        assert {href: code for href, code in answers.items() if code != 200} == {}, key


def test_the_page_one_stands_on_is_marked(cast, client):
    client.force_login(cast.programme_manager)
    drawn = client.get(reverse("factory_register")).content.decode()
    assert re.findall(r'<li><a href="/factories/" aria-current="page">Factories</a>', drawn)
    assert drawn.split("</header>")[0].count('aria-current="page"') == 1
    log = client.get(reverse("log_list")).content.decode().split("</header>")[0]
    assert re.findall(r'aria-current="page">([^<]+)', log) == ["Steps taken"]


@pytest.mark.parametrize(("unread", "words"), [(0, "Notices"), (1, "new notice"), (3, "new notices")])
def test_the_bell_counts_what_is_unread(cast, client, unread, words):
    client.force_login(cast.manager)
    for number in range(unread):
        Notice.objects.create(person=cast.manager, kind="report.released", about=f"report:{number}")
    header = client.get("/accounts/logout/").content.decode().split("</header>")[0]
    assert f'<span class="ew-vh">{words}</span>' in header
    assert ("ew-unread-count" in header) == bool(unread)
