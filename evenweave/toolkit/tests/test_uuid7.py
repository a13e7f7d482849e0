"""Ids that sort by time."""

from datetime import UTC, datetime, timedelta

import pytest

from evenweave.toolkit.uuid7 import made_at, uuid7

MOMENT = datetime(2025, 11, 3, 10, 43, 12, 345000, tzinfo=UTC)


def test_an_id_is_of_version_7_and_variant_rfc():
    made = uuid7(MOMENT)
    assert (made.version, made.variant) == (7, "specified in RFC 4122")


def test_an_id_tells_its_time_and_sorts_by_it():
    assert made_at(uuid7(MOMENT)) == MOMENT
    later = [uuid7(MOMENT + timedelta(milliseconds=n)) for n in range(50)]
    assert later == sorted(later)


def test_two_ids_of_one_moment_differ():
    assert len({uuid7(MOMENT) for _ in range(1000)}) == 1000


def test_without_a_moment_it_is_now():
    assert made_at(uuid7()) == pytest.approx(datetime.now(tz=UTC), abs=timedelta(seconds=5))
