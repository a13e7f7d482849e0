"""What answers mean: conditions, visibility, completeness, compliance. The same cases run in the browser.

`answers` maps question ids to values: yes, no, not_applicable or unable for scored questions; a number, text,
yes or no for facts. An id that is absent, or whose value is None or blank, is unanswered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from evenweave.questionnaires.enums import Answer, Lacking, Outcome, Scope
from evenweave.questionnaires.rules.tool import Question, Tool

type Answers = Mapping[str, Any]
type Condition = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that keeps an assessment from being submitted."""

    question_id: str
    cluster: str
    lacking: Lacking


def condition_holds(condition: Condition, answers: Answers) -> bool:
    """Whether a condition of the form all/any/not/equals/at_least holds. An unanswered question equals nothing
    and reaches no number. Raises ValueError for another form."""
    ((operator, operand),) = condition.items()
    if operator == "all":
        return all(condition_holds(part, answers) for part in operand)
    if operator == "any":
        return any(condition_holds(part, answers) for part in operand)
    if operator == "not":
        return not condition_holds(operand, answers)
    if operator == "equals":
        return _equals(answers.get(operand[0]), operand[1])
    if operator == "at_least":
        number = _number(answers.get(operand[0]))
        return number is not None and number >= Decimal(str(operand[1]))
    raise ValueError(f"unknown condition '{operator}'")


def ids_in(condition: Condition) -> set[str]:
    """The questions whose answers a condition asks for."""
    ((operator, operand),) = condition.items()
    if operator in {"all", "any"}:
        return set().union(*(ids_in(part) for part in operand))
    return ids_in(operand) if operator == "not" else {operand[0]}


def _equals(value: Any, wanted: Any) -> bool:
    if is_blank(value):
        return False
    if isinstance(wanted, str):
        return str(value) == wanted
    return _number(value) == Decimal(str(wanted))


def _number(value: Any) -> Decimal | None:
    if is_blank(value) or isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def questions_in_scope(tool: Tool, scope: str = Scope.FULL) -> tuple[Question, ...]:
    """All questions, or for a short assessment the facts and the publicly reported ones."""
    if scope == Scope.FULL:
        return tool.questions
    return tuple(question for question in tool.questions if not question.is_scored or question.is_public)


def visible_questions(tool: Tool, answers: Answers, scope: str = Scope.FULL) -> list[Question]:
    """The questions to ask, given the answers so far. An answer left at a question that is hidden counts as none."""
    seen = _Visibility(tool, answers)
    return [question for question in questions_in_scope(tool, scope) if seen.is_visible(question)]


class _Visibility:
    def __init__(self, tool: Tool, answers: Answers) -> None:
        self.tool, self.answers, self.known = tool, answers, {}

    def is_visible(self, question: Question) -> bool:
        if question.visible_if is None:
            return True
        if question.id not in self.known:
            self.known[question.id] = False  # ends a circle, which content check refuses anyway
            self.known[question.id] = condition_holds(question.visible_if, self._visible_answers(question))
        return self.known[question.id]

    def _visible_answers(self, question: Question) -> dict[str, Any]:
        asked = (self.tool.by_id.get(question_id) for question_id in ids_in(question.visible_if or {}))
        return {other.id: self.answers.get(other.id) for other in asked if other and self.is_visible(other)}


def is_answered(question: Question, value: Any) -> bool:
    """Whether the value is an answer to this question: one of the four words, yes or no, a number, or text."""
    if is_blank(value):
        return False
    if question.is_scored:
        return value in Answer
    if question.answer == "yes_no":
        return value in (Answer.YES, Answer.NO)
    if question.answer == "number":
        number = _number(value)
        return number is not None and number >= 0
    return isinstance(value, str)


def outcome(question: Question, answer: Any) -> Outcome | None:
    """What an answer to a scored question means; None when there is no answer, or for a fact."""
    if not question.is_scored or not is_answered(question, answer):
        return None
    if answer in (Answer.NOT_APPLICABLE, Answer.UNABLE):
        return Outcome(answer)
    return Outcome.NONCOMPLIANT if answer == question.noncompliant_answer else Outcome.COMPLIANT


def is_noncompliant(question: Question, answer: Any) -> bool:
    """Whether the answer is the one that this question names non-compliant. Never assume that "no" is."""
    return outcome(question, answer) is Outcome.NONCOMPLIANT


def needs_explanation(question: Question, answer: Any) -> bool:
    """A finding says what was found; "unable to assess" says why."""
    return outcome(question, answer) in (Outcome.NONCOMPLIANT, Outcome.UNABLE)


def missing(
    tool: Tool, answers: Answers, scope: str = Scope.FULL, *, explanations: Mapping[str, str] | None = None
) -> list[Missing]:
    """What still has to be filled in before an assessment can be submitted, in the order of asking.

    `explanations`: question id → the explanation's text (findings and "unable" need one)."""
    return list(_missing(visible_questions(tool, answers, scope), answers, explanations or {}))


def _missing(asked: Iterable[Question], answers: Answers, explanations: Mapping[str, str]) -> Iterable[Missing]:
    for question in asked:
        answer = answers.get(question.id)
        if not is_answered(question, answer):
            yield Missing(question.id, question.cluster, Lacking.ANSWER)
        elif needs_explanation(question, answer) and is_blank(explanations.get(question.id)):
            yield Missing(question.id, question.cluster, Lacking.EXPLANATION)
