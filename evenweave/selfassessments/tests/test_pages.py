"""The pages: what they say to whom, that nothing crosses between the sides, that bad input loses nothing."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from evenweave.access.enums import Shared
from evenweave.access.models import Standing
from evenweave.assessments.enums import AssessmentState
from evenweave.assessments.models import Assessment, CurrentAnswer
from evenweave.indicators.models import FactoryResult, PackedAnswers
from evenweave.indicators.queries import country_beside
from evenweave.reports.queries.gathering import counted_answers, material_of
from evenweave.reports.tests.scene import a_released_scene
from evenweave.selfassessments import services
from evenweave.selfassessments.models import SelfAssessment
from evenweave.selfassessments.queries.comparing import accuracy_for
from evenweave.selfassessments.tests.scene import HANDED_IN, MANAGEMENT, OPENED, SECRET_WORDS, WORKERS, Scene
from evenweave.toolkit import clock
from evenweave.toolkit.uuid7 import uuid7
from tests import builders

pytestmark = pytest.mark.django_db


def read(client, person, url: str) -> str:
    client.force_login(person)
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def test_the_desk_asks_each_side_for_what_is_its_own(scene, client):
    with clock.at(OPENED):
        for person in (scene.cast.manager, scene.cast.worker):
            assert "Begin your self-assessment" in read(client, person, "/today/")
        assert "self-assessment" not in read(client, scene.cast.coach, "/today/").split("<main")[1]
    scene.opened().given_by_workers()
    with clock.at(OPENED):
        assert "Answer the self-assessment for your side" in read(client, scene.cast.manager, "/today/")
        assert "Answer the self-assessment for your side" not in read(client, scene.cast.worker, "/today/")
    scene.given_by_management()
    services.propose(ref=scene.ref, question_id="SH-01", answer="no", text="", by=scene.cast.worker)
    with clock.at(OPENED):
        assert "The other side proposes answers" in read(client, scene.cast.manager, "/today/")
        assert "Compare the self-assessment and hand it in" in read(client, scene.cast.worker, "/today/")


def test_until_both_have_given_each_page_is_the_own_sides(scene, client):
    scene.opened()
    scene.say(scene.cast.worker, {"SH-01": "no", "SH-02": "no"}, {"SH-01": SECRET_WORDS})
    overview = reverse("self_assessment", args=[scene.ref])
    before = read(client, scene.cast.manager, overview)
    question = read(client, scene.cast.manager, reverse("self_question", args=[scene.ref, "SH-01"]))
    assert SECRET_WORDS not in question
    assert "checked" not in question.split("<main")[1]
    assert SECRET_WORDS in read(client, scene.cast.worker, reverse("self_question", args=[scene.ref, "SH-01"]))
    scene.say(scene.cast.worker, {"CL-01": "no", "CL-02": "no"})
    assert read(client, scene.cast.manager, overview).split("<main")[1] == before.split("<main")[1]
    for person in (scene.cast.coach, scene.cast.programme_manager):
        page = read(client, person, overview)
        assert "Nobody else reads an answer before both have given theirs" in page
        assert "questions answered" not in page
    for person in (scene.cast.manager, scene.cast.coach):
        client.force_login(person)
        assert client.get(reverse("self_together", args=[scene.ref])).status_code == 404


def test_a_question_is_saved_without_a_page_load_and_with_one(scene, client):
    scene.opened()
    url = reverse("self_question", args=[scene.ref, "SH-02"])
    page = read(client, scene.cast.manager, url)
    assert "To discuss together" in page
    piece = client.post(url, {"answer": "no", "explanation": "None was held."}, headers={"HX-Request": "true"})
    assert piece.status_code == 200
    assert "base_answer" in piece.content.decode()
    assert scene.answer_of("management", "SH-02").value == "no"
    wrong = client.post(
        reverse("self_question", args=[scene.ref, "FG-01"]), {"answer": "eight hundred", "explanation": "Counted."}
    )
    assert wrong.status_code == 422
    for kept in ("eight hundred", "Counted.", "Enter a number from 0 up"):
        assert kept in wrong.content.decode()
    led = client.post(url, {"answer": "no", "explanation": "None was held.", "go": "next"}, follow=True)
    assert led.redirect_chain[-1][0] == reverse("self_check", args=[scene.ref])
    assert "Still missing" in led.content.decode()


def test_a_side_without_anybody_is_named(scene, client):
    scene.opened()
    page = reverse("self_assessment", args=[scene.ref])
    assert "nobody of this side has an account" not in read(client, scene.cast.manager, page)
    Standing.objects.filter(holder=scene.cast.worker).update(ends_at=OPENED)
    assert "Workers: nobody of this side has an account yet." in read(client, scene.cast.manager, page)


def test_giving_too_early_says_what_is_missing(scene, client):
    scene.opened()
    client.force_login(scene.cast.worker)
    refused = client.post(reverse("self_check", args=[scene.ref]))
    assert "Nothing is answered yet." in refused.content.decode()
    scene.say(scene.cast.worker, {"FG-02": "no"})
    refused = client.post(reverse("self_check", args=[scene.ref]))
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "4 more answers are needed before you can give them: the programme asks for 95 % of all questions." in page
    for question_id in sorted(WORKERS.keys() - {"FG-02"}):
        assert reverse("self_question", args=[scene.ref, question_id]) in page


def test_both_sides_beside_each_other_and_handing_in(scene, client):
    scene.compared()
    page = read(client, scene.cast.coach, reverse("self_together", args=[scene.ref]))
    assert "Of 6 questions both sides say the same to 5, they differ on 1, and agreed afterwards on 0." in page
    for word in (SECRET_WORDS, "Self-reported", "They differ", "To discuss together"):
        assert word in page
    assert "Is every worker" not in page  # both say the same, and it is nobody's to discuss
    everything = f"{reverse('self_together', args=[scene.ref])}?show=all"
    assert "Is every worker" in read(client, scene.cast.worker, everything)
    pair = reverse("self_pair", args=[scene.ref, "SH-01"])
    client.force_login(scene.cast.worker)
    refused = client.post(pair, {"text": "One door is chained."})
    assert refused.status_code == 422
    assert "One door is chained." in refused.content.decode()
    client.post(pair, {"answer": "no", "text": "One door is chained."})
    assert "It counts once the other side agrees." in read(client, scene.cast.worker, pair)
    assert "Our side agrees" in read(client, scene.cast.manager, pair)
    client.post(reverse("self_agree", args=[scene.ref, "SH-01"]))
    assert "Agreed by both sides" in read(client, scene.cast.coach, pair)
    hand_in = reverse("self_hand_in", args=[scene.ref])
    client.force_login(scene.cast.manager)
    refused = client.post(hand_in)
    assert refused.status_code == 422
    assert f"{reverse('factory_correct', args=[scene.cast.factory.ref])}#id_workers_total" in refused.content.decode()
    scene.with_profile()
    with clock.at(HANDED_IN):
        assert client.post(hand_in).status_code == 302
    plan = read(client, scene.cast.coach, reverse("plan", args=[scene.cast.factory.ref]))
    assert plan.count("Self-reported") == 3
    item = read(client, scene.cast.coach, SelfAssessment.objects.get().cycle.factory.plan.items.get(
        question_id="SH-02").get_absolute_url())
    assert "Self-reported: the factory said so in its self-assessment." in item


def released_after(scene, answers: dict, released_at: datetime) -> Assessment:
    made = builders.an_assessment(
        scene.cycle, tool=scene.found.tool, planner=scene.cast.programme_manager, day_on=date(2025, 11, 18),
    )
    Assessment.objects.filter(pk=made.pk).update(
        state=AssessmentState.RELEASED, sharing=Shared.BUYERS, started_on=date(2025, 11, 18), released_at=released_at
    )
    CurrentAnswer.objects.bulk_create(
        CurrentAnswer(
            assessment=made, question_id=question_id, field="answer", heads=[str(uuid7())], value=value,
            changed_at=released_at, changed_by=scene.cast.assessor,
        )
        for question_id, value in answers.items()
    )
    return made


def test_accuracy_appears_with_the_release_and_never_for_buyers(scene, client):
    scene.handed_in()
    url = reverse("self_accuracy", args=[scene.ref])
    client.force_login(scene.cast.manager)
    assert client.get(url).status_code == 404
    # Found: ages not checked (both had said so), exits locked (the workers had said so), no child. Drills are held.
    answers = {"FG-02": "no", "CL-01": "no", "CL-02": "no", "SH-01": "no", "SH-02": "yes"}
    made = released_after(scene, answers, datetime(2025, 12, 10, 3, tzinfo=UTC))
    Assessment.objects.filter(pk=made.pk).update(state=AssessmentState.IN_REVIEW, sharing=Shared.STAFF)
    assert client.get(url).status_code == 404
    Assessment.objects.filter(pk=made.pk).update(state=AssessmentState.RELEASED, sharing=Shared.BUYERS)
    now = accuracy_for(scene.cast.coach, scene.found)
    assert (now.total.found, now.total.admitted, now.total.by_management, now.total.by_workers) == (2, 1, 1, 2)
    assert (now.total.compared, now.total.same) == (3, 2)
    assert [(row.cluster, row.found, row.admitted) for row in now.clusters] == [("child-labour", 1, 1), ("osh", 1, 0)]
    for person in (scene.cast.manager, scene.cast.worker, scene.cast.coach, scene.cast.programme_manager):
        page = read(client, person, url)
        assert "Of 2 issues that the assessment released on Dec. 10, 2025 found, the factory had named 1." in page \
            or "Of 2 issues that the assessment released on 10 December 2025 found, the factory had named 1." in page
        assert "1 of 2" in page
        assert "%)" not in page  # too few cases for a share
    builders.paid(scene.cast.nordlys, scene.cycle)
    client.force_login(scene.cast.buyer)
    assert client.get(url).status_code == 403


def test_no_rate_and_no_report_moves_when_a_factory_assesses_itself(client):
    released = a_released_scene()
    scene = Scene(released.cast, released.scene.cycle, released.cast.manager)

    def what_counts() -> tuple:
        made = released.assessment
        material = material_of(made, HANDED_IN.date())
        return (
            list(FactoryResult.objects.values()), list(PackedAnswers.objects.values_list("assessment", "vector")),
            counted_answers(material), country_beside(made, material.tool), released.report.facts,
        )

    before = what_counts()
    scene.opened().given_by_workers().given_by_management().with_profile()
    with clock.at(HANDED_IN.replace(month=12)):
        services.hand_in(ref=scene.ref, by=scene.cast.manager)
    released.report.refresh_from_db()
    assert what_counts() == before
    assert before[0]  # there is a rate to move


def test_the_pages_ask_no_more_of_the_database_when_answers_grow(scene, client, django_assert_max_num_queries):
    scene.opened()
    url, counts = reverse("self_assessment", args=[scene.ref]), []
    read(client, scene.cast.manager, url)
    for answers in ({}, MANAGEMENT):
        scene.say(scene.cast.manager, answers)
        with django_assert_max_num_queries(45) as asked:
            read(client, scene.cast.manager, url)
        counts.append(len(asked))
    assert counts[0] == counts[1]
