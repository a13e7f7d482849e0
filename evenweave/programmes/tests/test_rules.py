"""The rules of Cambodia's programme on days across twelve years, against expectations written from DOMAIN by hand."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from evenweave.programmes import queries, rules
from evenweave.programmes.rules import Calendar, NoPriceError, NoRulesInForceError

KH = "KH"


@pytest.mark.parametrize(("day", "sector", "model"), [
    (date(2014, 6, 1), "footwear", "2014"),
    (date(2014, 6, 1), "apparel", "2014-KH-garment"),
    (date(2015, 3, 31), "apparel", "2014-KH-garment"),
    (date(2015, 4, 1), "apparel", "2015"),
    (date(2020, 12, 31), "footwear", "2015"),
    (date(2021, 1, 1), "apparel", "2021"),
    (date(2026, 11, 22), "footwear", "2021"),
])
def test_service_model_in_force(day, sector, model):
    assert queries.rules_on(KH, day).service_model(sector).key == model


def test_nothing_is_in_force_before_the_first_day():
    with pytest.raises(NoRulesInForceError):
        queries.rules_on(KH, date(2013, 12, 31))
    with pytest.raises(queries.UnknownProgrammeError):
        queries.rules_on("QQ", date(2025, 1, 1))


def test_the_oldest_model_assesses_first_and_the_newer_ones_advise_first():
    def order(day: date, sector: str, package: str) -> list[str]:
        return [step.key for step in queries.rules_on(KH, day).service_model(sector).steps_for(package)]

    assert order(date(2014, 6, 1), "footwear", "assessment_and_advisory") == [
        "register", "assessment", "draft", "reply", "report_release", "buyers_open", "committee", "plan_agreed",
        "progress_1", "advisory_visits", "progress_2", "renewal"]
    assert order(date(2014, 6, 1), "apparel", "assessment") == [
        "register", "assessment", "draft", "reply", "report_release", "buyers_open", "renewal"]
    assert order(date(2016, 6, 1), "apparel", "assessment_and_advisory") == [
        "register", "initial_advisory", "committee", "self_assessment", "assessment", "draft", "reply",
        "report_release", "buyers_open", "progress_1", "advisory_visits", "learning_seminars", "progress_2", "renewal"]
    assert order(date(2025, 6, 1), "apparel", "assessment") == [
        "register", "assessment", "draft", "reply", "report_release", "buyers_open", "gateway", "renewal"]


@pytest.mark.parametrize(("day", "authors"), [
    (date(2014, 6, 1), ["programme", "programme"]),
    (date(2016, 6, 1), ["factory", "programme"]),
    (date(2025, 6, 1), ["factory", "programme"]),
])
def test_who_writes_the_progress_reports(day, authors):
    model = queries.rules_on(KH, day).service_model("footwear")
    reports = model.progress_reports("assessment_and_advisory")
    assert [(report.number, report.author) for report in reports] == list(enumerate(authors, start=1))
    assert model.progress_reports("assessment") == ()


def test_the_day_of_an_assessment_is_secret_in_every_model():
    for day in (date(2014, 6, 1), date(2016, 6, 1), date(2025, 6, 1)):
        for model in queries.rules_on(KH, day).service_models:
            step = model.step("assessment")
            assert (step.is_secret, step.shown_to_factory, step.anchor) == (True, False, "")


def test_visits_depend_on_the_cycle():
    step = queries.rules_on(KH, date(2025, 6, 1)).service_model("apparel").step("advisory_visits")
    assert [step.count_for(number).at_least for number in (1, 2, 5)] == [8, 6, 6]


def test_what_is_sold():
    today = queries.rules_on(KH, date(2025, 6, 1))
    assert set(today.packages_for("apparel")) == {"assessment", "advisory", "assessment_and_advisory"}
    assert set(today.packages_for("footwear")) == {"assessment_and_advisory"}
    assert today.is_mandatory
    assert {sector.key for sector in today.sectors} == {"apparel", "footwear"}


@pytest.mark.parametrize(("quantity", "price"), [
    (1, "1400"), (9, "1400"), (10, "1300"), (20, "1300"), (21, "1200"), (40, "1200"), (41, "1100"), (60, "1100"),
    (61, "1000"), (500, "1000"),
])
def test_buyers_pay_by_tier(quantity, price):
    assert queries.rules_on(KH, date(2025, 6, 1)).credit_price(quantity) == Decimal(price)


def test_nobody_buys_no_credit():
    with pytest.raises(ValueError, match="at least one"):
        queries.rules_on(KH, date(2025, 6, 1)).credit_price(0)


@pytest.mark.parametrize(("day", "package", "workers", "price"), [
    (date(2024, 1, 1), "assessment", 500, "850"), (date(2024, 12, 31), "assessment", 501, "1050"),
    (date(2025, 1, 1), "assessment_and_advisory", 3000, "2560"),
    (date(2026, 5, 1), "assessment_and_advisory", 3001, "3090"),
])
def test_factories_pay_by_size_and_year(day, package, workers, price):
    rules_then = queries.rules_on(KH, day)
    assert rules_then.factory_price(package, "apparel", workers) == Decimal(price)
    assert rules_then.factory_prices.is_demo


def test_without_a_list_there_is_no_price_and_a_reason():
    with pytest.raises(NoPriceError) as caught:
        queries.rules_on(KH, date(2023, 12, 31)).factory_price("assessment", "apparel", 100)
    assert caught.value.reason == "no_list"


def test_deadlines_and_reply_window():
    today = queries.rules_on(KH, date(2025, 6, 1))
    assert (today.report_deadline.days, today.report_deadline.day_kind) == (28, "calendar")
    assert (today.reply.days, today.reply.day_kind) == (5, "working")
    assert (today.reply.extension.most_requests, today.reply.extension.most_days) == (1, 5)
    assert today.reply.provenance.confidence == "assumed"


def test_zero_tolerance_runs_on_its_own_clock():
    protocol = queries.rules_on(KH, date(2025, 6, 1)).zero_tolerance
    opened = datetime(2025, 6, 2, 9, 0, tzinfo=UTC)
    assert protocol.deadlines(opened) == {
        "tell_manager": datetime(2025, 6, 2, 17, 0, tzinfo=UTC),
        "inform_ministry": datetime(2025, 6, 3, 9, 0, tzinfo=UTC),
        "ask_investigation": datetime(2025, 6, 4, 9, 0, tzinfo=UTC),
        "agree_action_plan": datetime(2025, 6, 6, 9, 0, tzinfo=UTC),
    }
    told = {"inform_ministry": datetime(2025, 6, 2, 12, 0, tzinfo=UTC)}
    assert protocol.deadlines(opened, told)["agree_action_plan"] == datetime(2025, 6, 5, 12, 0, tzinfo=UTC)
    assert set(protocol.audience) == {"programme_manager", "team_leader", "quality"}
    assert [duty.key for duty in protocol.duties if "ministry" in duty.informs] == ["inform_ministry"]


@pytest.mark.parametrize(("opened", "due"), [
    # Khmer New Year 2025 is 14 to 16 April; 12, 13, 19 and 20 April are a weekend.
    (date(2025, 4, 10), date(2025, 4, 22)),
    (date(2025, 4, 12), date(2025, 4, 23)),
    # An ordinary week: Monday to Monday.
    (date(2025, 8, 4), date(2025, 8, 11)),
    # Into the new year: 1 January (Thursday) and 7 January are holidays.
    (date(2025, 12, 31), date(2026, 1, 9)),
])
def test_five_working_days_in_cambodia(opened, due):
    reply = queries.rules_on(KH, opened).reply
    assert rules.due_on(reply, opened, queries.calendar(KH)) == due


def test_a_moved_holiday_moves_the_deadline():
    plain = Calendar(frozenset({date(2025, 4, 14)}))
    moved = Calendar(frozenset({date(2025, 4, 11)}))
    assert rules.add_working_days(date(2025, 4, 10), 2, plain) == date(2025, 4, 15)
    assert rules.add_working_days(date(2025, 4, 10), 2, moved) == date(2025, 4, 15)
    assert rules.add_working_days(date(2025, 4, 10), 1, plain) == date(2025, 4, 11)
    assert rules.add_working_days(date(2025, 4, 10), 1, moved) == date(2025, 4, 14)


def test_an_override_of_the_programme_moves_a_day_of_the_calendar(tmp_path, settings):
    content = settings.CONTENT / "programmes" / "KH.yaml"
    text = content.read_text(encoding="utf-8").replace(
        "overrides: []",
        'overrides: [{day: "2025-04-16", is_holiday: false, source: decree}, '
        '{day: "2025-04-17", is_holiday: true, name: Moved, source: decree}]')
    (tmp_path / "programmes").mkdir()
    (tmp_path / "programmes" / "KH.yaml").write_text(text, encoding="utf-8")
    settings.CONTENT = tmp_path
    moved = queries.calendar(KH)
    days = {day: rules.is_working_day(date(2025, 4, day), moved) for day in (14, 15, 16, 17, 18)}
    assert days == {14: False, 15: False, 16: True, 17: False, 18: True}


@pytest.mark.parametrize(("day", "months", "expected"), [
    (date(2025, 1, 31), 1, date(2025, 2, 28)), (date(2024, 1, 31), 1, date(2024, 2, 29)),
    (date(2025, 3, 15), 10, date(2026, 1, 15)), (date(2025, 12, 1), 12, date(2026, 12, 1)),
])
def test_months_end_where_the_month_ends(day, months, expected):
    assert rules.add_months(day, months) == expected


def test_working_days_are_counted_forward_only():
    week = Calendar(frozenset())
    assert rules.add_working_days(date(2025, 8, 2), 0, week) == date(2025, 8, 4)
    assert rules.working_days_between(date(2025, 8, 1), date(2025, 8, 8), week) == 5
    assert rules.working_days_between(date(2025, 8, 8), date(2025, 8, 1), week) == -5
    with pytest.raises(ValueError, match="forward"):
        rules.add_working_days(date(2025, 8, 1), -1, week)


def test_steps_due_from_their_anchor():
    model = queries.rules_on(KH, date(2025, 3, 1)).service_model("apparel")
    calendar = queries.calendar(KH)
    start, released = date(2025, 3, 1), date(2025, 9, 5)
    due = {key: rules.due_on(model.step(key), anchor, calendar) for key, anchor in (
        ("register", start), ("initial_advisory", start), ("committee", start), ("progress_2", start),
        ("renewal", start), ("progress_1", released), ("buyers_open", released))}
    assert due == {
        "register": date(2025, 3, 1), "initial_advisory": date(2025, 6, 9), "committee": None,
        "progress_2": date(2026, 1, 1), "renewal": date(2026, 3, 1), "progress_1": date(2025, 10, 5),
        "buyers_open": date(2025, 9, 5)}


def test_the_local_day_is_the_country_s():
    assert queries.local_today(KH, datetime(2025, 3, 1, 16, 59, tzinfo=UTC)) == date(2025, 3, 1)
    assert queries.local_today(KH, datetime(2025, 3, 1, 17, 0, tzinfo=UTC)) == date(2025, 3, 2)


def test_every_programme_has_a_name_and_rules_today():
    assert queries.all_programmes() == ["BD", "HT", "ID", "JO", KH, "LS", "MM", "NI", "VN"]
    assert queries.programme_name(KH, "fr") == "Cambodge"
    assert queries.programme_name(KH, "ar") == "Cambodia"
    assert list(queries.programme_names("fr").items())[:3] == [
        ("BD", "Bangladesh"), (KH, "Cambodge"), ("HT", "Haïti")]
    assert {code: queries.rules_today(code).code for code in queries.all_programmes()} == {
        code: code for code in queries.all_programmes()}
