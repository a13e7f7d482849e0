"""Recording answers through the change log: once each, both kept, nothing lost, few queries."""

import random
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from evenweave.assessments.models import AnswerChange, CurrentAnswer
from evenweave.assessments.queries import sheet, states_of
from evenweave.assessments.rules import Change, replayed
from evenweave.assessments.services import answering, submitting
from evenweave.assessments.services.answering import Said
from evenweave.assessments.tests.scene import COMPLETE, ON_SITE, a_change, a_small_tool, on_site
from evenweave.assessments.tests.smalltool import many
from evenweave.questionnaires.models import CompiledTool
from evenweave.toolkit import clock
from evenweave.toolkit.refusals import Refused
from evenweave.toolkit.uuid7 import uuid7
from tests import builders


def record(scene, *changes, by=None):
    with on_site():
        return answering.record_changes(ref=scene.ref, changes=changes, by=by or scene.cast.assessor)


def kept(scene, question_id="SH-01", field="answer"):
    return CurrentAnswer.objects.filter(
        assessment=scene.assessment, question_id=question_id, field=field
    ).values_list("value", "is_conflict").first()


def test_starting_fixes_the_tool_in_force_today_and_the_day(scene):
    scene.started()
    assert scene.assessment.state == "in_progress"
    assert str(scene.assessment.started_on) == "2025-11-18"
    assert CompiledTool.objects.get().frozen_at == ON_SITE


def test_it_starts_once(scene):
    scene.started()
    with on_site(), pytest.raises(Refused):
        answering.start(ref=scene.ref, by=scene.cast.second_assessor)


def test_an_answer_is_kept_with_who_said_it_and_when(scene):
    scene.started()
    accepted = record(scene, change := a_change("SH-01", "answer", "no"))
    row = CurrentAnswer.objects.get()
    assert (row.value, row.heads, row.is_conflict) == ("no", [str(change.id)], False)
    assert (row.changed_by, row.changed_at) == (scene.cast.assessor, ON_SITE)
    assert accepted.new == (change.id,)
    assert accepted.states["SH-01", "answer"].value == "no"


def test_a_change_sent_twice_counts_once(scene):
    scene.started()
    change = a_change("SH-01", "answer", "no")
    record(scene, change)
    again = record(scene, change, a_change("SH-02", "answer", "yes"))
    assert (again.known, len(again.new)) == ((change.id,), 1)
    assert AnswerChange.objects.count() == 2


def test_two_people_who_did_not_see_each_other_leave_a_conflict_and_nothing_is_lost(scene):
    scene.started()
    record(scene, a_change("SH-01", "answer", "no"))
    record(scene, a_change("SH-01", "answer", "yes"), by=scene.cast.second_assessor)
    assert kept(scene) == (None, True)
    said = set(AnswerChange.objects.values_list("author__name", "value"))
    assert said == {("Som Chenda", "no"), ("Nou Pisey", "yes")}


def test_two_people_who_say_the_same_agree(scene):
    scene.started()
    record(scene, a_change("SH-01", "answer", "no"))
    record(scene, a_change("SH-01", "answer", "no"), by=scene.cast.second_assessor)
    assert kept(scene) == ("no", False)


def test_a_choice_on_top_of_both_settles_it(scene):
    scene.started()
    one, other = a_change("SH-01", "answer", "no"), a_change("SH-01", "answer", "yes")
    record(scene, one, other)
    with on_site():
        answering.settle(
            ref=scene.ref, question_id="SH-01", field="answer", chosen=other.id,
            heads=frozenset({one.id, other.id}), change_id=uuid7(), by=scene.cast.assessor,
        )
    assert kept(scene) == ("yes", False)
    assert AnswerChange.objects.count() == 3


def test_a_choice_does_not_swallow_what_was_said_in_the_meantime(scene):
    scene.started()
    one, other = a_change("SH-01", "answer", "no"), a_change("SH-01", "answer", "yes")
    record(scene, one, other, a_change("SH-01", "answer", "unable"))
    with on_site():
        answering.settle(
            ref=scene.ref, question_id="SH-01", field="answer", chosen=one.id,
            heads=frozenset({one.id, other.id}), change_id=uuid7(), by=scene.cast.assessor,
        )
    assert kept(scene) == (None, True)


@pytest.mark.parametrize("seed", range(8))
def test_delivery_in_any_order_and_in_pieces_keeps_what_the_log_says(scene, seed):
    """The same property as in test_changes, through the database."""
    scene.started()
    rng = random.Random(seed)
    log: list[Change] = []
    for _ in range(25):
        question_id = rng.choice(["SH-01", "SH-02"])
        here = [c.id for c in log if c.question_id == question_id]
        based_on = rng.sample(here, k=min(len(here), rng.randint(0, 2)))
        at = ON_SITE + timedelta(minutes=len(log))
        log.append(a_change(question_id, "answer", rng.choice(["yes", "no", "unable"]), *based_on, at=at))
    order = rng.sample(log * 2, k=len(log) * 2)
    while order:
        batch = {c.id: c for c in order[: rng.randint(1, 7)]}
        del order[: len(batch)]
        record(scene, *batch.values())
    missing = [c for c in log if not AnswerChange.objects.filter(pk=c.id).exists()]
    record(scene, *missing)
    found = {place: (s.heads, s.value, s.is_conflict) for place, s in states_of(scene.assessment).items()}
    assert found == {place: (s.heads, s.value, s.is_conflict) for place, s in replayed(log).items()}


@pytest.mark.parametrize(
    ("question_id", "field", "value"),
    [
        ("XX-99", "answer", "yes"),
        ("SH-01", "answer", "perhaps"),
        ("SH-01", "answer", ["no"]),
        ("FG-01", "answer", "many"),
        ("FG-01", "answer", "-3"),
        ("FG-01", "answer", True),
        ("FG-02", "answer", "unable"),
        ("SH-01", "seriousness", "terrible"),
        ("SH-01", "finding", "1 of 6"),
        ("SH-01", "explanation", "x" * 8001),
        ("SH-01", "explanation", {"html": "<b>"}),
    ],
)
def test_what_is_no_answer_is_refused_and_nothing_of_the_delivery_is_kept(scene, question_id, field, value):
    scene.started()
    with pytest.raises(Refused):
        record(scene, a_change("SH-02", "answer", "yes"), a_change(question_id, field, value))
    assert not AnswerChange.objects.exists()


@pytest.mark.parametrize(("said", "is_kept_as"), [("1 250", 1250), ("12.50", "12.5"), (7, 7), ("007", 7), ("3.0", 3)])
def test_numbers_are_kept_in_one_form(scene, said, is_kept_as):
    scene.started()
    record(scene, a_change("FG-01", "answer", said))
    assert kept(scene, "FG-01") == (is_kept_as, False)


def test_an_id_cannot_be_used_for_something_else(scene):
    scene.started()
    change = a_change("SH-01", "answer", "no")
    record(scene, change)
    for other in (("SH-01", "answer", "yes"), ("SH-02", "answer", "no")):
        with pytest.raises(Refused):
            record(scene, Change(change.id, *other, frozenset(), ON_SITE))


def test_no_answers_before_the_start_nor_after_submission(scene):
    scene.assigned()
    with pytest.raises(Refused):
        record(scene, a_change("SH-01", "answer", "no"))
    with on_site():
        answering.start(ref=scene.ref, by=scene.cast.assessor)
    scene.say(COMPLETE)
    with on_site():
        submitting.submit(ref=scene.ref, by=scene.cast.assessor)
    with pytest.raises(Refused):
        record(scene, a_change("SH-01", "answer", "yes"))


def test_only_its_assessors_answer(scene):
    scene.started()
    allowed = set()
    for key, person in scene.cast.people.items():
        if person is None:
            continue
        try:
            record(scene, a_change("SH-01", "note", f"by {key}"), by=person)
            allowed.add(key)
        except Http404:
            pass
    assert allowed == {"assessor", "second_assessor"}


def test_saving_one_answer_takes_the_same_few_queries_whatever_is_there(scene, django_assert_max_num_queries):
    scene.started()
    record(scene, first := a_change("SH-02", "answer", "no"))
    with django_assert_max_num_queries(12) as few:
        record(scene, second := a_change("SH-02", "answer", "yes", first.id))
    scene.say({key: value for key, value in COMPLETE.items() if key[0] != "SH-02"})
    with django_assert_max_num_queries(len(few)):
        record(scene, a_change("SH-02", "answer", "no", second.id))


# The form's door


def say(scene, values: dict, *, by=None, **shown) -> dict:
    """A form that was drawn when the heads were `shown` says `values` ({field: (id, value)})."""
    said = {name: Said(change_id, value, frozenset(shown.get(name, ()))) for name, (change_id, value) in values.items()}
    with clock.at(ON_SITE):
        return answering.answer_question(
            ref=scene.ref, question_id="SH-01", said=said, by=by or scene.cast.assessor
        ).states


def test_a_form_makes_a_change_only_of_what_is_different(scene):
    scene.started()
    first = uuid7()
    say(scene, {"answer": (first, "no"), "explanation": (uuid7(), None), "note": (uuid7(), None)})
    assert list(AnswerChange.objects.values_list("pk", "field", "value")) == [(first, "answer", "no")]
    states = say(
        scene, {"answer": (uuid7(), "no"), "explanation": (uuid7(), "Cartons.")}, answer=[first]
    )
    assert set(AnswerChange.objects.values_list("field", "value")) == {("answer", "no"), ("explanation", "Cartons.")}
    assert states["explanation"].value == "Cartons."


def test_a_form_sent_twice_counts_once_and_sent_on_with_another_word_stands_on_the_first(scene):
    scene.started()
    change_id = uuid7()
    for _ in range(2):
        say(scene, {"explanation": (change_id, "Cartons")})
    say(scene, {"explanation": (change_id, "Cartons at the door.")})
    assert kept(scene, field="explanation") == ("Cartons at the door.", False)
    assert AnswerChange.objects.count() == 2


def test_a_form_drawn_before_the_other_answered_leaves_a_conflict_only_where_both_said_something(scene):
    scene.started()
    say(scene, {"answer": (uuid7(), "yes")}, by=scene.cast.second_assessor)
    say(scene, {"answer": (uuid7(), "no"), "explanation": (uuid7(), "Cartons.")})
    assert (kept(scene), kept(scene, field="explanation")) == ((None, True), ("Cartons.", False))


def test_a_form_that_left_a_field_alone_does_not_touch_what_the_other_wrote_there(scene):
    scene.started()
    first = uuid7()
    say(scene, {"answer": (first, "no")})
    say(scene, {"answer": (uuid7(), "yes")}, by=scene.cast.second_assessor, answer=[first])
    say(scene, {"answer": (uuid7(), "no"), "note": (uuid7(), "seen twice")}, answer=[first])
    assert (kept(scene), kept(scene, field="note")) == (("yes", False), ("seen twice", False))


def test_a_form_shown_a_conflict_and_sent_without_a_choice_leaves_it(scene):
    scene.started()
    one, other = a_change("SH-01", "answer", "no"), a_change("SH-01", "answer", "yes")
    record(scene, one, other)
    say(scene, {"answer": (uuid7(), None), "note": (uuid7(), "look again")}, answer=[one.id, other.id])
    assert kept(scene) == (None, True)


def test_a_form_that_still_says_one_side_of_a_conflict_does_not_settle_it_in_silence(scene):
    scene.started()
    one, other = a_change("SH-01", "answer", "no"), a_change("SH-01", "answer", "yes")
    record(scene, one, other)
    say(scene, {"answer": (uuid7(), "no"), "note": (uuid7(), "look again")}, answer=[one.id, other.id])
    assert kept(scene) == (None, True)
    say(scene, {"answer": (uuid7(), "unable")}, answer=[one.id, other.id])
    assert kept(scene) == ("unable", False)


def test_a_cluster_is_taken_by_one_of_the_assessors(scene):
    scene.started()
    with on_site():
        answering.take_cluster(ref=scene.ref, cluster="osh", by=scene.cast.assessor)
        answering.take_cluster(
            ref=scene.ref, cluster="facts", by=scene.cast.assessor, owner_ref=scene.cast.second_assessor.ref
        )
        with pytest.raises(Refused):
            answering.take_cluster(
                ref=scene.ref, cluster="osh", by=scene.cast.assessor, owner_ref=scene.cast.coach.ref
            )
        with pytest.raises(Refused):
            answering.take_cluster(ref=scene.ref, cluster="weather", by=scene.cast.assessor)
    owners = {cluster.key: cluster.owner for cluster in sheet(scene.assessment).clusters}
    assert owners == {"facts": scene.cast.second_assessor, "child-labour": None, "osh": scene.cast.assessor}


def test_the_sheet_takes_the_same_queries_for_few_and_many_answers(scene, django_assert_num_queries):
    scene.started()
    sheet(scene.assessment)  # the tool is known to the process from here on
    assessment = scene.assessment
    with CaptureQueriesContext(connection) as few:
        sheet(assessment)
    scene.say(COMPLETE)
    with django_assert_num_queries(len(few)):
        sheet(assessment)
    assert len(few) <= 6
    assert isinstance(UUID(CurrentAnswer.objects.first().heads[0]), UUID)


def test_the_sheet_takes_the_same_queries_at_28_and_280_questions(scene, django_assert_num_queries):
    counts = set()
    for number, size in enumerate((28, 280), start=2):
        tool = a_small_tool(f"t.{size}", rows=many(size))
        cycle = builders.a_cycle(scene.cast.factory, number, starts_on=date(2025 + number, 1, 1))
        made = builders.an_assessment(
            cycle, tool=tool, planner=scene.cast.programme_manager, assessors=(scene.cast.assessor,),
            state="in_progress",
        )
        changes = [a_change(row["id"], "answer", "yes") for row in many(size)]
        answering.record_changes(ref=made.ref, changes=changes, by=scene.cast.assessor)
        with CaptureQueriesContext(connection) as queries:
            assert sheet(made).answered == size
        counts.add(len(queries))
    assert len(counts) == 1
