"""The desk sorts what waits; the demo's door opens only where it may."""

from datetime import date

import pytest

from evenweave.activity.models import Entry
from evenweave.activity.services import step
from evenweave.activity.steps import Step
from evenweave.home.models import DemoPerson
from evenweave.home.queries.log import in_words
from evenweave.home.rules import When, grouped
from evenweave.toolkit.models import Installation
from evenweave.toolkit.todo import Todo

TODAY = date(2026, 11, 22)


def test_a_desk_is_late_then_today_then_this_week_then_later():
    todos = [
        Todo("undated", "/"),
        Todo("in eight days", "/", date(2026, 11, 30)),
        Todo("tomorrow", "/", date(2026, 11, 23)),
        Todo("now", "/", TODAY),
        Todo("yesterday", "/", date(2026, 11, 21)),
        Todo("long ago", "/", date(2026, 1, 2)),
        Todo("in a week", "/", date(2026, 11, 29)),
    ]
    assert {kind: [todo.title for todo in group] for kind, group in grouped(todos, TODAY).items()} == {
        When.LATE: ["long ago", "yesterday"],
        When.TODAY: ["now"],
        When.THIS_WEEK: ["tomorrow", "in a week"],
        When.LATER: ["in eight days"],
        When.NO_DAY: ["undated"],
    }


def test_everyone_with_a_standing_has_a_desk(cast, seen_by):
    everyone = set(cast.people)
    assert seen_by(cast, "/today/") == dict.fromkeys(everyone - {"nobody", "anonymous"}, 200) | {
        "nobody": 403,
        "anonymous": 302,
    }


@pytest.fixture
def demo(cast):
    Installation.objects.update_or_create(pk=1, defaults={"is_demo": True})
    DemoPerson.objects.create(key="buyer", person=cast.buyer, order=1, who="buyer", try_this="the plan")
    return cast


def test_one_click_signs_in_on_loopback_in_a_demo(client, demo):
    assert "Lena Berg" in client.get("/demo/").content.decode()
    assert client.post("/demo/sign-in/buyer/").headers["Location"] == "/today/"
    assert client.session["_auth_user_id"] == str(demo.buyer.pk)


@pytest.mark.parametrize(
    "elsewhere",
    [{"REMOTE_ADDR": "192.0.2.7"}, {"HTTP_X_FORWARDED_FOR": "192.0.2.7"}, {"HTTP_FORWARDED": "for=192.0.2.7"}],
)
def test_there_is_no_such_door_from_elsewhere(client, demo, elsewhere):
    assert client.get("/demo/", **elsewhere).status_code == 404
    assert client.post("/demo/sign-in/buyer/", **elsewhere).status_code == 404


def test_there_is_no_such_door_in_a_real_installation(client, demo):
    Installation.objects.update(is_demo=False)
    assert client.get("/demo/").status_code == 404
    assert client.post("/demo/sign-in/buyer/").status_code == 404
    assert "_auth_user_id" not in client.session


def test_a_buyer_reads_in_the_log_no_name_but_its_own(cast):
    with step() as log:
        for actor in (cast.manager, cast.buyer):
            log.record(Step.THREAD_WRITTEN, about=cast.factory, by=actor, sharing=30, factory=cast.factory)
    entries = Entry.objects.order_by("number")
    assert [line.by for line in in_words(entries, cast.buyer)] == ["", "Lena Berg"]
    assert [line.by for line in in_words(entries, cast.unpaid_buyer)] == ["", ""]
    assert [line.by for line in in_words(entries, cast.worker)] == ["Chan Sopheap", "Lena Berg"]
