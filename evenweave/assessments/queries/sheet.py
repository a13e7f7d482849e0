"""The whole of an assessment as its assessors see it, in a fixed number of queries at any size."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from uuid import UUID

from django.utils.translation import gettext

from evenweave.access.enums import Action, Role
from evenweave.access.scope import people_who_may
from evenweave.assessments.enums import Field, Lack, TaskStatus
from evenweave.assessments.models import AnswerChange, Assessment, ClusterOwner, CurrentAnswer, Photo, ReviewComment
from evenweave.assessments.rules import (
    FieldState,
    Missing,
    States,
    answers_in,
    filled,
    is_same,
    lacks,
    sentence_language,
    status_of,
)
from evenweave.people.models import Person
from evenweave.questionnaires.enums import FACTS
from evenweave.questionnaires.queries import compiled
from evenweave.questionnaires.rules import Question, Tool, is_noncompliant, visible_questions


@dataclass(frozen=True)
class FieldNow(FieldState):
    """A field's state with who said it last and when. `written_in`: the language that person works in."""

    changed_at: datetime | None = None
    changed_by_id: int | None = None
    written_in: str = "en"


NOTHING_SAID = FieldNow()


@dataclass(frozen=True)
class Asked:
    """One question with everything said about it."""

    question: Question
    fields: Mapping[str, FieldNow]
    lacks: Sequence[Lack]
    photos: Sequence[Photo] = ()
    comments: Sequence[ReviewComment] = ()

    def said(self, name: str) -> FieldNow:
        return self.fields.get(name, NOTHING_SAID)

    @property
    def answer(self):
        return self.said(Field.ANSWER).value

    @property
    def explanation(self) -> str:
        return self.said(Field.EXPLANATION).value or ""

    @property
    def seriousness(self) -> str:
        return self.said(Field.SERIOUSNESS).value or ""

    @property
    def is_finding(self) -> bool:
        return is_noncompliant(self.question, self.answer)

    @property
    def conflicts(self) -> list[str]:
        return [name for name, state in self.fields.items() if state.is_conflict]

    def finding_language(self, language: str = "en") -> str:
        """The language that `finding_text(language)` comes in."""
        said = self.said(Field.FINDING)
        return sentence_language(self.question, language, said.value, said.written_in)

    def finding_text(self, language: str = "en") -> str:
        return filled(self.question.finding(self.finding_language(language)), self.said(Field.FINDING).value)

    @property
    def changed_at(self) -> datetime | None:
        return max((state.changed_at for state in self.fields.values() if state.changed_at), default=None)


@dataclass(frozen=True)
class ClusterPart:
    """A compliance point inside a cluster, with its status."""

    key: str
    title: str
    status: TaskStatus


@dataclass(frozen=True)
class ClusterSheet:
    """One cluster (or the facts): its questions, how far they are, who does it."""

    key: str
    title: str
    asked: Sequence[Asked]
    points: Sequence[ClusterPart]
    status: TaskStatus
    owner: Person | None

    @property
    def answered(self) -> int:
        return sum(Lack.ANSWER not in one.lacks and Lack.CONFLICT not in one.lacks for one in self.asked)


@dataclass(frozen=True)
class Sheet:
    """An assessment's questions in the order of asking, with the state of each; only those that are asked."""

    assessment: Assessment
    tool: Tool
    clusters: Sequence[ClusterSheet]
    assessors: Sequence[Person]
    missing: Sequence[Missing]
    general_comments: Sequence[ReviewComment] = field(default_factory=tuple)

    @cached_property
    def asked(self) -> dict[str, Asked]:
        return {one.question.id: one for cluster in self.clusters for one in cluster.asked}

    @property
    def answered(self) -> int:
        return sum(cluster.answered for cluster in self.clusters)

    @property
    def findings(self) -> list[Asked]:
        return [one for one in self.asked.values() if one.is_finding]


def states_of(assessment: Assessment) -> States:
    """The kept state of every field. One query."""
    return _fields(assessment)


def _fields(assessment: Assessment) -> dict[tuple[str, str], FieldNow]:
    rows = CurrentAnswer.objects.filter(assessment=assessment).values_list(
        "question_id", "field", "heads", "value", "is_conflict", "changed_at", "changed_by_id",
        "changed_by__language",
    )
    return {
        (question_id, name): FieldNow(tuple(UUID(head) for head in heads), value, is_conflict, at, author,
                                      spoken or "en")
        for question_id, name, heads, value, is_conflict, at, author, spoken in rows
    }


def sheet(assessment: Assessment, language: str = "en") -> Sheet:
    """Everything in six queries, however many questions: fields, photos, comments, cluster owners, assessors, and
    which tool it is."""
    tool = compiled(assessment.tool_id)
    states = _fields(assessment)
    photos = _by_question(Photo.objects.filter(assessment=assessment, withdrawn_at=None).order_by("taken_at"))
    comments = _by_question(
        ReviewComment.objects.filter(assessment=assessment).select_related("by", "resolved_by").order_by("at")
    )
    by_question: dict[str, dict[str, FieldNow]] = {}
    for (question_id, name), state in states.items():
        by_question.setdefault(question_id, {})[name] = state
    asked = [
        Asked(question, by_question.get(question.id, {}), lacks(question, states), photos.get(question.id, ()),
              comments.get(question.id, ()))
        for question in visible_questions(tool, answers_in(states), assessment.extent)
    ]
    return Sheet(
        assessment=assessment, tool=tool, clusters=_clusters(assessment, tool, asked, states, language),
        assessors=assessors_of(assessment),
        missing=[Missing(one.question.id, lack) for one in asked for lack in one.lacks],
        general_comments=comments.get("", ()),
    )


def assessors_of(assessment: Assessment) -> list[Person]:
    """Those who answer, by name. One query."""
    return list(people_who_may(Action.ASSESSMENT_ANSWER, assessment, roles={Role.ASSESSOR}).order_by("name"))


def _by_question(rows) -> dict[str, list]:
    found: dict[str, list] = {}
    for row in rows:
        found.setdefault(row.question_id, []).append(row)
    return found


def _clusters(
    assessment: Assessment, tool: Tool, asked: list[Asked], states: States, language: str
) -> list[ClusterSheet]:
    owners = {
        row.cluster: row.person
        for row in ClusterOwner.objects.filter(assessment=assessment).select_related("person")
    }
    titles = {FACTS: facts_title()} | {cluster.key: cluster.title(language) for cluster in tool.clusters}
    found = []
    for key, title in titles.items():
        here = [one for one in asked if one.question.cluster == key]
        if here:
            found.append(ClusterSheet(
                key=key, title=title, asked=here, points=_points(tool, here, states, language),
                status=status_of([one.question for one in here], states), owner=owners.get(key),
            ))
    return found


def facts_title() -> str:
    return gettext("Facts about the factory")


def _points(tool: Tool, asked: list[Asked], states: States, language: str) -> list[ClusterPart]:
    by_point: dict[str, list[Question]] = {}
    for one in asked:
        by_point.setdefault(one.question.point or one.question.group, []).append(one.question)
    return [
        ClusterPart(key, tool.points[key].title(language) if key in tool.points else key, status_of(here, states))
        for key, here in by_point.items()
    ]


@dataclass(frozen=True)
class SaidBy:
    """One side of a conflict: everybody who said this, the newest first."""

    value: object
    changes: Sequence[AnswerChange]

    @property
    def newest(self) -> AnswerChange:
        return self.changes[0]


def sides_of(assessment: Assessment, question_id: str, name: str, heads: Sequence[UUID]) -> list[SaidBy]:
    """The answers of a conflict side by side, in the order in which they were first given. One query."""
    rows = AnswerChange.objects.filter(
        assessment=assessment, question_id=question_id, field=name, pk__in=heads
    ).select_related("author").order_by("made_at", "pk")
    return grouped_by_value(rows)


def grouped_by_value(rows: Iterable[AnswerChange]) -> list[SaidBy]:
    """Changes of one field that say the same stand together, in the order in which each value was first given."""
    sides: list[tuple[object, list[AnswerChange]]] = []
    for row in rows:
        for value, said in sides:
            if is_same(value, row.value):
                said.insert(0, row)
                break
        else:
            sides.append((row.value, [row]))
    return [SaidBy(value, tuple(said)) for value, said in sides]


def history_of(assessment: Assessment, question_id: str) -> list[AnswerChange]:
    """What was said about one question, newest first, with who said it."""
    return list(
        AnswerChange.objects.filter(assessment=assessment, question_id=question_id).select_related("author")
        .order_by("-made_at", "-pk")[:100]
    )
