"""The door of an assessment's change log: who may write in it, when, and what is an answer."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from evenweave.access.enums import Action
from evenweave.assessments.enums import Field, Seriousness
from evenweave.assessments.models import AnswerChange, Assessment, ChangeBasis, CurrentAnswer
from evenweave.assessments.rules import Change, Value, takes_answers
from evenweave.assessments.services import ledger
from evenweave.assessments.services.ledger import Accepted, Ledger, Place
from evenweave.people.models import Person
from evenweave.questionnaires.enums import Answer
from evenweave.questionnaires.queries import compiled
from evenweave.questionnaires.rules import Question, Tool
from evenweave.toolkit.refusals import Refused

MOST_LETTERS = 8000


def ledger_of(assessment: Assessment) -> Ledger:
    return Ledger(assessment, "assessment", AnswerChange, ChangeBasis, CurrentAnswer)


def record_changes(*, ref: str, changes: Iterable[Change], by: Person) -> Accepted:
    """Take changes into the log of an assessment; sent twice they count once. All or nothing.

    Two people who changed the same field without seeing each other's change leave a conflict; nothing is lost.
    Refused when the assessment takes no answers now, when a question is not asked by its tool, for a value that is
    no answer, and for an id that was used before for something else."""
    given = ledger.once_each(changes)
    with transaction.atomic():
        assessment = Assessment.objects.one_for(by, Action.ASSESSMENT_ANSWER, ref=ref)
        refuse_when_closed(assessment)
        return take_in(assessment, compiled(assessment.tool_id), given, by)


def take_in(
    assessment: Assessment, tool: Tool, given: list[Change], by: Person,
    kept: Mapping[Place, Iterable[UUID]] | None = None,
) -> Accepted:
    """The same for an assessment that takes answers and is locked in this transaction. `kept`: the heads of the
    fields concerned, where the caller has read them."""
    return ledger.take_in(ledger_of(assessment), tool, given, by, checked_value, kept)


def refuse_when_closed(assessment: Assessment) -> None:
    if not takes_answers(assessment.state):
        raise Refused(
            _("This assessment takes no answers now: its state is “%(state)s”.")
            % {"state": assessment.get_state_display()}
        )


def checked_value(question: Question, name: str, value: Value) -> Value:
    """The value in one form; None clears the field. Refused when this field of this question cannot say it."""
    if value is None:
        return None
    match Field(name):
        case Field.ANSWER:
            return _answer(question, value)
        case Field.FINDING:
            if isinstance(value, list) and all(isinstance(blank, str) and len(blank) <= 300 for blank in value):
                return [blank.strip() for blank in value]
        case Field.SERIOUSNESS:
            if value in Seriousness.values:
                return str(value)
        case Field.EXPLANATION | Field.NOTE:
            if isinstance(value, str) and len(value) <= MOST_LETTERS:
                return value
            if isinstance(value, str):
                raise Refused(
                    _("The text is longer than %(count)s letters. Shorten it.") % {"count": MOST_LETTERS}, field=name
                )
    raise Refused(_("This is not something that can be said here."), field=name)


def _answer(question: Question, value: Value) -> Value:
    if question.is_scored:
        if value in list(Answer):
            return str(value)
    elif question.answer == "yes_no":
        if value in (Answer.YES, Answer.NO):
            return str(value)
    elif question.answer == "number":
        return whole_or_decimal(value)
    elif isinstance(value, str) and len(value) <= MOST_LETTERS:
        return value
    raise Refused(_("This is not an answer to this question."), field=Field.ANSWER)


def whole_or_decimal(value: Value) -> int | str:
    """A number of a fact: an int, or its decimals as text. Refused when it is none, or below zero."""
    text = str(value).strip().replace(" ", "").replace("\N{NO-BREAK SPACE}", "")
    whole, _point, decimals = text.partition(".")
    if isinstance(value, bool) or not whole.isascii() or not whole.isdigit() or len(whole) > 12:
        raise Refused(_("Enter a number from 0 up, without words: 1250 or 12.5."), field=Field.ANSWER)
    if not decimals and "." not in text:
        return int(whole)
    if not decimals.isascii() or not decimals.isdigit() or len(decimals) > 4:
        raise Refused(_("Enter a number from 0 up, without words: 1250 or 12.5."), field=Field.ANSWER)
    decimals = decimals.rstrip("0")
    return f"{int(whole)}.{decimals}" if decimals else int(whole)
