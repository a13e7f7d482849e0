"""What a report's figures mean, what an amendment changes, when a progress report is late. Plain Python."""

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

type Facts = Mapping[str, Any]

ASSESSED = ("finding", "no_finding")
SOON_DAYS = 7
CODE_GROUP = 4


def status_of(assessed: int, findings: int) -> str:
    """A point has a finding as soon as one question has; without a question answered it was not assessed."""
    if not assessed:
        return "not_assessed"
    return "finding" if findings else "no_finding"


def as_share(rate: Fraction | None) -> float | None:
    return None if rate is None else round(float(rate), 4)


def rate_of(points: Iterable[Facts], key: str = "status") -> float | None:
    """Points with a finding by points assessed; None when none was."""
    statuses = [point[key] for point in points if point[key] in ASSESSED]
    return as_share(Fraction(statuses.count("finding"), len(statuses))) if statuses else None


@dataclass(frozen=True)
class InShort:
    """The figures every reader looks for first. `last_clean` is None when there was no assessment before."""

    points_assessed: int
    points_clean: int
    last_clean: int | None
    findings: int
    again: int
    public: int
    gravest: int


def in_short(facts: Facts) -> InShort:
    points = [point for cluster in facts["clusters"] for point in cluster["points"]]
    statuses = [point["status"] for point in points if point["status"] in ASSESSED]
    last, findings = facts["last"], facts["findings"]
    return InShort(
        points_assessed=len(statuses),
        points_clean=statuses.count("no_finding"),
        last_clean=last["points_assessed"] - last["points_with_finding"] if last else None,
        findings=len(findings),
        again=sum(finding["was_open_last_time"] for finding in findings),
        public=sum(finding["is_public"] for finding in findings),
        gravest=sum(finding["is_zero_tolerance"] for finding in findings),
    )


@dataclass(frozen=True)
class Correction:
    """New words for a finding, in one language; None leaves what stands."""

    text: str | None = None
    explanation: str | None = None


@dataclass(frozen=True)
class NewVersion:
    """What an amended report's own rows say. `language`: that of the reason and of every corrected text."""

    ref: str
    released_on: date
    reason: str
    language: str


def amended(
    facts: Facts, version: NewVersion, *, withdrawn: Iterable[str], corrected: Mapping[str, Correction]
) -> dict[str, Any]:
    """The facts of the next version: the old ones but for the findings taken back, the words corrected, and the
    points and rates that follow. `withdrawn` and the keys of `corrected` are references of findings."""
    new = copy.deepcopy(dict(facts))
    gone = set(withdrawn)
    titles = {point["key"]: point["title"] for cluster in facts["clusters"] for point in cluster["points"]}
    changes = []
    for finding in new["findings"]:
        if finding["ref"] in gone:
            changes.append(_change("withdrawn", finding, titles, finding["text"], None))
        elif finding["ref"] in corrected:
            changes += _corrected(finding, corrected[finding["ref"]], titles, version.language)
    new["findings"] = [finding for finding in new["findings"] if finding["ref"] not in gone]
    _recount(new)
    new["report"] = {
        "ref": version.ref,
        "version": facts["report"]["version"] + 1,
        "released_on": version.released_on.isoformat(),
        "amendment": {
            "of_version": facts["report"]["version"],
            "of_released_on": facts["report"]["released_on"],
            "reason": {"language": version.language, "text": version.reason},
            "changes": changes,
        },
    }
    return new


def _corrected(finding: dict, correction: Correction, titles: Mapping, language: str) -> list[dict]:
    changes = []
    if correction.text is not None and correction.text != finding["text"].get(language):
        after = {language: correction.text}
        changes.append(_change("changed", finding, titles, finding["text"], after))
        finding["text"] = after
    before = finding["explanation"]
    if correction.explanation is not None and correction.explanation != (before["text"] if before else ""):
        after = {"language": language, "text": correction.explanation} if correction.explanation else None
        changes.append(_change("changed", finding, titles, _words(before), _words(after)))
        finding["explanation"] = after
    return changes


def _words(typed: Mapping[str, str] | None) -> dict[str, str] | None:
    return {typed["language"]: typed["text"]} if typed else None


def _change(kind: str, finding: Facts, titles: Mapping, before: Any, after: Any) -> dict[str, Any]:
    return {
        "kind": kind, "question_id": finding["question_id"], "point": titles[finding["point"]], "before": before,
        "after": after,
    }


def _recount(facts: dict) -> None:
    """Points, clusters and rates as the findings that are left have them."""
    left: dict[str, int] = {}
    for finding in facts["findings"]:
        left[finding["point"]] = left.get(finding["point"], 0) + 1
    for cluster in facts["clusters"]:
        for point in cluster["points"]:
            point["findings"] = left.get(point["key"], 0)
            point["status"] = status_of(point["questions_assessed"], point["findings"])
        cluster["rate"] = rate_of(cluster["points"])


def grouped(code: str) -> str:
    """A verification code as it is read aloud: groups of four."""
    return "-".join(code[place : place + CODE_GROUP] for place in range(0, len(code), CODE_GROUP))


def plain_code(typed: str) -> str:
    """The code behind what somebody typed or scanned: no blanks, no dashes, capital letters."""
    return "".join(letter for letter in typed if letter.isalnum()).upper()


def is_overdue(due_on: date, today: date) -> bool:
    """Late from the local midnight after its day."""
    return today > due_on


def is_soon(due_on: date, today: date) -> bool:
    """Within the week that leads to its day."""
    return today <= due_on <= today + timedelta(days=SOON_DAYS)
