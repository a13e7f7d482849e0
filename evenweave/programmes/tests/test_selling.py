"""What may be sold where and when: cases worked out by hand from DOMAIN 11 (items 30 to 57), each day on both sides."""

import json
from datetime import date
from decimal import Decimal

import pytest
from click.testing import CliRunner

from evenweave.programmes.commands import quote as quote_command
from evenweave.programmes.enums import SaleRule, Service
from evenweave.programmes.queries import closed_on, quote_on, sale_on
from evenweave.programmes.rules.selling import SALE_RULES, SERVICES

IN_2014, TODAY = date(2014, 3, 1), date(2025, 6, 2)
BOTH, ALL = ("assessment", "advisory"), ("assessment", "advisory", "training")
PACKAGE_COUNTRIES = ("HT", "JO", "ID", "LS", "NI", "VN")


def broken(code: str, sector: str, services, day: date, **more) -> list[str]:
    return [reason.rule for reason in sale_on(code, day, sector=sector, services=services, **more).reasons]


@pytest.mark.parametrize("day", [IN_2014, TODAY])
@pytest.mark.parametrize("code", PACKAGE_COUNTRIES)
def test_outside_cambodia_assessment_and_advisory_are_one_package(code, day):
    assert broken(code, "apparel", BOTH, day) == []
    assert broken(code, "apparel", ALL, day) == []
    assert broken(code, "apparel", ("training",), day) == []
    assert broken(code, "apparel", ("training",), day, is_member=False) == []
    for alone in (("assessment",), ("advisory",), ("assessment", "training"), ("advisory", "training")):
        assert broken(code, "apparel", alone, day) == ["package_only"], alone


@pytest.mark.parametrize("day", [IN_2014, TODAY])
def test_cambodian_garments_buy_assessment_and_advisory_apart(day):
    for services in (("assessment",), ("advisory",), BOTH, ALL, ("training",), ("assessment", "training")):
        assert broken("KH", "apparel", services, day) == [], services
    for alone in (("assessment",), ("advisory",)):
        assert broken("KH", "footwear", alone, day) == ["package_only"]
    assert broken("KH", "footwear", BOTH, day) == []


@pytest.mark.parametrize("day", [IN_2014, TODAY])
def test_footwear_is_served_in_cambodia_and_vietnam_alone(day):
    for code in ("HT", "JO", "ID", "LS", "NI"):
        assert broken(code, "footwear", BOTH, day) == ["sector_not_covered"], code
        assert broken(code, "footwear", ("assessment",), day) == ["sector_not_covered"], code
        assert broken(code, "footwear", ("training",), day) == ["sector_not_covered"], code
    for code in ("KH", "VN"):
        assert broken(code, "footwear", BOTH, day) == [], code
    assert broken("BD", "footwear", BOTH, TODAY) == ["sector_not_covered"]
    assert broken("VN", "furniture", BOTH, TODAY) == ["sector_not_covered"]


def test_bangladesh_opens_on_the_first_of_july_2014():
    eve, day = date(2014, 6, 30), date(2014, 7, 1)
    assert broken("BD", "apparel", BOTH, eve) == ["not_yet_open"]
    assert broken("BD", "apparel", ("training",), eve) == ["not_yet_open"]
    assert broken("BD", "apparel", ("assessment",), eve) == ["not_yet_open", "package_only"]
    assert broken("BD", "apparel", BOTH, day) == []
    assert broken("BD", "apparel", ("training",), day) == []
    assert broken("BD", "apparel", ("assessment",), day) == ["package_only"]
    assert broken("BD", "footwear", BOTH, eve) == ["not_yet_open", "sector_not_covered"]


@pytest.mark.parametrize("code", ["KH", *PACKAGE_COUNTRIES])
def test_nothing_is_sold_before_a_programme_is_known_to_run(code):
    eve, day = date(2013, 12, 31), date(2014, 1, 1)
    assert broken(code, "apparel", BOTH, eve) == ["not_yet_open"]
    assert broken(code, "apparel", BOTH, day) == []
    [reason] = sale_on(code, eve, sector="apparel", services=BOTH).reasons
    assert (reason.provenance.valid_from, reason.provenance.known_on) == (None, day)


@pytest.mark.parametrize("day", [date(2012, 1, 1), IN_2014, TODAY, date(2040, 1, 1)])
def test_a_planned_programme_sells_nothing_to_anybody(day):
    for sector in ("apparel", "footwear"):
        for services in (("assessment",), BOTH, ("training",)):
            assert broken("MM", sector, services, day) == ["country_not_open"]


@pytest.mark.parametrize(("code", "day", "rules"), [
    ("BD", date(2014, 6, 30), ["not_yet_open"]), ("BD", date(2014, 7, 1), None), ("MM", TODAY, ["country_not_open"]),
    ("VN", date(2013, 12, 31), ["not_yet_open"]), ("VN", IN_2014, None),
])
def test_when_a_programme_serves_nobody(code, day, rules):
    sale = closed_on(code, day)
    assert (sale and [reason.rule for reason in sale.reasons]) == rules


def test_a_service_that_nobody_knows():
    assert broken("KH", "apparel", ("assessment", "certificate"), TODAY) == ["unknown_service"]
    assert broken("VN", "apparel", ("assessment", "certificate"), TODAY) == ["package_only", "unknown_service"]


def test_what_is_bought_and_why_it_may_be():
    sale = sale_on("KH", TODAY, sector="apparel", services=ALL)
    assert (sale.packages, sale.has_training) == (("assessment_and_advisory",), True)
    assert {code for ground in sale.grounds for code in ground.sources} == {"SEED", "A5"}


@pytest.mark.parametrize(("services", "workers", "price"), [
    (("assessment",), 0, "870.00"), (("assessment",), 501, "1075.00"), (BOTH, 3000, "2560.00"),
    (ALL, 3000, "2560.00"),  # since April 2015 the year's fee holds training days
])
def test_the_price_is_that_of_the_list_in_force(services, workers, price):
    quote = quote_on("KH", TODAY, sector="apparel", services=services, workers=workers)
    assert (quote.price, quote.currency, quote.is_demo_price) == (Decimal(price), "USD", True)


@pytest.mark.parametrize(("code", "services", "day", "why"), [
    ("KH", BOTH, IN_2014, "no_list"), ("KH", BOTH, date(2023, 12, 31), "no_list"), ("VN", BOTH, TODAY, "no_list"),
    ("KH", ("training",), TODAY, "no_training_price"), ("KH", ("training",), IN_2014, "no_list"),
])
def test_without_a_price_the_reason_is_known(code, services, day, why):
    quote = quote_on(code, day, sector="apparel", services=services)
    assert (quote.sale.is_allowed, quote.price, quote.no_price) == (True, None, why)


def test_what_is_refused_has_no_price():
    quote = quote_on("KH", TODAY, sector="footwear", services=("assessment",))
    assert (quote.sale.is_allowed, quote.price, quote.no_price) == (False, None, "")


def test_the_keys_and_their_words_are_the_same():
    assert tuple(SaleRule.values) == SALE_RULES == (
        "country_not_open", "not_yet_open", "sector_not_covered", "package_only", "unknown_service")
    assert tuple(Service.values) == SERVICES


# The command


def run(*words: str):
    result = CliRunner().invoke(quote_command, [*words, "--json"])
    return result.exit_code, json.loads(result.stdout) if result.exit_code < 2 else result.stderr


def ask(programme="KH", sector="apparel", services="assessment", on="2014-03-01"):
    return run("--programme", programme, "--sector", sector, "--services", services, "--on", on)


def test_a_sale_that_is_allowed_exits_with_zero():
    assert ask() == (0, {"allowed": True, "reasons": [], "price": None, "currency": "KHR"})
    assert ask(on="2025-03-01", services="assessment, advisory") == (
        0, {"allowed": True, "reasons": [], "price": "1640.00", "currency": "USD"})


def test_capitals_and_blanks_do_not_matter():
    assert ask(programme="kh", sector="Footwear", services=" Assessment,ADVISORY ,training")[0] == 0


def test_a_sale_that_is_refused_exits_with_one_and_names_the_rules():
    assert ask(programme="BD", services="assessment") == (1, {
        "allowed": False, "price": None, "currency": "BDT",
        "reasons": [{"rule": "not_yet_open", "source": "SEED", "in_force_from": "2014-07-01"},
                    {"rule": "package_only", "source": "SEED", "in_force_from": None}]})
    code, said = ask(programme="MM", services="training")
    assert (code, [reason["rule"] for reason in said["reasons"]]) == (1, ["country_not_open"])


@pytest.mark.parametrize("wrong", [
    {"programme": "QQ"}, {"on": "2014-02-30"}, {"on": "yesterday"}, {"services": ","},
])
def test_wrong_use_exits_with_two(wrong):
    code, said = ask(**wrong)
    assert code == 2
    assert "Invalid value" in said


def test_people_read_words():
    result = CliRunner().invoke(quote_command, [
        "--programme", "BD", "--sector", "apparel", "--services", "assessment,advisory", "--on", "2014-06-30"])
    assert result.stdout.splitlines() == [
        "May not be sold.",
        "The programme is not known to serve factories on that day (in force from 1 July 2014; SEED)."]
    result = CliRunner().invoke(quote_command, [
        "--programme", "BD", "--sector", "apparel", "--services", "assessment,advisory", "--on", "2014-07-01"])
    assert result.stdout.splitlines() == ["May be sold.", "No price: no price list is in force on that day."]
