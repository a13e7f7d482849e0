"""What the committee's pages say: records and readings as the components' parts."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from evenweave.committees.enums import (
    ElectionState,
    Lack,
    MeetingState,
    PointSource,
    Seated,
    Sex,
    Sign,
    Signing,
    Verdict,
)
from evenweave.committees.models import AgendaPoint, Candidate, Committee, Election, Meeting, Member, Signature
from evenweave.committees.queries.agenda import Suggested
from evenweave.committees.queries.health import Health
from evenweave.committees.queries.presence import Presence
from evenweave.committees.queries.reading import CommitteeRead
from evenweave.committees.rules import Lacking, Reading
from evenweave.improvement.enums import Side
from evenweave.programmes.rules import CommitteeRules
from evenweave.toolkit import parts
from evenweave.toolkit.days import short_day

# --- seats -------------------------------------------------------------------------------------------------------


def bench_title(side: str) -> str:
    return _("Workers, elected") if side == Side.WORKERS else _("Management")


def benches(members: Sequence[Member], *, with_links: bool = False) -> tuple[parts.Bench, parts.Bench]:
    """The two columns of the table."""
    return tuple(_bench(side, [one for one in members if one.side == side]) for side in Side)


def _bench(side: Side, members: Sequence[Member]) -> parts.Bench:
    women = sum(one.sex == Sex.WOMAN for one in members)
    seats = ngettext("%(count)s seat", "%(count)s seats", len(members)) % {"count": len(members)}
    note = ngettext("%(seats)s, %(count)s woman", "%(seats)s, %(count)s women", women)
    return parts.Bench(
        bench_title(side), note % {"seats": seats, "count": women},
        [parts.Seat(one.name, seat_words(one), _chair(one)) for one in members],
    )


def seat_words(member: Member) -> str:
    return " · ".join(filter(None, (member.post, member.union, term_words(member))))


def term_words(member: Member) -> str:
    if member.seated == Seated.ELECTED:
        return _("elected %(day)s") % {"day": date_format(member.joined_on, "F Y")}
    return ""


def _chair(member: Member) -> parts.Tag | None:
    return parts.Tag("audience", _("In the chair"), "user") if member.is_chair else None


def present_benches(presence: Presence) -> tuple[parts.Bench, parts.Bench]:
    """The table of a meeting: who is here and who is away."""
    return tuple(_present_bench(side, presence) for side in Side)


def _present_bench(side: Side, presence: Presence) -> parts.Bench:
    seats = [
        parts.Seat(
            row.member.name, seat_words(row.member),
            parts.Tag("good", _("Here"), "check") if row.is_present else parts.Tag("none", _("Away"), "circle"),
        )
        for row in presence.rows if row.member.side == side
    ]
    note = _("%(here)s of %(seats)s here") % {"here": presence.here[side], "seats": presence.seats[side]}
    return parts.Bench(bench_title(side), note, seats)


def quorum_sentence(presence: Presence) -> str:
    here, seats = sum(presence.here.values()), sum(presence.seats.values())
    numbers = {
        "here": here, "seats": seats, "management": presence.needed[Side.MANAGEMENT],
        "workers": presence.needed[Side.WORKERS],
    }
    if presence.is_quorate:
        return _("%(here)s of %(seats)s are here. The committee can decide.") % numbers
    return _(
        "%(here)s of %(seats)s are here. To decide, %(management)s of management and %(workers)s of the workers are "
        "needed."
    ) % numbers


def lack_words(lacking: Lacking) -> str:
    """What is missing, with its numbers."""
    numbers = {"has": lacking.has, "wants": lacking.wants, "of": lacking.of}
    return {
        Lack.TOO_FEW: _("The committee has %(has)s members; the programme asks for at least %(wants)s."),
        Lack.TOO_MANY: _("The committee has %(has)s members; the programme allows %(wants)s."),
        Lack.NOT_EQUAL: _("Management has %(has)s seats, the workers have %(wants)s. Both sides are equal."),
        Lack.TOO_FEW_WOMEN: _("%(has)s of the workers' seats are held by women; by their share of the workforce it "
                              "would be at least %(wants)s."),
        Lack.TOO_FEW_MEN: _("%(has)s of the workers' seats are held by men; by their share of the workforce it would "
                            "be at least %(wants)s."),
        Lack.UNION: _("%(of)s has no seat."),
        Lack.NOT_ELECTED: _("%(has)s of the workers' members were named; workers elect their members."),
        Lack.NO_CHAIR: _("Nobody is in the chair."),
        Lack.TERM_OVER: ngettext(
            "The term of %(has)s member is over. Call an election.",
            "The terms of %(has)s members are over. Call an election.", lacking.has,
        ),
    }[lacking.lack] % numbers


def committee_sentence(asked: CommitteeRules) -> str:
    return ngettext(
        "Management and workers in equal numbers, at most %(most)s together. They meet every %(count)s day.",
        "Management and workers in equal numbers, at most %(most)s together. They meet every %(count)s days.",
        asked.meets_every_days,
    ) % {"most": asked.most_members, "count": asked.meets_every_days}


def member_facts(member: Member) -> list[parts.Fact]:
    rows = [
        (_("Side"), Side(member.side).label),
        (_("Sex"), Sex(member.sex).label),
        (_("Line, section or job"), member.post),
        (_("Union"), member.union),
        (_("Came to the seat"), Seated(member.seated).label),
        (_("Member since"), date_format(member.joined_on)),
        (_("Last day of the term"), member.term_ends_on and date_format(member.term_ends_on)),
        (_("Left on"), member.left_on and date_format(member.left_on)),
        (_("Signs in"), _("yes") if member.person_id else _("no account yet")),
    ]
    return [parts.Fact(term, value) for term, value in rows if value]


# --- health ------------------------------------------------------------------------------------------------------

VERDICT_TAGS = {Verdict.GOOD: "good", Verdict.WATCH: "waiting", Verdict.BAD: "wrong", Verdict.UNKNOWN: "none"}


def verdict_tag(reading: Reading) -> parts.Tag:
    return parts.Tag(VERDICT_TAGS[reading.verdict], str(reading.verdict.label))


def health_rows(health: Health) -> list[dict[str, Any]]:
    """Each sign with its word and its sentence."""
    return [
        {"title": one.sign.label, "tag": verdict_tag(one), "sentence": _sign_sentence(one)} for one in health.readings
    ]


def _sign_sentence(reading: Reading) -> str:
    numbers = {"part": reading.part, "whole": reading.whole, "days": reading.days}
    if reading.sign is Sign.BALANCE:
        if not reading.part:
            return _("Both sides, women and men, and the unions have the seats that the programme asks for.")
        return ngettext(
            "%(part)s thing is missing, named beside the seats.",
            "%(part)s things are missing, named beside the seats.",
            reading.part,
        ) % numbers
    if not reading.whole:
        return _NOTHING_YET[reading.sign]()
    words = _SIGN_WORDS[reading.sign](reading) % numbers
    if reading.sign is Sign.MEETS and reading.days is not None:
        words += " " + ngettext(
            "It last met %(days)s day ago.", "It last met %(days)s days ago.", reading.days
        ) % numbers
    return words


_SIGN_WORDS = {
    Sign.MEETS: lambda one: ngettext(
        "It met in %(part)s of the last %(whole)s period.", "It met in %(part)s of the last %(whole)s periods.",
        one.whole,
    ),
    Sign.QUORATE: lambda one: ngettext(
        "In %(part)s of %(whole)s meeting enough of both sides were there to decide.",
        "In %(part)s of %(whole)s meetings enough of both sides were there to decide.", one.whole,
    ),
    Sign.WORKER_ITEMS: lambda one: ngettext(
        "%(part)s of %(whole)s item that the workers' side raised is done.",
        "%(part)s of %(whole)s items that the workers' side raised are done.", one.whole,
    ),
}
_NOTHING_YET = {
    Sign.MEETS: lambda: _("The committee is younger than one period between two meetings."),
    Sign.QUORATE: lambda: _("No meeting has minutes yet."),
    Sign.WORKER_ITEMS: lambda: _("The workers' side has raised nothing in the plan yet."),
}


def list_rows(committees: Iterable[Committee], health: Mapping[int, Health]) -> list[dict[str, Any]]:
    """The list of committees: each with the worst of its signs, when it met and when it meets."""
    order = [Verdict.BAD, Verdict.WATCH, Verdict.UNKNOWN, Verdict.GOOD]
    rows = []
    for committee in committees:
        own = health[committee.pk]
        worst = min(own.readings, key=lambda one: order.index(one.verdict))
        rows.append({
            "committee": committee, "tag": verdict_tag(worst),
            "why": "" if worst.verdict is Verdict.GOOD else worst.sign.label,
            "last": date_format(own.last_met_on, "j M Y") if own.last_met_on else _("not yet"),
            "next": date_format(own.next_planned.on, "j M Y") if own.next_planned else "",
        })
    return rows


# --- elections ---------------------------------------------------------------------------------------------------

ELECTION_TAGS = {
    ElectionState.NOMINATING: "doing", ElectionState.TIED: "waiting", ElectionState.HELD: "good",
    ElectionState.CALLED_OFF: "none",
}


def election_tag(election: Election) -> parts.Tag:
    return parts.Tag(ELECTION_TAGS[ElectionState(election.state)], election.get_state_display())


def election_title(election: Election) -> str:
    return _("Election of %(day)s") % {"day": date_format(election.polling_on)}


def election_sentence(election: Election) -> str:
    if election.state == ElectionState.CALLED_OFF:
        return _("Called off: %(reason)s") % {"reason": election.called_off_reason}
    seats = ngettext("%(count)s seat", "%(count)s seats", election.seats) % {"count": election.seats}
    return _("%(seats)s of the workers. Nominations until %(day)s. Ballots are cast and counted on paper.") % {
        "seats": seats, "day": date_format(election.nominations_until_on),
    }


def election_facts(election: Election, turnout: float) -> list[parts.Fact]:
    """What was counted."""
    rows = [
        (_("Workers who may vote"), election.eligible),
        (_("Ballots handed out"), election.handed_out),
        (_("Ballots in the box"), election.in_box),
        (_("Invalid ballots"), election.invalid),
        (_("Turnout"), _("%(percent)s %%") % {"percent": round(turnout * 100)}),
        (_("Who watched the count"), "; ".join(election.observers)),
        (_("How the tie was decided"), election.tie_decided_how),
        (_("Recorded by"), election.counted_by and election.counted_by.name),
    ]
    return [parts.Fact(term, value) for term, value in rows if value not in ("", None)]


def candidate_tag(candidate: Candidate, tied: set[str]) -> parts.Tag | None:
    if candidate.withdrew_on is not None:
        return parts.Tag("none", _("Withdrew"))
    if candidate.is_elected:
        return parts.Tag("good", _("Elected"), "check")
    if candidate.is_elected is None and candidate.ref in tied:
        return parts.Tag("waiting", _("Equal votes"))
    return None


# --- meetings ----------------------------------------------------------------------------------------------------

MEETING_TAGS = {
    MeetingState.PLANNED: "none", MeetingState.OPEN: "doing", MeetingState.CLOSED: "waiting",
    MeetingState.SIGNED: "good", MeetingState.CALLED_OFF: "none",
}


def meeting_tag(meeting: Meeting) -> parts.Tag:
    return parts.Tag(MEETING_TAGS[MeetingState(meeting.state)], meeting.get_state_display())


def meeting_title(meeting: Meeting) -> str:
    return _("Committee meeting, %(day)s") % {"day": date_format(meeting.on)}


def meeting_sentence(meeting: Meeting) -> str:
    times = " – ".join(f"{one:%H:%M}" for one in (meeting.starts_at, meeting.ends_at) if one)
    return ", ".join(filter(None, (meeting.committee.factory.name, meeting.place, times))) + "."


def meeting_entries(meetings: Iterable[Meeting], today: date) -> list[parts.Entry]:
    return [
        parts.Entry(
            when=short_day(meeting.on, today.year),
            title=_("Meeting %(number)s") % {"number": meeting.number},
            href=meeting.get_absolute_url(),
            meta=", ".join(filter(None, (f"{meeting.starts_at:%H:%M}", meeting.place))),
            tags=[meeting_tag(meeting)],
            state="turn" if meeting.state in {MeetingState.OPEN, MeetingState.CLOSED} else "",
        )
        for meeting in meetings
    ]


def election_entries(elections: Iterable[Election], today: date) -> list[parts.Entry]:
    return [
        parts.Entry(
            when=short_day(election.polling_on, today.year),
            title=_("Election %(number)s") % {"number": election.number}, href=election.get_absolute_url(),
            tags=[election_tag(election)],
            state="turn" if election.state in {ElectionState.NOMINATING, ElectionState.TIED} else "",
        )
        for election in elections
    ]


def point_title(point: AgendaPoint | Suggested) -> str:
    title = getattr(point, "title", "")
    if title:
        return title
    if point.item is not None:
        return point.item.title
    return _COUNTED[PointSource(point.source)](point.count) % {"count": point.count}


_COUNTED = {
    PointSource.LATE: lambda n: ngettext("%(count)s more late item", "%(count)s more late items", n),
    PointSource.NEW: lambda n: ngettext("%(count)s more new finding", "%(count)s more new findings", n),
    PointSource.DISAGREED: lambda n: ngettext(
        "%(count)s more item on which the sides disagree", "%(count)s more items on which the sides disagree", n
    ),
    PointSource.DUE: lambda n: ngettext("%(count)s more item is due soon", "%(count)s more items are due soon", n),
    PointSource.TO_AGREE: lambda n: ngettext(
        "%(count)s item waits for an answer of a side", "%(count)s items wait for an answer of a side", n
    ),
    PointSource.SEATS: lambda n: ngettext(
        "The term of %(count)s member ends", "The terms of %(count)s members end", n
    ),
    PointSource.OWN: lambda n: ngettext("%(count)s point of a member", "%(count)s points of members", n),
}


def point_why(point: AgendaPoint | Suggested, factory_ref: str) -> dict[str, str]:
    """Why a point stands there, and where more of it can be read."""
    words = str(PointSource(point.source).label)
    side = getattr(point, "raised_by_side", "")
    if side:
        words += f": {Side(side).label}"
    if point.item is not None:
        return {"words": words, "href": point.item.get_absolute_url(),
                "link": _("Item %(number)s") % {"number": point.item.number}}
    if point.source in {PointSource.LATE, PointSource.TO_AGREE}:
        only = "late" if point.source == PointSource.LATE else "mine"
        return {"words": words, "href": f"{reverse('plan', args=[factory_ref])}?only={only}", "link": _("Plan")}
    return {"words": words, "href": "", "link": ""}


def agenda_rows(points: Iterable[AgendaPoint | Suggested], factory_ref: str) -> list[dict[str, Any]]:
    rows = []
    for place, point in enumerate(points, start=1):
        made = getattr(point, "made", [])
        rows.append({
            "point": point, "number": place, "title": point_title(point), "why": point_why(point, factory_ref),
            "minutes": _("%(count)s min") % {"count": point.minutes},
            "tag": parts.Tag("good", pgettext("agenda", "Decided"), "circle-check") if made
            else parts.Tag("doing", _("Talked about")) if getattr(point, "said", "")
            else parts.Tag("none", _("To come"), "circle"),
            "made": made,
        })
    return rows


# --- minutes -----------------------------------------------------------------------------------------------------


def minutes_points(facts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The points of closed minutes, from what is signed and from nothing else."""
    return [
        {
            "number": point["number"],
            "title": point["title"] or _COUNTED[PointSource(point["source"])](point["count"])
            % {"count": point["count"]},
            "language": point["language"],
            "why": str(PointSource(point["source"]).label),
            "said": point["said"],
            "decisions": [_minuted(decision) for decision in point["decisions"]],
        }
        for point in facts["points"]
    ]


def _minuted(decision: Mapping[str, Any]) -> dict[str, Any]:
    words = {"agrees": _("agrees"), "disagrees": _("disagrees")}
    said = "; ".join(f"{side.label}: {words[decision[side.value]]}" for side in Side)
    return {
        "text": decision["text"], "language": decision["language"],
        "who": _("%(owner)s (%(side)s), by %(day)s") % {
            "owner": decision["owner"], "side": Side(decision["owner_side"]).label,
            "day": date_format(date.fromisoformat(decision["due_on"])),
        },
        "item": (_("New in the plan: item %(number)s") if decision["is_new_item"] else _("Item %(number)s"))
        % {"number": decision["item"]},
        "words": f"{said}. {decision['reason']}".strip(),
    }


def minutes_benches(facts: Mapping[str, Any]) -> tuple[parts.Bench, parts.Bench]:
    """The table as the minutes say it was."""
    made = []
    for side in Side:
        members = [member for member in facts["members"] if member["side"] == side]
        note = _("%(here)s of %(seats)s here") % {"here": facts["here"][side], "seats": facts["seats"][side]}
        seats = [
            parts.Seat(
                member["name"], " · ".join(filter(None, (member["post"], member["union"]))),
                parts.Tag("good", _("Here"), "check") if member["is_present"]
                else parts.Tag("none", _("Away"), "circle"),
            )
            for member in members
        ]
        made.append(parts.Bench(bench_title(side), note, seats))
    return tuple(made)


def signature_rows(signatures: Sequence[Signature]) -> list[tuple]:
    """For each side its word under the minutes, as `parties` shows them."""
    rows = []
    for letter, side in zip("ab", Side, strict=True):
        found = next((one for one in signatures if one.side == side), None)
        if found is None:
            rows.append((letter, str(side.label), "", parts.Tag("none", _("Has not signed"), "circle")))
            continue
        tag = (
            parts.Tag("good", _("Signed"), "check") if found.signing == Signing.SIGNS
            else parts.Tag("waiting", _("Signed, disagrees in part"))
        )
        small = _("%(name)s, %(day)s") % {"name": found.member.name, "day": date_format(found.at, "j F Y")}
        rows.append((letter, str(side.label), small, tag))
    return rows


def may_begin(meeting: Meeting, read: CommitteeRead) -> bool:
    return read.may_edit and meeting.state == MeetingState.PLANNED and meeting.on <= read.today
