"""Members come, are elected, and go; with the seat comes what it opens at the factory."""

from datetime import date

import pytest
from django.http import Http404

from evenweave.access.enums import Role
from evenweave.access.models import Standing
from evenweave.activity.models import Entry
from evenweave.committees import services
from evenweave.committees.models import Candidate, Committee, Election, Member
from evenweave.committees.rules import Ballots
from evenweave.committees.tests import scene
from evenweave.notifications.models import Notice
from evenweave.people.models import Person
from evenweave.toolkit import clock
from evenweave.toolkit.refusals import Refused


def names(committee, side) -> list[str]:
    seats = Member.objects.filter(committee=committee, side=side, left_on=None).order_by("name")
    return list(seats.values_list("name", flat=True))


def refused(work) -> Refused:
    with pytest.raises(Refused) as caught:
        work()
    return caught.value


def roles(person, factory) -> set[str]:
    return set(Standing.objects.active().filter(holder=person, factory=factory).values_list("role", flat=True))


def test_the_elected_have_their_seats_for_two_years(cast):
    committee = scene.whole(cast)
    assert names(committee, "workers") == ["Keo Sreymom", "Nhem Pisey", "Ros Sophea", "Touch Veasna"]
    seat = Member.objects.get(name="Ros Sophea")
    assert (seat.seated, seat.union, seat.joined_on, seat.term_ends_on) == (
        "elected", "Union B", date(2025, 3, 20), date(2027, 3, 19)
    )
    assert Election.objects.get().state == "held"
    assert list(Candidate.objects.filter(is_elected=False).values_list("name", "votes")) == [("Som Dara", 90)]
    steps = list(Entry.objects.filter(step__startswith="election.").values_list("step", flat=True))
    assert steps == ["election.called", "election.counted"]


def test_a_factory_has_one_committee(cast):
    scene.formed(cast)
    again = refused(lambda: services.form_committee(
        factory_ref=cast.factory.ref, formed_on=scene.FORMED, unions=[], by=cast.worker))
    assert "already" in again.message
    assert Committee.objects.count() == 1


@pytest.mark.parametrize("who", ["other_manager", "buyer", "team_leader", "ministry", "nobody", "foreign_manager"])
def test_others_form_none(cast, who):
    with pytest.raises(Http404):
        services.form_committee(
            factory_ref=cast.factory.ref, formed_on=date(2025, 3, 3), unions=[], by=getattr(cast, who)
        )


def test_nobody_names_a_worker_member_where_workers_elect_theirs(cast):
    committee = scene.formed(cast)
    said = refused(lambda: services.add_member(
        committee_ref=committee.ref, side="workers", name="A Friend", sex="man", seated="named",
        joined_on=scene.FORMED, by=cast.coach))
    assert (said.field, names(committee, "workers")) == ("seated", [])


def test_a_side_looks_after_its_own_seats_and_the_coach_after_both(cast):
    committee = scene.whole(cast)
    elected, named = Member.objects.get(name="Nhem Pisey"), Member.objects.get(name="Pich Kunthea")
    today = date(2026, 11, 20)
    for member, by in ((elected, cast.manager), (named, cast.worker)):
        with clock.at(scene.MET):
            for work in (
                lambda m=member, p=by: services.member_leaves(ref=m.ref, left_on=today, reason="", by=p),
                lambda m=member, p=by: services.give_sign_in(ref=m.ref, phone="+85512345678", language="km", by=p),
                lambda m=member, p=by: services.add_member(
                    committee_ref=committee.ref, side=m.side, name="X", sex="man", seated="taken_over",
                    joined_on=today, by=p),
            ):
                assert "own seats" in refused(work).message
    with clock.at(scene.MET):
        services.give_sign_in(ref=elected.ref, phone="+85512345678", language="km", by=cast.coach)
        services.member_leaves(ref=named.ref, left_on=today, reason="", by=cast.coach)
    assert roles(Person.objects.get(phone="+85512345678"), cast.factory) == {Role.WORKER_REPRESENTATIVE}


def test_a_union_names_its_member_by_name(cast):
    committee = scene.formed(cast)
    fields = {"committee_ref": committee.ref, "side": "workers", "name": "Nhem Pisey", "sex": "woman",
              "seated": "by_union", "joined_on": scene.FORMED, "by": cast.worker}
    assert refused(lambda: services.add_member(**fields)).field == "union"
    assert services.add_member(**fields, union="Union A").union == "Union A"


def test_a_side_is_not_fuller_than_the_programme_allows(cast):
    committee = scene.formed(cast)
    fields = {"committee_ref": committee.ref, "side": "management", "sex": "man", "seated": "named",
              "joined_on": scene.FORMED, "by": cast.manager}
    services.add_member(**fields, name="Fifth")
    assert "at most 5 seats" in refused(lambda: services.add_member(**fields, name="Sixth")).message


def test_an_account_takes_no_seat_of_the_other_side_and_no_second_one(cast):
    committee = scene.formed(cast)
    fields = {"committee_ref": committee.ref, "side": "management", "sex": "man", "seated": "named", "name": "X",
              "joined_on": scene.FORMED, "by": cast.manager}
    assert "other side" in refused(lambda: services.add_member(**fields, person_ref=cast.worker.ref)).message
    assert "has a seat" in refused(lambda: services.add_member(**fields, person_ref=cast.manager.ref)).message
    with pytest.raises(Http404):
        services.add_member(**fields, person_ref=cast.other_manager.ref)


def test_one_member_is_in_the_chair(cast):
    committee = scene.formed(cast)
    with clock.at(scene.MET):
        services.choose_chair(ref=Member.objects.get(name="Keo Vanna").ref, by=cast.worker)
    assert list(Member.objects.filter(committee=committee, is_chair=True).values_list("name", flat=True)) == [
        "Keo Vanna"
    ]


def test_a_seat_with_a_phone_number_opens_the_factory_and_closes_when_it_is_left(cast):
    scene.whole(cast)
    member = Member.objects.get(name="Pich Kunthea")
    with clock.at(scene.MET):
        services.give_sign_in(ref=member.ref, phone="+855 12 345 678", language="km", by=cast.manager)
        person = Person.objects.get(name="Pich Kunthea")
        assert (person.phone, person.email, person.language) == ("+85512345678", None, "km")
        assert not person.has_usable_password()
        assert roles(person, cast.factory) == {Role.MANAGEMENT_REPRESENTATIVE}
        services.member_leaves(ref=member.ref, left_on=date(2026, 11, 19), reason="Left the factory", by=cast.manager)
        assert roles(person, cast.factory) == set()
        assert "left already" in refused(lambda: services.choose_chair(ref=member.ref, by=cast.manager)).message


@pytest.mark.parametrize("number", ["+0 12 345 678", "hello", "", "+855", "12"])
def test_what_is_no_number_is_refused(cast, number):
    scene.whole(cast)
    member = Member.objects.get(name="Pich Kunthea")
    assert refused(lambda: services.give_sign_in(ref=member.ref, phone=number, language="km", by=cast.manager)).field


def test_a_number_is_one_account(cast):
    scene.whole(cast)
    one, two = Member.objects.get(name="Pich Kunthea"), Member.objects.get(name="Chhim Bora")
    services.give_sign_in(ref=one.ref, phone="012-345-678", language="km", by=cast.manager)
    assert refused(
        lambda: services.give_sign_in(ref=two.ref, phone="+85512345678", language="km", by=cast.manager)
    ).field == "phone"
    assert Member.objects.get(name="Chhim Bora").person is None


def test_equal_votes_seat_nobody_until_it_is_on_record_how_the_tie_was_decided(cast):
    committee = scene.formed(cast)
    election = scene.called(cast, committee)
    votes = scene.votes_of(election, Dara=210)
    with clock.at(scene.POLLED):
        services.count_ballots(
            election_ref=election.ref, ballots=Ballots(1000, 700, 690, 20), votes=votes, observers=["Coach"],
            by=cast.worker,
        )
        assert names(committee, "workers") == []
        refs = {one.name: one.ref for one in Candidate.objects.all()}
        wrong = lambda chosen, how="By lot": refused(lambda: services.decide_tie(  # noqa: E731
            election_ref=election.ref, elected=chosen, how=how, by=cast.manager))
        assert wrong([refs["Keo Sreymom"]]).field == "elected"
        assert wrong([refs["Som Dara"], refs["Touch Veasna"]]).field == "elected"
        assert wrong([refs["Som Dara"]], how=" ").field == "how"
        services.decide_tie(election_ref=election.ref, elected=[refs["Som Dara"]], how="By lot", by=cast.manager)
    assert names(committee, "workers") == ["Keo Sreymom", "Nhem Pisey", "Ros Sophea", "Som Dara"]
    election.refresh_from_db()
    assert (election.state, election.tie_decided_how) == ("held", "By lot")


def count(cast, election, **changed):
    fields = {"election_ref": election.ref, "ballots": Ballots(1000, 700, 690, 20), "votes": scene.votes_of(election),
              "observers": ["Coach"], "by": cast.manager} | changed
    return refused(lambda: services.count_ballots(**fields))


def test_a_count_that_cannot_be_is_refused(cast):
    election = scene.called(cast, scene.formed(cast))
    with clock.at(scene.at(2025, 3, 19)):
        assert "later day" in count(cast, election).message
    with clock.at(scene.POLLED):
        assert count(cast, election, observers=[" "]).field == "observers"
        assert count(cast, election, ballots=Ballots(600, 700, 690, 20)).field == "handed_out"
        assert "more than the valid" in count(cast, election, ballots=Ballots(1000, 700, 330, 20)).message
        some = dict(list(scene.votes_of(election).items())[1:])
        assert "every candidate" in count(cast, election, votes=some).message
    election.refresh_from_db()
    assert (election.state, Member.objects.filter(side="workers").count()) == ("nominating", 0)


def test_nominations_close_and_names_are_told_apart(cast):
    election = scene.called(cast, scene.formed(cast))
    fields = {"election_ref": election.ref, "sex": "woman", "nominated_by": "Line 9", "by": cast.worker}
    with clock.at(scene.at(2025, 3, 15)):
        assert refused(lambda: services.nominate(**fields, name="keo sreymom")).field == "name"
        services.withdraw_candidate(ref=Candidate.objects.get(name="Som Dara").ref, by=cast.worker)
    with clock.at(scene.at(2025, 3, 16)):
        assert "closed" in refused(lambda: services.nominate(**fields, name="Late Comer")).message
    with clock.at(scene.POLLED):
        with_withdrawn = scene.votes_of(election)
        assert "every candidate" in count(cast, election, votes=with_withdrawn).message


def test_a_new_election_replaces_the_elected_and_keeps_the_unions_member(cast):
    committee = scene.whole(cast)
    with clock.at(scene.MET):
        services.add_member(
            committee_ref=committee.ref, side="workers", name="Union Man", sex="man", seated="by_union",
            union="Union C", joined_on=date(2026, 1, 5), by=cast.worker,
        )
    with clock.at(scene.at(2027, 3, 1)):
        too_many = {"committee_ref": committee.ref, "marks_each": 1, "nominations_until_on": date(2027, 3, 5),
                    "polling_on": date(2027, 3, 15), "place": "", "by": cast.worker}
        assert refused(lambda: services.call_election(**too_many, seats=5)).field == "seats"
        election = services.call_election(**too_many, seats=2)
        assert "under way" in refused(lambda: services.call_election(**too_many, seats=2)).message
        for name, person in (("Keo Sreymom", cast.worker.ref), ("New Woman", "")):
            services.nominate(election_ref=election.ref, name=name, sex="woman", nominated_by="Line 4",
                              person_ref=person, by=cast.worker)
    with clock.at(scene.at(2027, 3, 15)):
        refs = {one.name: one.ref for one in Candidate.objects.filter(election=election)}
        services.count_ballots(
            election_ref=election.ref, ballots=Ballots(900, 500, 500, 0), observers=["Coach"], by=cast.manager,
            votes={refs["Keo Sreymom"]: 300, refs["New Woman"]: 200},
        )
        assert names(committee, "workers") == ["Keo Sreymom", "New Woman", "Union Man"]
        assert roles(cast.worker, cast.factory) == {Role.WORKER_REPRESENTATIVE}


def test_ends_of_terms_are_announced_once_and_in_time(cast):
    committee = scene.whole(cast)
    told = lambda: Notice.objects.filter(kind="committee.term_ending").count()  # noqa: E731
    with clock.at(scene.at(2027, 1, 17)):
        services.announce_ends_of_terms.func()
        assert told() == 0
    with clock.at(scene.at(2027, 1, 18)):  # sixty days before 19 March
        services.announce_ends_of_terms.func()
        services.announce_ends_of_terms.func()
    # One notice a reader: manager, worker representative, coach. Management's seats have no term.
    assert told() == 3
    assert Entry.objects.filter(step="term.announced").count() == 4
    assert set(Notice.objects.values_list("about", flat=True).filter(kind="committee.term_ending")) == {
        f"committees.committee:{committee.ref}"
    }


def test_the_committee_of_a_duplicate_goes_over_or_is_closed(cast):
    committee = scene.whole(cast)
    with clock.at(scene.MET):
        services.merge_committees(survivor=cast.other_factory, duplicate=cast.factory, by=cast.programme_manager)
        assert Committee.objects.get().factory == cast.other_factory
        assert roles(cast.worker, cast.other_factory) == {Role.WORKER_REPRESENTATIVE}
        other = services.form_committee(
            factory_ref=cast.factory.ref, formed_on=date(2026, 1, 1), unions=[], by=cast.coach
        )
        services.merge_committees(survivor=cast.factory, duplicate=cast.other_factory, by=cast.programme_manager)
    committee.refresh_from_db()
    assert (committee.ended_on, Member.objects.filter(committee=committee, left_on=None).count()) == (
        date(2026, 11, 20), 0
    )
    assert list(Committee.objects.filter(ended_on=None)) == [other]
