"""The door of the change log: changes come in, the state of their fields is kept beside them.

One call is one short transaction with a fixed number of queries, whatever else the house holds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from evenweave.access.enums import Action
from evenweave.assessments.enums import Field, Seriousness
from evenweave.assessments.models import AnswerChange, Assessment, ChangeBasis, CurrentAnswer
from evenweave.assessments.rules import Change, FieldState, Value, heads_after, is_same, state_of, takes_answers
from evenweave.people.models import Person
from evenweave.questionnaires.enums import Answer
from evenweave.questionnaires.queries import compiled
from evenweave.questionnaires.rules import Question, Tool
from evenweave.toolkit import clock
from evenweave.toolkit.refusals import Refused

MOST_CHANGES = 2000
MOST_LETTERS = 8000
MOST_BASES = 50

type Place = tuple[str, str]


@dataclass(frozen=True)
class Accepted:
    """What became of a delivery: the ids that were new, those known before, and the fields they touched."""

    new: tuple[UUID, ...] = ()
    known: tuple[UUID, ...] = ()
    states: Mapping[Place, FieldState] = field(default_factory=dict)
    received_at: datetime | None = None


def record_changes(*, ref: str, changes: Iterable[Change], by: Person) -> Accepted:
    """Take changes into the log of an assessment; sent twice they count once. All or nothing.

    Two people who changed the same field without seeing each other's change leave a conflict; nothing is lost.
    Refused when the assessment takes no answers now, when a question is not asked by its tool, for a value that is
    no answer, and for an id that was used before for something else."""
    given = _once_each(changes)
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
    given = [_checked(change, tool) for change in given]
    known = _known_among(assessment, given)
    fresh = [change for change in given if change.id not in known]
    now = clock.now()
    if fresh:
        _append(assessment, fresh, by, now)
        states = _keep_states(assessment, fresh, by, kept)
    else:
        states = {}
    return Accepted(tuple(change.id for change in fresh), tuple(known), states, now)


def _once_each(changes: Iterable[Change]) -> list[Change]:
    given: dict[UUID, Change] = {}
    for change in changes:
        if given.setdefault(change.id, change) != change:
            raise Refused(_("Two different changes carry the same id."))
    if len(given) > MOST_CHANGES:
        raise Refused(_("Send at most %(count)s changes at once.") % {"count": MOST_CHANGES})
    return list(given.values())


def refuse_when_closed(assessment: Assessment) -> None:
    if not takes_answers(assessment.state):
        raise Refused(
            _("This assessment takes no answers now: its state is “%(state)s”.")
            % {"state": assessment.get_state_display()}
        )


def _known_among(assessment: Assessment, given: list[Change]) -> set[UUID]:
    wanted = {change.id: change for change in given}
    rows = AnswerChange.objects.filter(pk__in=wanted).values_list(
        "pk", "assessment_id", "question_id", "field", "value"
    )
    for change_id, assessment_id, question_id, name, value in rows:
        change = wanted[change_id]
        if (assessment_id, question_id, name) != (assessment.pk, *change.place) or not is_same(value, change.value):
            raise Refused(_("A change with this id is already there and says something else."))
    return {row[0] for row in rows}


def _append(assessment: Assessment, fresh: list[Change], by: Person, now: datetime) -> None:
    AnswerChange.objects.bulk_create(
        AnswerChange(
            id=change.id, assessment=assessment, question_id=change.question_id, field=change.field,
            value=change.value, author=by, device=change.device, made_at=change.made_at, received_at=now,
        )
        for change in fresh
    )
    ChangeBasis.objects.bulk_create(
        ChangeBasis(change_id=change.id, based_on=basis)
        for change in fresh
        for basis in change.based_on - {change.id}
    )


def _keep_states(
    assessment: Assessment, fresh: list[Change], by: Person, kept: Mapping[Place, Iterable[UUID]] | None
) -> dict[Place, FieldState]:
    """Bring the kept state of every touched field up to date: four queries at most however many fields."""
    touched = {change.place for change in fresh}
    kept = _kept_heads(assessment, touched) if kept is None else kept
    followed = _followed(assessment, fresh)
    heads = {
        place: heads_after(
            kept.get(place, ()), [change for change in fresh if change.place == place],
            [change_id for change_id, where in followed if where == place],
        )
        for place in touched
    }
    said = _said_by(set().union(*heads.values()), fresh, by)
    states = {
        place: state_of(found, {head: said[head][0] for head in found}) for place, found in heads.items()
    }
    CurrentAnswer.objects.bulk_create(
        [_row(assessment, place, state, said, by) for place, state in states.items()],
        update_conflicts=True,
        unique_fields=["assessment", "question_id", "field"],
        update_fields=["heads", "value", "is_conflict", "changed_at", "changed_by"],
    )
    return states


def _kept_heads(assessment: Assessment, places: set[Place]) -> dict[Place, list[UUID]]:
    rows = CurrentAnswer.objects.filter(
        assessment=assessment, question_id__in={question_id for question_id, _field in places}
    ).values_list("question_id", "field", "heads")
    return {(question_id, name): [UUID(head) for head in heads] for question_id, name, heads in rows}


def _followed(assessment: Assessment, fresh: list[Change]) -> set[tuple[UUID, Place]]:
    """Which of the fresh changes some change of the same field is based on: a child can arrive first."""
    rows = ChangeBasis.objects.filter(
        based_on__in=[change.id for change in fresh], change__assessment=assessment
    ).values_list("based_on", "change__question_id", "change__field")
    return {(basis, (question_id, name)) for basis, question_id, name in rows}


def _said_by(heads: set[UUID], fresh: list[Change], by: Person) -> dict[UUID, tuple[Value, datetime, int]]:
    """Value, time and author of every head; heads that were there before are read, once for all."""
    said = {change.id: (change.value, change.made_at, by.pk) for change in fresh}
    if older := heads - set(said):
        rows = AnswerChange.objects.filter(pk__in=older).values_list("pk", "value", "made_at", "author_id")
        said |= {change_id: (value, made_at, author) for change_id, value, made_at, author in rows}
    return said


def _row(assessment: Assessment, place: Place, state: FieldState, said: Mapping, by: Person) -> CurrentAnswer:
    # The newest head says who and when; a circle of changes that name each other leaves none.
    newest = max(state.heads, key=lambda head: (said[head][1], head), default=None)
    at, author = said[newest][1:] if newest is not None else (clock.now(), by.pk)
    return CurrentAnswer(
        assessment=assessment, question_id=place[0], field=place[1], heads=[str(head) for head in state.heads],
        value=state.value, is_conflict=state.is_conflict, changed_at=at, changed_by_id=author,
    )


def _checked(change: Change, tool: Tool) -> Change:
    """The change with its value in one form; Refused when it is no value for this field of this question."""
    if not tool.has(change.question_id):
        raise Refused(_("This version of the questionnaire does not ask %(id)s.") % {"id": change.question_id})
    if len(change.based_on) > MOST_BASES:
        raise Refused(_("A change is based on too many others."))
    if change.made_at.tzinfo is None:
        raise ValueError("a change needs an aware time")
    question = tool.question(change.question_id)
    return Change(
        id=change.id, question_id=change.question_id, field=Field(change.field),
        value=checked_value(question, change.field, change.value), based_on=frozenset(change.based_on),
        made_at=change.made_at, device=change.device[:40],
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
