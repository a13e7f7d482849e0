"""The pages of visits: who opens them, what they say, and that bad input loses nothing."""

import pytest
from django.urls import reverse

from evenweave.advisory.models import Visit
from evenweave.advisory.services import Work
from evenweave.advisory.tests.scene import FIRST_DAY, VISIT_DAY, a_coached_factory, logged, morning, planned
from evenweave.assessments.services import planning
from evenweave.improvement.models import PlanItem
from tests import builders

pytestmark = pytest.mark.django_db

ROW = {"managers": "2", "workers": "3", "women": "1", "mode": "on_site", "held_on": VISIT_DAY.isoformat()}


@pytest.fixture
def item(cast) -> PlanItem:
    return a_coached_factory(cast)


def read(client, person, url: str) -> str:
    client.force_login(person)
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def test_the_planner_says_what_speaks_against_a_day(cast, item, client):
    planned(cast, VISIT_DAY)
    sunday = planned(cast, VISIT_DAY.replace(day=8))
    with morning(VISIT_DAY):
        page = read(client, cast.team_leader, f"{reverse('visit_list')}?month=2026-03")
    assert "March 2026: 2 visits" in page
    assert "not a working day" in page
    assert page.count("Mekong Stitch") == 2
    assert "2 visits in this month; most are Heng Vibol&#x27;s, with 2." in page
    assert sunday.get_absolute_url() in page


def test_nothing_of_an_assessment_reaches_the_planner(cast, item, client):
    cast.cycle = builders.a_cycle(cast.factory, 2, starts_on=FIRST_DAY.replace(year=2027), service_model="2021")
    day, pages = VISIT_DAY.replace(year=2027), {}
    planned(cast, day)
    for is_planned in (False, True):
        if is_planned:
            with morning(FIRST_DAY.replace(year=2027)):
                made = planning.plan_assessment(
                    cycle_ref=cast.cycle.ref, window_from=day, window_until=day.replace(day=20),
                    by=cast.programme_manager,
                )
                planning.assign_assessment(
                    ref=made.ref, day_on=day.replace(day=10), assessors=[cast.assessor, cast.second_assessor],
                    reviewer=cast.reviewer, by=cast.team_leader,
                )
        for person in (cast.manager, cast.worker, cast.coach, cast.quality):
            with morning(day):
                urls = (f"{reverse('visit_list')}?month=2027-03", reverse("cycle_visits", args=[cast.cycle.ref]))
                pages.setdefault(person.name, []).append("".join(_body(client, person, url) for url in urls))
    made.plan.refresh_from_db()
    assert made.plan.day_on == day.replace(day=10)
    assert all("Heng Vibol" in before and before == after for before, after in pages.values())


def _body(client, person, url: str) -> str:
    """The page's own part: the header counts notices, and a form's token changes."""
    return read(client, person, url).split("<main")[1].split("csrfmiddlewaretoken")[0]


def test_a_log_that_lacks_something_keeps_what_was_typed(cast, item, client):
    visit = planned(cast)
    client.force_login(cast.coach)
    data = ROW | {"item_1": item.ref, "advice_1": "Keep the key at the door.", "next_1": "Buy a key box",
                  "issue_2": "No certificate for the boiler"}
    with morning(VISIT_DAY):
        answer = client.post(reverse("visit_log", args=[visit.ref]), data)
    page = answer.content.decode()
    assert answer.status_code == 422
    for error in ("Say who does it.", "Choose a side.", "Say by when.", "Choose the item this is about"):
        assert error in page
    for typed in ("Keep the key at the door.", "Buy a key box", "No certificate for the boiler"):
        assert typed in page
    visit.refresh_from_db()
    assert (visit.state, PlanItem.objects.count()) == ("planned", 1)
    data |= {"owner_1": "Safety officer", "side_1": "management", "due_1": "2026-03-20", "item_2": "new"}
    with morning(VISIT_DAY):
        assert client.post(reverse("visit_log", args=[visit.ref]), data).status_code == 302
    visit.refresh_from_db()
    assert (visit.state, PlanItem.objects.count(), visit.works.count()) == ("held", 2, 2)
    again = client.get(reverse("visit_log", args=[visit.ref]))
    assert (again.status_code, again["Location"]) == (302, visit.get_absolute_url())


def test_both_sides_read_the_visit_and_answer(cast, item, client):
    visit = logged(cast, works=[Work(item_ref=item.ref, advice="Give the keys to the guard.")])
    for person in (cast.manager, cast.worker):
        page = read(client, person, visit.get_absolute_url())
        assert "Give the keys to the guard." in page
        assert "Is this what you agreed?" in page
    client.force_login(cast.worker)
    refused = client.post(reverse("visit_answer", args=[visit.ref]), {"is_as_agreed": "no", "text": ""})
    assert refused.status_code == 422
    assert "Say what was agreed instead." in refused.content.decode()
    client.post(reverse("visit_answer", args=[visit.ref]), {"is_as_agreed": "no", "text": "Two guards."})
    assert "Two guards." in read(client, cast.coach, visit.get_absolute_url())
    assert "Is this what you agreed?" not in read(client, cast.coach, visit.get_absolute_url())


def test_a_drawing_has_its_sentence_and_its_table(cast, item, client):
    visit = logged(cast, works=[Work(item_ref=item.ref)])
    work = visit.works.get()
    client.force_login(cast.coach)
    client.post(reverse("visit_causes", args=[work.ref]), {"people": "New guards\nNo training", "methods": "No list"})
    page = read(client, cast.manager, visit.get_absolute_url())
    assert "3 causes were found." in page
    assert "New guards; No training" in page
    assert page.count("<svg xmlns") == 1


def test_who_asks_no_more_questions_of_the_database_when_visits_grow(
    cast, item, client, django_assert_max_num_queries
):
    counts = []
    read(client, cast.coach, reverse("visit_list"))  # what is asked once a process
    for number in range(2, 10):
        planned(cast, VISIT_DAY.replace(day=number + 1))
        if number in (3, 9):
            with morning(VISIT_DAY), django_assert_max_num_queries(40) as asked:
                read(client, cast.coach, f"{reverse('visit_list')}?month=2026-03")
            counts.append(len(asked))
    assert counts[0] == counts[1]
    assert Visit.objects.count() == 8


def test_the_desk_shows_each_what_waits(cast, item, client):
    planned(cast)
    with morning(VISIT_DAY.replace(day=1)):
        assert "Visit of Heng Vibol" in read(client, cast.manager, "/today/")
        assert "Your visit" in read(client, cast.coach, "/today/")
    with morning(VISIT_DAY):
        assert "Log your visit" in read(client, cast.coach, "/today/")
        assert "Log your visit" not in read(client, cast.team_leader, "/today/")
    logged(cast, VISIT_DAY.replace(day=2))
    with morning(VISIT_DAY):
        for person in (cast.manager, cast.worker):
            assert "Is the log of the visit what you agreed?" in read(client, person, "/today/")
        assert "Is the log of the visit" not in read(client, cast.other_manager, "/today/")
