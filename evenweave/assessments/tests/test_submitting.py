"""Submitting: only complete, only without conflict, with a list of what is missing."""

from datetime import date

import pytest

from evenweave.assessments.enums import Lack
from evenweave.assessments.rules import Missing
from evenweave.assessments.services import submitting
from evenweave.assessments.services.submitting import Incomplete
from evenweave.assessments.tests.scene import COMPLETE, SUBMITTED, a_change
from evenweave.notifications.models import Notice
from evenweave.toolkit import clock
from evenweave.toolkit.refusals import Refused


def submit(scene):
    with clock.at(SUBMITTED):
        return submitting.submit(ref=scene.ref, by=scene.cast.second_assessor)


def test_a_complete_assessment_goes_to_its_reviewer(scene):
    scene.answered()
    submit(scene)
    assessment = scene.assessment
    assert (assessment.state, str(assessment.ended_on), assessment.sharing) == ("in_review", "2025-11-19", 10)
    told = Notice.objects.filter(kind="assessment.submitted").values_list("person__name", flat=True)
    assert list(told) == ["Ann Okello"]


def test_writing_days_are_no_days_in_the_factory(scene):
    scene.answered()
    for day, words in ((date(2025, 11, 20), "has not come yet"), (date(2025, 11, 17), "The assessment began on")):
        with pytest.raises(Refused, match=words), clock.at(SUBMITTED):
            submitting.submit(ref=scene.ref, by=scene.cast.assessor, last_day_on=day)
    with clock.at(SUBMITTED):
        submitting.submit(ref=scene.ref, by=scene.cast.assessor, last_day_on=date(2025, 11, 18))
    assert scene.assessment.ended_on == date(2025, 11, 18)


def test_what_is_missing_is_listed_in_the_order_of_asking(scene):
    scene.started()
    left_out = {("FG-01", "answer"), ("SH-01", "explanation"), ("SH-01", "finding")}
    scene.say({place: value for place, value in COMPLETE.items() if place not in left_out})
    with pytest.raises(Incomplete) as refused:
        submit(scene)
    assert refused.value.missing == [
        Missing("FG-01", Lack.ANSWER), Missing("SH-01", Lack.EXPLANATION), Missing("SH-01", Lack.BLANKS),
    ]
    assert scene.assessment.state == "in_progress"


def test_a_conflict_blocks_and_is_named(scene):
    scene.answered()
    scene.say({("SH-02", "answer"): "no"}, by=scene.cast.second_assessor)
    with pytest.raises(Incomplete) as refused:
        submit(scene)
    assert refused.value.missing == [Missing("SH-02", Lack.CONFLICT)]


def test_a_conflict_at_a_question_that_is_not_asked_does_not_block(scene):
    scene.answered()
    scene.say({("SH-03", "answer"): "no"})
    scene.say({("SH-03", "answer"): "yes"}, by=scene.cast.second_assessor)
    assert a_change("SH-03", "answer", "no").question_id == "SH-03"
    submit(scene)
    assert scene.assessment.state == "in_review"
