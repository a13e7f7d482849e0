"""Registering, correcting, closing: what is kept, what is refused, what the log says."""

from datetime import UTC, date, datetime

import pytest
from django.http import Http404

from evenweave.activity.models import Entry, Payload
from evenweave.activity.services import verify_log
from evenweave.organisations import services
from evenweave.organisations.models import Factory
from evenweave.toolkit import clock
from evenweave.toolkit.refusals import Refused
from tests import builders

WHOLE = {
    "programme": "KH", "name": "Prek Leap Knitwear Co., Ltd", "address": "National Road 6A", "address_more": "Km 9",
    "city": "Phnom Penh", "region": "Phnom Penh", "postal_code": "12101", "latitude": None, "longitude": None,
    "phone": "023 216 789", "email": "office@example.org", "os_id": "KH2020011ABCDEF", "registry_id": "00012",
    "workers_total": 840, "workers_female": 700, "workers_male": 140, "has_dormitory": True,
    "year_operations_began": 2009, "products": "T-shirts, sweaters", "owner_name": "Prek Leap Holdings",
    "owner_address": "Singapore", "owner_contact": "Lim Wei", "owner_phone": "+65 6123 4567",
    "sectors": ["apparel", "footwear"],
    "contacts": [
        {"name": "Sok Rithy", "job_title": "Manager", "phone": "012 345 678", "email": "rithy@example.org"},
        {"name": "Mao Srey", "job_title": "HR", "phone": "", "email": ""},
    ],
    "customers": [{"name": "Nordlys", "years": 4}, {"name": "Costa Moda", "years": None}],
}


def steps_of(factory: Factory) -> list[str]:
    return list(Entry.objects.filter(factory=factory).order_by("number").values_list("step", flat=True))


def test_every_field_of_the_registration_form_is_kept(cast):
    factory = services.register_factory(data=WHOLE, by=cast.team_leader)
    kept = services.profile_of(Factory.objects.get(pk=factory.pk))
    expected = {name: value for name, value in WHOLE.items() if name != "programme"} | {
        "phone": "+855 23 216 789", "owner_phone": "+65 6123 4567",
        "contacts": [WHOLE["contacts"][0] | {"phone": "+855 12 345 678"}, WHOLE["contacts"][1]],
    }
    assert kept == expected
    assert (factory.programme, factory.country, factory.status) == ("KH", "KH", "active")
    assert steps_of(factory) == ["factory.registered"]
    assert verify_log() == []


def test_only_the_name_must_be_known(cast):
    factory = services.register_factory(data={"programme": "KH", "name": "Bare"}, by=cast.programme_manager)
    assert (factory.name, factory.workers_total, list(factory.sectors.all())) == ("Bare", None, [])


@pytest.mark.parametrize("who", ["manager", "coach", "quality", "foreign_manager", "buyer", "ministry", "nobody"])
def test_nobody_else_registers_in_this_programme(cast, who):
    before = Factory.objects.count()
    with pytest.raises(Http404):
        services.register_factory(data={"programme": "KH", "name": "Mine"}, by=getattr(cast, who))
    assert Factory.objects.count() == before


def test_the_same_factory_is_not_registered_twice(cast):
    services.register_factory(data=WHOLE, by=cast.team_leader)
    again = WHOLE | {"name": "PREK LEAP KNITWEAR", "os_id": ""}
    with pytest.raises(Refused) as refused:
        services.register_factory(data=again, by=cast.team_leader)
    assert refused.value.field == "name"
    services.register_factory(data=again | {"address": "Street 271"}, by=cast.team_leader)
    assert Factory.objects.filter(name__icontains="prek leap").count() == 2


def test_a_faulty_profile_is_refused_and_nothing_is_saved(cast):
    with pytest.raises(Refused) as refused:
        services.register_factory(data=WHOLE | {"workers_male": 141}, by=cast.team_leader)
    assert refused.value.field == "workers_total"
    assert not Factory.objects.filter(name=WHOLE["name"]).exists()
    assert not Entry.objects.exists()


def test_a_correction_changes_what_it_names_and_says_so_in_the_log(cast):
    factory = services.register_factory(data=WHOLE, by=cast.team_leader)
    with clock.at(datetime(2027, 2, 1, tzinfo=UTC)):
        services.correct_factory(
            ref=factory.ref, data={"city": "Ta Khmau", "sectors": ["footwear"], "contacts": []}, by=cast.team_leader
        )
    kept = services.profile_of(Factory.objects.get(pk=factory.pk))
    assert (kept["city"], kept["sectors"], kept["contacts"]) == ("Ta Khmau", ["footwear"], [])
    assert (kept["name"], kept["customers"]) == (WHOLE["name"], WHOLE["customers"])
    assert steps_of(factory) == ["factory.registered", "factory.corrected"]
    payload = Payload.objects.get(entry__step="factory.corrected").content
    assert payload == {"changed": ["city", "contacts", "sectors"]}
    ended = factory.sectors.get(sector="apparel")
    assert ended.until_on == date(2027, 2, 1)


def test_a_correction_that_changes_nothing_is_no_step(cast):
    factory = services.register_factory(data=WHOLE, by=cast.team_leader)
    kept = services.profile_of(factory)
    services.correct_factory(ref=factory.ref, data=kept, by=cast.team_leader)
    assert steps_of(factory) == ["factory.registered"]
    assert Factory.objects.get(pk=factory.pk).revision == 1


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("manager", True), ("coach", True), ("team_leader", True), ("programme_manager", True),
        ("worker", False), ("other_manager", False), ("buyer", False), ("assessor", False), ("quality", False),
        ("ministry", False), ("foreign_manager", False), ("administrator", False), ("nobody", False),
    ],
)
def test_who_corrects_a_profile(cast, who, may):
    person = getattr(cast, who)
    if may:
        services.correct_factory(ref=cast.factory.ref, data={"city": "Kep"}, by=person)
    else:
        with pytest.raises(Http404):
            services.correct_factory(ref=cast.factory.ref, data={"city": "Kep"}, by=person)
    assert (Factory.objects.get(pk=cast.factory.pk).city == "Kep") is may


def test_the_second_of_two_corrections_is_stopped_with_what_is_saved_now(cast):
    services.correct_factory(ref=cast.factory.ref, data={"city": "Kep"}, by=cast.manager, revision=1)
    with pytest.raises(services.ChangedMeanwhile) as changed:
        services.correct_factory(ref=cast.factory.ref, data={"city": "Kampot"}, by=cast.coach, revision=1)
    assert (changed.value.profile["city"], changed.value.revision) == ("Kep", 2)
    services.correct_factory(ref=cast.factory.ref, data={"city": "Kampot"}, by=cast.coach, revision=2)
    assert Factory.objects.get(pk=cast.factory.pk).city == "Kampot"


def test_a_factory_closes_with_a_reason_stays_and_may_work_again(cast):
    ref = cast.factory.ref
    with pytest.raises(Refused):
        services.close_factory(ref=ref, reason="  ", by=cast.team_leader)
    services.close_factory(ref=ref, reason="Moved to another country", by=cast.team_leader)
    factory = Factory.objects.get(ref=ref)
    assert (factory.status, factory.status_reason) == ("closed", "Moved to another country")
    with pytest.raises(Refused):
        services.close_factory(ref=ref, reason="Again", by=cast.team_leader)
    services.reopen_factory(ref=ref, reason="It was another one", by=cast.team_leader)
    assert Factory.objects.get(ref=ref).status == "active"
    assert steps_of(factory) == ["factory.closed", "factory.reopened"]
    with pytest.raises(Http404):
        services.close_factory(ref=ref, reason="Mine", by=cast.foreign_manager)
    with pytest.raises(Http404):
        services.close_factory(ref=ref, reason="Before the report is out", by=cast.manager)


def test_a_merged_or_withdrawn_record_is_corrected_no_more(cast):
    twin = builders.a_factory("Twin", status="merged", merged_into=cast.factory)
    withdrawn = builders.a_factory("Withdrawn", status="withdrawn")
    for record in (twin, withdrawn):
        with pytest.raises(Http404):
            services.correct_factory(ref=record.ref, data={"city": "Kep"}, by=cast.team_leader)
