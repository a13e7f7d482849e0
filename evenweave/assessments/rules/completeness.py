"""What an assessment still lacks, and how far each cluster is.

A question is answered, or lacks its answer, or (a finding, an "unable to assess") lacks what makes it stand: the
explanation, the blanks of its sentence. A conflict on any of its fields has to be settled by a person."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from evenweave.assessments.enums import Field, Lack, TaskStatus
from evenweave.assessments.rules.changes import FieldState, Value
from evenweave.questionnaires.rules import Question, Tool, is_answered, is_noncompliant, visible_questions
from evenweave.questionnaires.rules.answering import is_blank, needs_explanation

BLANK = re.compile(r"_{2,}")
LETTERS_OF_A_WORD = 3  # fewer are a unit or the name of a hall: kg, B2

type States = Mapping[tuple[str, str], FieldState]


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that keeps an assessment from being submitted."""

    question_id: str
    reason: Lack


def blanks_in(template: str) -> int:
    """How many blanks a finding's sentence has."""
    return len(BLANK.findall(template))


def pieces(template: str) -> list[str]:
    """The words around the blanks: always one more than there are blanks."""
    return BLANK.split(template)


def filled(template: str, blanks: Sequence[str] | None) -> str:
    """The finding's sentence with its blanks filled; a blank without words stays open."""
    said = list(blanks or ())
    words = pieces(template)
    out = [words[0]]
    for place, piece in enumerate(words[1:]):
        text = said[place].strip() if place < len(said) else ""
        out += [text or "__", piece]
    return "".join(out)


def holds_words(blanks: Sequence[str] | None) -> bool:
    """Whether somebody typed words, and not only numbers, codes and units, into the blanks."""
    return any(sum(letter.isalpha() for letter in word) >= LETTERS_OF_A_WORD
               for said in blanks or () for word in said.split())


def sentence_language(question: Question, wanted: str, blanks: Sequence[str] | None, written_in: str) -> str:
    """The language a finding's sentence is shown in: the reader's, but with words in its blanks the language they
    were written in, since a sentence in two languages is nobody's. English where the tool has no other."""
    return question.language_of_finding(written_in if holds_words(blanks) else wanted)


def are_filled(template: str, blanks: Value) -> bool:
    count = blanks_in(template)
    said = blanks if isinstance(blanks, list) else []
    return all(place < len(said) and not is_blank(said[place]) for place in range(count))


def answers_in(states: States) -> dict[str, Value]:
    """Question id → answer. A conflict counts as unanswered."""
    return {
        question_id: state.value
        for (question_id, field), state in states.items()
        if field == Field.ANSWER and not state.is_conflict
    }


def lacks(question: Question, states: States) -> list[Lack]:
    """What this question, which is asked, still lacks."""
    nothing = FieldState()
    if any(states.get((question.id, field), nothing).is_conflict for field in Field):
        return [Lack.CONFLICT]
    answer = states.get((question.id, Field.ANSWER), nothing).value
    if not is_answered(question, answer):
        return [Lack.ANSWER]
    found = []
    if needs_explanation(question, answer) and is_blank(
        states.get((question.id, Field.EXPLANATION), nothing).value
    ):
        found.append(Lack.EXPLANATION)
    if is_noncompliant(question, answer) and not are_filled(
        question.finding(), states.get((question.id, Field.FINDING), nothing).value
    ):
        found.append(Lack.BLANKS)
    return found


def missing(tool: Tool, states: States, extent: str) -> list[Missing]:
    """Everything missing before submission, in the order of asking."""
    return [
        Missing(question.id, lack)
        for question in visible_questions(tool, answers_in(states), extent)
        for lack in lacks(question, states)
    ]


def status_of(questions: Iterable[Question], states: States) -> TaskStatus:
    """One of four: nobody looked yet; looked and something is missing; on the way; done."""
    all_lacks = [lacks(question, states) for question in questions]
    unanswered = sum(found == [Lack.ANSWER] for found in all_lacks)
    if any(found and found != [Lack.ANSWER] for found in all_lacks):
        return TaskStatus.NEEDS_EVIDENCE
    if unanswered == 0:
        return TaskStatus.DONE
    return TaskStatus.NOT_STARTED if unanswered == len(all_lacks) else TaskStatus.IN_PROGRESS
