"""The facts of a report: what is frozen when it is released, and all that its files are made of.

Facts are plain JSON. They are gathered once, inside the release's own transaction, kept as canonical bytes with
their hash, and rendered to PDF and XLSX by a job, today and in ten years. So they hold the words of the tool and
not only its keys: titles and finding texts in every language the programme uses. Closed choices (mode, seriousness,
position) are the values of the rooms' enums; the labels of the files have the words for them.

Days are ISO dates ("2026-10-29"). Rates are shares from 0 to 1 with at most four decimals. A name of a worker,
the identity of somebody who complained, or what only staff may know is never a fact of a report."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import cache
from types import NoneType, UnionType
from typing import (
    Any,
    Literal,
    NotRequired,
    TypeAliasType,
    TypedDict,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

type Words = dict[str, str]  # language → text
type Facts = Mapping[str, Any]
type Suppressed = Literal["fewer_than_five"]

SCHEMA = 1
SMALLEST_GROUP = 5


class TypedText(TypedDict):
    """A text that a person typed, in the language it was typed in; a translation is a second text."""

    language: str
    text: str
    translations: NotRequired[list["Translation"]]


class Translation(TypedDict):
    language: str
    text: str
    is_reviewed: bool


class Comparison(TypedDict):
    """A rate of other factories of the country, this one not among them. A group below five has neither rate nor size,
    and says so."""

    rate: float | None
    n: int | None
    suppressed: Suppressed | None


class Workers(TypedDict):
    total: int | None
    women: int | None
    men: int | None


class FactoryFacts(TypedDict):
    ref: str
    name: str
    address: str
    city: str
    country_code: str
    os_id: str
    sectors: list[str]
    workers: Workers


class ProgrammeFacts(TypedDict):
    code: str
    title: Words


class Change(TypedDict):
    """One visible difference of an amended report to the version before it."""

    kind: Literal["added", "withdrawn", "changed"]
    question_id: str
    point: Words
    before: Words | None
    after: Words | None


class Amendment(TypedDict):
    of_version: int
    of_released_on: str
    reason: TypedText
    changes: list[Change]


class ReportFacts(TypedDict):
    """`version` counts from 1; `amendment` is there from 2 on; `released_on` is the day of this version."""

    ref: str
    version: int
    released_on: str
    amendment: Amendment | None


class ToolFacts(TypedDict):
    title: Words
    version: str
    hash: str


class Interviews(TypedDict):
    workers: int
    managers: int
    unions: int


class AssessmentFacts(TypedDict):
    """`days`: those spent in the factory. `questions_scored`: those answered yes or no."""

    mode: str
    extent: str
    is_unannounced: bool
    days: list[str]
    assessors: list[str]
    reviewer: str
    interviews: Interviews | None
    tool: ToolFacts
    questions_asked: int
    questions_scored: int


class LastAssessment(TypedDict):
    cycle_number: int
    released_on: str
    points_assessed: int
    points_with_finding: int
    findings: int


class PointFacts(TypedDict):
    """`status`: a point with no question answered yes or no was not assessed, and enters no rate."""

    key: str
    title: Words
    status: Literal["finding", "no_finding", "not_assessed"]
    questions_assessed: int
    findings: int
    last_status: Literal["finding", "no_finding", "not_assessed"] | None
    country: Comparison


class ClusterFacts(TypedDict):
    """`rate`: points with a finding by points assessed; None when none was. `country`: the mean of the rates of
    the factories assessed."""

    key: str
    title: Words
    rate: float | None
    last_rate: float | None
    country: Comparison
    points: list[PointFacts]


class LawFacts(TypedDict):
    citation: Words
    source: str


class ReplyFacts(TypedDict):
    """What the factory answered inside its window."""

    position: Literal["agrees", "partly", "disagrees"]
    text: TypedText | None
    replied_on: str
    evidence_count: int


class FirstSeen(TypedDict):
    cycle_number: int
    on: str


class FindingFacts(TypedDict):
    """`text`: the finding sentence with its blanks filled in; `explanation`: what the assessors wrote beside it;
    `drafts`: the languages of `text` that are translations no native speaker has reviewed. `law_note` stands when no
    provision with a source is known. `country`: the other factories with the same finding; reports released before
    it was counted have none."""

    ref: str
    question_id: str
    cluster: str
    point: str
    text: Words
    explanation: TypedText | None
    seriousness: str
    law: list[LawFacts]
    law_note: Words | None
    drafts: NotRequired[list[str]]
    is_public: bool
    is_zero_tolerance: bool
    first_seen: FirstSeen
    was_open_last_time: bool
    photo_count: int
    reply: ReplyFacts | None
    country: NotRequired[Comparison]


class GatheredFact(TypedDict):
    """An answer that is information only. `value` is None when it could not be had; `drafts` as in a finding."""

    id: str
    group: Words
    text: Words
    value: int | float | str | bool | None
    unit: Words | None
    drafts: NotRequired[list[str]]


class AssessmentReportFacts(TypedDict):
    """The facts of an assessment report. `findings` are in the order of clusters, points and questions."""

    kind: Literal["assessment"]
    schema: int
    report: ReportFacts
    factory: FactoryFacts
    programme: ProgrammeFacts
    cycle_number: int
    assessment: AssessmentFacts
    last: LastAssessment | None
    clusters: list[ClusterFacts]
    findings: list[FindingFacts]
    strengths: list[TypedText]
    gathered: list[GatheredFact]
    languages: list[str]


class Step(TypedDict):
    """Something that happened, for the thread of dates. `by`: who did it, as the reader may know them."""

    on: str
    what: Words
    by: str


class ActionFacts(TypedDict):
    """`owner` is a name or a post, empty where a worker would be named."""

    text: TypedText
    owner: str
    owner_side: Literal["management", "workers"]
    due_on: str | None
    done_on: str | None
    is_late: bool


type Agreement = Literal["not_yet", "agrees", "disagrees"]


class PlanItemFacts(TypedDict):
    """One item of the improvement plan. An item completed without verification is the factory's own word, and the
    file says so. `changes`: the steps since the last progress report, oldest first."""

    ref: str
    number: int
    question_id: str
    cluster: Words
    point: Words
    text: Words
    source: Literal["finding", "self_found"]
    status: Literal["pending", "in_progress", "completed"]
    is_public: bool
    is_late: bool
    first_seen_on: str
    updated_on: str
    closed_on: str | None
    management: Agreement
    workers: Agreement
    verification: Literal["not_needed", "needed", "asked", "verified", "refused"]
    immediate_action: TypedText | None
    root_cause: TypedText | None
    actions: list[ActionFacts]
    evidence_count: int
    seriousness: str
    law: list[LawFacts]
    changes: list[Step]


class ProgressReport(TypedDict):
    ref: str
    number: int
    submitted_on: str
    due_on: str
    author: Literal["factory", "programme"]
    since: str


class Member(TypedDict):
    side: Literal["management", "workers"]
    role: Words


class CommitteeFacts(TypedDict):
    members: list[Member]
    meetings: list[Step]


class ProgressReportFacts(TypedDict):
    """The facts of a progress report: the plan as it stood, and what changed since `report.since`.

    `committee`, `visits` and `training` are printed when they are there."""

    kind: Literal["progress"]
    schema: int
    report: ProgressReport
    factory: FactoryFacts
    programme: ProgrammeFacts
    cycle_number: int
    items: list[PlanItemFacts]
    steps: list[Step]
    overview: TypedText | None
    dialogue: TypedText | None
    learning: TypedText | None
    languages: list[str]
    committee: NotRequired[CommitteeFacts | None]
    visits: NotRequired[list[Step] | None]
    training: NotRequired[list[Step] | None]


def canonical(facts: Facts) -> bytes:
    """The facts as bytes that are the same wherever they are written: UTF-8 JSON, sorted keys, no spaces.

    Raises ValueError for what JSON does not know (NaN), TypeError for what is not JSON."""
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def facts_hash(facts: Facts) -> str:
    """The SHA-256 of the canonical bytes, in hex."""
    return hashlib.sha256(canonical(facts)).hexdigest()


def check(facts: Facts) -> None:
    """Raises ValueError, naming each place, unless the facts are whole and hold nothing that is not described here:
    what nobody has described, nobody has decided to print."""
    shape = {"assessment": AssessmentReportFacts, "progress": ProgressReportFacts}.get(facts.get("kind"))
    faults = ["kind"] if shape is None else list(_faults(facts, shape, "facts"))
    if faults:
        raise ValueError("not the facts of a report: " + "; ".join(faults))


def _faults(value: Any, shape: Any, place: str) -> Iterator[str]:
    if isinstance(shape, TypeAliasType):
        yield from _faults(value, shape.__value__, place)
    elif is_typeddict(shape):
        yield from _faults_of_record(value, shape, place)
    elif get_origin(shape) in {Union, UnionType}:
        attempts = [list(_faults(value, each, place)) for each in get_args(shape)]
        # Of several possible shapes the nearest says what is wrong.
        yield from min(attempts, key=lambda faults: (len(faults), [f"{place}:" in fault for fault in faults]))
    elif get_origin(shape) is Literal:
        if value not in get_args(shape):
            yield f"{place}: {value!r} is none of {', '.join(map(str, get_args(shape)))}"
    elif get_origin(shape) is list:
        if not isinstance(value, list):
            yield f"{place}: no list"
        else:
            for index, each in enumerate(value):
                yield from _faults(each, get_args(shape)[0], f"{place}[{index}]")
    elif get_origin(shape) is dict:
        if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
            yield f"{place}: no words by language"
    elif shape is None or shape is NoneType:
        if value is not None:
            yield f"{place}: {value!r} should be empty"
    elif shape is float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            yield f"{place}: {value!r} is no number"
    elif not isinstance(value, shape) or (isinstance(value, bool) and shape is int):
        yield f"{place}: {value!r} is no {shape.__name__}"


@cache
def _fields_of(shape: Any) -> dict[str, Any]:
    return get_type_hints(shape)


def _faults_of_record(value: Any, shape: Any, place: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{place}: {value!r} is no record"
        return
    fields = _fields_of(shape)
    yield from (f"{place}.{name} is missing" for name in sorted(shape.__required_keys__ - value.keys()))
    yield from (f"{place}.{name} is not known" for name in sorted(value.keys() - fields.keys()))
    for name in fields:
        if name in value:
            yield from _faults(value[name], fields[name], f"{place}.{name}")


def compared(rate: float | None, n: int) -> Comparison:
    """A group's rate as it may be told: nothing about a group of fewer than five."""
    if n < SMALLEST_GROUP:
        return {"rate": None, "n": None, "suppressed": "fewer_than_five"}
    return {"rate": None if rate is None else round(rate, 4), "n": n, "suppressed": None}
