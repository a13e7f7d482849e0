"""The pages of programmes: mandatory, voluntary, starting, planned; a sale allowed and a sale refused."""

import html
import re
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from evenweave.access.models import Standing
from evenweave.toolkit import clock

pytestmark = pytest.mark.django_db
IN_2026 = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)


def read(client, person, address: str, **query) -> str:
    """What a person reads there: words without marks, one space between them."""
    client.force_login(person)
    answer = client.get(address, query)
    assert answer.status_code == 200
    inside = answer.content.decode().split("<main")[1].split("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", inside)).split())


def country(client, person, code: str) -> str:
    return read(client, person, reverse("programme_page", args=[code]))


def test_the_list_says_how_far_each_programme_is(cast, client):
    text = read(client, cast.stranger_buyer, reverse("programme_list"))
    for line in (
        "Bangladesh Running Voluntary Apparel", "Cambodia Running Mandatory Apparel, Footwear",
        "Haiti Running Mandatory Apparel", "Myanmar Planned – –", "Vietnam Running Voluntary Apparel, Footwear",
    ):
        assert line in text
    assert "What may be sold" not in text
    client.force_login(cast.nobody)
    assert client.get(reverse("programme_list")).status_code == 403


def test_a_mandatory_programme(cast, client):
    with clock.at(IN_2026):
        text = country(client, cast.stranger_buyer, "HT")
    assert "Mandatory: Required by a United States trade law" in text
    assert "Assessment and advisory, as a yearly package Apparel Known to be in force on 1 January 2014" in text
    assert "Advisory first, on site or virtual, then assessment" in text
    assert "Assessment report released The programme 28 days after the assessment" in text
    assert "The factory replies to the findings The factory 5 working days after the draft" in text
    assert "Unannounced assessment The programme unannounced; 4 person-days" in text
    assert "3 visits in the first cycle; at least 1 visit in later cycles" in text
    assert "The labour ministry is informed 24 hours after the case opens" in text
    assert "Time zone America/Port-au-Prince" in text
    assert "Currency HTG" in text
    assert "Assessment and advisory, as a yearly package up to 500 1600.00 USD" in text
    assert "Factories are named with their results on the publicly reported questions after 1 assessment." in text
    assert "The trade law asks the country to run the programme" in text
    assert "The country has a protocol of its own; its text was not found" in text
    assert "Coverage of the registry" not in text


def test_a_voluntary_programme_before_and_after_it_opens(cast, client):
    with clock.at(datetime(2014, 6, 30, 12, tzinfo=UTC)):
        Standing.objects.update(starts_at=datetime(2010, 1, 1, tzinfo=UTC))
        text = country(client, cast.buyer, "BD")
    assert "Starting" in text
    assert "Factories are served from 1 July 2014." in text
    text = country(client, cast.coach, "BD")
    assert "Voluntary: Driven by market and industry incentives." in text
    assert "Weekend Friday, Saturday" in text
    assert "What may be sold" in text
    assert "No factory is named in public." in text


def test_what_is_not_known_is_said(cast, client):
    text = country(client, cast.coach, "LS")
    assert "No price list is in force." in text
    assert "Funding by the United States was due to end in June 2016" in text
    assert "http://betterwork.org/global/?page_id=322" in text


def test_a_planned_programme_has_milestones_and_sells_nothing(cast, client):
    assert "A change of the rules" in country(client, cast.quality, "VN")
    assert "A change of the rules" not in country(client, cast.quality, "MM")
    text = country(client, cast.manager, "MM")
    assert "Planned: nothing is sold." in text
    assert "Third aim: a country programme by the end of 2015 Aim 31 December 2015 SEED" in text
    assert text.count("SEED") >= 7
    assert "SEED: Questions and answers of the programme: general questions, 2014" in text
    assert "HA3:" not in text
    for absent in ("What is offered", "Service model", "Prices", "Committee"):
        assert absent not in text


def test_a_programme_that_is_not_there(cast, client):
    client.force_login(cast.quality)
    assert client.get(reverse("programme_page", args=["QQ"])).status_code == 404


def ask(client, person, **more) -> str:
    asked = {"programme": "VN", "sector": "footwear", "services": ["assessment"], "on": "2014-03-01"} | more
    return read(client, person, reverse("quote_page"), **asked)


def test_a_refused_sale_says_which_rule_since_when_and_where_it_stands(cast, client):
    text = ask(client, cast.team_leader)
    assert "May not be sold in Vietnam" in text
    assert ("Assessment and advisory are sold only together, as a yearly package. Known to be in force on 1 January "
            "2014; when it began is not recorded · source: SEED") in text


def test_an_allowed_sale_says_its_price_or_why_there_is_none(cast, client):
    text = ask(client, cast.assessor, services=["assessment", "advisory"])
    assert "May be sold in Vietnam No price: no price list is in force on that day." in text
    text = ask(client, cast.assessor, programme="KH", sector="apparel", on="2025-03-01", workers="800")
    assert "May be sold in Cambodia 1075.00 USD a year, from a price list made for the demo" in text


def test_a_question_without_services_is_asked_again(cast, client):
    text = ask(client, cast.quality, services=[])
    assert "Choose at least one service." in text
    assert "sold in" not in text
    assert "May" not in read(client, cast.quality, reverse("quote_page"))


@pytest.mark.parametrize("who", ["manager", "worker", "buyer", "ministry", "administrator", "nobody"])
def test_prices_are_asked_by_staff_alone(cast, client, who):
    client.force_login(cast.people[who])
    assert client.get(reverse("quote_page")).status_code == 403
