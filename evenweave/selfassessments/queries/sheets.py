"""One side's sheet as that side sees it: its answers, what it said last time, what the last assessment found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from functools import cached_property
from uuid import UUID

from evenweave.access.enums import Action
from evenweave.assessments.enums import AssessmentState, Field, TaskStatus
from evenweave.assessments.models import Assessment
from evenweave.assessments.queries import LastAnswer, released_answers
from evenweave.assessments.queries.sheet import FieldNow, SaidBy, facts_title, grouped_by_value
from evenweave.assessments.rules import is_same
from evenweave.improvement.enums import Side
from evenweave.people.models import Person
from evenweave.questionnaires.enums import FACTS
from evenweave.questionnaires.queries import compiled
from evenweave.questionnaires.rules import Question, Tool, is_answered, is_noncompliant
from evenweave.selfassessments import rules
from evenweave.selfassessments.enums import SelfState
from evenweave.selfassessments.models import Proposal, SelfAssessment, SideAnswer, SideChange, SideSheet

# The device label of an answer that was taken over and that nobody has touched since.
LAST_TIME = "last time"
NOTHING_SAID = FieldNow()


@dataclass(frozen=True)
class LastTime:
    """What this side said (or both agreed) in the self-assessment before."""

    question: Question
    answer: object
    explanation: str = ""


@dataclass(frozen=True)
class Line:
    """One question of a sheet."""

    question: Question
    fields: Mapping[str, FieldNow]
    last: LastTime | None = None
    is_untouched: bool = False

    def said(self, name: str) -> FieldNow:
        return self.fields.get(name, NOTHING_SAID)

    @property
    def answer(self):
        return self.said(Field.ANSWER).value

    @property
    def explanation(self) -> str:
        return self.said(Field.EXPLANATION).value or ""

    @property
    def is_conflict(self) -> bool:
        return any(state.is_conflict for state in self.fields.values())

    @property
    def is_answered(self) -> bool:
        return is_answered(self.question, self.answer)

    @property
    def is_admitted(self) -> bool:
        return is_noncompliant(self.question, self.answer)

    @property
    def is_changed(self) -> bool:
        """Answered otherwise than last time."""
        return self.last is not None and self.is_answered and not is_same(self.answer, self.last.answer)

    @property
    def changed_at(self) -> datetime | None:
        return max((state.changed_at for state in self.fields.values() if state.changed_at), default=None)


@dataclass(frozen=True)
class Cluster:
    key: str
    title: str
    lines: Sequence[Line]

    @property
    def answered(self) -> int:
        return sum(line.is_answered for line in self.lines)

    @property
    def status(self) -> TaskStatus:
        if any(line.is_conflict for line in self.lines):
            return TaskStatus.NEEDS_EVIDENCE
        if self.answered == len(self.lines):
            return TaskStatus.DONE
        return TaskStatus.IN_PROGRESS if self.answered else TaskStatus.NOT_STARTED


@dataclass(frozen=True)
class SheetNow:
    """A side's sheet: the questions it is asked, in the order of asking."""

    sheet: SideSheet
    tool: Tool
    clusters: Sequence[Cluster] = field(default_factory=tuple)

    @cached_property
    def lines(self) -> dict[str, Line]:
        return {line.question.id: line for cluster in self.clusters for line in cluster.lines}

    @property
    def answered(self) -> int:
        return sum(cluster.answered for cluster in self.clusters)

    @property
    def share(self) -> Fraction:
        return Fraction(self.answered, len(self.lines)) if self.lines else Fraction(0)

    @property
    def conflicts(self) -> list[Line]:
        return [line for line in self.lines.values() if line.is_conflict]


def states_of(sheet: SideSheet) -> dict[tuple[str, str], FieldNow]:
    """The kept state of every field. One query."""
    rows = SideAnswer.objects.filter(sheet=sheet).values_list(
        "question_id", "field", "heads", "value", "is_conflict", "changed_at", "changed_by_id"
    )
    return {
        (question_id, name): FieldNow(tuple(UUID(head) for head in heads), value, is_conflict, at, author)
        for question_id, name, heads, value, is_conflict, at, author in rows
    }


def answers_of(states: Mapping[tuple[str, str], FieldNow]) -> dict[str, object]:
    return {
        question_id: state.value for (question_id, name), state in states.items()
        if name == Field.ANSWER and not state.is_conflict
    }


def sheet_now(sheet: SideSheet, language: str = "en") -> SheetNow:
    """The whole sheet in a fixed number of queries, however many questions."""
    tool = compiled(sheet.self_assessment.tool_id)
    states = states_of(sheet)
    fields: dict[str, dict[str, FieldNow]] = {}
    for (question_id, name), state in states.items():
        fields.setdefault(question_id, {})[name] = state
    asked = rules.asked_of(tool, answers_of(states), of_workers=sheet.side == Side.WORKERS)
    before = last_time(sheet, tool)
    taken_over = set(SideChange.objects.filter(sheet=sheet, device=LAST_TIME).values_list("pk", flat=True))
    lines: dict[str, list[Line]] = {}
    for question in asked:
        own = fields.get(question.id, {})
        heads = own.get(Field.ANSWER, NOTHING_SAID).heads
        lines.setdefault(question.cluster, []).append(
            Line(question, own, before.get(question.id), bool(heads) and taken_over.issuperset(heads))
        )
    titles = {FACTS: facts_title()} | {cluster.key: cluster.title(language) for cluster in tool.clusters}
    return SheetNow(
        sheet, tool, [Cluster(key, title, lines[key]) for key, title in titles.items() if key in lines]
    )


def previous_of(found: SelfAssessment) -> SelfAssessment | None:
    """The factory's self-assessment before this one, if both sides gave theirs."""
    earlier = SelfAssessment.objects.filter(
        cycle__factory=found.cycle.factory_id, opened_at__lt=found.opened_at
    ).exclude(state=SelfState.OPEN)
    return earlier.exclude(pk=found.pk).order_by("-opened_at").first()


def last_time(sheet: SideSheet, tool: Tool) -> dict[str, LastTime]:
    """Question id → what this side said in the self-assessment before, or what both agreed on there; found by lineage
    across versions of the tool. Where several old questions became one and say different things, nothing."""
    before = previous_of(sheet.self_assessment)
    if before is None:
        return {}
    then = compiled(before.tool_id)
    states = states_of(SideSheet.objects.get(self_assessment=before, side=sheet.side))
    said = answers_of(states) | settled_of(before)
    found = {}
    for question in tool.questions:
        olds = {old.id: old for root in question.roots for old in then.questions_from(root)}
        told = [(old, said[old.id]) for old in olds.values() if is_answered(old, said.get(old.id))]
        if told and len({str(value) for _old, value in told}) == 1:
            old, value = told[0]
            explanation = states.get((old.id, Field.EXPLANATION), NOTHING_SAID).value or ""
            found[question.id] = LastTime(old, value, explanation)
    return found


def settled_of(found: SelfAssessment) -> dict[str, object]:
    """Question id → the answer both sides agreed on afterwards. One query."""
    newest: dict[str, Proposal] = {}
    for proposal in Proposal.objects.filter(self_assessment=found).order_by("at", "pk"):
        newest[proposal.question_id] = proposal
    return {key: one.answer for key, one in newest.items() if one.agreed_at is not None}


def released_before(person: Person, found: SelfAssessment, tool: Tool, language: str) -> dict[str, LastAnswer]:
    """Question id → what the factory's last released assessment answered, where the person may read it."""
    last = (
        Assessment.objects.permitted(person, Action.REPORT_VIEW)
        .filter(factory=found.cycle.factory_id, state=AssessmentState.RELEASED)
        .order_by("-released_at").first()
    )
    return released_answers(last, tool, language=language) if last else {}


def sides_of_conflict(sheet: SideSheet, question_id: str, name: str, heads: Sequence[UUID]) -> list[SaidBy]:
    """The answers of a conflict between two people of one side."""
    rows = SideChange.objects.filter(sheet=sheet, question_id=question_id, field=name, pk__in=heads)
    return grouped_by_value(rows.select_related("author").order_by("made_at", "pk"))
