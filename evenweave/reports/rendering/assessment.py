"""The assessment report as PDF: from frozen facts to the words on its pages."""

import json
from collections.abc import Collection, Mapping
from itertools import groupby
from typing import Any

from evenweave.reports.facts import facts_hash
from evenweave.reports.rendering.parts import (
    BRAND,
    created_at,
    draft_note,
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

TEMPLATE = "reports/documents/assessment.typ"
START_WITH = 3
STRENGTHS_ON_COVER = 2
# In a finding of at most this many signs no part is broken over two pages.
KEPT_TOGETHER = 2_500
SERIOUSNESS_ORDER = {"grave": 0, "major": 1, "minor": 2}
type Facts = Mapping[str, Any]


def assessment_pdf(facts: Facts, language: str, *, verify_url: str, code: str) -> bytes:
    """The report of these facts (AssessmentReportFacts) in one language, as PDF/UA.

    `verify_url`: where the QR code leads, with the code at its end. The same input gives the same bytes."""
    say = wording(language)
    return render_pdf(
        TEMPLATE,
        assessment_page_data(facts, say, verify_url=verify_url, code=code),
        language=language,
        title=say.say("assessment_title", factory=facts["factory"]["name"], cycle=facts["cycle_number"]),
        created_at=created_at(facts["report"]["released_on"]),
    )


def assessment_page_data(facts: Facts, say: Wording, *, verify_url: str, code: str) -> dict[str, Any]:
    """What the template prints, all of it formatted."""
    report, assessment = facts["report"], facts["assessment"]
    kicker = say.say("assessment_report", cycle=facts["cycle_number"])
    if report["version"] > 1:
        kicker += ", " + say.say("version", version=report["version"])
    clusters = [_cluster(say, cluster) for cluster in facts["clusters"]]
    verify = verification(say, "check_genuine", verify_url, code, _who(say, assessment))
    lead, short = _in_short(say, facts)
    return {
        "labels": say.labels,
        "draft": say.labels["draft"],
        "programme": say.words(facts["programme"]["title"]),
        "audience": say.say("audience"),
        "kicker": kicker,
        "factory": {"name": facts["factory"]["name"], "place": place_of(say, facts["factory"])},
        "facts": _cover_facts(say, facts),
        "lead": lead,
        "short": short,
        "bars": _bars(say, facts),
        "legend": _legend(say, facts),
        "start": _start_with(say, facts),
        "strengths_short": [
            {**entry, "text": shortened(entry["text"])}
            for entry in [typed(say, text) for text in facts["strengths"]][:STRENGTHS_ON_COVER] if entry
        ],
        "strengths": [entry for text in facts["strengths"] if (entry := typed(say, text))],
        "verify": verify,
        "amendment": _amendment(say, report),
        "comparison": _comparison(say, facts),
        "clusters": clusters,
        "groups": _finding_groups(say, facts),
        "gathered": _gathered(say, facts["gathered"]),
        "method": _method(say, facts),
        "record": _record(say, facts, verify["code"]),
        "footer": " · ".join([BRAND, report["ref"], verify["code"], verify["address"]]),
    }


# --- cover ----------------------------------------------------------------------------------------


def _who(say: Wording, assessment: Facts) -> str:
    names = say.join(assessment["assessors"])
    if assessment["reviewer"]:
        return say.say("assessed_and_reviewed_by", names=names, reviewer=assessment["reviewer"])
    return say.say("assessed_by", names=names)


def _cover_facts(say: Wording, facts: Facts) -> list[list[str]]:
    assessment = facts["assessment"]
    days = say.days(assessment["days"])
    if assessment["is_unannounced"]:
        days = say.say("unannounced", days=days)
    talked = assessment["interviews"]
    last = (
        [say.say("talked_with"), ", ".join(say.count(f"talked_{side}", talked[side]) for side in
                                           ("workers", "managers", "unions") if talked[side])]
        if talked and any(talked.values())
        else [say.say("questions_asked"), say.number(assessment["questions_asked"])]
    )
    return [
        [say.say("days_in_factory"), days],
        [say.say("released"), say.day(facts["report"]["released_on"])],
        [say.say("workers"), workers_line(say, facts["factory"]["workers"])],
        last,
    ]


def _points(facts: Facts) -> list[Facts]:
    return [point for cluster in facts["clusters"] for point in cluster["points"]]


def _with_finding(points: list[Facts], key: str = "status") -> int:
    return sum(point[key] == "finding" for point in points)


def _assessed(points: list[Facts], key: str = "status") -> int:
    return sum(point[key] in {"finding", "no_finding"} for point in points)


def _in_short(say: Wording, facts: Facts) -> tuple[str, str]:
    points = _points(facts)
    assessed = _assessed(points)
    if not assessed:
        return say.say("no_points"), ""
    clean = assessed - _with_finding(points)
    sentence = say.count("points_clean", assessed, clean=say.number(clean))
    last = facts["last"]
    if last is None:
        lead = say.say("points_clean_first", sentence=sentence)
    else:
        change = clean - (last["points_assessed"] - last["points_with_finding"])
        if change:
            lead = say.count(
                "points_clean_more" if change > 0 else "points_clean_fewer", abs(change), sentence=sentence
            )
        else:
            lead = say.say("points_clean_same", sentence=sentence)
    return lead, " ".join(filter(None, [_most_work(say, facts), _findings_line(say, facts)]))


def _findings_line(say: Wording, facts: Facts) -> str:
    findings = facts["findings"]
    again = sum(finding["was_open_last_time"] for finding in findings)
    counts = {"findings_public": sum(finding["is_public"] for finding in findings)}
    if facts["last"] is not None:
        counts = {"findings_again": again, "findings_new": len(findings) - again} | counts
    if gravest := sum(finding["is_zero_tolerance"] for finding in findings):
        counts["findings_zero_tolerance"] = gravest
    parts = ", ".join(say.say(key, n=say.number(number)) for key, number in counts.items())
    return say.count("findings_made", len(findings), parts=parts)


def _by_findings(facts: Facts) -> list[Facts]:
    return sorted(facts["clusters"], key=lambda cluster: -_with_finding(cluster["points"]))


def _most_work(say: Wording, facts: Facts) -> str:
    most = [cluster for cluster in _by_findings(facts) if _with_finding(cluster["points"])][:3]
    if len(most) > 1:
        return say.say("most_work", clusters=say.join([say.words(cluster["title"]) for cluster in most]))
    return say.say("most_work_one", clusters=say.words(most[0]["title"])) if most else ""


MARK_ORDER = ("finding", "no_finding", "not_assessed")


def _bars(say: Wording, facts: Facts) -> list[dict[str, Any]]:
    return [
        {
            "title": say.words(cluster["title"]),
            "marks": sorted((point["status"] for point in cluster["points"]), key=MARK_ORDER.index),
            "count": _part_of(say, _with_finding(cluster["points"]), _assessed(cluster["points"])),
        }
        for cluster in _by_findings(facts)
    ]


def _legend(say: Wording, facts: Facts) -> list[list[str]]:
    entries = [["finding", say.say("finding_mark")], ["no_finding", say.say("no_finding_mark")]]
    if any(point["status"] == "not_assessed" for point in _points(facts)):
        entries.append(["not_assessed", say.say("not_assessed_mark")])
    return entries


def _part_of(say: Wording, part: int, whole: int) -> str:
    return say.say("part_of", part=say.number(part), whole=say.number(whole)) if whole else say.say("no_rate")


def _target(finding: Facts) -> str:
    return f"finding-{finding['ref']}"


def _start_with(say: Wording, facts: Facts) -> list[dict[str, str]]:
    titles = {point["key"]: say.words(point["title"]) for point in _points(facts)}
    ordered = sorted(
        facts["findings"],
        key=lambda finding: (
            not finding["is_zero_tolerance"],
            SERIOUSNESS_ORDER.get(finding["seriousness"], 3),
            not finding["was_open_last_time"],
            not finding["is_public"],
        ),
    )
    first_of_point = {finding["point"]: finding for finding in reversed(ordered)}
    chosen = sorted(first_of_point.values(), key=ordered.index)[:START_WITH]
    return [
        {"title": titles[finding["point"]], "note": ". ".join(_start_notes(say, finding)), "target": _target(finding)}
        for finding in chosen
    ]


def _start_notes(say: Wording, finding: Facts) -> list[str]:
    notes = [say.say("found_again" if finding["was_open_last_time"] else "found_new")]
    if finding["is_zero_tolerance"]:
        notes.insert(0, say.say("zero_tolerance"))
    if finding["is_public"]:
        notes.append(say.say("public"))
    return [*notes, say.labels["on_page"]]


# --- amendment ------------------------------------------------------------------------------------


def _amendment(say: Wording, report: Facts) -> dict[str, Any] | None:
    amendment = report["amendment"]
    if amendment is None:
        return None
    return {
        "lead": say.say("amendment_lead", version=report["version"], old=amendment["of_version"],
                        day=say.day(amendment["of_released_on"])),
        "reason": typed(say, amendment["reason"]),
        "changes": [
            {
                "kind": say.say(f"change_{change['kind']}"),
                "question": change["question_id"],
                "before": say.words(change["before"]) or say.say("no_rate"),
                "after": say.words(change["after"]) or say.say("no_rate"),
            }
            for change in amendment["changes"]
        ],
    }


# --- comparison and points ------------------------------------------------------------------------


def _others(say: Wording, country: Facts) -> str:
    if country["suppressed"]:
        return say.say("fewer_than_five")
    if country["rate"] is None:
        return say.say("no_rate")
    return say.say("rate_with_n", rate=say.percent(country["rate"]), n=say.number(country["n"]))


def _others_legend(say: Wording, facts: Facts) -> str:
    sizes = [cluster["country"]["n"] for cluster in facts["clusters"] if cluster["country"]["n"]]
    if not sizes:
        return ""
    if min(sizes) == max(sizes):
        return say.count("country_mean", max(sizes))
    return say.say("country_mean_range", least=say.number(min(sizes)), most=say.number(max(sizes)))


def _comparison(say: Wording, facts: Facts) -> dict[str, Any]:
    clusters = sorted(facts["clusters"], key=lambda cluster: -(cluster["rate"] or 0))
    has_last = facts["last"] is not None
    return {
        "heading": say.say("since_last" if has_last else "since_last_first"),
        "sentence": _change_sentence(say, facts) if has_last else say.say("first_time"),
        "has_last": has_last,
        "others": _others_legend(say, facts),
        "rows": [
            {"label": shortened(say.words(cluster["title"]), 70), "now": cluster["rate"], "last": cluster["last_rate"],
             "others": cluster["country"]["rate"]}
            for cluster in clusters
        ],
        "table": [
            {
                "title": say.words(cluster["title"]),
                "now": _rate_of_points(say, cluster["points"], "status"),
                "last": _rate_of_points(say, cluster["points"], "last_status") if has_last else say.say("no_rate"),
                "others": _others(say, cluster["country"]),
            }
            for cluster in clusters
        ],
    }


def _rate_of_points(say: Wording, points: list[Facts], key: str) -> str:
    part, whole = _with_finding(points, key), _assessed(points, key)
    if not whole:
        return say.say("no_rate")
    return f"{_part_of(say, part, whole)} ({say.percent(part / whole)})"


def _change_sentence(say: Wording, facts: Facts) -> str:
    def change(cluster: Facts) -> float:
        return cluster["rate"] - cluster["last_rate"]

    both = [each for each in facts["clusters"] if each["rate"] is not None and each["last_rate"] is not None]
    best, worst = min(both, key=change, default=None), max(both, key=change, default=None)
    said = []
    for cluster, key in ((best, "changes_down"), (worst, "changes_up")):
        if cluster and (change(cluster) < 0 if key == "changes_down" else change(cluster) > 0):
            said.append(say.say(key, clusters=say.words(cluster["title"]), before=say.percent(cluster["last_rate"]),
                                now=say.percent(cluster["rate"])))
    return " ".join(said) or say.say("changes_none")


def _status(say: Wording, status: str | None) -> dict[str, str] | None:
    return {"key": status, "words": term(say, "status", status)} if status else None


def _cluster(say: Wording, cluster: Facts) -> dict[str, Any]:
    return {
        "title": say.words(cluster["title"]),
        "points": [
            {
                "title": say.words(point["title"]),
                "status": _status(say, point["status"]),
                "questions": say.number(point["questions_assessed"]),
                "findings": say.number(point["findings"]) if point["findings"] else say.say("no_rate"),
                "last": _status(say, point["last_status"]),
                "others": _others(say, point["country"]),
            }
            for point in cluster["points"]
        ],
    }


# --- findings -------------------------------------------------------------------------------------


def _finding_groups(say: Wording, facts: Facts) -> list[dict[str, Any]]:
    titles = {each["key"]: say.words(each["title"]) for each in [*facts["clusters"], *_points(facts)]}
    groups = []
    for cluster, findings in groupby(facts["findings"], key=lambda finding: finding["cluster"]):
        entries = list(findings)
        groups.append({
            "title": titles[cluster],
            "count": say.count("findings_count", len(entries)),
            "points": [
                {"title": titles[point], "findings": [_finding(say, each, facts["languages"]) for each in of_point]}
                for point, of_point in groupby(entries, key=lambda finding: finding["point"])
            ],
        })
    return groups


def _finding(say: Wording, finding: Facts, files_in: Collection[str]) -> dict[str, Any]:
    """`files_in`: the languages that have a file of their own; what is known in another stands beside the sentence."""
    sentence = words(say, finding["text"])
    beside = ({"language": code, "text": text} for code, text in finding["text"].items()
              if code not in {*files_in, sentence["language"]})
    return {
        **sentence,
        "draft": draft_note(say, sentence, finding),
        "beside": [{**each, "draft": draft_note(say, each, finding)} for each in beside],
        "target": _target(finding),
        "question": finding["question_id"],
        "tags": _finding_tags(say, finding),
        "explanation": typed(say, finding["explanation"]),
        "law": [
            {
                "citation": say.words(law["citation"]),
                "source": law["source"],
                "said": say.say("law_source", address=law["source"].split("://")[-1]) if law["source"] else "",
                "is_link": law["source"].startswith(("https://", "http://")),
            }
            for law in finding["law"]
        ],
        "law_note": say.words(finding["law_note"]) or say.say("no_rate"),
        "others": _with_the_same(say, finding.get("country")),
        "photos": say.count("photos", finding["photo_count"]) if finding["photo_count"] else "",
        "reply": _reply(say, finding["reply"]),
        "is_short": len(json.dumps([finding["explanation"], finding["reply"]], ensure_ascii=False)) < KEPT_TOGETHER,
    }


def _with_the_same(say: Wording, country: Facts | None) -> str:
    """Others with the same finding; "" in facts from before that was counted."""
    if country is None:
        return ""
    rate = _others(say, country)
    return rate if country["suppressed"] else say.say("same_finding", rate=rate)


def _finding_tags(say: Wording, finding: Facts) -> list[list[str]]:
    tags = []
    if finding["is_zero_tolerance"]:
        tags.append(["danger", say.say("zero_tolerance")])
    if finding["seriousness"]:
        tags.append(["plain", term(say, "seriousness", finding["seriousness"])])
    seen = finding["first_seen"]
    if finding["was_open_last_time"]:
        since = say.say("first_seen", cycle=seen["cycle_number"], day=say.day(seen["on"]))
        tags.append(["again", f"{say.say('found_again')}, {since}"])
    else:
        tags.append(["new", say.say("found_new")])
    if finding["is_public"]:
        tags.append(["public", say.say("public")])
    return tags


def _reply(say: Wording, reply: Facts | None) -> dict[str, Any] | None:
    if reply is None:
        return None
    return {
        "position": term(say, "position", reply["position"]),
        "evidence": say.count("evidence", reply["evidence_count"]) if reply["evidence_count"] else "",
        "text": typed(say, reply["text"]),
    }


# --- facts gathered, method, record ---------------------------------------------------------------


def _gathered(say: Wording, gathered: list[Facts]) -> list[dict[str, Any]]:
    return [
        {"title": title, "rows": [
            {**(text := words(say, fact["text"])), "draft": draft_note(say, text, fact), "value": _value(say, fact)}
            for fact in facts
        ]}
        for title, facts in groupby(gathered, key=lambda fact: say.words(fact["group"]))
    ]


def _value(say: Wording, fact: Facts) -> str:
    match fact["value"]:
        case None | "":
            return say.say("not_known")
        case bool() as answer:
            return say.say("yes" if answer else "no")
        case int() | float() as number:
            return " ".join(filter(None, [say.number(number), say.words(fact["unit"])]))
        case text:
            return str(text)


def _method(say: Wording, facts: Facts) -> list[str]:
    assessment, last = facts["assessment"], facts["last"]
    paragraphs = [
        say.say("method_who", assessors=say.join(assessment["assessors"]), days=say.days(assessment["days"]),
                mode=term(say, "mode", assessment["mode"]), extent=term(say, "extent", assessment["extent"])),
        say.say("method_questions", asked=say.number(assessment["questions_asked"]),
                scored=say.number(assessment["questions_scored"])),
        say.say("method_finding"),
        say.say("method_rate"),
    ]
    if last:
        paragraphs.append(say.say(
            "method_last", cycle=last["cycle_number"], day=say.day(last["released_on"]),
            with_finding=say.number(last["points_with_finding"]), assessed=say.number(last["points_assessed"]),
        ))
    paragraphs += [say.say("method_country"), say.say("method_languages")]
    return [*paragraphs, say.say("method_facts", hash=facts_hash(facts))]


def _record(say: Wording, facts: Facts, code: str) -> list[list[str]]:
    report, factory, assessment = facts["report"], facts["factory"], facts["assessment"]
    tool = assessment["tool"]
    return [
        [term_, value]
        for term_, value in [
            (say.say("report_ref"), report["ref"]),
            (say.say("version_head"), str(report["version"])),
            (say.say("released"), say.day(report["released_on"])),
            (say.say("code"), code),
            (say.say("programme"), say.words(facts["programme"]["title"])),
            (say.say("address"), ", ".join(filter(None, [factory["name"], factory["address"], factory["city"]]))),
            (say.say("sectors"), say.join([term(say, "sector", sector) for sector in factory["sectors"]])),
            (say.say("tool"), say.say("tool_version", title=say.words(tool["title"]), version=tool["version"],
                                      hash=tool["hash"][:12])),
            (say.say("assessors"), say.join(assessment["assessors"])),
            (say.say("reviewer"), assessment["reviewer"]),
        ]
        if value
    ]
