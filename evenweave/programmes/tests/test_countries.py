"""The nine programmes against DOMAIN 11 (items 31 to 48) and the table of programmes, written by hand."""

from datetime import date

import pytest

from evenweave.programmes import queries, rules
from evenweave.programmes.rules.resolving import UnknownModelError, resolved

TODAY = date(2026, 3, 2)
EIGHT = ("KH", "HT", "JO", "BD", "ID", "LS", "NI", "VN")


@pytest.mark.parametrize(("code", "kind", "sectors", "zone", "currency", "spoken", "weekend"), [
    ("KH", "mandatory", {"apparel", "footwear"}, "Asia/Phnom_Penh", "KHR", "km", {5, 6}),
    ("HT", "mandatory", {"apparel"}, "America/Port-au-Prince", "HTG", "ht", {5, 6}),
    ("JO", "mandatory", {"apparel"}, "Asia/Amman", "JOD", "ar", {4, 5}),
    ("BD", "voluntary", {"apparel"}, "Asia/Dhaka", "BDT", "bn", {4, 5}),
    ("ID", "voluntary", {"apparel"}, "Asia/Jakarta", "IDR", "id", {5, 6}),
    ("LS", "voluntary", {"apparel"}, "Africa/Maseru", "LSL", "st", {5, 6}),
    ("NI", "voluntary", {"apparel"}, "America/Managua", "NIO", "es", {5, 6}),
    ("VN", "voluntary", {"apparel", "footwear"}, "Asia/Ho_Chi_Minh", "VND", "vi", {5, 6}),
])
def test_each_programme(code, kind, sectors, zone, currency, spoken, weekend):
    found = queries.rules_on(code, TODAY)
    assert found.participation.kind == kind
    assert found.is_mandatory == (kind == "mandatory")
    assert {sector.key for sector in found.sectors} == sectors
    assert (found.time_zone, found.currency, set(found.weekend)) == (zone, currency, weekend)
    assert spoken in found.spoken_languages
    assert "en" in found.report_languages
    assert found.status == "running"
    assert found.calendar_country == code
    assert any(service.key == "training" for service in found.extra_services)


def test_a_planned_programme_has_its_milestones_and_nothing_to_sell():
    found = queries.rules_on("MM", TODAY)
    assert (found.status, found.participation, found.sectors, found.packages, found.service_models) == (
        "planned", None, (), (), ())
    assert not found.is_mandatory
    assert not found.sells_credits
    assert [(stone.kind, stone.when) for stone in found.milestones] == [
        ("framework", "2012"), ("aim", ""), ("aim", ""), ("aim", "2015-12-31"), ("study", "2014"), ("use", ""),
        ("use", "")]
    assert all(stone.provenance.sources == ("SEED",) for stone in found.milestones)


def test_bangladesh_starts_until_it_runs():
    assert queries.rules_on("BD", date(2014, 6, 30)).status == "starting"
    assert queries.rules_on("BD", date(2014, 7, 1)).status == "running"
    assert not queries.rules_on("BD", date(2014, 6, 30)).sells_credits
    assert queries.rules_on("BD", date(2014, 7, 1)).sells_credits


@pytest.mark.parametrize("code", [code for code in EIGHT if code != "KH"])
@pytest.mark.parametrize(("day", "model", "first_step"), [
    (date(2014, 7, 1), "2014", "assessment"), (date(2015, 3, 31), "2014", "assessment"),
    (date(2015, 4, 1), "2015", "initial_advisory"), (date(2020, 12, 31), "2015", "initial_advisory"),
    (date(2021, 1, 1), "2021", "initial_advisory"), (TODAY, "2021", "initial_advisory"),
])
def test_the_three_models_follow_one_another(code, day, model, first_step):
    found = queries.rules_on(code, day).service_model("apparel")
    assert found.key == model
    assert found.steps_for("assessment_and_advisory")[1].key == first_step


def test_training_days_are_inside_the_fee_from_april_2015():
    for code in EIGHT:
        assert [queries.rules_on(code, day).training.days_inside_the_fee
                for day in (date(2015, 3, 31), date(2015, 4, 1))] == [False, True], code


@pytest.mark.parametrize(("code", "eve", "first"), [
    ("JO", date(2017, 12, 31), date(2018, 1, 1)), ("ID", date(2020, 12, 31), date(2021, 1, 1)),
    ("NI", date(2020, 12, 31), date(2021, 1, 1)), ("VN", date(2020, 12, 31), date(2021, 1, 1)),
])
def test_from_when_factories_are_named_in_public(code, eve, first):
    assert [queries.rules_on(code, day).public_reporting.is_factory_named for day in (eve, first)] == [False, True]


def test_who_is_named_in_public_today():
    named = {code for code in EIGHT if queries.rules_on(code, TODAY).public_reporting.is_factory_named}
    assert named == {"KH", "HT", "JO", "ID", "NI", "VN"}
    assert queries.rules_on("HT", TODAY).public_reporting.least_assessments == 1
    assert queries.rules_on("KH", TODAY).public_reporting.low_compliance.requirements == 52


def test_every_programme_has_a_protocol_a_committee_and_a_rule_for_coaches():
    for code in EIGHT:
        found = queries.rules_on(code, TODAY)
        assert {duty.key: duty.hours for duty in found.zero_tolerance.duties} == {
            "tell_manager": 8, "inform_ministry": 24, "ask_investigation": 48, "agree_action_plan": 72}, code
        committee = found.committee
        assert committee.has_equal_sides
        assert committee.are_workers_elected
        assert committee.meets_every_days == 31
        assert committee.least_members <= committee.most_members == 10
        assert (found.advisors.may_assess_own_factory, found.advisors.rotate_after_cycles) == (False, 3)
    assert queries.rules_on("VN", TODAY).committee.term_years == 2


def test_who_has_a_price_list():
    have = {code for code in EIGHT if queries.rules_on(code, TODAY).factory_prices}
    assert have == {"KH", "HT", "JO", "BD"}
    assert all(queries.rules_on(code, TODAY).factory_prices.is_demo for code in have)


def test_an_extra_service_begins_on_its_day():
    def offered(day: date) -> set[str]:
        return {service.key for service in queries.rules_on("VN", day).extra_services}

    assert "worker_app" not in offered(date(2019, 12, 31))
    assert "worker_app" in offered(date(2020, 1, 1))


def test_working_days_skip_the_country_s_own_weekend():
    """From a Thursday to Sunday in Jordan, to Friday in Vietnam."""
    thursday = date(2025, 7, 3)
    assert rules.add_working_days(thursday, 1, queries.calendar("JO")) == date(2025, 7, 6)
    assert rules.add_working_days(thursday, 1, queries.calendar("VN")) == date(2025, 7, 4)
    assert not rules.is_working_day(date(2025, 6, 8), queries.calendar("JO"))  # Eid al-Adha, a Sunday
    assert not rules.is_working_day(date(2025, 1, 1), queries.calendar("HT"))


# How a file is made whole


DEFAULTS = {
    "default_service_model": "a", "reply": ["shared"], "committee": ["shared"],
    "service_models": [{"key": "a", "from": "2014-01-01", "until": "2015-01-01", "steps": ["one"]},
                       {"key": "b", "from": "2015-01-01", "steps": ["two"]}],
}
OWN = {"code": "XX", "sectors": [{"key": "apparel"}, {"key": "footwear"}]}


def test_a_programme_that_names_no_model_follows_the_first_without_end():
    assert resolved(OWN, DEFAULTS)["service_models"] == [
        {"sectors": ["apparel", "footwear"], "key": "a", "from": "2014-01-01", "until": None, "steps": ["one"]}]
    assert resolved({"code": "XX"}, DEFAULTS)["service_models"] == []


def test_a_named_model_keeps_its_days_unless_the_programme_says_otherwise():
    named = {**OWN, "service_models": [{"model": "a", "sectors": ["footwear"], "key": "a-shoes"}, {"model": "b"}]}
    assert resolved(named, DEFAULTS)["service_models"] == [
        {"sectors": ["footwear"], "key": "a-shoes", "from": "2014-01-01", "until": "2015-01-01", "steps": ["one"]},
        {"sectors": ["apparel", "footwear"], "key": "b", "from": "2015-01-01", "steps": ["two"]}]
    with pytest.raises(UnknownModelError, match="'c'"):
        resolved({**OWN, "service_models": [{"model": "c"}]}, DEFAULTS)


def test_a_section_of_its_own_takes_the_place_of_the_whole_default():
    whole = resolved({**OWN, "committee": ["own"]}, DEFAULTS)
    assert (whole["committee"], whole["reply"]) == (["own"], ["shared"])
    assert "default_service_model" not in whole
