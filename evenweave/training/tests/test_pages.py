"""The pages of training: what they say to whom, and that bad input loses nothing."""

import pytest
from django.urls import reverse

from evenweave.improvement.models import PlanItem
from evenweave.training.models import Registration, Session
from evenweave.training.tests.scene import FIRST, SECOND, a_session, morning, registered
from tests import builders

pytestmark = pytest.mark.django_db


def read(client, person, url: str) -> str:
    client.force_login(person)
    with morning():
        answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def test_names_are_read_by_the_factory_and_the_staff_alone(cast, client):
    session = a_session(cast)
    registered(cast, session, "Sok Sreyneath")
    builders.consented(cast.nordlys, cast.factory)
    url = session.get_absolute_url()
    for person in (cast.manager, cast.worker, cast.coach, cast.assessor, cast.programme_manager):
        assert "Sok Sreyneath" in read(client, person, url)
    for person in (cast.other_manager, cast.buyer, cast.quality):
        page = read(client, person, url)
        assert "1 of 3 seats are taken." in page
        assert "Sok Sreyneath" not in page


def test_a_registration_that_lacks_something_keeps_what_was_typed(cast, client):
    session = a_session(cast)
    url = reverse("training_register", args=[cast.factory.ref, session.ref])
    client.force_login(cast.manager)
    data = {"name_1": "Sok Dara", "sex_1": "man", "post_2": "worker", "name_3": "Mey Lina", "sex_3": "woman"}
    with morning():
        refused = client.post(url, data)
        page = refused.content.decode()
        assert (refused.status_code, Registration.objects.count()) == (422, 0)
        for said in ("Choose a post.", "Give the name of this person.", "Sok Dara", "Mey Lina"):
            assert said in page
        sent = client.post(url, data | {"post_1": "supervisor", "post_2": "", "post_3": "worker"}, follow=True)
    page = sent.content.decode()
    assert "2 people have a seat." in page
    assert page.count("Has a seat") == 2
    # The same again: nobody twice, and the words are kept.
    with morning():
        again = client.post(url, {"name_1": "Sok  dara", "sex_1": "man", "post_1": "worker"})
    assert again.status_code == 422
    assert "is on the list already" in again.content.decode()
    assert Registration.objects.count() == 2


def test_a_session_is_planned_for_all_or_for_one_factory(cast, client):
    client.force_login(cast.team_leader)
    url = reverse("session_plan", args=["supervisory-skills"])
    data = {"programme": "KH", "day_1": SECOND.isoformat(), "day_2": FIRST.isoformat(), "place": "Room 4",
            "capacity": "12", "language": "km", "trainer": cast.coach.ref}
    with morning():
        refused = client.post(url, data)
        assert refused.status_code == 422
        assert "Room 4" in refused.content.decode()
        data |= {"day_1": FIRST.isoformat(), "day_2": SECOND.isoformat()}
        assert client.post(url, data).status_code == 302
        form = client.get(f"{reverse('session_plan', args=['made-to-measure'])}?factory={cast.factory.ref}")
        assert "For Mekong Stitch alone." in form.content.decode()
        client.post(reverse("session_plan", args=["made-to-measure"]),
                    data | {"closed_to": cast.factory.ref})
    assert {(one.course, one.closed_to) for one in Session.objects.all()} == {
        ("supervisory-skills", None), ("made-to-measure", cast.factory)
    }


def test_what_is_open_in_the_plan_leads_to_courses(cast, client):
    plan = builders.a_plan(cast.factory)
    for number, point in enumerate(("emergency-preparedness", "chemicals", "overtime"), start=1):
        PlanItem.objects.create(plan=plan, number=number, source="self_found", point=point, title="x")
    assert "A course for your plan" not in read(client, cast.manager, "/today/")
    PlanItem.objects.create(plan=plan, number=4, source="self_found", point="health-services", title="x")
    assert "A course for your plan: Occupational safety and health" in read(client, cast.manager, "/today/")
    page = read(client, cast.manager, reverse("factory_training", args=[cast.factory.ref]))
    assert page.index("Occupational safety and health") < page.index("Productivity and good working conditions")
    assert "3 open items" in page


def test_each_desk_shows_what_comes(cast, client):
    session = a_session(cast)
    registered(cast, session, "Sok", "Mey")
    assert "2 people of yours" in read(client, cast.manager, "/today/")
    assert "Your session: Supervisory skills" in read(client, cast.coach, "/today/")
    assert "Supervisory skills" not in read(client, cast.other_manager, "/today/")


def test_a_list_of_sessions_asks_no_more_questions_when_it_grows(cast, client, django_assert_max_num_queries):
    counts = []
    for number in range(1, 9):
        session = a_session(cast)
        registered(cast, session, f"Sok {number}")
        if number == 1:
            read(client, cast.manager, reverse("factory_training", args=[cast.factory.ref]))
        if number in (2, 8):
            with django_assert_max_num_queries(60) as asked:
                read(client, cast.manager, reverse("factory_training", args=[cast.factory.ref]))
            counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_cancelled_registration_frees_the_seat(cast, client):
    session = a_session(cast, capacity=1)
    first, second = registered(cast, session, "Sok", "Mey")
    client.force_login(cast.manager)
    with morning():
        page = client.post(reverse("registration_cancel", args=[first.ref]), follow=True).content.decode()
        assert "The first who waits gets the seat." in page
        second.refresh_from_db()
        assert second.state == "booked"
        again = client.post(reverse("registration_cancel", args=[first.ref]))
    assert again.status_code == 422
