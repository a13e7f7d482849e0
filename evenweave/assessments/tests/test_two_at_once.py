"""Two writers at the same moment, each with a connection of its own: a conflict, and nothing lost."""

import threading

import pytest
from django.db import connections

from evenweave.assessments.models import AnswerChange, ChangeBasis
from evenweave.assessments.queries import states_of
from evenweave.assessments.rules import Change, replayed
from evenweave.assessments.services import answering, submitting
from evenweave.assessments.tests.scene import COMPLETE, a_change, a_scene, on_site
from evenweave.toolkit.refusals import Refused

ROUNDS = 12


def at_once(*works) -> list[Exception]:
    """Run each in a thread, begun together; the exceptions that came out."""
    together, failures = threading.Barrier(len(works)), []

    def run(work) -> None:
        try:
            together.wait()
            work()
        except Exception as failure:
            failures.append(failure)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


def the_log(scene) -> list[Change]:
    basis: dict = {}
    for row in ChangeBasis.objects.all():
        basis.setdefault(row.change_id, set()).add(row.based_on)
    return [
        Change(row.id, row.question_id, row.field, row.value, frozenset(basis.get(row.id, ())), row.made_at)
        for row in AnswerChange.objects.filter(assessment=scene.assessment)
    ]


@pytest.mark.django_db(transaction=True)
def test_two_assessors_answer_the_same_question_at_once():
    scene = a_scene().started()
    ref, cast = scene.ref, scene.cast

    def write(person, words: str):
        def work() -> None:
            with on_site():
                before: tuple = ()
                for number in range(ROUNDS):
                    change = a_change("SH-01", "explanation", f"{words} {number}", *before)
                    answering.record_changes(ref=ref, changes=[change], by=person)
                    before = (change.id,)

        return work

    assert at_once(write(cast.assessor, "Cartons"), write(cast.second_assessor, "A chain")) == []
    assert AnswerChange.objects.count() == 2 * ROUNDS
    state = states_of(scene.assessment)["SH-01", "explanation"]
    assert (len(state.heads), state.is_conflict) == (2, True)
    log = the_log(scene)
    assert state.heads == replayed(log)["SH-01", "explanation"].heads
    standing = {change.value for change in log if change.id in state.heads}
    assert standing == {f"Cartons {ROUNDS - 1}", f"A chain {ROUNDS - 1}"}


@pytest.mark.django_db(transaction=True)
def test_the_same_changes_sent_twice_at_once_count_once():
    scene = a_scene().started()
    changes = [a_change("SH-01", "note", f"seen {number}") for number in range(5)]

    def send() -> None:
        with on_site():
            answering.record_changes(ref=scene.ref, changes=changes, by=scene.cast.assessor)

    assert at_once(send, send) == []
    assert AnswerChange.objects.count() == 5
    assert len(states_of(scene.assessment)["SH-01", "note"].heads) == 5


@pytest.mark.django_db(transaction=True)
def test_an_answer_beside_a_submission_is_in_it_or_refused():
    scene = a_scene().answered()
    before = AnswerChange.objects.count()

    def submit() -> None:
        with on_site():
            submitting.submit(ref=scene.ref, by=scene.cast.assessor)

    def answer() -> None:
        with on_site():
            answering.record_changes(
                ref=scene.ref, changes=[a_change("SH-02", "note", "late")], by=scene.cast.second_assessor
            )

    failures = at_once(submit, answer)
    assert [type(failure) for failure in failures] in ([], [Refused])
    assert scene.assessment.state == "in_review"
    assert AnswerChange.objects.count() == before + (0 if failures else 1)
    assert len(COMPLETE) == before
