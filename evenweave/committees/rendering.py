"""The minutes as PDF/UA. Heavy: called by a job, in the worker."""

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evenweave.committees.models import Signature
from evenweave.improvement.enums import Side
from evenweave.toolkit.documents import Wording, render_pdf

TEMPLATE = "committees/documents/minutes.typ"
FOLDER = Path(__file__).parent / "documents"
_WRITTEN = {file.stem.partition(".")[2] for file in FOLDER.glob("labels.*.yaml")}
LANGUAGES = ("en", *sorted(_WRITTEN - {"en"}))
type Facts = Mapping[str, Any]


def minutes_pdf(
    facts: Facts, signatures: Sequence[Signature], language: str, *, sha256: str, at: dt.datetime
) -> bytes:
    """The minutes of these facts (queries.minutes.facts_of) with the signatures under them. The same input gives the
    same bytes."""
    say = Wording(FOLDER, language)
    return render_pdf(
        TEMPLATE, page_data(facts, signatures, say, sha256=sha256), language=language,
        title=say.say("title", factory=facts["factory"], number=facts["number"]), created_at=at,
    )


def page_data(facts: Facts, signatures: Sequence[Signature], say: Wording, *, sha256: str) -> dict[str, Any]:
    """What the template prints, all of it formatted."""
    labels = say.labels
    times = " – ".join(filter(None, (facts["starts_at"], facts["ends_at"])))
    return {
        "labels": labels,
        "factory": facts["factory"],
        "kicker": say.say("kicker", number=facts["number"]),
        "facts": [
            {"term": labels["day"], "value": say.day(facts["on"])},
            {"term": labels["time"], "value": times},
            {"term": labels["place"], "value": facts["place"] or "–"},
            {"term": labels["quorum"], "value": labels["can_decide" if facts["is_quorate"] else "cannot_decide"]},
        ],
        "benches": [_bench(facts, side, say) for side in Side],
        "guests": facts["guests"],
        "points": [_point(point, say) for point in facts["points"]],
        "remarks": {"language": facts["language"], "text": facts["remarks"]},
        "signatures": [_signature(side, signatures, say) for side in Side],
        "hash": " ".join(sha256[place:place + 8] for place in range(0, len(sha256), 8)),
        "footer": say.say("footer", number=facts["number"], day=say.day(facts["on"])),
    }


def _bench(facts: Facts, side: Side, say: Wording) -> dict[str, Any]:
    members = [member for member in facts["members"] if member["side"] == side]
    return {
        "title": say.labels[side.value],
        "note": say.say("here_of", here=facts["here"][side], seats=facts["seats"][side]),
        "members": [
            {
                "name": member["name"],
                "post": ", ".join(filter(None, (
                    member["post"], member["union"], say.labels["chair"] if member["is_chair"] else ""
                ))),
                "here": say.labels["here" if member["is_present"] else "away"],
            }
            for member in members
        ],
    }


def _point(point: Facts, say: Wording) -> dict[str, Any]:
    title = point["title"] or say.count(f"point_{point['source']}", point["count"])
    return {
        "number": str(point["number"]),
        "title": {"language": point["language"], "text": title},
        "why": ", ".join(filter(None, (
            say.labels["sources"][point["source"]],
            say.say("item", number=point["item"]) if point["item"] else "",
            say.labels[point["raised_by"]] if point["raised_by"] else "",
        ))),
        "said": point["said"],
        "decisions": [_decision(decision, say) for decision in point["decisions"]],
    }


def _decision(decision: Facts, say: Wording) -> dict[str, Any]:
    words = "; ".join(
        f"{say.labels[side.value]}: {say.labels[decision[side.value]]}" for side in Side
    )
    return {
        "text": {"language": decision["language"], "text": decision["text"]},
        "who": say.say(
            "who_by", owner=decision["owner"], side=say.labels[decision["owner_side"]], day=say.day(decision["due_on"])
        ),
        "item": say.say("new_item" if decision["is_new_item"] else "to_item", number=decision["item"]),
        "words": f"{words}. {decision['reason']}".strip(),
    }


def _signature(side: Side, signatures: Sequence[Signature], say: Wording) -> dict[str, str]:
    found = next((one for one in signatures if one.side == side), None)
    if found is None:
        return {"side": say.labels[side.value], "who": say.labels["not_signed"], "objection": ""}
    who = say.say("signed_by", name=found.member.name, day=say.day(found.at.date()), time=f"{found.at:%H:%M} UTC")
    return {"side": say.labels[side.value], "who": who, "objection": found.objection}
