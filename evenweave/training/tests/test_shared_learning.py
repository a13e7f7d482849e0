"""Seminars, and the library of good practice: what is read with consent, and gone without."""

from datetime import date

import pytest
from django.http import Http404
from django.urls import reverse

from evenweave.notifications.models import Notice
from evenweave.toolkit.refusals import Refused
from evenweave.training import services
from evenweave.training.models import Guest, Practice, Seminar
from evenweave.training.queries.seminars import library, told
from evenweave.training.tests.scene import FIRST, morning
from tests import builders

pytestmark = pytest.mark.django_db

TEXTS = {"title": "Fans over the presses", "problem": "Workers fainted.", "done": "We moved two fans.",
         "result": "Nobody fainted since April.", "course": "occupational-safety-and-health"}
READERS = ("manager", "worker", "other_manager", "buyer", "unpaid_buyer", "stranger_buyer", "coach", "assessor",
           "reviewer", "team_leader", "programme_manager", "quality", "foreign_manager")


def written(cast) -> Practice:
    with morning():
        return services.write_practice(factory_ref=cast.factory.ref, by=cast.worker, **TEXTS)


def published(cast, *, is_named: bool) -> Practice:
    one = written(cast)
    with morning():
        services.consent_to_practice(ref=one.ref, is_named=is_named, by=cast.manager)
        services.publish_practice(ref=one.ref, by=cast.team_leader)
    return one


def a_seminar(cast, seats: int = 5) -> Seminar:
    with morning():
        return services.plan_seminar(
            programme="KH", title="Heat in summer", on=FIRST, place="Phnom Penh", seats=seats,
            agenda="What the law says\nWhat worked", speakers="Dr Chea, physician", by=cast.team_leader,
        )


def readers_of(cast, client, one: Practice) -> set[str]:
    found = set()
    for key in READERS:
        client.force_login(getattr(cast, key))
        in_list = one.title in client.get(reverse("practice_list")).content.decode()
        assert in_list == library(getattr(cast, key)).filter(pk=one.pk).exists()
        found |= {key} if in_list else set()
    return found


def test_it_is_read_by_all_while_consent_stands_and_by_nobody_after(cast, client):
    one = written(cast)
    assert readers_of(cast, client, one) == set()
    with morning(), pytest.raises(Refused, match="has not consented"):
        services.publish_practice(ref=one.ref, by=cast.team_leader)
    with morning():
        services.consent_to_practice(ref=one.ref, is_named=True, by=cast.manager)
    assert readers_of(cast, client, one) == set()
    with morning():
        services.publish_practice(ref=one.ref, by=cast.team_leader)
    assert readers_of(cast, client, one) == set(READERS)
    with morning():
        services.withdraw_practice(ref=one.ref, by=cast.manager)
    assert readers_of(cast, client, one) == set()
    opened = {}
    for key in READERS:
        client.force_login(getattr(cast, key))
        opened[key] = client.get(one.get_absolute_url()).status_code
    assert {key for key, status in opened.items() if status == 200} == {
        "manager", "worker", "coach", "team_leader", "programme_manager"
    }
    # A new consent does not publish by itself.
    with morning():
        services.consent_to_practice(ref=one.ref, is_named=True, by=cast.manager)
    assert readers_of(cast, client, one) == set()
    assert one.consents.count() == 2


def test_a_factory_that_is_not_named_stands_nowhere_and_is_not_found_by_its_name(cast, client):
    one = published(cast, is_named=False)
    for key in ("other_manager", "buyer", "quality", "foreign_manager"):
        client.force_login(getattr(cast, key))
        for url in (reverse("practice_list"), one.get_absolute_url()):
            page = client.get(url).content.decode()
            assert "Fans over the presses" in page
            assert "Mekong Stitch" not in page.split("<main")[1]
    assert [each.who for each in told(library(cast.buyer))] == [""]
    assert not library(cast.buyer, "Mekong").exists()
    with morning():
        services.withdraw_practice(ref=one.ref, by=cast.manager)
        services.consent_to_practice(ref=one.ref, is_named=True, by=cast.manager)
        services.publish_practice(ref=one.ref, by=cast.programme_manager)
    assert [each.who for each in told(library(cast.buyer, "mekong FANS"))] == ["Mekong Stitch"]


def test_all_words_must_occur_and_subjects_narrow(cast):
    published(cast, is_named=False)
    for words, course, count in (
        ("", "", 1), ("fainted presses", "", 1), ("fainted sprinkler", "", 0), ("", "productivity", 0),
        ("fans", "occupational-safety-and-health", 1),
    ):
        assert library(cast.quality, words, course).count() == count, words
    assert not library(cast.ministry).exists()
    assert not library(cast.nobody).exists()


def test_the_text_that_was_consented_to_stays_as_it_is(cast):
    one = published(cast, is_named=True)
    with morning(), pytest.raises(Refused, match="consented to this text"):
        services.edit_practice(ref=one.ref, by=cast.worker, **TEXTS)
    with morning():
        services.withdraw_practice(ref=one.ref, by=cast.manager)
        services.edit_practice(ref=one.ref, by=cast.worker, **(TEXTS | {"title": "Three fans"}))
    assert Practice.objects.get().title == "Three fans"
    for step in (services.consent_to_practice, services.withdraw_practice):
        for person in (cast.worker, cast.other_manager, cast.coach, cast.programme_manager):
            with pytest.raises(Http404):
                step(ref=one.ref, by=person, **({"is_named": True} if step is services.consent_to_practice else {}))


def test_each_step_tells_who_is_to_take_the_next(cast, client):
    published(cast, is_named=True)
    told_of = {kind: set(Notice.objects.filter(kind=kind).values_list("person__name", flat=True)) for kind in (
        "practice.written", "practice.consented", "practice.published")}
    assert told_of == {
        "practice.written": {"Chan Sopheap"}, "practice.consented": {"Prak Nary", "Ros Samnang"},
        "practice.published": {"Chan Sopheap"},
    }
    written(cast)
    client.force_login(cast.manager)
    assert "Let others read a good practice of yours?" in client.get("/today/").content.decode()


# Seminars


def test_no_more_come_than_there_are_seats_and_the_last_number_said_counts(cast):
    seminar = a_seminar(cast)
    builders.consented(cast.nordlys, cast.factory)
    with morning():
        services.join_seminar(ref=seminar.ref, who_ref=cast.factory.ref, people=4, by=cast.manager)
        with pytest.raises(Refused, match="Only 1 seat is left"):
            services.join_seminar(ref=seminar.ref, who_ref=cast.nordlys.ref, people=2, by=cast.buyer)
        services.join_seminar(ref=seminar.ref, who_ref=cast.factory.ref, people=2, by=cast.manager)
        services.join_seminar(ref=seminar.ref, who_ref=cast.nordlys.ref, people=3, by=cast.buyer)
    assert sorted(Guest.objects.values_list("people", flat=True)) == [2, 3]


def test_a_buyers_officer_never_speaks_for_a_factory(cast):
    seminar = a_seminar(cast)
    builders.consented(cast.nordlys, cast.factory)
    for who, person in ((cast.factory, cast.buyer), (cast.other_factory, cast.manager), (cast.costa, cast.buyer)):
        with morning(), pytest.raises(Refused, match="for whom you answer"):
            services.join_seminar(ref=seminar.ref, who_ref=who.ref, people=1, by=person)
    for person in (cast.stranger_buyer, cast.foreign_manager, cast.ministry):
        with morning(), pytest.raises(Http404):
            services.join_seminar(ref=seminar.ref, who_ref=cast.roth.ref, people=1, by=person)


def test_buyers_do_not_learn_of_each_other(cast, client):
    seminar = a_seminar(cast)
    for buyer, person in ((cast.nordlys, cast.buyer), (cast.costa, cast.unpaid_buyer)):
        builders.consented(buyer, cast.factory)
        with morning():
            services.join_seminar(ref=seminar.ref, who_ref=buyer.ref, people=1, by=person)
    shown = {}
    for key in ("buyer", "unpaid_buyer", "manager", "team_leader"):
        client.force_login(getattr(cast, key))
        page = client.get(seminar.get_absolute_url()).content.decode()
        shown[key] = {name for name in ("Nordlys", "Costa Moda") if name in page}
    assert shown == {"buyer": {"Nordlys"}, "unpaid_buyer": {"Costa Moda"}, "manager": set(),
                     "team_leader": {"Nordlys", "Costa Moda"}}


def test_what_was_heard_is_read_by_those_who_could_not_come(cast, client):
    seminar = a_seminar(cast)
    with morning(), pytest.raises(Refused, match="not come yet"):
        services.hold_seminar(ref=seminar.ref, summary="Heat kills.", by=cast.team_leader)
    with morning(FIRST), pytest.raises(Refused, match="Say what was heard"):
        services.hold_seminar(ref=seminar.ref, summary=" ", by=cast.team_leader)
    with morning(date(2026, 3, 20)):
        services.hold_seminar(ref=seminar.ref, summary="Heat kills.", by=cast.team_leader)
    client.force_login(cast.other_manager)
    assert "Heat kills." in client.get(seminar.get_absolute_url()).content.decode()
    with morning(), pytest.raises(Refused, match="is over"):
        services.join_seminar(ref=seminar.ref, who_ref=cast.factory.ref, people=1, by=cast.manager)


def test_who_wanted_to_come_is_told_that_it_does_not_take_place(cast):
    seminar = a_seminar(cast)
    with morning():
        services.join_seminar(ref=seminar.ref, who_ref=cast.factory.ref, people=1, by=cast.manager)
        services.cancel_seminar(ref=seminar.ref, reason="A flood.", by=cast.team_leader)
    assert set(Notice.objects.filter(kind="seminar.cancelled").values_list("person__name", flat=True)) == {
        "Chan Sopheap"
    }


def test_a_text_that_lacks_something_keeps_what_was_typed(cast, client):
    client.force_login(cast.worker)
    url = reverse("practice_write", args=[cast.factory.ref])
    refused = client.post(url, TEXTS | {"result": ""})
    assert (refused.status_code, Practice.objects.count()) == (422, 0)
    assert "We moved two fans." in refused.content.decode()
    assert client.post(url, TEXTS).status_code == 302
