"""The progress report as PDF: the plan as it stood when it was sent, and what changed since the one before."""

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from evenweave.reports.facts import facts_hash
from evenweave.reports.rendering.parts import (
    BRAND,
    created_at,
    place_of,
    shortened,
    term,
    typed,
    verification,
    wording,
    words,
    workers_line,
)
from evenweave.toolkit.documents import Wording, render_pdf

TEMPLATE = "reports/documents/progress.typ"
CHANGES_ON_COVER = 5
# More marks than this in one row are no longer counted by the eye.
MARKS_IN_A_ROW = 60
STATUS_ORDER = ("completed", "in_progress", "pending")
STATUS_SHAPES = {"completed": "good", "in_progress": "half", "pending": "wait"}
CHECK_SHAPES = {"asked": "wait", "verified": "good", "refused": "wrong"}
type Facts = Mapping[str, Any]


def progress_pdf(facts: Facts, language: str, *, verify_url: str, code: str) -> bytes:
    """The progress report of these facts (ProgressReportFacts) in one language, as PDF/UA.

    `verify_url`: where the QR code leads, with the code at its end. The same input gives the same bytes."""
    say = wording(language)
    return render_pdf(
        TEMPLATE,
        progress_page_data(facts, say, verify_url=verify_url, code=code),
        language=language,
        title=say.say("progress_title", factory=facts["factory"]["name"], number=facts["report"]["number"],
                      cycle=facts["cycle_number"]),
        created_at=created_at(facts["report"]["submitted_on"]),
    )


def progress_page_data(facts: Facts, say: Wording, *, verify_url: str, code: str) -> dict[str, Any]:
    """What the template prints, all of it formatted."""
    report = facts["report"]
    author = say.say(f"by_{report['author']}")
    verify = verification(say, "check_genuine_progress", verify_url, code, f"{say.say('written_by')}: {author}.")
    lead, short = _in_short(say, facts)
    steps = _steps(say, facts)
    return {
        "labels": say.labels,
        "draft": say.labels["draft"],
        "programme": say.words(facts["programme"]["title"]),
        "audience": say.say("audience"),
        "kicker": say.say("progress_report", number=report["number"], cycle=facts["cycle_number"]),
        "factory": {"name": facts["factory"]["name"], "place": place_of(say, facts["factory"])},
        "facts": [
            [say.say("submitted"), _sent(say, report)],
            [say.say("due"), say.day(report["due_on"])],
            [say.say("workers"), workers_line(say, facts["factory"]["workers"])],
            [say.say("written_by"), author],
        ],
        "lead": lead,
        "short": short,
        "bars": _bars(say, facts["items"]),
        "legend": [[status, say.say(f"item_{status}")] for status in STATUS_ORDER],
        "latest": [
            {**step, "day": step["short_day"], "what": shortened(step["what"], 80), "note": ""}
            for step in steps[-CHANGES_ON_COVER:]
        ],
        "said": [
            {"title": say.say(part), "text": text}
            for part in ("overview", "dialogue", "learning") if (text := typed(say, facts[part]))
        ],
        "steps": steps,
        "steps_lead": say.say("what_changed_lead", day=say.day(report["since"])),
        "nothing_changed": say.say("nothing_changed", day=say.day(report["since"])),
        "groups": _groups(say, facts["items"]),
        "committee": _committee(say, facts.get("committee")),
        "visits": [_step(say, visit) for visit in facts.get("visits") or ()],
        "training": [_step(say, course) for course in facts.get("training") or ()],
        "verify": verify,
        "method": say.say("progress_method", hash=facts_hash(facts)),
        "record": [
            [say.say("report_ref"), report["ref"]],
            [say.say("code"), verify["code"]],
            [say.say("programme"), say.words(facts["programme"]["title"])],
            [say.say("address"), ", ".join(filter(None, [facts["factory"]["name"], facts["factory"]["address"],
                                                          facts["factory"]["city"]]))],
        ],
        "footer": " · ".join([BRAND, report["ref"], verify["code"], verify["address"]]),
    }


def _sent(say: Wording, report: Facts) -> str:
    day = say.day(report["submitted_on"])
    return say.say("sent_late", day=day) if report["submitted_on"] > report["due_on"] else day


def _in_short(say: Wording, facts: Facts) -> tuple[str, str]:
    items, since = facts["items"], facts["report"]["since"]
    if not items:
        return say.say("no_items"), ""
    done = [item for item in items if item["status"] == "completed"]
    sentence = say.count("items_done", len(items), done=say.number(len(done)))
    lead = say.count(
        "items_since", sum((item["closed_on"] or "") >= since for item in done), sentence=sentence, day=say.day(since)
    )
    counts = {
        "items_late": sum(item["is_late"] for item in items),
        "items_agreed": sum(item["management"] == item["workers"] == "agrees" for item in items),
        "items_verified": sum(item["verification"] == "verified" for item in items),
    }
    return lead, " ".join(say.count(key, number) for key, number in counts.items())


def _of_cluster(say: Wording, items: list[Facts]) -> list[tuple[str, list[Facts]]]:
    """Items by their cluster's title, clusters and items in the order they came."""
    titles = list(dict.fromkeys(say.words(item["cluster"]) for item in items))
    return [(title, [item for item in items if say.words(item["cluster"]) == title]) for title in titles]


def _bars(say: Wording, items: list[Facts]) -> list[dict[str, Any]]:
    return [
        {
            "title": title or term(say, "source", "self_found"),
            "marks": sorted((item["status"] for item in group), key=STATUS_ORDER.index)[:MARKS_IN_A_ROW],
            "count": say.say("part_of", part=say.number(sum(item["status"] == "completed" for item in group)),
                             whole=say.number(len(group))),
        }
        for title, group in _of_cluster(say, items)
    ]


# --- steps ----------------------------------------------------------------------------------------


def _step(say: Wording, step: Facts, prefix: str = "") -> dict[str, str]:
    return {
        "day": say.day(step["on"]), "short_day": say.short_day(step["on"]), "what": prefix + say.words(step["what"]),
        "note": step["by"], "kind": "done",
    }


def _steps(say: Wording, facts: Facts) -> list[dict[str, str]]:
    steps = [(step["on"], 0, _step(say, step)) for step in facts["steps"]]
    for item in facts["items"]:
        name = f"{say.say('item')} {item['number']}: "
        steps += [(step["on"], item["number"], _step(say, step, name)) for step in item["changes"]]
    return [step for _day, _number, step in sorted(steps, key=lambda entry: entry[:2])]


# --- the plan -------------------------------------------------------------------------------------


def _groups(say: Wording, items: list[Facts]) -> list[dict[str, Any]]:
    return [
        {"title": title or term(say, "source", "self_found"), "items": [_item(say, item) for item in group]}
        for title, group in _of_cluster(say, items)
    ]


def _item(say: Wording, item: Facts) -> dict[str, Any]:
    names = [f"{say.say('item')} {item['number']}", item["question_id"], say.words(item["point"])]
    return {
        **words(say, item["text"]),
        "name": " · ".join(filter(None, names)),
        "is_late": item["is_late"],
        "tags": _item_tags(say, item),
        "agreement": say.say("agreement_line", management=term(say, "agreement", item["management"]),
                             workers=term(say, "agreement", item["workers"])),
        "parts": [
            {"title": say.say(part), "text": text}
            for part in ("immediate_action", "root_cause") if (text := typed(say, item[part]))
        ],
        "actions": [_action(say, action) for action in item["actions"]],
    }


def _item_tags(say: Wording, item: Facts) -> list[list[str]]:
    tags = [[STATUS_SHAPES[item["status"]], term(say, "item_status", item["status"])]]
    if item["is_late"]:
        tags.append(["wrong", say.say("late")])
    if item["is_public"]:
        tags.append(["public", say.say("public")])
    if item["verification"] in CHECK_SHAPES:
        tags.append([CHECK_SHAPES[item["verification"]], term(say, "verification", item["verification"])])
    elif item["status"] == "completed":
        tags.append(["plain", say.say("self_reported")])
    if item["source"] == "self_found":
        tags.append(["plain", term(say, "source", "self_found")])
    if item["evidence_count"]:
        tags.append(["plain", say.count("evidence", item["evidence_count"])])
    return tags


def _action(say: Wording, action: Facts) -> dict[str, Any]:
    side = term(say, "side", action["owner_side"])
    state = None
    if action["done_on"]:
        state = {"kind": "good", "words": say.say("done_on", day=say.day(action["done_on"]))}
    elif action["is_late"]:
        state = {"kind": "wrong", "words": say.say("late")}
    return {
        "text": typed(say, action["text"]),
        "owner": ", ".join(filter(None, [action["owner"], side])),
        "due": say.day(action["due_on"]) or say.say("no_rate"),
        "state": state,
    }


def _committee(say: Wording, committee: Facts | None) -> dict[str, Any] | None:
    if committee is None:
        return None
    members = sorted(committee["members"], key=lambda member: member["side"])
    return {
        "members": "; ".join(
            f"{term(say, 'side', side)}: {say.join([say.words(member['role']) for member in of_side])}"
            for side, of_side in groupby(members, key=lambda member: member["side"])
        ),
        "meetings": [_step(say, meeting) for meeting in committee["meetings"]],
    }
