"""People come in by invitation only, with exactly the role they were given."""

from datetime import timedelta

import pytest

from evenweave.access.enums import Role
from evenweave.access.models import Standing
from evenweave.people.models import Invitation, Person
from evenweave.people.queries import offers_for
from evenweave.people.services import accept_invitation, erase_person, invite
from evenweave.toolkit import clock
from evenweave.toolkit.refusals import Refused
from tests.builders import PASSWORD


def a_worker(cast):
    return invite(
        name="Sok Maly",
        email="maly@example.org",
        role=Role.WORKER_REPRESENTATIVE,
        factory=cast.factory,
        by=cast.manager,
    )


def test_who_may_invite(cast, seen_by):
    may = {
        "manager",
        "other_manager",
        "coach",
        "buyer",
        "unpaid_buyer",
        "stranger_buyer",
        "team_leader",
        "programme_manager",
        "foreign_manager",
        "administrator",
    }
    statuses = seen_by(cast, "/people/invite/")
    assert {key for key, status in statuses.items() if status == 200} == may
    assert statuses["anonymous"] == 302
    assert statuses["worker"] == statuses["nobody"] == 403


def test_an_inviter_offers_only_what_is_their_own(cast):
    assert {(offer.role, offer.factory) for offer in offers_for(cast.manager).values()} == {
        (Role.FACTORY_MANAGER, cast.factory),
        (Role.MANAGEMENT_REPRESENTATIVE, cast.factory),
        (Role.WORKER_REPRESENTATIVE, cast.factory),
    }
    assert {offer.role for offer in offers_for(cast.programme_manager).values()} == {
        Role.STAFF,
        Role.TEAM_LEADER,
        Role.MINISTRY,
    }


def test_the_link_makes_an_account_with_one_standing(cast, client):
    _invitation, token = a_worker(cast)
    page = client.get(f"/join/{token}/")
    assert "Sok Maly" in page.content.decode()
    answer = client.post(f"/join/{token}/", {"password": PASSWORD, "language": "fr"})
    assert answer.headers["Location"] == "/today/"
    person = Person.objects.get(email="maly@example.org")
    standing = Standing.objects.get(holder=person)
    assert (standing.role, standing.factory, person.language) == (Role.WORKER_REPRESENTATIVE, cast.factory, "fr")


def test_a_link_works_once_and_not_for_ever(cast, client):
    _invitation, token = a_worker(cast)
    accept_invitation(token=token, password=PASSWORD, language="en")
    assert client.get(f"/join/{token}/").status_code == 410
    with pytest.raises(Refused):
        accept_invitation(token=token, password=PASSWORD, language="en")
    _invitation, later = invite(name="X", email="x@example.org", role=Role.STAFF, programme="KH", by=cast.team_leader)
    with clock.at(clock.now() + timedelta(days=15)), pytest.raises(Refused):
        accept_invitation(token=later, password=PASSWORD, language="en")


def test_the_token_is_kept_nowhere(cast):
    invitation, token = a_worker(cast)
    row = Invitation.objects.filter(pk=invitation.pk).values().get()
    assert token not in str(row)


def test_a_weak_password_is_refused_at_its_field(cast, client):
    _invitation, token = a_worker(cast)
    page = client.post(f"/join/{token}/", {"password": "short", "language": "en"})
    assert "at least 10 characters" in page.content.decode()
    assert not Person.objects.filter(email="maly@example.org").exists()


def test_nobody_signs_up_by_themselves(client, db):
    answer = client.post("/accounts/signup/", {"email": "a@example.org", "password1": PASSWORD, "password2": PASSWORD})
    assert not Person.objects.filter(email="a@example.org").exists()
    assert answer.status_code == 200


def test_an_erased_person_leaves_their_deeds_but_not_their_name(cast):
    erase_person(ref=cast.worker.ref, by=None)
    cast.worker.refresh_from_db()
    assert (cast.worker.name, cast.worker.email, cast.worker.is_active) == ("Erased person", None, False)
    assert not Standing.objects.active().filter(holder=cast.worker).exists()
