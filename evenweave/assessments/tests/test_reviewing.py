"""The review: comments, return, approval; what reaches the factory with it and what never does."""

import pytest
from django.http import Http404

from evenweave.activity.models import Entry
from evenweave.assessments.models import Photo
from evenweave.assessments.queries import assessments_for, draft_findings
from evenweave.assessments.services import answering, reviewing, submitting
from evenweave.assessments.tests.pictures import a_picture
from evenweave.assessments.tests.scene import APPROVED, SUBMITTED, a_change, on_site
from evenweave.notifications.models import Notice
from evenweave.toolkit import clock
from evenweave.toolkit.refusals import Refused


def say(scene, text="Which of the doors?", question_id="SH-01", by=None):
    return reviewing.comment(ref=scene.ref, question_id=question_id, text=text, by=by or scene.cast.reviewer)


def send_back(scene):
    return reviewing.return_to_assessors(ref=scene.ref, by=scene.cast.reviewer)


def test_only_its_reviewer_comments_returns_and_approves(scene):
    scene.submitted()
    for act in (
        lambda person: say(scene, by=person),
        lambda person: reviewing.return_to_assessors(ref=scene.ref, by=person),
        lambda person: reviewing.approve(ref=scene.ref, by=person),
    ):
        for key, person in scene.cast.people.items():
            if person is not None and key != "reviewer":
                with pytest.raises(Http404):
                    act(person)


def test_an_assessment_goes_back_only_with_a_comment(scene):
    scene.submitted()
    with pytest.raises(Refused):
        send_back(scene)
    say(scene)
    send_back(scene)
    assert scene.assessment.state == "returned"
    told = Notice.objects.filter(kind="assessment.returned").values_list("person__name", flat=True)
    assert set(told) == {"Som Chenda", "Nou Pisey"}


def test_a_returned_assessment_takes_answers_and_is_submitted_again(scene):
    scene.submitted()
    comment = say(scene)
    send_back(scene)
    scene.say({("SH-02", "note"): "looked again"})
    reviewing.resolve_comment(comment_ref=comment.ref, by=scene.cast.second_assessor)
    with clock.at(APPROVED):
        submitting.submit(ref=scene.ref, by=scene.cast.assessor)
    comment.refresh_from_db()
    assert comment.resolved_by == scene.cast.second_assessor
    assert (scene.assessment.state, str(scene.assessment.ended_on)) == ("in_review", "2025-11-19")


def test_an_empty_comment_says_nothing(scene):
    scene.submitted()
    with pytest.raises(Refused) as refused:
        say(scene, "  ")
    assert refused.value.field == "text"


def test_nothing_reaches_the_factory_before_the_approval_and_the_draft_does_with_it(scene):
    factory_side = ("manager", "worker", "coach")
    scene.submitted()
    before = [list(assessments_for(scene.cast.people[key])) for key in factory_side]
    with clock.at(APPROVED):
        reviewing.approve(ref=scene.ref, by=scene.cast.reviewer)
    after = [list(assessments_for(scene.cast.people[key])) for key in factory_side]
    assert (before, after) == ([[], [], []], [[scene.assessment]] * 3)
    outside = ("other_manager", "buyer", "unpaid_buyer", "stranger_buyer", "ministry", "foreign_manager", "nobody")
    assert [key for key in outside if list(assessments_for(scene.cast.people[key]))] == []


def test_the_reply_window_is_five_working_days_and_holidays_do_not_count(scene):
    scene.approved()
    # Approved on Monday 24 November 2025: 25, 26, 27, 28 November and Monday 1 December.
    assert (str(scene.assessment.reply_due_on), scene.assessment.state) == ("2025-12-01", "with_factory")


def test_approval_is_the_first_step_that_the_factory_reads(scene):
    scene.approved()
    shared = Entry.objects.filter(sharing__gte=20).values_list("step", flat=True)
    assert list(shared) == ["assessment.approved"]
    told = Notice.objects.filter(kind="reply.opened").values_list("person__name", flat=True)
    assert list(told) == ["Chan Sopheap"]


def test_the_cycles_steps_say_nothing_before_the_approval_and_are_shown_with_it(scene):
    scene.submitted()
    assert set(scene.cycle.steps.values_list("sharing", "done_on", "due_on")) == {(10, None, None)}
    with clock.at(APPROVED):
        reviewing.approve(ref=scene.ref, by=scene.cast.reviewer)
    steps = {
        row.key: (row.sharing, str(row.done_on), str(row.due_on)) for row in scene.cycle.steps.all()
    }
    assert steps == {
        "assessment": (20, "2025-11-19", "None"),
        "draft": (20, "2025-11-24", "None"),
        "reply": (20, "None", "2025-12-01"),
    }


def test_photos_of_findings_travel_and_all_others_stay(scene):
    scene.answered()
    with on_site():
        for question_id, colour in (("SH-01", "teal"), ("SH-02", "red"), ("SH-01", "blue")):
            photo = answering.add_photo(
                ref=scene.ref, question_id=question_id, file=a_picture(colour), caption="", by=scene.cast.assessor
            )
        answering.withdraw_photo(photo_ref=photo.ref, by=scene.cast.assessor)
    with clock.at(SUBMITTED):
        submitting.submit(ref=scene.ref, by=scene.cast.assessor)
    with clock.at(APPROVED):
        reviewing.approve(ref=scene.ref, by=scene.cast.reviewer)
    shared = Photo.objects.permitted(scene.cast.manager, "assessment.view").values_list("question_id", flat=True)
    assert list(shared) == ["SH-01"]
    assert Photo.objects.permitted(scene.cast.assessor, "assessment.view").count() == 3


def test_the_same_photo_sent_twice_is_kept_once(scene):
    scene.started()
    with on_site():
        refs = {
            answering.add_photo(
                ref=scene.ref, question_id="SH-01", file=a_picture(), caption="East door", by=person
            ).ref
            for person in (scene.cast.assessor, scene.cast.second_assessor)
        }
    assert len(refs) == Photo.objects.count() == 1


def test_draft_findings_hold_the_sentence_and_never_the_private_note(scene):
    scene.approved()
    (finding,) = draft_findings(scene.assessment)
    assert finding.question.id == "SH-01"
    assert finding.text == "1 of 6 exits on floor 2 could not be opened from the inside."
    assert finding.explanation == "Cartons stood at the east door."
    assert finding.seriousness == "major"
    assert "guard" not in repr(finding)
    (in_khmer,) = draft_findings(scene.assessment, "km")
    # "floor" is English, so the whole sentence is: half a sentence in either language is nobody's
    assert (in_khmer.text, in_khmer.language) == (finding.text, "en")


def test_an_approved_assessment_takes_no_change_and_no_comment(scene):
    scene.approved()
    with on_site(), pytest.raises(Refused):
        answering.record_changes(
            ref=scene.ref, changes=[a_change("SH-01", "answer", "yes")], by=scene.cast.assessor
        )
    with pytest.raises(Refused):
        say(scene)
