"""The compiled tool: a global version under a country's layer, frozen, with one hash over all of it."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from evenweave.questionnaires.enums import FACTS, SOURCE_LANGUAGE, Kind

# The shape of the canonical JSON. It goes up when the shape changes, so that a frozen version of an older shape
# is not mistaken for changed content; reading goes on understanding every older one.
FORMAT = 1


@dataclass(frozen=True, slots=True)
class QuestionText:
    """A question in one language. `is_draft`: no native speaker has reviewed it."""

    text: str
    finding: str = ""
    look_for: tuple[str, ...] = ()
    is_draft: bool = False


@dataclass(frozen=True, slots=True)
class LawReference:
    """`instrument` is a key of the law library; `source` is where a national provision was read."""

    instrument: str
    provision: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """A compliance point. `merges`: names of the points it was split into in earlier years."""

    key: str
    order: int
    cluster: str
    titles: Mapping[str, str]
    merges: tuple[str, ...] = ()

    def title(self, language: str = SOURCE_LANGUAGE) -> str:
        return self.titles.get(language) or self.titles[SOURCE_LANGUAGE]


@dataclass(frozen=True, slots=True)
class Cluster:
    key: str
    order: int
    titles: Mapping[str, str]
    points: tuple[Point, ...]

    def title(self, language: str = SOURCE_LANGUAGE) -> str:
        return self.titles.get(language) or self.titles[SOURCE_LANGUAGE]


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `roots` are the first ids of its lineage, the canonical one first: a split question shares
    its root with its siblings, a merged one has several; `ancestors` are all the ids it descends from.
    `global_id` is the global question it corresponds to. `cluster` of a fact is "facts", its `point` is "" and
    `group` says which set it belongs to."""

    id: str
    order: int
    kind: str
    cluster: str
    point: str
    texts: Mapping[str, QuestionText]
    roots: tuple[str, ...]
    noncompliant_answer: str = ""
    law: tuple[LawReference, ...] = ()
    law_note: str = ""
    tags: frozenset[str] = frozenset()
    ancestors: tuple[str, ...] = ()
    global_id: str = ""
    visible_if: Mapping[str, Any] | None = None
    themes: tuple[int, ...] = ()
    external_refs: tuple[tuple[str, str], ...] = ()
    answer: str = ""
    unit: str = ""
    group: str = ""

    @property
    def lineage_root(self) -> str:
        """The one id that an improvement-plan item hangs on, across versions."""
        return self.roots[0]

    @property
    def is_scored(self) -> bool:
        return self.kind == Kind.SCORED

    @property
    def is_public(self) -> bool:
        return "public" in self.tags

    @property
    def is_zero_tolerance(self) -> bool:
        return "zero-tolerance" in self.tags

    @property
    def is_for_committee(self) -> bool:
        return "committee" in self.tags

    @property
    def critical_issue(self) -> int | None:
        """Its number in the country's list of critical issues."""
        numbers = [int(tag.partition(":")[2]) for tag in self.tags if tag.startswith("critical:")]
        return min(numbers) if numbers else None

    def in_language(self, language: str) -> QuestionText:
        """The words in that language, else in English."""
        return self.texts.get(language) or self.texts[SOURCE_LANGUAGE]

    def language_of_text(self, language: str) -> str:
        """The language that `text(language)` comes in: the one asked for, else English."""
        return language if language in self.texts else SOURCE_LANGUAGE

    def language_of_finding(self, language: str) -> str:
        """The language that `finding(language)` comes in."""
        return language if language in self.texts and self.texts[language].finding else SOURCE_LANGUAGE

    def is_draft(self, language: str) -> bool:
        """Whether its words in that language are a translation that no native speaker has reviewed."""
        return language in self.texts and self.texts[language].is_draft

    def text(self, language: str = SOURCE_LANGUAGE) -> str:
        return self.in_language(language).text

    def finding(self, language: str = SOURCE_LANGUAGE) -> str:
        return self.in_language(language).finding or self.texts[SOURCE_LANGUAGE].finding

    def look_for(self, language: str = SOURCE_LANGUAGE) -> tuple[str, ...]:
        return self.in_language(language).look_for or self.texts[SOURCE_LANGUAGE].look_for


@dataclass(frozen=True)
class Tool:
    """What is frozen, sent to devices and packed. Days are ISO text. Questions stand in the order of asking."""

    format: int
    key: str
    version: str
    layer: str
    layer_version: str
    programme_code: str
    titles: Mapping[str, str]
    issued_on: str
    in_force_from: str
    clusters: tuple[Cluster, ...]
    fact_groups: Mapping[str, Mapping[str, str]]
    critical_issues: Mapping[int, str]
    questions: tuple[Question, ...]
    content_hash: str = field(default="", compare=False)

    def title(self, language: str = SOURCE_LANGUAGE) -> str:
        return self.titles.get(language) or self.titles[SOURCE_LANGUAGE]

    @property
    def label(self) -> str:
        """How people cite it: the tool and its version, the layer and its version."""
        return f"{self.key} {self.version} + {self.layer} {self.layer_version}"

    @cached_property
    def by_id(self) -> Mapping[str, Question]:
        return {question.id: question for question in self.questions}

    @cached_property
    def points(self) -> Mapping[str, Point]:
        return {point.key: point for cluster in self.clusters for point in cluster.points}

    @cached_property
    def scored(self) -> tuple[Question, ...]:
        return tuple(question for question in self.questions if question.is_scored)

    @cached_property
    def facts(self) -> tuple[Question, ...]:
        return tuple(question for question in self.questions if not question.is_scored)

    @cached_property
    def public(self) -> tuple[Question, ...]:
        return tuple(question for question in self.scored if question.is_public)

    @cached_property
    def languages(self) -> tuple[str, ...]:
        spoken = {language for question in self.questions for language in question.texts} | set(self.titles)
        return (SOURCE_LANGUAGE, *sorted(spoken - {SOURCE_LANGUAGE}))

    def question(self, question_id: str) -> Question:
        """Raises KeyError when this version does not ask it."""
        return self.by_id[question_id]

    def has(self, question_id: str) -> bool:
        return question_id in self.by_id

    def lineage_root(self, question_id: str) -> str:
        """The root that a plan item for this question hangs on. Raises KeyError."""
        return self.by_id[question_id].lineage_root

    def cluster(self, key: str) -> Cluster:
        return next(cluster for cluster in self.clusters if cluster.key == key)

    @cached_property
    def _by_cluster(self) -> Mapping[str, tuple[Question, ...]]:
        found: dict[str, list[Question]] = {FACTS: [], **{cluster.key: [] for cluster in self.clusters}}
        for question in self.questions:
            found[question.cluster].append(question)
        return {key: tuple(questions) for key, questions in found.items()}

    def questions_of(self, cluster: str) -> tuple[Question, ...]:
        """The questions of a cluster, or of "facts", in the order of asking."""
        return self._by_cluster[cluster]

    @cached_property
    def _by_root(self) -> Mapping[str, tuple[Question, ...]]:
        found: dict[str, list[Question]] = {}
        for question in self.questions:
            for root in question.roots:
                found.setdefault(root, []).append(question)
        return {root: tuple(questions) for root, questions in found.items()}

    def questions_from(self, root: str) -> tuple[Question, ...]:
        """The questions of this version that descend from a lineage root: none, one, or the parts of a split."""
        return self._by_root.get(root, ())


def canonical_json(data: Any) -> str:
    """One text for one content: sorted keys, no blanks, letters as they are."""
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def content_hash(canonical: str) -> str:
    return hashlib.sha256(canonical.encode()).hexdigest()


def tool_from_json(canonical: str) -> Tool:
    """The tool from its canonical JSON, hash included."""
    return tool_from_data(json.loads(canonical), content_hash(canonical))


def tool_from_data(data: Mapping[str, Any], hash_of_it: str) -> Tool:
    clusters = tuple(
        Cluster(
            key=cluster["key"], order=cluster["order"], titles=cluster["titles"],
            points=tuple(
                Point(point["key"], point["order"], cluster["key"], point["titles"], tuple(point["merges"]))
                for point in cluster["points"]
            ),
        )
        for cluster in data["clusters"]
    )
    return Tool(
        format=data["format"], key=data["tool"], version=data["version"], layer=data["layer"],
        layer_version=data["layer_version"], programme_code=data["programme"], titles=data["titles"],
        issued_on=data["issued_on"], in_force_from=data["in_force_from"],
        clusters=clusters, fact_groups=data["fact_groups"],
        critical_issues={int(number): title for number, title in data["critical_issues"].items()},
        questions=tuple(_questions(data["questions"])), content_hash=hash_of_it,
    )


def _questions(rows: Iterable[Mapping[str, Any]]) -> Iterable[Question]:
    for order, row in enumerate(rows, start=1):
        yield Question(
            id=row["id"], order=order, kind=row["kind"], cluster=row["cluster"], point=row["point"],
            texts={language: _text(text) for language, text in row["texts"].items()},
            roots=tuple(row["roots"]), noncompliant_answer=row["noncompliant_answer"],
            law=tuple(LawReference(**reference) for reference in row["law"]), law_note=row["law_note"],
            tags=frozenset(row["tags"]), ancestors=tuple(row["ancestors"]), global_id=row["global_id"],
            visible_if=row["visible_if"], themes=tuple(row["themes"]),
            external_refs=tuple((ref["scheme"], ref["ref"]) for ref in row["external_refs"]),
            answer=row["answer"], unit=row["unit"], group=row["group"],
        )


def _text(row: Mapping[str, Any]) -> QuestionText:
    return QuestionText(row["text"], row["finding"], tuple(row["look_for"]), row["is_draft"])
