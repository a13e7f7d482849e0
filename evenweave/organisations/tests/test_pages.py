"""The list, the page and the forms of factories, for everybody of the cast."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evenweave.access.enums import Role
from evenweave.access.models import Standing
from evenweave.activity.models import Entry
from evenweave.organisations import services
from evenweave.organisations.models import Factory
from tests import builders

LIST = "/factories/"
# Nothing of a profile but this marks who reads it.
SECRETS = ("Owner Holdings", "4,321", "Sok Rithy", "Largest Buyer")


@pytest.fixture
def tied(cast):
    """Both buyers have the factory's consent, one has paid; a factory of another programme exists."""
    cycle = builders.a_cycle(cast.factory)
    builders.consented(cast.nordlys, cast.factory)
    builders.paid(cast.nordlys, cycle)
    builders.consented(cast.costa, cast.factory)
    builders.a_factory("Amman Denim", programme="JO", country="JO", city="Amman")
    services.correct_factory(ref=cast.factory.ref, by=cast.team_leader, data={
        "workers_total": 4321, "owner_name": "Owner Holdings",
        "contacts": [{"name": "Sok Rithy", "job_title": "", "phone": "", "email": ""}],
        "customers": [{"name": "Largest Buyer", "years": 3}],
    })
    return cast


def names_on(client, person, url=LIST) -> set[str]:
    client.force_login(person)
    text = client.get(url).content.decode()
    return {name for name in ("Mekong Stitch", "Tonle Garment", "Amman Denim") if name in text}


def test_each_person_lists_exactly_the_factories_they_may_see(tied, client):
    mekong, both, everything = {"Mekong Stitch"}, {"Mekong Stitch", "Tonle Garment"}, {
        "Mekong Stitch", "Tonle Garment", "Amman Denim",
    }
    expected = {
        "manager": mekong, "worker": mekong, "other_manager": {"Tonle Garment"},
        "coach": both, "assessor": both, "second_assessor": both, "reviewer": both,
        "buyer": mekong, "unpaid_buyer": mekong, "stranger_buyer": set(),
        "team_leader": both, "programme_manager": both, "ministry": both,
        "foreign_manager": {"Amman Denim"}, "quality": everything,
    }
    assert {who: names_on(client, getattr(tied, who)) for who in expected} == expected


def test_who_opens_the_list_and_a_factory(tied, seen_by):
    may_list = {
        "manager", "worker", "other_manager", "coach", "buyer", "unpaid_buyer", "stranger_buyer", "team_leader",
        "programme_manager", "ministry", "foreign_manager", "quality", "assessor", "second_assessor", "reviewer",
    }
    may_open = may_list - {"other_manager", "stranger_buyer", "foreign_manager"}
    listed, opened = seen_by(tied, LIST), seen_by(tied, tied.factory.get_absolute_url())
    for who in tied.people:
        stranger = 302 if who == "anonymous" else 403
        assert listed[who] == (200 if who in may_list else stranger), who
        assert opened[who] == (200 if who in may_open else 404 if who in may_list else stranger), who


def test_only_some_read_the_profile(tied, client):
    readers = {"manager", "worker", "coach", "team_leader", "programme_manager", "quality"}
    for who in readers | {"buyer", "unpaid_buyer", "ministry", "assessor", "reviewer"}:
        client.force_login(getattr(tied, who))
        text = client.get(tied.factory.get_absolute_url()).content.decode()
        assert "Phnom Penh" in text
        assert {secret for secret in SECRETS if secret in text} == (set(SECRETS) if who in readers else set()), who


def test_a_row_is_locked_with_its_reason_only_for_the_buyer_who_has_not_paid(tied, client):
    locked = set()
    for who in ("buyer", "unpaid_buyer", "manager", "ministry", "programme_manager"):
        client.force_login(getattr(tied, who))
        if "No cycle is paid yet" in client.get(LIST).content.decode():
            locked.add(who)
    assert locked == {"unpaid_buyer"}
    client.force_login(tied.unpaid_buyer)
    assert "1 January 2020" in client.get(LIST).content.decode().replace("Jan.", "January").replace(
        "January 1, 2020", "1 January 2020"
    )


def test_search_finds_by_name_place_and_os_id_whatever_case_and_marks(tied, client):
    builders.a_factory("Hồng Vân Sợi", city="Nam Định", os_id="KH2020011ABCDEF")
    found = {}
    for words in ("hong van", "SOI", "nam dinh", "kh2020011abcdef", "van nam", "vanx", "100%", "_"):
        client.force_login(tied.programme_manager)
        found[words] = "Hồng Vân Sợi" in client.get(LIST, {"q": words}).content.decode()
    assert found == {
        "hong van": True, "SOI": True, "nam dinh": True, "kh2020011abcdef": True, "van nam": True, "vanx": False,
        "100%": False, "_": True,  # a sign alone is no word: everything is listed
    }


def test_filters_are_in_the_address_and_an_unknown_one_is_none(tied, client):
    shoe = builders.a_factory("Svay Rieng Shoes", city="Bavet", region="Svay Rieng")
    services.correct_factory(ref=shoe.ref, data={"sectors": ["footwear"]}, by=tied.team_leader)
    builders.a_factory("Old Mill", region="Kandal", status="closed", status_reason="Burnt down")
    client.force_login(tied.programme_manager)

    def listed(**query):
        text = client.get(LIST, query).content.decode()
        return {n for n in ("Mekong Stitch", "Tonle Garment", "Svay Rieng Shoes", "Old Mill") if f">{n}<" in text}

    active = {"Mekong Stitch", "Tonle Garment", "Svay Rieng Shoes"}
    assert listed() == active
    assert listed(sector="footwear") == {"Svay Rieng Shoes"}
    assert listed(region="Svay Rieng") == {"Svay Rieng Shoes"}
    assert listed(status="closed") == {"Old Mill"}
    assert listed(status="all") == active | {"Old Mill"}
    assert listed(sector="footwear", q="mekong") == set()
    assert listed(sector="submarines", status="merged", region="Atlantis") == active


def test_sorting_and_pages_are_links(tied, client):
    for number in range(60):
        builders.a_factory(f"Factory {number:02}", city=f"City {99 - number:02}")
    client.force_login(tied.programme_manager)

    def rows(**query):
        text = client.get(LIST, query).content.decode()
        return re.findall(r'<th scope="row"><div><a href="[^"]+"><bdi>([^<]+)</bdi>', text)

    assert rows()[:2] == ["Factory 00", "Factory 01"]
    assert len(rows()) == 50
    assert rows(page=2)[-2:] == ["Mekong Stitch", "Tonle Garment"]
    assert rows(sort="-name")[0] == "Tonle Garment"
    assert rows(sort="place")[0] == "Factory 59"
    assert rows(page=99) == rows(page=2)
    assert rows(sort="owner_name") == rows()


def test_the_list_asks_as_many_questions_at_two_factories_as_at_sixty(tied, client):
    def questions(person) -> int:
        client.force_login(person)
        client.get(LIST)
        with CaptureQueriesContext(connection, ) as asked:
            assert client.get(LIST).status_code == 200
        return len(asked)

    people = (tied.programme_manager, tied.buyer, tied.manager, tied.quality)
    few = [questions(person) for person in people]
    for number in range(60):
        factory = builders.a_factory(f"Factory {number:02}")
        builders.consented(tied.nordlys, factory)
        Standing.objects.create(
            holder=tied.manager, role=Role.FACTORY_MANAGER, factory=factory, starts_at=builders.LONG_AGO
        )
    assert [questions(person) for person in people] == few
    assert max(few) <= 20


def test_a_merged_record_leads_to_its_survivor_for_those_who_see_it(tied, client):
    twin = builders.a_factory("Mekong Twin", status="merged", merged_into=tied.factory)
    builders.consented(tied.roth, twin)
    led = {}
    for who in ("programme_manager", "quality", "ministry", "stranger_buyer", "manager", "foreign_manager"):
        client.force_login(getattr(tied, who))
        response = client.get(twin.get_absolute_url())
        led[who] = response.get("Location") or response.status_code
    there = tied.factory.get_absolute_url()
    assert led == {
        "programme_manager": there, "quality": there, "ministry": there,
        "stranger_buyer": 404, "manager": 404, "foreign_manager": 404,
    }
    client.force_login(tied.programme_manager)
    assert "Mekong Twin" not in client.get(LIST, {"status": "all"}).content.decode()


def test_who_opens_the_forms(tied, seen_by):
    ref = tied.factory.ref
    register = seen_by(tied, reverse("factory_register"))
    may_register = {"team_leader", "programme_manager", "foreign_manager"}
    correct, close = seen_by(tied, reverse("factory_correct", args=[ref])), seen_by(
        tied, reverse("factory_close", args=[ref])
    )
    editors = {"manager", "coach", "team_leader", "programme_manager"}
    elsewhere = {"other_manager", "foreign_manager"}
    for who in tied.people:
        stranger = 302 if who == "anonymous" else 403
        assert register[who] == (200 if who in may_register else stranger), who
        assert correct[who] == (200 if who in editors else 404 if who in elsewhere else stranger), who
        # A closed factory leaves the rates: that is the leaders' word, not the factory's or its coach's.
        leaders, abroad = {"team_leader", "programme_manager"}, {"foreign_manager"}
        assert close[who] == (200 if who in leaders else 404 if who in abroad else stranger), who


def test_registering_keeps_what_was_typed_until_it_is_right(tied, client):
    client.force_login(tied.team_leader)
    typed = {
        "programme": "KH", "name": "Bopha Knits", "sectors": ["apparel"], "workers_total": "10", "workers_female": "8",
        "workers_male": "3", "phone": "not a number", "contact_1_phone": "012 345 678", "os_id": "KH2020011ABCDEF",
    }
    text = client.post(reverse("factory_register"), typed).content.decode()
    assert not Factory.objects.filter(name="Bopha Knits").exists()
    for kept in ("Bopha Knits", "not a number", "012 345 678", "KH2020011ABCDEF", 'value="3"'):
        assert kept in text or kept == "012 345 678"
    for said in ("do not add up", "Enter a telephone number such as", "Enter the name that belongs to this"):
        assert text.count(said) == 2, said  # in the summary and at the field
    right = typed | {"workers_male": "2", "phone": "023 216 789", "contact_1_name": "Sok"}
    response = client.post(reverse("factory_register"), right)
    factory = Factory.objects.get(name="Bopha Knits")
    assert response["Location"] == factory.get_absolute_url()
    assert (factory.phone, factory.contacts.get().name) == ("+855 23 216 789", "Sok")


def test_one_registers_in_one_s_own_programme_only(tied, client):
    client.force_login(tied.foreign_manager)
    typed = {"programme": "KH", "name": "Bopha Knits", "sectors": ["apparel"]}
    assert client.post(reverse("factory_register"), typed).status_code == 200
    assert not Factory.objects.filter(name="Bopha Knits").exists()


def fields_of(response) -> dict[str, str]:
    """What a browser would send back of the form."""
    form = response.context["form"]
    values = {bound.html_name: bound.value() for bound in form}
    return {name: value for name, value in values.items() if value not in (None, False, "")}


def test_two_people_correct_the_same_profile_and_nothing_is_lost(tied, client):
    url = reverse("factory_correct", args=[tied.factory.ref])
    client.force_login(tied.coach)
    mine = fields_of(client.get(url)) | {"city": "Kampot", "phone": "023 216 789"}
    client.force_login(tied.manager)
    theirs = fields_of(client.get(url)) | {"city": "Kep", "products": "Jeans"}
    assert client.post(url, theirs).status_code == 302
    client.force_login(tied.coach)
    response = client.post(url, mine)
    text = response.content.decode()
    assert response.status_code == 200
    assert "Chan Sopheap corrected this profile" in text
    assert response.context["overlaps"] == [("City", "Kampot", "Kep")] or response.context["overlaps"] == [
        ("city", "Kampot", "Kep")
    ]
    saved = Factory.objects.get(pk=tied.factory.pk)
    assert (saved.city, saved.products) == ("Kep", "Jeans")
    assert client.post(url, fields_of(response)).status_code == 302
    saved.refresh_from_db()
    assert (saved.city, saved.products, saved.phone) == ("Kampot", "Jeans", "+855 23 216 789")
    assert Entry.objects.filter(factory=saved, step="factory.corrected").count() == 3


def test_closing_needs_a_reason_and_keeps_the_record(tied, client):
    url = reverse("factory_close", args=[tied.factory.ref])
    client.force_login(tied.team_leader)
    assert "Say why." in client.post(url, {"reason": " "}).content.decode()
    assert client.post(url, {"reason": "Bankrupt"}).status_code == 302
    text = client.get(tied.factory.get_absolute_url()).content.decode()
    assert "This factory has closed: Bankrupt" in text
    assert client.post(url, {"reason": "Bought by another owner"}).status_code == 302
    assert Factory.objects.get(pk=tied.factory.pk).status == "active"


def test_a_withdrawn_record_is_listed_nowhere_and_says_what_it_is(tied, client):
    withdrawn = builders.a_factory("Typed Twice", status="withdrawn", status_reason="import x")
    client.force_login(tied.programme_manager)
    assert "Typed Twice" not in client.get(LIST, {"status": "all"}).content.decode()
    text = client.get(withdrawn.get_absolute_url()).content.decode()
    assert "came with an import that was taken back" in text
    assert "has closed" not in text
    for name in ("factory_correct", "factory_close"):
        url = reverse(name, args=[withdrawn.ref])
        assert url not in text
        assert client.get(url).status_code == 404
