"""Every page of the room, looked at by everybody; expectations written by hand."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from evenweave.assessments.models import AnswerChange, CurrentAnswer, Photo, Reply, ReviewComment
from evenweave.assessments.services import answering, cases, replying, reviewing
from evenweave.assessments.tests.pictures import a_picture, an_upload
from evenweave.assessments.tests.scene import APPROVED, COMPLETE, ON_SITE, SUBMITTED, a_change
from evenweave.home.queries.files import file_for
from evenweave.toolkit import clock
from evenweave.toolkit.files import files_of
from evenweave.toolkit.uuid7 import uuid7

# 403 is decided by role and action alone, before anything is looked up: whoever could never do it anywhere.
SEE_LISTS = {
    "manager", "worker", "other_manager", "coach", "assessor", "second_assessor", "reviewer", "team_leader",
    "programme_manager", "quality", "foreign_manager",
}
ASSESSORS = {"assessor", "second_assessor"}
KNOW = ASSESSORS | {"reviewer", "team_leader", "programme_manager", "quality"}


def expected(scene, sees: set[str], *, ever: set[str]) -> dict[str, int]:
    """200 for those who see it, 404 for those who may do it elsewhere, 403 for all others, 302 to sign in."""
    found = {key: 200 if key in sees else 404 if key in ever else 403 for key in scene.cast.people}
    return found | {"anonymous": 302}


def seen(scene, seen_by, url, *, at=ON_SITE):
    with clock.at(at):
        return seen_by(scene.cast, url)


def post(client, person, url, data=None, *, at=ON_SITE, **headers):
    client.force_login(person)
    with clock.at(at):
        return client.post(url, data or {}, **headers)


def get(client, person, url, *, at=ON_SITE):
    client.force_login(person)
    with clock.at(at):
        return client.get(url)


# Who opens which page


def test_the_list_is_open_to_all_who_may_ever_see_one_and_shows_each_their_own(scene, seen_by, client):
    scene.started()
    assert seen(scene, seen_by, reverse("assessment_list")) == expected(scene, SEE_LISTS, ever=SEE_LISTS)
    shown = {
        key for key in SEE_LISTS
        if scene.ref in get(client, scene.cast.people[key], reverse("assessment_list")).content.decode()
    }
    assert shown == KNOW


@pytest.mark.parametrize("stage", ["assigned", "started", "submitted"])
def test_who_opens_a_secret_assessment(scene, seen_by, stage):
    getattr(scene, stage)()
    assert seen(scene, seen_by, reverse("assessment", args=[scene.ref])) == expected(scene, KNOW, ever=SEE_LISTS)


def test_who_opens_an_assessment_that_the_factory_has(scene, seen_by):
    scene.approved()
    sees = KNOW | {"manager", "worker", "coach"}
    assert seen(scene, seen_by, reverse("assessment", args=[scene.ref])) == expected(scene, sees, ever=SEE_LISTS)


def test_the_clusters_answers_stay_with_those_who_work_on_it_even_when_the_factory_has_the_draft(scene, seen_by):
    scene.approved()
    url = reverse("assessment_cluster", args=[scene.ref, "osh"])
    assert seen(scene, seen_by, url) == expected(scene, KNOW, ever=SEE_LISTS)


@pytest.mark.parametrize(
    ("name", "args", "sees", "ever"),
    [
        ("assessment_plan", [], {"programme_manager", "foreign_manager"}, {"programme_manager", "foreign_manager"}),
        ("assessment_assign", ["ref"], {"team_leader", "programme_manager"},
         {"team_leader", "programme_manager", "foreign_manager"}),
        ("question", ["ref", "SH-01"], ASSESSORS, ASSESSORS),
        ("assessment_check", ["ref"], ASSESSORS, ASSESSORS),
    ],
)
def test_who_opens_the_pages_of_the_work(scene, seen_by, name, args, sees, ever):
    scene.started()
    url = reverse(name, args=[scene.ref if arg == "ref" else arg for arg in args])
    assert seen(scene, seen_by, url) == expected(scene, sees, ever=ever)


@pytest.mark.parametrize("name", ["assessment_review", "review_comment", "review_approve"])
def test_who_opens_the_review(scene, seen_by, name):
    scene.submitted()
    url = reverse(name, args=[scene.ref])
    assert seen(scene, seen_by, url) == expected(scene, {"reviewer"}, ever={"reviewer"})


@pytest.mark.parametrize("stage", ["submitted", "approved"])
def test_who_reads_the_draft_findings(scene, seen_by, stage):
    getattr(scene, stage)()
    sees = KNOW | {"manager", "worker", "coach"} if stage == "approved" else set()
    url = reverse("assessment_reply", args=[scene.ref])
    assert seen(scene, seen_by, url, at=APPROVED) == expected(scene, sees, ever=SEE_LISTS)


@pytest.mark.parametrize("name", ["reply_to_finding", "reply_send", "extension_ask"])
def test_who_replies(scene, seen_by, name):
    scene.approved()
    url = reverse(name, args=[scene.ref, "SH-01"] if name == "reply_to_finding" else [scene.ref])
    ever = {"manager", "other_manager"}
    assert seen(scene, seen_by, url, at=APPROVED) == expected(scene, {"manager"}, ever=ever)


def test_who_decides_on_more_time(scene, seen_by):
    scene.approved()
    with clock.at(APPROVED):
        asked = replying.ask_extension(
            ref=scene.ref, until_on=scene.assessment.reply_due_on.replace(day=4), reason="x", by=scene.cast.manager
        )
    leaders = {"team_leader", "programme_manager"}
    url = reverse("extension", args=[asked.ref])
    assert seen(scene, seen_by, url, at=APPROVED) == expected(scene, leaders, ever=leaders | {"foreign_manager"})


# Secrecy on the pages


def test_nothing_of_a_secret_assessment_is_on_the_pages_of_those_who_must_not_know(scene, client):
    scene.submitted()
    for key in ("manager", "worker", "coach", "buyer", "ministry", "other_manager", "foreign_manager"):
        person = scene.cast.people[key]
        for name in ("assessment_list", "case_list"):
            content = get(client, person, reverse(name), at=SUBMITTED).content.decode()
            assert scene.ref not in content, (key, name)
            assert "18 November" not in content, (key, name)
            assert "2025-11-18" not in content, (key, name)


def test_the_day_is_on_the_pages_of_those_who_plan(scene, client):
    scene.assigned()
    for key in ("team_leader", "programme_manager", "assessor"):
        person = scene.cast.people[key]
        for url in (reverse("assessment_list"), reverse("assessment", args=[scene.ref])):
            assert "18 November 2025" in get(client, person, url).content.decode(), (key, url)


def test_the_factory_reads_the_finding_and_never_the_note_the_day_or_the_comments(scene, client):
    scene.submitted()
    reviewing.comment(ref=scene.ref, question_id="SH-01", text="Soften this line.", by=scene.cast.reviewer)
    with clock.at(APPROVED):
        reviewing.approve(ref=scene.ref, by=scene.cast.reviewer)
    for key in ("manager", "worker", "coach"):
        for name in ("assessment", "assessment_reply"):
            content = get(client, scene.cast.people[key], reverse(name, args=[scene.ref]), at=APPROVED).content.decode()
            for secret in ("The guard asked", "18 November", "10 November", "Soften this line", "Ann Okello"):
                assert secret not in content, (key, name, secret)
        assert "1 of 6 exits on floor 2 could not be opened" in content


# Planning


def test_an_assessment_is_planned_and_assigned_on_the_pages(scene, client):
    cast = scene.cast
    planned = post(client, cast.programme_manager, reverse("assessment_plan"), {
        "cycle": scene.cycle.ref, "window_from": "2025-11-19", "window_until": "2025-11-28", "mode": "onsite",
        "extent": "full",
    })
    assert planned.status_code == 302
    scene.ref = planned["Location"].split("/")[2]
    wrong = post(client, cast.team_leader, reverse("assessment_assign", args=[scene.ref]), {
        "day_on": "2026-01-15", "first": cast.assessor.ref, "second": cast.second_assessor.ref,
        "reviewer": cast.reviewer.ref,
    })
    assert wrong.status_code == 422
    assert "inside the window" in wrong.content.decode()
    assert 'value="2026-01-15"' in wrong.content.decode()
    right = post(client, cast.team_leader, reverse("assessment_assign", args=[scene.ref]), {
        "day_on": "2025-11-20", "first": cast.assessor.ref, "second": cast.second_assessor.ref,
        "reviewer": cast.reviewer.ref,
    })
    assert right.status_code == 302
    assert str(scene.plan.day_on) == "2025-11-20"


def test_the_coach_is_not_among_those_to_choose(scene, client):
    scene.planned()
    content = get(client, scene.cast.team_leader, reverse("assessment_assign", args=[scene.ref])).content.decode()
    assert scene.cast.assessor.ref in content
    assert scene.cast.coach.ref not in content


# Answering


def url_of(scene, question_id="SH-01"):
    return reverse("question", args=[scene.ref, question_id])


def test_an_answer_is_saved_without_a_page_load(scene, client):
    scene.started()
    response = post(
        client, scene.cast.assessor, url_of(scene), {"answer": "no", "id_answer": str(uuid7()), "base_answer": ""},
        headers={"HX-Request": "true"},
    )
    content = response.content.decode()
    assert response.status_code == 200
    assert CurrentAnswer.objects.get().value == "no"
    assert "<html" not in content
    assert str(AnswerChange.objects.get().pk) in content  # the head on which the next save stands
    assert 'name="blank"' in content  # the finding has appeared
    assert "the explanation is missing" in content


def test_saving_again_does_not_move_what_somebody_types_in(scene, client):
    scene.started()
    first = str(uuid7())
    post(client, scene.cast.assessor, url_of(scene), {"answer": "no", "id_answer": first})
    response = post(
        client, scene.cast.assessor, url_of(scene),
        {"answer": "no", "base_answer": first, "shown": "finding", "explanation": "Cartons."},
        headers={"HX-Request": "true"},
    )
    assert 'name="blank"' not in response.content.decode()
    assert CurrentAnswer.objects.get(field="explanation").value == "Cartons."


def test_it_works_without_scripts_and_goes_on_to_the_next_question_that_is_asked(scene, client):
    scene.started()
    response = post(client, scene.cast.assessor, url_of(scene, "SH-02"), {"answer": "yes", "go": "next"})
    beside = get(client, scene.cast.assessor, response["Location"])
    assert beside["Location"] == reverse("assessment_check", args=[scene.ref])  # SH-03 is not asked
    scene.say({("FG-02", "answer"): "yes"})
    assert get(client, scene.cast.assessor, response["Location"])["Location"] == url_of(scene, "SH-03")


def test_what_was_typed_stays_when_it_is_refused(scene, client):
    scene.started()
    page = post(client, scene.cast.assessor, url_of(scene, "FG-01"), {"answer": "about 800", "note": "asked twice"})
    content = page.content.decode()
    assert page.status_code == 422
    assert "Enter a number from 0 up" in content
    assert 'value="about 800"' in content
    assert "asked twice" in content
    piece = post(
        client, scene.cast.assessor, url_of(scene, "FG-01"), {"answer": "-1"}, headers={"HX-Request": "true"}
    )
    assert (piece.status_code, "<html" in piece.content.decode()) == (422, False)
    assert not AnswerChange.objects.exists()


def test_a_sign_in_that_has_run_out_is_not_taken_for_saved(scene, client):
    scene.started()
    response = client.post(url_of(scene), {"answer": "no"}, headers={
        "HX-Request": "true", "HX-Current-URL": f"http://testserver{url_of(scene)}",
    })
    assert response.status_code == 401
    assert response["HX-Redirect"] == f"/accounts/login/?next={url_of(scene)}"


def test_a_page_holds_its_draft_for_this_person(scene, client):
    scene.started()
    content = get(client, scene.cast.assessor, url_of(scene)).content.decode()
    assert f'name="ew-draft" value="{scene.ref}-sh-01"' in content


def test_two_answers_stand_side_by_side_and_a_choice_settles_them(scene, client):
    scene.started()
    post(client, scene.cast.assessor, url_of(scene), {"answer": "no", "id_answer": str(uuid7())})
    piece = post(
        client, scene.cast.second_assessor, url_of(scene), {"answer": "yes", "id_answer": str(uuid7())},
        headers={"HX-Request": "true"},
    )
    assert "Two answers to one question" in piece.content.decode()
    content = get(client, scene.cast.assessor, url_of(scene)).content.decode()
    for words in ("Use Som Chenda", "Use Nou Pisey", "Both are kept"):
        assert words in content
    row = CurrentAnswer.objects.get()
    chosen = AnswerChange.objects.get(author=scene.cast.second_assessor)
    post(client, scene.cast.assessor, reverse("question_settle", args=[scene.ref, "SH-01"]), {
        "field": "answer", "choice": str(chosen.pk), "heads": ",".join(row.heads), "id": str(uuid7()),
    })
    assert CurrentAnswer.objects.get().value == "yes"
    assert AnswerChange.objects.count() == 3


@pytest.mark.parametrize("bad", [{}, {"choice": "x"}, {"field": "weather", "choice": str(uuid7()), "id": str(uuid7())}])
def test_a_choice_that_nobody_offered_changes_nothing(scene, client, bad):
    scene.started()
    scene.say({("SH-01", "answer"): "no"})
    response = post(client, scene.cast.assessor, reverse("question_settle", args=[scene.ref, "SH-01"]), bad)
    assert response.status_code == 422
    assert AnswerChange.objects.count() == 1


@pytest.mark.parametrize("bad", [{"id_answer": "x"}, {"base_answer": "1,2"}])
def test_ids_that_are_none_are_refused(scene, client, bad):
    scene.started()
    response = post(client, scene.cast.assessor, url_of(scene), {"answer": "no"} | bad)
    assert response.status_code == 422
    assert not AnswerChange.objects.exists()


def test_a_question_that_is_not_in_the_tool_is_not_there(scene, client):
    scene.started()
    assert get(client, scene.cast.assessor, url_of(scene, "XX-01")).status_code == 404


def test_the_second_language_the_law_and_what_to_look_for_stand_at_the_question(scene, client):
    scene.started()
    content = get(client, scene.cast.assessor, url_of(scene)).content.decode()
    for words in ("តើច្រកចេញ", "Draft translation", "Article 16", "Look with your own eyes.", "Publicly reported"):
        assert words in content


def test_photos_are_pictures_or_refused_with_the_caption_kept(scene, client):
    scene.started()
    url = reverse("question_photo", args=[scene.ref, "SH-01"])
    bad = post(client, scene.cast.assessor, url, {"photo": _a_text_file(), "caption": "East door"})
    assert bad.status_code == 422
    assert "not a photo that can be shown" in bad.content.decode()
    assert 'value="East door"' in bad.content.decode()
    good = post(client, scene.cast.assessor, url, {"photo": an_upload(), "caption": "East door"})
    assert good.status_code == 302
    photo = Photo.objects.get()
    assert "East door" in get(client, scene.cast.assessor, url_of(scene)).content.decode()
    post(client, scene.cast.assessor, reverse("photo_withdraw", args=[photo.ref]))
    assert "East door" not in get(client, scene.cast.assessor, url_of(scene)).content.decode()


def _a_text_file() -> SimpleUploadedFile:
    return SimpleUploadedFile("door.jpg", b"<svg onload=alert(1)>", content_type="image/jpeg")


def test_a_photo_is_opened_by_those_who_may(scene):
    scene.answered()
    with clock.at(ON_SITE):
        photo = answering.add_photo(
            ref=scene.ref, question_id="SH-01", file=a_picture(), caption="", by=scene.cast.assessor
        )
    ref = files_of(photo).get().ref
    assert {key for key, person in scene.cast.people.items() if person and file_for(person, ref)} == KNOW


def test_a_cluster_is_taken_by_a_tap_on_a_name(scene, client):
    scene.started()
    post(client, scene.cast.assessor, reverse("assessment_take_cluster", args=[scene.ref, "osh"]),
         {"owner": scene.cast.second_assessor.ref})
    content = get(client, scene.cast.assessor, reverse("assessment", args=[scene.ref])).content.decode()
    assert f'value="{scene.cast.second_assessor.ref}" aria-pressed="true"' in content


def test_the_tasks_say_how_far_each_cluster_is_and_what_needs_attention(scene, client):
    scene.started()
    scene.say({("CL-01", "answer"): "no", ("CL-02", "answer"): "yes", ("SH-01", "answer"): "no",
               ("FG-01", "answer"): 12})
    content = get(client, scene.cast.team_leader, reverse("assessment", args=[scene.ref])).content.decode()
    for words in ("4 of 6 questions answered", "Done", "Needs evidence", "In progress", "the explanation is missing"):
        assert words in content


def test_a_zero_tolerance_finding_without_a_case_needs_attention(scene, client):
    scene.started()
    scene.say({("CL-01", "answer"): "yes", ("CL-01", "explanation"): "A girl at line 4."})
    url = reverse("assessment", args=[scene.ref])
    assert "no zero-tolerance case is open" in get(client, scene.cast.assessor, url).content.decode()
    with clock.at(ON_SITE):
        cases.open_case(
            assessment_ref=scene.ref, question_id="CL-01", issue="child_under_age", description="A girl.",
            by=scene.cast.assessor,
        )
    assert "no zero-tolerance case is open" not in get(client, scene.cast.assessor, url).content.decode()


def test_submitting_lists_what_is_missing_as_links(scene, client):
    scene.started()
    scene.say({place: value for place, value in COMPLETE.items() if place != ("SH-01", "explanation")})
    url = reverse("assessment_check", args=[scene.ref])
    refused = post(client, scene.cast.assessor, url)
    assert refused.status_code == 422
    assert f'href="{url_of(scene)}"' in refused.content.decode()
    scene.say({("SH-01", "explanation"): "Cartons."})
    early = post(client, scene.cast.assessor, url, {"last_day_on": "2025-11-17"})
    assert early.status_code == 422
    assert "The assessment began on" in early.content.decode()
    assert post(client, scene.cast.assessor, url, {"last_day_on": "2025-11-18"}).status_code == 302
    assert (scene.assessment.state, str(scene.assessment.ended_on)) == ("in_review", "2025-11-18")


def test_the_question_page_and_the_tasks_take_the_same_queries_at_few_and_many_answers(
    scene, client, django_assert_max_num_queries
):
    scene.started()
    urls = [url_of(scene), reverse("assessment", args=[scene.ref])]
    for url in urls:
        get(client, scene.cast.assessor, url)
    counts = []
    for url in urls:
        client.force_login(scene.cast.assessor)
        with clock.at(ON_SITE), django_assert_max_num_queries(40) as queries:
            client.get(url)
        counts.append(len(queries))
    scene.say(COMPLETE)
    for url, count in zip(urls, counts, strict=True):
        with clock.at(ON_SITE), django_assert_max_num_queries(count):
            client.get(url)


# Review


def test_the_reviewer_comments_and_returns_and_the_assessor_reads_it_at_the_question(scene, client):
    scene.submitted()
    reviewer = scene.cast.reviewer
    content = get(client, reviewer, reverse("assessment_review", args=[scene.ref])).content.decode()
    assert "1 of 6 exits on floor 2 could not be opened" in content
    refused = post(client, reviewer, reverse("review_return", args=[scene.ref]))
    assert "Write at least one comment first" in refused.content.decode()
    comment_url = reverse("review_comment", args=[scene.ref])
    assert post(client, reviewer, comment_url, {"question": "SH-01", "text": " "}).status_code == 422
    post(client, reviewer, comment_url, {"question": "SH-01", "text": "Which door?"})
    post(client, reviewer, reverse("review_return", args=[scene.ref]))
    assert scene.assessment.state == "returned"
    assert "Which door?" in get(client, scene.cast.assessor, url_of(scene)).content.decode()
    comment = ReviewComment.objects.get()
    post(client, scene.cast.assessor, reverse("comment_resolve", args=[comment.ref]))
    comment.refresh_from_db()
    assert comment.resolved_by == scene.cast.assessor


def test_the_reviewer_approves_on_a_page_that_says_what_goes(scene, client):
    scene.submitted()
    url = reverse("review_approve", args=[scene.ref])
    assert "Send 1 draft finding to the factory" in get(client, scene.cast.reviewer, url).content.decode()
    post(client, scene.cast.reviewer, url, at=APPROVED)
    assert scene.assessment.state == "with_factory"
    assert post(client, scene.cast.reviewer, url, at=APPROVED).status_code == 422


# Reply


def test_the_factory_replies_asks_for_time_and_sends(scene, client):
    scene.approved()
    manager = scene.cast.manager
    url = reverse("reply_to_finding", args=[scene.ref, "SH-01"])
    wrong = post(client, manager, url, {"position": "partly", "text": ""}, at=APPROVED)
    assert wrong.status_code == 422
    assert "Say what you see differently" in wrong.content.decode()
    post(client, manager, url, {"position": "disagrees", "text": "It was open.", "photos": [an_upload()]}, at=APPROVED)
    content = get(client, manager, reverse("assessment_reply", args=[scene.ref]), at=APPROVED).content.decode()
    for words in ("1 of 1 draft findings have a reply", "It was open.", "1 December 2025", "in 7 days", "Ask for more"):
        assert words in content
    ask = reverse("extension_ask", args=[scene.ref])
    late = post(client, manager, ask, {"until_on": "2026-02-01", "reason": "x"}, at=APPROVED)
    assert late.status_code == 422
    assert post(client, manager, ask, {"until_on": "2025-12-03", "reason": "x"}, at=APPROVED).status_code == 302
    asked = scene.assessment.extensions.get()
    decide = reverse("extension", args=[asked.ref])
    assert post(client, scene.cast.team_leader, decide, {"granted": "yes"}, at=APPROVED).status_code == 422
    post(client, scene.cast.team_leader, decide, {"granted": "yes", "reason": "Fair."}, at=APPROVED)
    assert str(scene.assessment.reply_due_on) == "2025-12-03"
    post(client, manager, reverse("reply_send", args=[scene.ref]), at=APPROVED)
    assert scene.assessment.state == "replied"
    assert Reply.objects.get().position == "disagrees"


# Cases


def a_case(scene):
    scene.started()
    with clock.at(ON_SITE):
        return cases.open_case(
            assessment_ref=scene.ref, question_id="CL-01", issue="child_under_age", description="A girl at line 4.",
            protected_name="Sokha Hidden-Name", protected_details="Third row", by=scene.cast.assessor,
        )


STAFF_OF_CASE = ASSESSORS | {"team_leader", "programme_manager", "quality"}
SEE_CASES = STAFF_OF_CASE | {"ministry", "foreign_manager"}


def test_who_opens_the_list_of_cases_and_a_case(scene, seen_by):
    case = a_case(scene)
    assert seen(scene, seen_by, reverse("case_list")) == expected(scene, SEE_CASES, ever=SEE_CASES)
    url = reverse("case", args=[case.ref])
    assert seen(scene, seen_by, url) == expected(scene, STAFF_OF_CASE, ever=SEE_CASES)
    with clock.at(ON_SITE):
        cases.take_step(case_ref=case.ref, key="inform_ministry", note="Called.", by=scene.cast.team_leader)
    assert seen(scene, seen_by, url) == expected(scene, STAFF_OF_CASE | {"ministry"}, ever=SEE_CASES)


def test_the_protected_name_is_on_the_page_of_those_who_handle_the_case_alone(scene, client):
    case = a_case(scene)
    with clock.at(ON_SITE):
        cases.take_step(case_ref=case.ref, key="inform_ministry", note="Called.", by=scene.cast.team_leader)
    knows = set()
    for key in STAFF_OF_CASE | {"ministry"}:
        content = get(client, scene.cast.people[key], reverse("case", args=[case.ref])).content.decode()
        assert "A girl at line 4." in content
        if "Sokha Hidden-Name" in content or "Third row" in content:
            knows.add(key)
    assert knows == ASSESSORS | {"team_leader", "programme_manager"}


def test_the_ministry_reads_the_case_and_nothing_of_the_running_assessment(scene, client):
    case = a_case(scene)
    with clock.at(ON_SITE):
        cases.take_step(case_ref=case.ref, key="inform_ministry", note="Called.", by=scene.cast.team_leader)
    content = get(client, scene.cast.ministry, reverse("case", args=[case.ref])).content.decode()
    assert scene.ref not in content
    assert "CL-01" not in content


def test_a_coach_opens_a_case_at_the_factory_and_is_told_so(scene, client):
    coach = scene.cast.coach
    url = reverse("case_open")
    given = {"factory_ref": scene.cast.factory.ref, "issue": "violence", "description": "Shouting and a slap."}
    wrong = post(client, coach, url, given | {"description": ""})
    assert wrong.status_code == 422
    right = post(client, coach, url, given)
    assert right.status_code == 200
    assert "The case is open" in right.content.decode()
    assert post(client, coach, url, given | {"factory_ref": scene.cast.other_factory.ref}).status_code == 404


def test_who_opens_the_form_of_a_case(scene, seen_by):
    scene.started()
    ever = ASSESSORS | {"coach", "team_leader", "programme_manager", "foreign_manager"}
    at_factory = f"{reverse('case_open')}?factory_ref={scene.cast.factory.ref}"
    assert seen(scene, seen_by, at_factory) == expected(
        scene, {"coach", "team_leader", "programme_manager"}, ever=ever
    )
    on_site = f"{reverse('case_open')}?assessment={scene.ref}&question=CL-01"
    assert seen(scene, seen_by, on_site) == expected(
        scene, ASSESSORS | {"team_leader", "programme_manager"}, ever=ever
    )


def test_a_case_goes_through_its_duties_and_is_closed_on_the_page(scene, client):
    case = a_case(scene)
    leader = scene.cast.team_leader
    content = get(client, leader, reverse("case", args=[case.ref])).content.decode()
    assert "The labour ministry is informed" in content
    keys = ("tell_manager", "inform_ministry", "ask_investigation", "agree_action_plan")
    refused = post(client, leader, reverse("case_step", args=[case.ref, "tell_manager"]), {"tell_manager-note": ""})
    assert refused.status_code == 422
    for key in keys:
        done = post(client, leader, reverse("case_step", args=[case.ref, key]), {f"{key}-note": "Called at nine."})
        assert done.status_code == 302
    assert post(client, leader, reverse("case_close", args=[case.ref]), {"outcome": ""}).status_code == 422
    post(client, leader, reverse("case_close", args=[case.ref]), {"outcome": "Back at school."})
    assert "Back at school." in get(client, leader, reverse("case", args=[case.ref])).content.decode()


# What only a script or a button posts


@pytest.mark.parametrize(
    ("name", "args", "doers"),
    [
        ("assessment_start", [], ASSESSORS),
        ("assessment_take_cluster", ["osh"], ASSESSORS),
        ("question", ["SH-01"], ASSESSORS),
        ("question_settle", ["SH-01"], ASSESSORS),
        ("question_photo", ["SH-01"], ASSESSORS),
        ("assessment_check", [], ASSESSORS),
        ("review_return", [], {"reviewer"}),
        ("review_approve", [], {"reviewer"}),
        ("review_comment", [], {"reviewer"}),
        ("reply_to_finding", ["SH-01"], set()),
        ("reply_send", [], set()),
        ("extension_ask", [], set()),
    ],
)
def test_who_may_post_to_a_running_assessment(scene, client, name, args, doers):
    scene.started()
    reached = set()
    for key, person in scene.cast.people.items():
        if person is not None:
            response = post(client, person, reverse(name, args=[scene.ref, *args]))
            if response.status_code not in {403, 404}:
                reached.add(key)
    assert reached == doers


def test_a_late_tab_of_a_submitted_assessment_is_refused_and_shows_what_was_typed(scene, client):
    scene.submitted()
    before = AnswerChange.objects.count()
    response = post(client, scene.cast.assessor, url_of(scene), {"answer": "yes", "explanation": "typed late"})
    assert response.status_code == 422
    assert "typed late" in response.content.decode()
    assert AnswerChange.objects.count() == before
    assert a_change("SH-01", "answer", "yes").id
