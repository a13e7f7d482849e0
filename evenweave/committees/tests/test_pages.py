"""The committee's pages: what they say, what is kept when something is wrong, what they cost."""

from datetime import date, time
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from evenweave.committees import services
from evenweave.committees.models import AgendaPoint, Committee, Decision, Election, Meeting, Member
from evenweave.committees.queries.todos import todos
from evenweave.committees.tests import scene
from evenweave.improvement.models import PlanItem
from evenweave.improvement.services import add_self_found
from evenweave.toolkit import clock
from tests import builders


@pytest.fixture
def by(table, client):
    """by("manager") signs in and returns the client."""

    def sign_in(key: str):
        client.force_login(getattr(table, key))
        return client

    return sign_in


def drawn(response) -> str:
    assert response.status_code == 200, response.status_code
    return " ".join(response.content.decode().split())


def home(table) -> str:
    return f"/committees/{table.factory.ref}/"


def test_the_committee_shows_its_health_and_what_its_seats_lack(table, by):
    page = drawn(by("worker").get(home(table)))
    for words in (
        "4 seats, 2 women", "4 seats, 3 women", "Keo Sreymom", "Line 4 · elected March 2025", "In the chair",
        "It met in 0 of the last 6 periods.", "No meeting has minutes yet.",
        "have the seats that the programme asks for", "No meeting yet.",
    ):
        assert words in page, words
    services.member_leaves(
        ref=Member.objects.get(name="Ros Sophea").ref, left_on=scene.MET.date(), reason="", by=table.worker
    )
    page = drawn(by("worker").get(home(table)))
    for words in ("The committee has 7 members; the programme asks for at least 8.", "Union B has no seat.",
                  "Management has 4 seats, the workers have 3.", "3 things are missing"):
        assert words in page, words


def test_before_there_is_one_a_reader_is_told_who_puts_it_on_record(cast, client):
    client.force_login(cast.team_leader)
    assert "The factory or its coach puts it there." in drawn(client.get(home(cast)))
    client.force_login(cast.worker)
    assert "Put the committee on record" in drawn(client.get(home(cast)))
    made = client.post(f"{home(cast)}record/", {"formed_on": "2025-03-03", "unions": "Union A\n\n union a \nUnion B"})
    assert made.status_code == 302
    assert Committee.objects.get().unions == ["union a", "Union B"]


@pytest.mark.parametrize(("path", "typed", "words"), [
    ("record/", {"formed_on": "2099-01-01", "unions": "Union Z"}, "Choose today or a day before."),
    ("members/add/management/", {"name": "Fifth Man", "sex": "man", "seated": "named", "joined_on": "yesterday"},
     "Enter a valid date"),
    ("elections/call/", {"seats": "9", "marks_each": "1", "nominations_until_on": "2026-12-01",
                         "polling_on": "2026-12-10", "place": "Canteen", "scope": "all"}, "There are 5 seats to fill"),
    ("elections/call/", {"seats": "2", "marks_each": "3", "nominations_until_on": "2026-12-01",
                         "polling_on": "2026-12-10", "place": "Canteen", "scope": "all"}, "at most one a seat"),
    ("elections/call/", {"seats": "2", "marks_each": "1", "nominations_until_on": "2026-12-11",
                         "polling_on": "2026-12-10", "place": "Canteen", "scope": "all"}, "the last day of nomin"),
    ("meetings/plan/", {"on": "2026-12-01", "starts_at": "10:00", "ends_at": "09:00", "place": "Room 2"},
     "The meeting ends after it begins."),
    ("meetings/plan/", {"on": "2020-01-01", "starts_at": "10:00", "place": "Room 2"}, "after the committee was form"),
])
def test_what_was_typed_is_kept_when_something_is_wrong(table, by, path, typed, words):
    before = [Member.objects.count(), Election.objects.count(), Meeting.objects.count()]
    page = drawn(by("manager").post(home(table) + path, typed))
    assert words in page
    assert "ew-summary-box" in page
    for value in typed.values():
        assert value in page, value
    assert before == [Member.objects.count(), Election.objects.count(), Meeting.objects.count()]


def test_a_refused_step_on_a_members_page_keeps_the_page_and_the_words(table, by):
    member = Member.objects.get(name="Nhem Pisey")
    page = drawn(by("worker").post(f"/committees/members/{member.ref}/leave/",
                                   {"left_on": "2099-01-01", "reason": "Moved away"}))
    assert "Choose today or a day before." in page
    assert "Moved away" in page
    page = drawn(by("worker").post(f"/committees/members/{member.ref}/sign-in/", {"phone": "hello", "language": "km"}))
    assert 'value="hello"' in page
    page = drawn(by("manager").get(f"/committees/members/{member.ref}/"))
    assert "Signing in by phone" not in page  # each side for its own


def test_a_sheet_of_codes_is_shown_once_to_who_prints_it(table, by):
    member = Member.objects.get(name="Nhem Pisey")
    services.give_sign_in(ref=member.ref, phone="+85512345678", language="km", by=table.worker)
    assert "code sheet" in drawn(by("coach").get(f"/committees/members/{member.ref}/"))
    sheet = by("coach").post(f"/committees/members/{member.ref}/codes/")
    assert drawn(sheet).count("<li><span") == 6
    assert "no-store" in sheet["Cache-Control"]
    assert "code sheet" not in drawn(by("worker").get(f"/committees/members/{member.ref}/"))


def test_a_decision_that_lacks_something_keeps_its_words(table, by):
    meeting = scene.opened(table, table.committee)
    point = services.add_point(meeting_ref=meeting.ref, title="It is hot", by=table.worker)
    typed = {"text": "Two fans", "owner_name": "Keo Vanna", "owner_side": "management", "due_on": "2026-12-15",
             "management": "agrees", "workers": "disagrees", "reason": "", "item_number": ""}
    page = drawn(by("manager").post(f"/committees/points/{point.ref}/decide/", typed))
    assert "Say what the side disagrees with." in page
    assert "Two fans" in page
    page = drawn(by("manager").post(f"/committees/points/{point.ref}/decide/", typed | {
        "workers": "agrees", "item_number": "99"}))
    assert "No open item of the plan has this number." in page
    done = by("manager").post(f"/committees/points/{point.ref}/decide/", typed | {
        "workers": "agrees", "item_number": str(table.item.number)})
    assert done.status_code == 302
    assert Decision.objects.get().item == table.item


def test_signing_a_text_that_changed_meanwhile_shows_the_new_one(table, by):
    meeting = scene.opened(table, table.committee)
    old = services.close_minutes(meeting_ref=meeting.ref, ended_at=time(11, 0), remarks="", by=table.manager)
    read = old.minutes_sha256
    services.reopen_minutes(meeting_ref=meeting.ref, reason="x", by=table.manager)
    services.note_point(ref=AgendaPoint.objects.first().ref, said="New words", by=table.manager)
    new = services.close_minutes(meeting_ref=meeting.ref, ended_at=time(11, 0), remarks="", by=table.manager)
    typed = {"sha256": read, "signing": "objects", "objection": "We object"}
    page = drawn(by("worker").post(f"/committees/meetings/{meeting.ref}/sign/", typed))
    for words in ("changed since you read them", "New words", "We object", new.minutes_sha256):
        assert words in page, words
    signed = by("worker").post(f"/committees/meetings/{meeting.ref}/sign/", typed | {"sha256": new.minutes_sha256})
    assert signed.status_code == 302
    page = drawn(by("coach").get(f"/committees/meetings/{meeting.ref}/"))
    assert "Disagreement under the minutes" in page
    assert "Sign for your side" not in page


def lines(person) -> list[tuple]:
    return [(one.title, one.due_on) for one in todos(person, scene.MET.date())]


def test_the_desk_asks_for_what_waits_and_nothing_more(table):
    # Nobody has met since the committee was formed, thirty-one days after which it was late.
    late = ("Plan the committee's next meeting", date(2025, 4, 3))
    assert lines(table.manager) == lines(table.worker) == lines(table.coach) == [late]
    for other in (table.team_leader, table.other_manager, table.buyer, table.nobody, table.quality):
        assert lines(other) == []
    meeting = scene.opened(table, table.committee)
    assert lines(table.worker) == [("Meeting 1 of the committee, 09:30", date(2026, 11, 20))]
    minutes = services.close_minutes(meeting_ref=meeting.ref, ended_at=time(11, 0), remarks="", by=table.manager)
    assert lines(table.coach) == []
    sign = ("Sign the minutes of meeting 1", None)
    assert lines(table.manager) == lines(table.worker) == [sign]
    services.sign_minutes(meeting_ref=meeting.ref, sha256=minutes.minutes_sha256, by=table.manager)
    assert (lines(table.manager), lines(table.worker)) == ([], [sign])


def test_what_the_workers_raised_counts_once_it_is_done(table, by):
    add_self_found(factory_ref=table.factory.ref, title="Raised today", by=table.worker)
    with clock.at(scene.at(2026, 10, 1)):
        own = [add_self_found(factory_ref=table.factory.ref, title=title, by=table.worker) for title in ("A", "B")]
        add_self_found(factory_ref=table.factory.ref, title="Of management", by=table.manager)
    PlanItem.objects.filter(pk=own[0].pk).update(status="completed")
    assert "1 of 2 items that the workers&#x27; side raised are done." in drawn(by("manager").get(home(table)))


def test_the_list_of_committees_costs_the_same_for_one_and_for_three(table, by):
    client = by("team_leader")
    client.get("/committees/?page=1")
    with CaptureQueriesContext(connection) as one:
        drawn(client.get("/committees/?page=1"))

    for number in range(2):
        factory = builders.a_factory(f"Other {number}")
        Committee.objects.create(factory=factory, formed_on=date(2026, 1, 1))
    with CaptureQueriesContext(connection) as three:
        page = drawn(client.get("/committees/"))
    assert "3 committees." in page
    assert len(three) == len(one)


def test_a_planned_meetings_page_costs_the_same_for_any_number_of_items(table, by):
    meeting = scene.planned(table, table.committee)
    client = by("manager")
    client.get(meeting.get_absolute_url())
    with CaptureQueriesContext(connection) as few:
        drawn(client.get(meeting.get_absolute_url()))
    for number in range(30):
        add_self_found(factory_ref=table.factory.ref, title=f"Issue {number}", by=table.manager)
    with CaptureQueriesContext(connection) as many:
        page = drawn(client.get(meeting.get_absolute_url()))
    assert "30 items wait for an answer of a side" in page
    assert len(many) == len(few)


def sheet(client) -> dict[str, list[list]]:
    answer = client.get("/committees/sheet/")
    assert answer.status_code == 200
    book = CalamineWorkbook.from_filelike(BytesIO(answer.content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_members_and_meetings_as_a_sheet_hold_what_the_person_reads(table, by):
    meeting = scene.opened(table, table.committee, here=7)
    services.close_minutes(meeting_ref=meeting.ref, ended_at=time(11, 0), remarks="", by=table.manager)
    Member.objects.filter(name="Touch Veasna").update(name="=cmd()")
    taken = sheet(by("coach"))
    assert [row[1] for row in taken["Members"][1:]] == [
        "Chan Sopheap", "Pich Kunthea", "Chhim Bora", "Keo Vanna", "Keo Sreymom", "Nhem Pisey", "Ros Sophea",
        "'=cmd()",
    ]
    assert taken["Members"][1][:8] == [
        "Mekong Stitch", "Chan Sopheap", "Man", "Management", "Factory manager", "", "Named by management", "yes"
    ]
    assert taken["Meetings"][1] == [
        "Mekong Stitch", 1, date(2026, 11, 20), "Minutes to sign", 4, 3, "yes", 0, ""
    ]
    assert taken["Elections"][1][4:8] == [4, 1000, 690, 20]
    others = sheet(by("other_manager"))
    assert {name: len(rows) for name, rows in others.items()} == {"Members": 1, "Meetings": 1, "Elections": 1}
