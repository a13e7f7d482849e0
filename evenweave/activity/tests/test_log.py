"""The log chains, tells when it was touched, and is all or nothing with its step."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from evenweave.access.enums import Shared
from evenweave.activity.models import ChainHead, Entry, Payload
from evenweave.activity.services import anchor_log, step, verify_log
from evenweave.activity.steps import Step
from evenweave.toolkit import clock


def take_a_step(cast, payload=None, factory=None):
    with step() as log:
        log.record(
            Step.FACTORY_CORRECTED,
            about=cast.factory,
            by=cast.manager,
            factory=factory or cast.factory,
            sharing=Shared.FACTORY,
            payload=payload,
        )


def test_entries_of_a_factory_form_one_chain(cast):
    for number in range(3):
        take_a_step(cast, {"number": number})
    take_a_step(cast, factory=cast.other_factory)
    assert list(Entry.objects.filter(factory=cast.factory).order_by("number").values_list("number", flat=True)) == [
        1,
        2,
        3,
    ]
    assert ChainHead.objects.count() == 2
    assert verify_log() == []


def test_a_step_that_fails_leaves_neither_change_nor_entry(cast):
    with pytest.raises(RuntimeError), step() as log:
        cast.factory.name = "Changed"
        cast.factory.save()
        log.record(
            Step.FACTORY_CORRECTED, about=cast.factory, by=cast.manager, factory=cast.factory, sharing=Shared.FACTORY
        )
        raise RuntimeError
    cast.factory.refresh_from_db()
    assert (cast.factory.name, Entry.objects.count()) == ("Mekong Stitch", 0)


def test_a_step_inside_a_step_is_one_transaction(cast):
    with pytest.raises(RuntimeError), step():
        take_a_step(cast)
        raise RuntimeError
    assert Entry.objects.count() == 0


@pytest.mark.parametrize(
    ("tamper", "reason"),
    [
        (lambda: Entry.objects.filter(number=2).update(step="report.released"), "the entry was changed"),
        (lambda: Payload.objects.filter(entry__number=2).update(content={"x": 1}), "the payload was changed"),
        (lambda: Entry.objects.filter(number=2).delete(), "an entry is missing before this one"),
        (lambda: Entry.objects.filter(number=3).delete(), "the head does not match the last entry"),
    ],
)
def test_a_touched_log_says_where(cast, tamper, reason):
    for _ in range(3):
        take_a_step(cast)
    tamper()
    assert reason in {fault.reason for fault in verify_log()}


def test_an_anchor_notices_a_chain_that_was_cut_and_rehung(cast):
    for _ in range(2):
        take_a_step(cast)
    anchor_log(on=date(2026, 11, 22))
    last = Entry.objects.get(number=2)
    first = Entry.objects.get(number=1)
    last.delete()
    ChainHead.objects.update(number=1, hash=first.hash)
    assert [fault.reason for fault in verify_log()] == ["an entry anchored on 2026-11-22 is gone"]


def test_an_erased_payload_still_verifies(cast):
    take_a_step(cast, {"name": "somebody"})
    Payload.objects.update(content=None)
    assert verify_log() == []


def test_an_entry_verifies_whatever_zone_its_time_was_given_in(cast):
    with clock.at(datetime(2026, 3, 1, 9, tzinfo=ZoneInfo("Asia/Phnom_Penh"))):
        take_a_step(cast)
    assert verify_log() == []
