"""The workbook, out and in: what it holds, what comes back, and planted faults."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.translation import override

from evenweave.assessments.services.ledger import Said
from evenweave.selfassessments import services, workbook
from evenweave.selfassessments.models import SideAnswer, SideChange
from evenweave.selfassessments.queries import own_sheet
from evenweave.selfassessments.queries.sheets import sheet_now
from evenweave.selfassessments.tests.books import everything_in, filled, rows_of
from evenweave.selfassessments.tests.scene import MANAGEMENT, OPENED, SECRET_WORDS
from evenweave.toolkit import clock
from evenweave.toolkit.refusals import Refused
from evenweave.toolkit.uuid7 import uuid7

pytestmark = pytest.mark.django_db


def taken_out(scene, person, language: str = "en") -> bytes:
    with override(language):
        return workbook.written(sheet_now(own_sheet(person, scene.found)), factory="Mekong Stitch", language=language)


def read(scene, person, content: bytes) -> workbook.Reading:
    return workbook.read(io.BytesIO(content), "book.xlsx", sheet_now(own_sheet(person, scene.found)))


def said_by(scene, side: str) -> dict[str, object]:
    rows = SideAnswer.objects.filter(sheet__self_assessment__ref=scene.ref, sheet__side=side, field="answer")
    return dict(rows.values_list("question_id", "value"))


def test_one_row_a_question_with_lists_and_locked_cells(scene):
    scene.opened()
    scene.say(scene.cast.manager, {"SH-02": "no"}, {"SH-02": "=HYPERLINK(\"x\")"})
    content = taken_out(scene, scene.cast.manager)
    headings, *rows = rows_of(content)
    assert [row[0] for row in rows] == ["FG-01", "FG-02", "CL-01", "CL-02", "SH-01", "SH-02"]
    last = dict(zip(headings, rows[-1], strict=True))
    assert (last["Answer"], last["To discuss together"]) == ("No", "Yes")
    assert last["In your words"] == "'=HYPERLINK(\"x\")"
    xml = everything_in(content)
    assert xml.count("<dataValidation ") == 6
    assert "&quot;Yes,No,Does not apply,We do not know&quot;" in xml or '"Yes,No,Does not apply,We do not know"' in xml
    assert "sheetProtection" in xml
    assert "Self-reported" in xml


def test_a_filled_workbook_becomes_answers_whatever_language_it_was_filled_in(scene):
    scene.opened()
    with override("fr"):
        answer = workbook.headings()[workbook.ANSWER]
        no = workbook.answer_words()[workbook.Answer.NO]
        french = taken_out(scene, scene.cast.manager, "fr")
    content = filled(french, {
        "FG-01": {answer: 812}, "FG-02": {answer: no}, "CL-01": {answer: "NO "}, "CL-02": {answer: no},
        "SH-01": {answer: "yes"}, "SH-02": {answer: no},
    })
    reading = read(scene, scene.cast.manager, content)
    assert reading.faults == []
    taken = services.take_workbook(ref=scene.ref, said=reading.said, by=scene.cast.manager)
    assert (taken.new, taken.unchanged, taken.conflicts) == (6, 0, 0)
    assert said_by(scene, "management") == MANAGEMENT
    assert said_by(scene, "workers") == {}
    again = services.take_workbook(
        ref=scene.ref, said=read(scene, scene.cast.manager, content).said, by=scene.cast.manager
    )
    assert (again.new, again.unchanged) == (0, 6)
    assert SideChange.objects.count() == 6


def test_planted_faults_are_said_cell_by_cell_and_nothing_is_saved(scene):
    scene.opened()
    content = filled(taken_out(scene, scene.cast.manager), {
        "FG-01": {"Answer": "about 800"}, "FG-02": {"Answer": "Does not apply"}, "CL-01": {"Answer": "Noo"},
        "CL-02": {"Answer": "No", "In your words": "x" * 8001}, "SH-01": {"Answer": "Yes"},
    })
    reading = read(scene, scene.cast.manager, content)
    assert [(fault.place, fault.question_id, fault.heading) for fault in reading.faults] == [
        ("F2", "FG-01", "Answer"), ("F3", "FG-02", "Answer"), ("F4", "CL-01", "Answer"),
        ("G5", "CL-02", "In your words"),
    ]
    assert reading.faults[0].message.startswith("Enter a number")
    assert reading.faults[1].message == "Write one of: Yes, No."
    assert reading.faults[2].typed == "Noo"
    assert not SideChange.objects.exists()


def test_a_row_twice_an_unknown_row_and_a_foreign_sheet(scene):
    scene.opened()
    out = taken_out(scene, scene.cast.manager)
    with pytest.raises(Refused, match="a heading is missing"):
        read(scene, scene.cast.manager, b"Number,Answer\nSH-01,Yes\n")
    headings, *rows = rows_of(out)
    rows[2][0] = "SH-01"
    rows[3][0] = "SH-99"
    text = io.StringIO()
    csv.writer(text).writerows([headings, *rows])
    reading = read(scene, scene.cast.manager, text.getvalue().encode())
    assert [(fault.place, fault.message) for fault in reading.faults] == [
        ("A5", "There is no such question."), ("A6", "This question stands in two rows."),
    ]


def test_what_a_colleague_says_meanwhile_is_not_overwritten(scene):
    scene.opened()
    scene.say(scene.cast.manager, {"SH-01": "yes", "SH-02": "yes"})
    out = taken_out(scene, scene.cast.manager)
    seen = sheet_now(own_sheet(scene.colleague, scene.found)).lines["SH-01"].said("answer").heads
    with clock.at(OPENED):
        services.answer(
            ref=scene.ref, question_id="SH-01", by=scene.colleague,
            said={"answer": Said(uuid7(), "unable", frozenset(seen))},
        )
    content = filled(out, {"SH-01": {"Answer": "No"}, "SH-02": {"Answer": "No"}})
    taken = services.take_workbook(
        ref=scene.ref, said=read(scene, scene.cast.manager, content).said, by=scene.cast.manager
    )
    assert taken.conflicts == 1
    assert scene.answer_of("management", "SH-01").is_conflict
    assert scene.answer_of("management", "SH-02").value == "no"


def test_a_page_takes_the_corrections_and_keeps_the_rest(scene, client):
    scene.opened()
    client.force_login(scene.cast.worker)
    out = client.get(reverse("self_workbook", args=[scene.ref])).content
    assert len(rows_of(out)) == 6
    content = filled(out, {
        "SH-01": {"Answer": "Nope", "In your words": SECRET_WORDS}, "SH-02": {"Answer": "No"},
    })
    url = reverse("self_workbook_send", args=[scene.ref])
    wrong = client.post(url, {"file": SimpleUploadedFile("book.xlsx", content)})
    page = wrong.content.decode()
    assert wrong.status_code == 422
    assert "One cell cannot be taken. Nothing was saved." in page
    assert 'name="fix-SH-01.answer"' in page
    assert said_by(scene, "workers") == {}
    cells = wrong.context["cells"]
    still = client.post(url, {"cells": cells, "fix-SH-01.answer": "Nein"})
    assert still.status_code == 422
    assert "Nein" in still.content.decode()
    done = client.post(url, {"cells": cells, "fix-SH-01.answer": "No"})
    assert done.status_code == 302
    assert said_by(scene, "workers") == {"SH-01": "no", "SH-02": "no"}
    assert scene.answer_of("workers", "SH-01", "explanation").value == SECRET_WORDS
    assert client.post(url, {"cells": "{]"}).status_code == 422
    assert client.post(url, {}).status_code == 422
    client.force_login(scene.cast.manager)
    assert SECRET_WORDS not in everything_in(client.get(reverse("self_workbook", args=[scene.ref])).content)


def test_both_sides_beside_each_other_go_out_for_the_meeting(scene, client):
    scene.compared()
    client.force_login(scene.cast.coach)
    headings, *rows = rows_of(client.get(reverse("self_together_sheet", args=[scene.ref])).content)
    told = {row[0]: dict(zip(headings, row, strict=True)) for row in rows}
    assert len(told) == 6
    assert (told["SH-01"]["Management"], told["SH-01"]["Workers"], told["SH-01"]["How they stand"]) == (
        "Yes", "No", "They differ"
    )
    assert told["SH-01"]["In the workers' words"] == SECRET_WORDS
    assert told["SH-02"]["To discuss together"] == "Yes"
