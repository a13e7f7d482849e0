"""The calendar feed: a person's own committees, by a secret that can be renewed, and nothing else."""

from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
from django.urls import reverse

from evenweave.committees import services
from evenweave.committees.models import CalendarFeed, Member
from evenweave.committees.tests import scene
from evenweave.improvement.services import add_action
from evenweave.people.models import Person
from evenweave.toolkit import clock
from tests import builders


def read(client, token) -> dict[str, icalendar.Event]:
    answer = client.get(reverse("calendar_ics", args=[token]))
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert "no-store" in answer["Cache-Control"]
    found = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    return {str(event["SUMMARY"]): event for event in found}


@pytest.fixture
def days(table):
    """A meeting that decides, one called off, an election to come."""
    meeting = scene.opened(table, table.committee)
    point = services.add_point(meeting_ref=meeting.ref, title="Fans; two, a line", by=table.worker)
    services.decide(
        point_ref=point.ref, text="Buy them", owner_name="Keo Vanna", owner_side="management",
        due_on=date(2026, 12, 15), by=table.manager,
    )
    off = scene.planned(table, table.committee)
    services.call_off_meeting(ref=off.ref, reason="Flood", by=table.manager)
    services.call_election(
        committee_ref=table.committee.ref, seats=2, marks_each=1, nominations_until_on=date(2027, 1, 5),
        polling_on=date(2027, 1, 12), place="Canteen, hall 2", by=table.manager,
    )
    add_action(ref=table.item.ref, text="Of the plan alone", owner_name="X", owner_side="workers",
               due_on=date(2026, 12, 1), by=table.manager)
    return table


def test_the_days_of_a_committee(days, client):
    events = read(client, services.renew_feed(by=days.worker))
    assert set(events) == {
        "Committee meeting, Mekong Stitch", "Workers vote, Mekong Stitch", "Item 3 is due, Mekong Stitch",
        "A term on the committee ends, Mekong Stitch",
    }
    meeting = events["Committee meeting, Mekong Stitch"]
    # Half past nine in Phnom Penh; an hour, as long as nobody says when it ends.
    assert meeting["DTSTART"].dt == datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
    assert meeting["DTEND"].dt - meeting["DTSTART"].dt == timedelta(hours=1)
    assert str(meeting["LOCATION"]) == "Meeting room 2"
    vote = events["Workers vote, Mekong Stitch"]
    assert (vote["DTSTART"].dt, vote["DTEND"].dt) == (date(2027, 1, 12), date(2027, 1, 13))
    assert str(vote["LOCATION"]) == "Canteen, hall 2"
    assert str(vote["URL"]).startswith("http://testserver/committees/elections/")


def test_it_is_in_its_owners_language(days, client):
    days.worker.language = "fr"
    days.worker.save()
    with clock.at(scene.MET):
        token = services.renew_feed(by=days.worker)
    answer = client.get(reverse("calendar_ics", args=[token]), headers={"Accept-Language": "en"})
    assert answer.status_code == 200


def test_only_ones_own_committees_are_in_it(days, client):
    assert read(client, services.renew_feed(by=days.other_manager)) == {}
    assert len(read(client, services.renew_feed(by=days.team_leader))) == 4


def test_a_new_address_ends_the_one_before_and_none_is_kept(days, client):
    old = services.renew_feed(by=days.worker)
    new = services.renew_feed(by=days.worker)
    assert client.get(reverse("calendar_ics", args=[old])).status_code == 404
    assert read(client, new)
    assert new not in CalendarFeed.objects.get().token_hash
    services.stop_feed(by=days.worker)
    assert client.get(reverse("calendar_ics", args=[new])).status_code == 404


def test_who_has_left_or_whose_account_is_closed_reads_nothing(days, client):
    token = services.renew_feed(by=days.worker)
    services.member_leaves(
        ref=Member.objects.get(person=days.worker).ref, left_on=scene.MET.date(), reason="", by=days.worker
    )
    with clock.at(scene.MET + timedelta(minutes=1)):
        assert read(client, token) == {}
    Person.objects.filter(pk=days.worker.pk).update(is_active=False)
    assert client.get(reverse("calendar_ics", args=[token])).status_code == 404


def test_nothing_of_an_assessment_is_ever_in_it(days, client):
    """Not for the team leader either, who planned the day: a calendar program keeps what it reads anywhere."""
    second = builders.a_cycle(days.factory, 2, starts_on=date(2026, 11, 10))
    day_on = date(2026, 12, 3)
    builders.an_assessment(second, planner=days.programme_manager, day_on=day_on)
    for who in (days.team_leader, days.programme_manager, days.coach, days.manager, days.worker):
        answer = client.get(reverse("calendar_ics", args=[services.renew_feed(by=who)]))
        text = answer.content.decode()
        assert "20261203" not in text
        assert "assess" not in text.lower()


def test_the_address_is_shown_once(days, client):
    client.force_login(days.worker)
    page = client.post(reverse("calendar_feed"), {"act": "renew"})
    assert ".ics" in page.content.decode()
    assert ".ics" not in client.get(reverse("calendar_feed")).content.decode()
