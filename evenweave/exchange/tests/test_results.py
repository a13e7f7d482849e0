"""The latest results side by side, for everybody of the cast."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evenweave.enrolment.models import Cycle
from evenweave.improvement.models import PlanItem
from evenweave.indicators.models import FactoryResult
from evenweave.reports.models import Report
from evenweave.reports.tests.scene import a_released_scene, after_release
from tests import builders

URL = "/factories/results/"


@pytest.fixture
def released(db):
    return a_released_scene()


def another_year(released, number: int, points: int, *, paid: bool) -> FactoryResult:
    """A later report of the same factory with this many points with findings."""
    cast = released.cast
    cycle = builders.a_cycle(cast.factory, number, starts_on=released.assessment.cycle.starts_on.replace(year=2030))
    assessment = builders.an_assessment(
        cycle, tool=released.assessment.tool, planner=cast.programme_manager, state="released", sharing=30
    )
    if paid:
        builders.paid(cast.nordlys, cycle)
    Report.objects.create(
        assessment=assessment, factory=cast.factory, cycle=cycle, programme="KH", version=1, facts="{}",
        facts_hash="0", released_by=cast.programme_manager,
    )
    FactoryResult.objects.filter(factory=cast.factory).update(is_latest=False)
    return FactoryResult.objects.create(
        assessment=assessment, factory=cast.factory, programme="KH", cycle_number=number, points_assessed=38,
        points_noncompliant=points, findings=points, public_findings=0, points={},
        released_at=released.report.released_at,
    )


def lines(client, person, **query) -> list[tuple]:
    """(factory, latest, change, open items) of each line."""
    client.force_login(person)
    shown = client.get(URL, query).context["lines"]
    return [(line.name, line.latest, line.of, line.change, line.open_items) for line in shown]


def test_who_opens_the_page_and_what_they_find(released, client, seen_by):
    cast = released.cast
    readers = {"manager", "worker", "coach", "buyer", "team_leader", "programme_manager", "quality", "assessor",
               "second_assessor", "reviewer"}
    nothing = {"other_manager", "unpaid_buyer", "stranger_buyer", "foreign_manager"}
    for who, status in seen_by(cast, URL).items():
        expected = 200 if who in readers | nothing else 302 if who == "anonymous" else 403
        assert status == expected, who
    found = {who for who in readers | nothing if lines(client, getattr(cast, who))}
    assert found == readers
    client.force_login(cast.ministry)
    assert URL not in client.get("/factories/").content.decode()
    client.force_login(cast.buyer)
    assert URL in client.get("/factories/").content.decode()


def test_a_line_says_the_latest_result_and_the_change(released, client):
    cast, first = released.cast, FactoryResult.objects.get()
    own = (first.points_noncompliant, first.points_assessed)
    with after_release(1):
        assert lines(client, cast.buyer) == [("Mekong Stitch", *own, "first", "1")]
        another_year(released, 2, own[0] + 3, paid=True)
        assert lines(client, cast.buyer) == [("Mekong Stitch", own[0] + 3, 38, "3 more", "1")]


def test_a_buyer_s_latest_is_the_latest_that_it_paid_for(released, client):
    cast, first = released.cast, FactoryResult.objects.get()
    another_year(released, 2, 20, paid=False)
    own = ("Mekong Stitch", first.points_noncompliant, first.points_assessed, "first", "1")
    assert lines(client, cast.buyer) == [own]
    client.force_login(cast.buyer)
    assert "20" not in re.findall(r"<b>(\d+)</b>", client.get(URL).content.decode())
    assert lines(client, cast.manager)[0][1:3] == (20, 38)


def test_late_items_count_only_where_the_details_are_shared(released, client):
    from datetime import date

    from evenweave.improvement.services import add_action, share_details

    cast, item = released.cast, PlanItem.objects.get()

    def late(person) -> list[int]:
        client.force_login(person)
        return [line.late_items for line in client.get(URL).context["lines"]]

    with after_release(1):
        add_action(
            ref=item.ref, text="Keys", owner_name="Sok", owner_side="management", due_on=date(2025, 12, 20),
            by=cast.manager,
        )
    with after_release(60):
        assert (late(cast.manager), late(cast.buyer)) == ([1], [0])
        share_details(plan_ref=item.plan.ref, by=cast.manager)
        assert (late(cast.manager), late(cast.buyer)) == ([1], [1])


def test_search_and_sorting_are_in_the_address(released, client):
    person = released.cast.programme_manager
    assert len(lines(client, person, q="mekong")) == 1
    assert lines(client, person, q="tonle") == []
    for sort in ("name", "-latest", "released", "nonsense"):
        assert len(lines(client, person, sort=sort)) == 1


def test_as_many_questions_for_thirty_factories_as_for_one(released, client):
    cast = released.cast

    def questions(person) -> int:
        client.force_login(person)
        client.get(URL)
        with CaptureQueriesContext(connection) as asked:
            client.get(URL)
        return len(asked)

    people = (cast.buyer, cast.programme_manager)
    one = [questions(person) for person in people]
    for number in range(29):
        factory = builders.a_factory(f"Factory {number}")
        builders.consented(cast.nordlys, factory)
        cycle: Cycle = builders.a_cycle(factory)
        builders.paid(cast.nordlys, cycle)
        assessment = builders.an_assessment(
            cycle, tool=released.assessment.tool, planner=cast.programme_manager, state="released", sharing=30
        )
        Report.objects.create(
            assessment=assessment, factory=factory, cycle=cycle, programme="KH", version=1, facts="{}", facts_hash="0",
            released_by=cast.programme_manager,
        )
        FactoryResult.objects.create(
            assessment=assessment, factory=factory, programme="KH", cycle_number=1, points_assessed=38,
            points_noncompliant=4, findings=4, public_findings=0, points={}, released_at=released.report.released_at,
        )
    assert [questions(person) for person in people] == one
    assert len(lines(client, cast.buyer)) == 30
