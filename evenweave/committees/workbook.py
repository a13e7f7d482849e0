"""Committees as an Excel file: members, meetings, elections, one row each.

Headings are English and fixed in every language, because people's own tables read them by name."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils import translation

from evenweave.committees.enums import MeetingState
from evenweave.committees.models import Election, Meeting, Member
from evenweave.improvement.enums import Side
from evenweave.toolkit.sheets import Column, Sheet, write_workbook

MEMBER_COLUMNS = (
    Column("Factory", 28), Column("Name", 26), Column("Sex", 10), Column("Side", 14), Column("Post", 22),
    Column("Union", 20), Column("Came to the seat", 20), Column("Current chair", 10), Column("Date joined", 12, "date"),
    Column("Term ends", 12, "date"), Column("Date left", 12, "date"),
)
MEETING_COLUMNS = (
    Column("Factory", 28), Column("Meeting", 10, "number"), Column("Day", 12, "date"), Column("State", 22),
    Column("Management here", 12, "number"), Column("Workers here", 12, "number"), Column("Could decide", 10),
    Column("Decisions", 10, "number"), Column("Signed", 12, "date"),
)
ELECTION_COLUMNS = (
    Column("Factory", 28), Column("Election", 10, "number"), Column("Polling day", 12, "date"), Column("State", 22),
    Column("Seats", 8, "number"), Column("May vote", 10, "number"), Column("Ballots in the box", 10, "number"),
    Column("Invalid", 10, "number"), Column("Watched by", 40),
)
HELD = {MeetingState.CLOSED, MeetingState.SIGNED}


def committees_workbook(
    *, members: Iterable[Member], meetings: Iterable[Meeting], elections: Iterable[Election], created_at: dt.datetime
) -> bytes:
    """The workbook. Records come with their committee's factory; meetings with `here_management`, `here_workers` and
    `decided` (queries.export)."""
    with translation.override("en"):
        sheets = [
            Sheet("Members", MEMBER_COLUMNS, [_member(one) for one in members], freeze="C2"),
            Sheet("Meetings", MEETING_COLUMNS, [_meeting(one) for one in meetings], freeze="C2"),
            Sheet("Elections", ELECTION_COLUMNS, [_election(one) for one in elections], freeze="C2"),
        ]
        return write_workbook(sheets, title="Committees", created_at=created_at)


def _member(one: Member) -> list[Any]:
    return [
        one.committee.factory.name, one.name, one.get_sex_display(), str(Side(one.side).label), one.post, one.union,
        one.get_seated_display(), "yes" if one.is_chair else "no", one.joined_on, one.term_ends_on, one.left_on,
    ]


def _meeting(one: Meeting) -> list[Any]:
    is_held = one.state in HELD
    return [
        one.committee.factory.name, one.number, one.on, one.get_state_display(),
        one.here_management if is_held else None, one.here_workers if is_held else None,
        ("yes" if one.is_quorate else "no") if is_held else "", one.decided,
        one.signed_at.date() if one.signed_at else None,
    ]


def _election(one: Election) -> list[Any]:
    return [
        one.committee.factory.name, one.number, one.polling_on, one.get_state_display(), one.seats, one.eligible,
        one.in_box, one.invalid, "; ".join(one.observers),
    ]
