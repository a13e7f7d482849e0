"""Minutes: the facts of a meeting, as the bytes that both sides sign, and as they are read again."""

import json
from typing import Any

from evenweave.committees.models import AgendaPoint, Decision, Meeting, Signature
from evenweave.committees.queries.presence import presence_of
from evenweave.improvement.enums import Side

FORMAT = 1


def canonical_minutes(meeting: Meeting) -> bytes:
    """The minutes as bytes that are the same wherever they are written: UTF-8 JSON, sorted keys, no spaces."""
    facts = facts_of(meeting)
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def facts_of(meeting: Meeting) -> dict[str, Any]:
    """What the minutes say: who was there, each point with what was said and decided. Days and times as text."""
    presence = presence_of(meeting)
    committee = meeting.committee
    return {
        "format": FORMAT,
        "factory": committee.factory.name,
        "programme": committee.factory.programme,
        "number": meeting.number,
        "on": meeting.on.isoformat(),
        "starts_at": f"{meeting.starts_at:%H:%M}",
        "ends_at": f"{meeting.ends_at:%H:%M}" if meeting.ends_at else "",
        "place": meeting.place,
        "language": meeting.language,
        "members": [
            {
                "name": row.member.name, "side": row.member.side, "post": row.member.post, "union": row.member.union,
                "is_chair": row.member.is_chair, "is_present": row.is_present,
            }
            for row in presence.rows
        ],
        "guests": meeting.guests,
        "seats": {side.value: presence.seats[side] for side in Side},
        "here": {side.value: presence.here[side] for side in Side},
        "is_quorate": presence.is_quorate,
        "points": [_point(point) for point in points_of(meeting)],
        "remarks": meeting.remarks,
    }


def points_of(meeting: Meeting) -> list[AgendaPoint]:
    """The points with their item and decisions. Two queries."""
    points = list(AgendaPoint.objects.filter(meeting=meeting).select_related("item", "raised_by"))
    made: dict[int, list[Decision]] = {point.pk: [] for point in points}
    decisions = Decision.objects.filter(point__meeting=meeting).select_related("item__plan__factory", "action")
    for decision in decisions:
        made[decision.point_id].append(decision)
    for point in points:
        point.made = made[point.pk]
    return points


def _point(point: AgendaPoint) -> dict[str, Any]:
    return {
        "number": point.number,
        "source": point.source,
        "title": point.title or (point.item.title if point.item else ""),
        "language": point.language if point.title else point.item.language if point.item else point.language,
        "item": point.item.number if point.item else None,
        "count": point.count,
        "raised_by": point.raised_by_side,
        "said": point.said,
        "decisions": [_decision(decision) for decision in point.made],
    }


def _decision(decision: Decision) -> dict[str, Any]:
    action = decision.action
    return {
        "text": action.text,
        "language": action.language,
        "item": decision.item.number,
        "is_new_item": decision.is_new_item,
        "owner": action.owner_name,
        "owner_side": action.owner_side,
        "due_on": action.due_on.isoformat(),
        "management": decision.management,
        "workers": decision.workers,
        "reason": decision.reason,
    }


def frozen_minutes(meeting: Meeting) -> dict[str, Any]:
    """The minutes as they were closed."""
    return json.loads(meeting.minutes)


def valid_signatures(meeting: Meeting) -> list[Signature]:
    """The signatures under the text as it stands, the earliest first."""
    under = Signature.objects.filter(meeting=meeting, sha256=meeting.minutes_sha256)
    return list(under.select_related("member", "by"))
