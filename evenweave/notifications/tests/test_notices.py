"""Who is told, what the mail holds, and that permission is asked again."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail

from evenweave.access.models import Standing
from evenweave.activity.services import step
from evenweave.notifications.models import Notice
from evenweave.notifications.services import mail_notice, notify, send_digest
from evenweave.toolkit import clock
from tests import builders

MONDAY = datetime(2026, 11, 16, 2, tzinfo=UTC)


@pytest.fixture
def cycle(cast):
    return builders.a_cycle(cast.factory)


def tell(kind, about, **more):
    with step():
        return notify(kind, about=about, **more)


def test_those_are_told_who_may_open_the_record_and_have_the_role(cast, cycle):
    tell("cycle.opened", cycle, except_for=cast.coach)
    assert sorted(Notice.objects.values_list("person__name", flat=True)) == ["Chan Sopheap", "Keo Sreymom"]


def test_a_second_notice_waits_for_the_first_to_be_read(cast, cycle):
    tell("cycle.opened", cycle)
    tell("cycle.opened", cycle)
    assert Notice.objects.filter(person=cast.manager).count() == 1


def test_the_mail_holds_a_line_and_a_link_and_nothing_of_the_record(cast, cycle):
    (notice,) = [one for one in tell("cycle.opened", cycle) if one.person == cast.manager]
    mail_notice.func(None, notice.ref)
    (letter,) = mail.outbox
    assert letter.to == ["manager@example.org"]
    assert f"/notices/{notice.ref}/" in letter.body
    assert "Mekong Stitch" not in letter.subject + letter.body


def test_a_reader_who_lost_the_permission_gets_neither_mail_nor_line(cast, cycle, client):
    (notice,) = [one for one in tell("cycle.opened", cycle) if one.person == cast.manager]
    Standing.objects.filter(holder=cast.manager).update(ends_at=clock.now())
    mail_notice.func(None, notice.ref)
    notice.refresh_from_db()
    assert (mail.outbox, notice.dropped_at is not None) == ([], True)
    client.force_login(cast.manager)
    assert client.get(f"/notices/{notice.ref}/").status_code == 403  # no role at all is left


def test_a_notice_is_its_readers_own(cast, cycle, client):
    (notice,) = [one for one in tell("cycle.opened", cycle) if one.person == cast.manager]
    client.force_login(cast.worker)
    assert client.get(f"/notices/{notice.ref}/").status_code == 404
    client.force_login(cast.manager)
    assert client.get(f"/notices/{notice.ref}/").headers["Location"] == cycle.get_absolute_url()
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_the_digest_lists_the_week_and_one_click_stops_it(cast, cycle, client):
    with clock.at(MONDAY):
        tell("cycle.opened", cycle)
    send_digest.func(None, cast.manager.ref, (MONDAY - timedelta(days=1)).date().isoformat())
    (letter,) = mail.outbox
    assert "A new cycle has begun" in letter.body
    stop = letter.extra_headers["List-Unsubscribe"].strip("<>")
    assert client.post(stop).status_code == 200
    cast.manager.refresh_from_db()
    assert cast.manager.digest_muted
    assert client.post(stop[:-2] + "x/").status_code == 404


def test_a_digest_with_nothing_in_it_is_not_sent(cast):
    send_digest.func(None, cast.manager.ref, MONDAY.date().isoformat())
    assert mail.outbox == []
