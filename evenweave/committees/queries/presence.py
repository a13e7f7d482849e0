"""Who is at the table, and whether they may decide."""

from dataclasses import dataclass

from evenweave.committees import rules
from evenweave.committees.models import Attendance, Meeting
from evenweave.improvement.enums import Side
from evenweave.programmes.queries import rules_on


@dataclass(frozen=True)
class Presence:
    """`here`, `seats` and `needed` by side."""

    rows: list[Attendance]
    here: dict[Side, int]
    seats: dict[Side, int]
    needed: dict[Side, int]
    is_quorate: bool


def presence_of(meeting: Meeting) -> Presence:
    """The attendance of a meeting that was opened, by the rules of its day. One query."""
    rows = list(Attendance.objects.filter(meeting=meeting).select_related("member"))
    percent = rules_on(meeting.committee.factory.programme, meeting.on).committee.quorum_percent
    seats = {side: sum(row.member.side == side for row in rows) for side in Side}
    here = {side: sum(row.member.side == side and row.is_present for row in rows) for side in Side}
    return Presence(
        rows=rows, here=here, seats=seats,
        needed={side: rules.quorum_of(seats[side], percent) for side in Side},
        is_quorate=rules.is_quorate(here, seats, percent),
    )
