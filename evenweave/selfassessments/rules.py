"""What each side is asked, how two sides' answers stand beside each other, what is missing before handing in, and
how near a self-assessment came to the assessment after it. Plain Python."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from evenweave.questionnaires.enums import Outcome
from evenweave.questionnaires.rules import Question, Tool, is_answered, is_noncompliant, visible_questions
from evenweave.questionnaires.rules.answering import ids_in
from evenweave.selfassessments.enums import Match

# Below so many cases a share says more than it knows: the counts are said instead.
FEWEST_FOR_A_SHARE = 5

type Answers = Mapping[str, Any]


def decisive_facts(tool: Tool) -> frozenset[str]:
    """The facts on whose answers it depends which questions are asked."""
    asked = (ids_in(question.visible_if) for question in tool.questions if question.visible_if)
    return frozenset().union(*asked)


def asked_of(tool: Tool, answers: Answers, *, of_workers: bool) -> list[Question]:
    """The questions one side is asked, given its own answers. The workers' side is asked no figures that only the
    office knows, but the facts that decide which questions follow."""
    shown = visible_questions(tool, answers)
    if not of_workers:
        return shown
    decisive = decisive_facts(tool)
    return [question for question in shown if question.is_scored or question.id in decisive]


def share_answered(questions: Sequence[Question], answers: Answers) -> Fraction:
    """The share of the questions that have an answer; 0 when nothing is asked."""
    if not questions:
        return Fraction(0)
    return Fraction(sum(is_answered(one, answers.get(one.id)) for one in questions), len(questions))


def is_enough(share: Fraction, least: float) -> bool:
    """Whether the share reaches what the programme asks for, and is more than nothing."""
    return share > 0 and share >= Fraction(str(least))


def still_needed(count: int, answered: int, least: float) -> int:
    """How many answers are missing until the share is reached."""
    needed = Fraction(str(least)) * count
    return max(0, -(-needed.numerator // needed.denominator) - answered)


@dataclass(frozen=True, slots=True)
class Compared:
    """One question with what each side says. `settled`: what both agreed on afterwards, None for nothing."""

    question: Question
    management: Any = None
    workers: Any = None
    settled: Any = None
    is_asked_of_workers: bool = True

    @property
    def match(self) -> Match:
        if is_answered(self.question, self.settled):
            return Match.SETTLED
        said = [value for value in (self.management, self.workers) if is_answered(self.question, value)]
        if not said:
            return Match.NOBODY
        if not self.is_asked_of_workers:
            return Match.SAME
        if len(said) == 1:
            return Match.ONE_SIDE
        return Match.SAME if str(said[0]) == str(said[1]) else Match.DIFFERS

    @property
    def answer(self) -> Any:
        """The factory's answer: what both say, or agreed on afterwards; None while they differ."""
        if self.match is Match.SETTLED:
            return self.settled
        return self.management if self.match is Match.SAME else None

    @property
    def is_answered(self) -> bool:
        """Both sides gave an answer, though perhaps not the same."""
        return self.match in (Match.SAME, Match.DIFFERS, Match.SETTLED)

    @property
    def is_admitted(self) -> bool:
        """Both sides say that the factory does not comply here."""
        return is_noncompliant(self.question, self.answer)


def beside(tool: Tool, management: Answers, workers: Answers, settled: Answers) -> list[Compared]:
    """Both sides' answers to every question that one of them was asked, in the order of asking."""
    of_management = {one.id for one in asked_of(tool, {**management, **settled}, of_workers=False)}
    of_workers = {one.id for one in asked_of(tool, {**workers, **settled}, of_workers=True)}
    decisive = decisive_facts(tool)
    return [
        Compared(
            question, management.get(question.id), workers.get(question.id), settled.get(question.id),
            is_asked_of_workers=question.is_scored or question.id in decisive,
        )
        for question in tool.questions if question.id in of_management | of_workers
    ]


def share_together(rows: Sequence[Compared]) -> Fraction:
    """The share of questions to which both sides gave an answer."""
    return Fraction(sum(row.is_answered for row in rows), len(rows)) if rows else Fraction(0)


@dataclass(frozen=True, slots=True)
class Weighed:
    """One question of an assessment beside the self-assessment before it: what each found, as outcomes."""

    cluster: str
    found: Outcome
    factory: Outcome | None
    management: Outcome | None
    workers: Outcome | None

    @property
    def is_comparable(self) -> bool:
        rated = (Outcome.COMPLIANT, Outcome.NONCOMPLIANT)
        return self.found in rated and self.factory in rated


@dataclass(frozen=True)
class Accuracy:
    """Of one cluster or of all. `found`: what the assessment found non-compliant; `admitted` of them by the factory
    (both sides), and by each side; `compared`: questions that both could answer with yes or no; `same` of them."""

    cluster: str
    rows: Sequence[Weighed]

    @cached_property
    def _found(self) -> list[Weighed]:
        return [row for row in self.rows if row.found is Outcome.NONCOMPLIANT]

    @property
    def found(self) -> int:
        return len(self._found)

    @property
    def admitted(self) -> int:
        return sum(row.factory is Outcome.NONCOMPLIANT for row in self._found)

    @property
    def by_management(self) -> int:
        return sum(row.management is Outcome.NONCOMPLIANT for row in self._found)

    @property
    def by_workers(self) -> int:
        return sum(row.workers is Outcome.NONCOMPLIANT for row in self._found)

    @property
    def compared(self) -> int:
        return sum(row.is_comparable for row in self.rows)

    @property
    def same(self) -> int:
        return sum(row.is_comparable and row.found is row.factory for row in self.rows)


def share_of(part: int, whole: int) -> Fraction | None:
    """The share, or None where the cases are too few for one."""
    return Fraction(part, whole) if whole >= FEWEST_FOR_A_SHARE else None


def accuracy(rows: Iterable[Weighed]) -> tuple[Accuracy, list[Accuracy]]:
    """All clusters together, and each that has a row, in the order of the rows."""
    rows = list(rows)
    clusters: dict[str, list[Weighed]] = {}
    for row in rows:
        clusters.setdefault(row.cluster, []).append(row)
    return Accuracy("", rows), [Accuracy(key, part) for key, part in clusters.items()]


def worst(outcomes: Iterable[Outcome | None]) -> Outcome | None:
    """Of the parts of a question that was split: one that is non-compliant decides, then one that is compliant."""
    known = {one for one in outcomes if one is not None}
    order = (Outcome.NONCOMPLIANT, Outcome.COMPLIANT, Outcome.UNABLE, Outcome.NOT_APPLICABLE)
    return next((one for one in order if one in known), None)
