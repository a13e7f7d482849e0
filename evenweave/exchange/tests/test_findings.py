"""findings.xlsx: for each person exactly what that person may see."""

import datetime as dt
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import load_workbook

from evenweave.improvement.models import PlanItem
from evenweave.improvement.services import add_action, edit_item, share_details
from evenweave.reports.tests.scene import a_released_scene, after_release

SHEET = "/data/findings.xlsx"
CAUSE = "=HYPERLINK(\"http://x\") nobody checks the exits"


@pytest.fixture
def released(db):
    """Mekong Stitch's first report; the factory has written why and what, and shown it to nobody yet."""
    released = a_released_scene()
    manager = released.cast.manager
    item = PlanItem.objects.get()
    with after_release(3):
        edit_item(
            ref=item.ref, immediate_action="", whys=[], root_cause=CAUSE, revision=1, by=manager
        )
        add_action(
            ref=item.ref, text="Name a keeper of the keys", owner_name="Chan Sopheap", owner_side="management",
            due_on=dt.date(2026, 1, 15), by=manager,
        )
    return released


def rows(client, person, **query) -> list[dict]:
    client.force_login(person)
    answer = client.get(SHEET, query)
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    table = load_workbook(io.BytesIO(answer.content)).get_sheet_by_name("Findings").to_python()
    return [dict(zip(table[0], row, strict=True)) for row in table[1:]]


def test_who_takes_findings_out(released, seen_by):
    may = {
        "manager", "worker", "other_manager", "coach", "buyer", "unpaid_buyer", "stranger_buyer", "team_leader",
        "programme_manager", "quality", "foreign_manager",
    }
    for url in (SHEET, reverse("data_page")):
        for who, status in seen_by(released.cast, url).items():
            assert status == (200 if who in may else 302 if who == "anonymous" else 403), (url, who)


def test_each_person_finds_exactly_the_findings_they_may_see(released, client):
    cast = released.cast
    readers = {
        who for who in (
            "manager", "worker", "other_manager", "coach", "buyer", "unpaid_buyer", "stranger_buyer", "team_leader",
            "programme_manager", "quality", "foreign_manager",
        )
        if [row["Question"] for row in rows(client, getattr(cast, who))] == ["SH-01"]
    }
    assert readers == {"manager", "worker", "coach", "buyer", "team_leader", "programme_manager", "quality"}


def test_causes_and_actions_are_there_for_buyers_once_the_factory_shares_them(released, client):
    cast = released.cast

    def said(person) -> tuple:
        (row,) = rows(client, person)
        return row["Root cause"], row["Action"], row["Due"], row["Owner role"]

    whole = ("'" + CAUSE, "Name a keeper of the keys", dt.date(2026, 1, 15), "management")
    with after_release(4):
        assert said(cast.manager) == whole
        assert said(cast.coach) == whole
        assert said(cast.buyer) == ("", "", "", "")
        share_details(plan_ref=PlanItem.objects.get().plan.ref, by=cast.manager)
        assert said(cast.buyer) == whole


def test_a_row_says_the_finding_the_report_and_the_state_of_its_item(released, client):
    with after_release(4):
        (row,) = rows(client, released.cast.buyer)
    finding = released.facts["findings"][0]
    assert (row["Finding ID"], row["Factory"], row["Country"], row["Finding"]) == (
        finding["ref"], "Mekong Stitch", "Cambodia", finding["text"]["en"],
    )
    assert (row["Status"], row["First seen"]) == ("Pending", dt.date(2025, 12, 1))


def test_reports_are_chosen_by_day_and_factory_and_a_bad_day_is_said(released, client):
    cast = released.cast
    assert len(rows(client, cast.buyer, since="2025-12-01")) == 1
    assert rows(client, cast.buyer, since="2025-12-02") == []
    assert len(rows(client, cast.buyer, factory=cast.factory.ref)) == 1
    assert rows(client, cast.buyer, factory=cast.other_factory.ref) == []
    page = client.get(SHEET, {"since": "yesterday"})
    assert page.context["form"].errors["since"]


def test_more_reports_than_a_sheet_holds_are_narrowed_first(released, client, monkeypatch):
    monkeypatch.setattr("evenweave.exchange.queries.MOST_REPORTS", 0)
    client.force_login(released.cast.buyer)
    assert "Choose a later day." in client.get(SHEET).content.decode()


def test_the_page_counts_what_can_be_taken_out(released, client):
    client.force_login(released.cast.buyer)
    assert "the findings of 1 report" in client.get(reverse("data_page")).content.decode()
    client.force_login(released.cast.unpaid_buyer)
    assert "No report yet" in client.get(reverse("data_page")).content.decode()


def test_the_sheet_asks_as_many_questions_for_no_report_as_for_one_but_those_of_its_rows(released, client):
    def questions(**query) -> int:
        with CaptureQueriesContext(connection) as asked:
            rows(client, released.cast.manager, **query)
        return len(asked)

    questions()
    assert questions() <= questions(since="2030-01-01") + 8
