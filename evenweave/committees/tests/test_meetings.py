"""From an agenda that writes itself to minutes that both sides have signed, and what of it is in the plan."""

import hashlib
import io
from datetime import date, time, timedelta

import pypdf
import pytest
from django.http import Http404

from evenweave.activity.models import Entry
from evenweave.committees import services
from evenweave.committees.models import AgendaPoint, Decision, Meeting, Member, MinutesFile, Signature
from evenweave.committees.queries.agenda import suggested
from evenweave.committees.queries.minutes import frozen_minutes
from evenweave.committees.tests import scene
from evenweave.committees.tests.test_seats import refused
from evenweave.improvement.models import ItemAction, PlanItem
from evenweave.improvement.services import add_action, answer_agreement, move_item
from evenweave.notifications.models import Notice
from evenweave.toolkit import clock
from evenweave.toolkit.files import open_stored
from evenweave.toolkit.jobs.worker import perform_due

NEXT = date(2026, 12, 15)


def points(meeting) -> list[tuple]:
    rows = AgendaPoint.objects.filter(meeting=meeting).select_related("item")
    return [(point.source, point.item and point.item.title, point.title, point.count) for point in rows]


def decided(table, meeting, **changed):
    point = changed.pop("point", None) or AgendaPoint.objects.filter(meeting=meeting).first()
    fields = {"text": "Lamps are replaced", "owner_name": "Keo Vanna", "owner_side": "management", "due_on": NEXT,
              "by": table.manager} | changed
    return services.decide(point_ref=point.ref, **fields)


def closed(table, meeting, by=None) -> Meeting:
    return services.close_minutes(
        meeting_ref=meeting.ref, ended_at=time(10, 40), remarks="", by=by or table.manager
    )


def item(ref) -> PlanItem:
    return PlanItem.objects.get(ref=ref)


def test_the_agenda_writes_itself_from_the_plan(table):
    with clock.at(scene.MET - timedelta(days=40)):
        add_action(ref=table.item.ref, text="Clear it", owner_name="Keo", owner_side="workers",
                   due_on=scene.MET.date() - timedelta(days=1), by=table.manager)
    meeting = scene.planned(table, table.committee)
    services.add_point(meeting_ref=meeting.ref, title="Fans on line 4", by=table.worker)
    services.open_meeting(ref=meeting.ref, by=table.manager)
    assert points(meeting) == [
        ("own", None, "Fans on line 4", 1), ("late", "EX-2 is not well.", "", 1), ("new", "EX-1 is not well.", "", 1),
    ]
    assert AgendaPoint.objects.get(source="own").raised_by_side == "workers"


def test_a_finding_is_new_until_the_committee_has_met(table):
    scene.opened(table, table.committee, scene.at(2026, 2, 10))
    now = scene.planned(table, table.committee)
    assert [point.source for point in suggested(table.manager, now)] == ["to_agree"]
    assert suggested(table.manager, now)[0].count == 2


def test_a_term_that_ends_is_talked_about(table):
    late = scene.planned(table, table.committee, scene.at(2027, 1, 19))
    assert [(point.source, point.count) for point in suggested(table.manager, late)][-1] == ("seats", 4)


def test_an_item_a_member_asked_about_is_no_second_point(table):
    meeting = scene.planned(table, table.committee)
    services.add_point(meeting_ref=meeting.ref, title="EX-1 again", item_ref=table.public_item.ref, by=table.worker)
    services.open_meeting(ref=meeting.ref, by=table.manager)
    assert [point[1] for point in points(meeting)] == ["EX-1 is not well.", "EX-2 is not well."]


def test_a_meeting_does_not_begin_before_its_day(table):
    tomorrow = services.plan_meeting(
        committee_ref=table.committee.ref, on=scene.MET.date() + timedelta(days=1), starts_at=time(9, 0), place="",
        by=table.worker,
    )
    assert "later day" in refused(lambda: services.open_meeting(ref=tomorrow.ref, by=table.worker)).message
    services.call_off_meeting(ref=tomorrow.ref, reason="Power cut", by=table.worker)
    assert "called off" in refused(lambda: services.open_meeting(ref=tomorrow.ref, by=table.worker)).message
    kinds = list(Notice.objects.filter(person=table.manager, kind__startswith="committee.").values_list("kind", flat=1))
    assert sorted(kinds)[:2] == ["committee.meeting_called_off", "committee.meeting_planned"]


def test_too_few_of_a_side_cannot_decide(table):
    meeting = scene.opened(table, table.committee, here=6)  # four of management, two of the workers
    assert "too few" in refused(lambda: decided(table, meeting)).message
    assert PlanItem.objects.count() == 2


def test_a_decision_on_an_item_is_an_action_of_it(table):
    meeting = scene.opened(table, table.committee)
    made = decided(table, meeting)
    action = ItemAction.objects.get()
    assert (made.item, made.is_new_item, made.action) == (table.public_item, False, action)
    assert (action.text, action.owner_name, action.owner_side, action.due_on) == (
        "Lamps are replaced", "Keo Vanna", "management", NEXT
    )


def test_a_decision_on_a_members_point_is_a_new_item_of_the_committee(table):
    meeting = scene.opened(table, table.committee)
    point = services.add_point(meeting_ref=meeting.ref, title="It is too hot on line 4", by=table.worker)
    made = decided(table, meeting, point=point, text="Two fans a line")
    assert made.is_new_item
    new = item(made.item.ref)
    assert (new.title, new.origin, new.origin_label, new.source, new.sharing) == (
        "It is too hot on line 4", "committee", f"committees.meeting:{meeting.ref}", "self_found", 20
    )
    assert Entry.objects.filter(step="meeting.decided").count() == 1


@pytest.mark.parametrize(("changed", "field"), [
    ({"text": " "}, "text"), ({"owner_name": ""}, "owner_name"), ({"workers": "disagrees"}, "reason"),
    ({"workers": "not_yet"}, "management"),
])
def test_a_decision_without_its_words_is_none(table, changed, field):
    meeting = scene.opened(table, table.committee)
    assert refused(lambda: decided(table, meeting, **changed)).field == field
    assert (Decision.objects.count(), ItemAction.objects.count()) == (0, 0)


def test_a_decision_taken_back_leaves_the_plan(table):
    meeting = scene.opened(table, table.committee)
    on_item = decided(table, meeting)
    point = services.add_point(meeting_ref=meeting.ref, title="Wrong", by=table.worker)
    on_new = decided(table, meeting, point=point)
    for one in (on_item, on_new):
        services.take_back_decision(ref=one.ref, by=table.manager)
    assert (Decision.objects.count(), ItemAction.objects.count()) == (0, 0)
    assert item(on_new.item.ref).withdrawn_at is not None
    assert item(table.public_item.ref).withdrawn_at is None


def test_both_sides_sign_the_text_and_their_word_is_their_answer_in_the_plan(table):
    meeting = scene.opened(table, table.committee)
    made = decided(table, meeting, workers="disagrees", reason="The day is too late.")
    closed(table, meeting)
    meeting.refresh_from_db()
    assert meeting.minutes_sha256 == hashlib.sha256(meeting.minutes.encode()).hexdigest()
    services.sign_minutes(meeting_ref=meeting.ref, sha256=meeting.minutes_sha256, by=table.manager)
    assert (item(made.item.ref).management, item(made.item.ref).workers) == ("agrees", "not_yet")
    assert Meeting.objects.get().state == "closed"
    services.sign_minutes(
        meeting_ref=meeting.ref, sha256=meeting.minutes_sha256, signing="objects", objection="We asked for May.",
        by=table.worker,
    )
    assert (item(made.item.ref).management, item(made.item.ref).workers) == ("agrees", "disagrees")
    meeting.refresh_from_db()
    assert (meeting.state, meeting.signed_at) == ("signed", scene.MET)
    assert Signature.objects.get(side="workers").objection == "We asked for May."
    assert "stay as they are" in refused(
        lambda: services.reopen_minutes(meeting_ref=meeting.ref, reason="x", by=table.manager)
    ).message


def test_a_changed_text_is_not_signed_and_an_old_signature_counts_no_more(table):
    meeting = scene.opened(table, table.committee)
    read = closed(table, meeting).minutes_sha256
    services.sign_minutes(meeting_ref=meeting.ref, sha256=read, by=table.manager)
    services.reopen_minutes(meeting_ref=meeting.ref, reason="A word is missing", by=table.worker)
    assert "not closed" in refused(
        lambda: services.sign_minutes(meeting_ref=meeting.ref, sha256=read, by=table.worker)
    ).message
    services.note_point(ref=AgendaPoint.objects.first().ref, said="It was hot.", by=table.worker)
    changed = closed(table, meeting, by=table.worker).minutes_sha256
    assert changed != read
    assert "changed since you read" in refused(
        lambda: services.sign_minutes(meeting_ref=meeting.ref, sha256=read, by=table.worker)
    ).message
    services.sign_minutes(meeting_ref=meeting.ref, sha256=changed, by=table.worker)
    assert Meeting.objects.get().state == "closed"  # management has signed another text
    services.sign_minutes(meeting_ref=meeting.ref, sha256=changed, by=table.manager)
    assert Meeting.objects.get().state == "signed"
    assert Signature.objects.count() == 3


def test_only_a_member_signs_and_each_side_once(table):
    meeting = scene.opened(table, table.committee)
    read = closed(table, meeting).minutes_sha256
    for who in (table.coach, table.team_leader, table.other_manager, table.buyer):
        with pytest.raises(Http404):
            services.sign_minutes(meeting_ref=meeting.ref, sha256=read, by=who)
    Member.objects.filter(person=table.worker).update(person=None)
    assert "Only a member" in refused(
        lambda: services.sign_minutes(meeting_ref=meeting.ref, sha256=read, by=table.worker)
    ).message
    services.sign_minutes(meeting_ref=meeting.ref, sha256=read, by=table.manager)
    assert "signed these minutes already" in refused(
        lambda: services.sign_minutes(meeting_ref=meeting.ref, sha256=read, by=table.manager)
    ).message
    assert "words" not in refused(lambda: services.sign_minutes(
        meeting_ref=meeting.ref, sha256=read, signing="objects", objection=" ", by=table.manager)).message


def test_an_item_that_is_done_meanwhile_is_not_answered_again(table):
    meeting = scene.opened(table, table.committee)
    made = decided(table, meeting)
    read = closed(table, meeting).minutes_sha256
    services.sign_minutes(meeting_ref=meeting.ref, sha256=read, by=table.manager)
    answer_agreement(ref=made.item.ref, position="agrees", by=table.worker)
    ItemAction.objects.update(done_on=scene.MET.date())
    for status in ("in_progress", "completed"):
        move_item(ref=made.item.ref, status=status, by=table.manager)
    services.sign_minutes(meeting_ref=meeting.ref, sha256=read, by=table.worker)
    assert item(made.item.ref).status == "completed"


def test_minutes_say_who_was_there_and_what_was_decided(table):
    meeting = scene.opened(table, table.committee, here=7)
    services.note_point(ref=AgendaPoint.objects.first().ref, said="Exits fill up.", by=table.manager)
    decided(table, meeting)
    closed(table, meeting)
    meeting.refresh_from_db()
    said = frozen_minutes(meeting)
    assert said["here"] == {"management": 4, "workers": 3}
    assert (said["is_quorate"], said["on"], said["ends_at"]) == (True, "2026-11-20", "10:40")
    assert [member["name"] for member in said["members"] if not member["is_present"]] == ["Touch Veasna"]
    first = said["points"][0]
    assert (first["said"], first["item"], first["decisions"][0]["owner"]) == ("Exits fill up.", 1, "Keo Vanna")


def test_the_minutes_are_a_file_again_with_each_signature(table):
    meeting = scene.opened(table, table.committee)
    services.add_point(meeting_ref=meeting.ref, title="ផ្លូវចេញ", by=table.worker)
    decided(table, meeting, workers="disagrees", reason="Too late.")
    read = closed(table, meeting).minutes_sha256
    perform_due()
    services.sign_minutes(meeting_ref=meeting.ref, sha256=read, signing="objects", objection="Too late by far.",
                          by=table.worker)
    perform_due()
    perform_due()
    assert list(MinutesFile.objects.filter(language="en").values_list("signatures", flat=True)) == [0, 1]
    text = pdf_text(MinutesFile.objects.get(signatures=1, language="en"))
    for words in ("Minutes of the committee's meeting 1", "20 November 2026", "Touch Veasna", "Lamps are replaced",
                  "Workers: signed by Keo Sreymom", "Too late by far.", "Management: not signed yet", read[:8]):
        assert words in text, words


def pdf_text(file: MinutesFile) -> str:
    with open_stored(file.stored) as opened:
        reader = pypdf.PdfReader(io.BytesIO(opened.read()))
    return " ".join(" ".join(page.extract_text().split()) for page in reader.pages)
