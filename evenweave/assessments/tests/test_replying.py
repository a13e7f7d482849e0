"""The factory's word: inside its window, one reply a finding, one request for more time."""

from datetime import UTC, date, datetime

import pytest
from django.http import Http404

from evenweave.activity.models import Entry
from evenweave.assessments.models import ExtensionRequest, Reply
from evenweave.assessments.queries import draft_findings
from evenweave.assessments.services import replying
from evenweave.assessments.tests.pictures import a_picture
from evenweave.notifications.models import Notice
from evenweave.toolkit import clock
from evenweave.toolkit.refusals import Refused

INSIDE = datetime(2025, 12, 1, 16, 30, tzinfo=UTC)  # the last day, 23:30 in Phnom Penh
AFTER = datetime(2025, 12, 1, 17, 30, tzinfo=UTC)  # 00:30 of the day after


def say(scene, *, at=INSIDE, by=None, **more):
    given = {"question_id": "SH-01", "position": "disagrees", "text": "The door is open now.", "language": "en"} | more
    with clock.at(at):
        return replying.reply(ref=scene.ref, by=by or scene.cast.manager, **given)


def ask(scene, *, until=date(2025, 12, 8), at=INSIDE, reason="The lawyer is away.", by=None):
    with clock.at(at):
        return replying.ask_extension(ref=scene.ref, until_on=until, reason=reason, by=by or scene.cast.manager)


def decide(scene, asked, *, granted=True, reason="The lawyer is needed.", by=None, at=INSIDE):
    with clock.at(at):
        return replying.decide_extension(
            extension_ref=asked.ref, granted=granted, reason=reason, by=by or scene.cast.team_leader
        )


def close(scene, *, at=INSIDE, by=None):
    with clock.at(at):
        return replying.close_replies(ref=scene.ref, by=by or scene.cast.manager)


def who(scene, act) -> set[str]:
    found = set()
    for key, person in scene.cast.people.items():
        if person is None:
            continue
        try:
            act(person)
            found.add(key)
        except Http404:
            pass
        except Refused:
            found.add(key)
    return found


def test_the_manager_replies_with_evidence_and_it_stands_beside_the_finding(scene):
    scene.approved()
    say(scene, photos=[a_picture()])
    (finding,) = draft_findings(scene.assessment)
    assert (finding.reply.position, finding.reply.text) == ("disagrees", "The door is open now.")
    assert len(finding.reply_files) == 1


def test_said_again_it_replaces_what_was_said(scene):
    scene.approved()
    say(scene)
    say(scene, position="agrees", text="")
    assert list(Reply.objects.values_list("position", "text")) == [("agrees", "")]
    assert Entry.objects.filter(step="reply.given").count() == 2


def test_who_replies_asks_and_closes(scene):
    scene.approved()
    assert who(scene, lambda person: say(scene, by=person)) == {"manager"}
    assert who(scene, lambda person: ask(scene, by=person)) == {"manager"}
    assert who(scene, lambda person: close(scene, by=person)) == {"manager"}


def test_who_decides_on_more_time(scene):
    scene.approved()
    asked = ask(scene)
    assert who(scene, lambda person: decide(scene, asked, by=person)) == {"team_leader", "programme_manager"}


@pytest.mark.parametrize(
    ("more", "field"),
    [({"position": "maybe"}, "position"), ({"text": " "}, "text"), ({"position": "partly", "text": ""}, "text"),
     ({"question_id": "SH-02"}, None)],
)
def test_what_a_reply_needs(scene, more, field):
    scene.approved()
    with pytest.raises(Refused) as refused:
        say(scene, **more)
    assert refused.value.field == field
    assert not Reply.objects.exists()


def test_the_window_ends_at_local_midnight(scene):
    scene.approved()
    say(scene, at=INSIDE)
    with pytest.raises(Refused):
        say(scene, at=AFTER)
    with pytest.raises(Refused):
        ask(scene, at=AFTER)


def test_more_time_is_asked_once_and_decided_with_a_reason(scene):
    scene.approved()
    asked = ask(scene)
    with pytest.raises(Refused):
        ask(scene)
    with pytest.raises(Refused) as refused:
        decide(scene, asked, reason="")
    assert refused.value.field == "reason"
    decide(scene, asked)
    assert str(scene.assessment.reply_due_on) == "2025-12-08"
    say(scene, at=AFTER)
    with pytest.raises(Refused):
        decide(scene, asked, granted=False)


def test_the_programmes_rules_limit_the_days_and_the_number(scene):
    scene.approved()
    for until in (date(2025, 12, 1), date(2025, 12, 9)):  # not later at all; six working days later
        with pytest.raises(Refused) as refused:
            ask(scene, until=until)
        assert refused.value.field == "until_on"
    decide(scene, ask(scene))
    with pytest.raises(Refused):
        ask(scene, until=date(2025, 12, 10))
    assert ExtensionRequest.objects.count() == 1


def test_a_refusal_leaves_the_day(scene):
    scene.approved()
    decide(scene, ask(scene), granted=False, reason="The finding is simple.")
    assert str(scene.assessment.reply_due_on) == "2025-12-01"
    told = Notice.objects.filter(kind="extension.decided").values_list("person__name", flat=True)
    assert list(told) == ["Chan Sopheap"]


def test_closing_sends_the_replies_and_drops_a_request_that_waits(scene):
    scene.approved()
    asked = ask(scene)
    close(scene)
    asked.refresh_from_db()
    assert (scene.assessment.state, asked.decision) == ("replied", "withdrawn")
    told = Notice.objects.filter(kind="reply.closed").values_list("person__name", flat=True)
    assert list(told) == ["Ros Samnang"]
    for late in (say, close, ask):
        with pytest.raises(Refused):
            late(scene)


def test_windows_that_have_passed_close_by_themselves_unless_a_request_waits(scene):
    scene.approved()
    with clock.at(INSIDE):
        replying.close_passed_windows.call()
    assert scene.assessment.state == "with_factory"
    asked = ask(scene)
    with clock.at(AFTER):
        replying.close_passed_windows.call()
    assert scene.assessment.state == "with_factory"
    decide(scene, asked, granted=False, at=AFTER)
    with clock.at(AFTER):
        replying.close_passed_windows.call()
    assert scene.assessment.state == "replied"
    assert Entry.objects.get(step="reply.closed").actor is None
