"""The engine under every questionnaire that people fill in together: changes come in, the state of their fields is
kept beside them. Whose questionnaire it is (an assessment's, one side's of a self-assessment) the ledger says; who
may write in it, and when, is decided before.

One call is a fixed number of queries, whatever else the house holds. Called inside a transaction that has locked
the ledger's owner."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Model
from django.utils.translation import gettext as _

from evenweave.assessments.enums import Field
from evenweave.assessments.rules import Change, FieldState, Value, heads_after, is_same, state_of
from evenweave.people.models import Person
from evenweave.questionnaires.rules import Question, Tool
from evenweave.toolkit import clock
from evenweave.toolkit.refusals import Refused
from evenweave.toolkit.uuid7 import uuid7

MOST_CHANGES = 2000
MOST_BASES = 50

type Place = tuple[str, str]
type Check = Callable[[Question, str, Value], Value]


@dataclass(frozen=True)
class Ledger:
    """Where the changes of one questionnaire are kept: its owner, the name of the foreign key to it, and the rows of
    changes, of what each is based on, and of the kept states."""

    owner: Model
    key: str
    changes: type[Model]
    bases: type[Model]
    states: type[Model]

    @property
    def own(self) -> dict[str, Model]:
        return {self.key: self.owner}


@dataclass(frozen=True)
class Accepted:
    """What became of a delivery: the ids that were new, those known before, and the fields they touched."""

    new: tuple[UUID, ...] = ()
    known: tuple[UUID, ...] = ()
    states: Mapping[Place, FieldState] = field(default_factory=dict)
    received_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What a form says about one field: the value, the id its change would have, and the heads it was drawn from."""

    id: UUID
    value: Value
    based_on: frozenset[UUID]


def once_each(changes: Iterable[Change]) -> list[Change]:
    """Raises Refused for two different changes with one id, and for too many."""
    given: dict[UUID, Change] = {}
    for change in changes:
        if given.setdefault(change.id, change) != change:
            raise Refused(_("Two different changes carry the same id."))
    if len(given) > MOST_CHANGES:
        raise Refused(_("Send at most %(count)s changes at once.") % {"count": MOST_CHANGES})
    return list(given.values())


def take_in(
    ledger: Ledger, tool: Tool, given: list[Change], by: Person, check: Check,
    kept: Mapping[Place, Iterable[UUID]] | None = None,
) -> Accepted:
    """Take changes into the ledger; sent twice they count once. `kept`: the heads of the fields concerned, where the
    caller has read them. `check` gives a value in one form, or refuses it."""
    given = [_checked(change, tool, check) for change in given]
    known = _known_among(ledger, given)
    fresh = [change for change in given if change.id not in known]
    now = clock.now()
    states = {}
    if fresh:
        _append(ledger, fresh, by, now)
        states = _keep_states(ledger, fresh, by, kept)
    return Accepted(tuple(change.id for change in fresh), tuple(known), states, now)


def take_said(
    ledger: Ledger, tool: Tool, question_id: str, said: Mapping[str, Said], by: Person, check: Check
) -> dict[str, FieldState]:
    """Take in what a form says about one question, as changes: only fields that differ from what the form was drawn
    from. Sent twice it counts once; sent again with something else, the second stands on the first. Returns the
    state of each field of the question."""
    return take_table(ledger, tool, {question_id: said}, by, check)[question_id]


def take_table(
    ledger: Ledger, tool: Tool, said: Mapping[str, Mapping[str, Said]], by: Person, check: Check
) -> dict[str, dict[str, FieldState]]:
    """The same for many questions at once, all or nothing: question id → field → its state."""
    wanted = {
        (question_id, name): Said(one.id, check(question_of(tool, question_id), name, one.value), one.based_on)
        for question_id, fields in said.items()
        for name, one in fields.items()
    }
    kept = kept_states(ledger, said)
    states = {place: kept.get(place[0], {}).get(place[1], FieldState()) for place in wanted}
    earlier = _earlier_values(ledger, wanted, states)
    changes = [change for place, one in wanted.items() if (change := _change(place, one, states[place], earlier))]
    result = {question_id: dict(kept.get(question_id, {})) for question_id in said}
    if changes:
        heads = {place: state.heads for place, state in states.items()}
        for (question_id, name), state in take_in(ledger, tool, changes, by, check, heads).states.items():
            result[question_id][name] = state
    return result


def settle_on(
    ledger: Ledger, tool: Tool, place: Place, chosen: UUID, heads: frozenset[UUID], change_id: UUID, by: Person,
    check: Check,
) -> FieldState:
    """End a conflict: the chosen answer stands, on top of all that were shown (`heads`). What somebody said in the
    meantime is no part of the choice and stays a conflict."""
    question_id, name = place
    found = ledger.changes.objects.filter(pk=chosen, question_id=question_id, field=name, **ledger.own).first()
    if found is None or chosen not in heads:
        raise Refused(_("Choose one of the answers that are shown."))
    change = Change(change_id, question_id, name, found.value, heads, clock.now())
    return take_in(ledger, tool, [change], by, check).states.get(place, FieldState(tuple(heads)))


def question_of(tool: Tool, question_id: str) -> Question:
    if not tool.has(question_id):
        raise Refused(_("This version of the questionnaire does not ask %(id)s.") % {"id": question_id})
    return tool.question(question_id)


def kept_states(ledger: Ledger, question_ids: Iterable[str]) -> dict[str, dict[str, FieldState]]:
    """Question id → field → its kept state. One query."""
    found: dict[str, dict[str, FieldState]] = {}
    for row in ledger.states.objects.filter(question_id__in=question_ids, **ledger.own):
        state = FieldState(tuple(UUID(head) for head in row.heads), row.value, row.is_conflict)
        found.setdefault(row.question_id, {})[row.field] = state
    return found


def _earlier_values(
    ledger: Ledger, wanted: Mapping[Place, Said], states: Mapping[Place, FieldState]
) -> dict[UUID, Value]:
    """What the form saw, where somebody (or the same form) has changed it since. No query when nobody has."""
    moved = [
        one for place, one in wanted.items()
        if states[place].is_conflict or one.based_on != frozenset(states[place].heads)
    ]
    ids = {change_id for one in moved for change_id in (*one.based_on, one.id)}
    return dict(ledger.changes.objects.filter(pk__in=ids, **ledger.own).values_list("pk", "value")) if ids else {}


def _change(place: Place, one: Said, state: FieldState, earlier: Mapping[UUID, Value]) -> Change | None:
    if one.based_on == frozenset(state.heads):
        # A form that still says one side of a conflict has not chosen: settling does. Other words are a choice.
        standing = [earlier[head] for head in state.heads] if state.is_conflict else []
        is_untouched = any(is_same(one.value, value) for value in [state.value, *standing])
        basis, change_id = one.based_on, one.id
    elif one.id in earlier:
        is_untouched = is_same(one.value, earlier[one.id])
        basis, change_id = frozenset({one.id}), uuid7()
    else:
        is_untouched = one.based_on <= set(earlier) and _said_before(one, earlier)
        basis, change_id = one.based_on, one.id
    return None if is_untouched else Change(change_id, *place, one.value, basis, clock.now())


def _said_before(one: Said, earlier: Mapping[UUID, Value]) -> bool:
    """Whether the form still says what it showed: nothing, or the value of the change it was drawn from."""
    if not one.based_on:
        return one.value is None
    return all(is_same(one.value, earlier[basis]) for basis in one.based_on)


def _checked(change: Change, tool: Tool, check: Check) -> Change:
    """The change with its value in one form; Refused when it is no value for this field of this question."""
    question = question_of(tool, change.question_id)
    if len(change.based_on) > MOST_BASES:
        raise Refused(_("A change is based on too many others."))
    if change.made_at.tzinfo is None:
        raise ValueError("a change needs an aware time")
    return Change(
        id=change.id, question_id=change.question_id, field=Field(change.field),
        value=check(question, change.field, change.value), based_on=frozenset(change.based_on),
        made_at=change.made_at, device=change.device[:40],
    )


def _known_among(ledger: Ledger, given: list[Change]) -> set[UUID]:
    wanted = {change.id: change for change in given}
    rows = ledger.changes.objects.filter(pk__in=wanted).values_list(
        "pk", f"{ledger.key}_id", "question_id", "field", "value"
    )
    for change_id, owner_id, question_id, name, value in rows:
        change = wanted[change_id]
        if (owner_id, question_id, name) != (ledger.owner.pk, *change.place) or not is_same(value, change.value):
            raise Refused(_("A change with this id is already there and says something else."))
    return {row[0] for row in rows}


def _append(ledger: Ledger, fresh: list[Change], by: Person, now: datetime) -> None:
    ledger.changes.objects.bulk_create(
        ledger.changes(
            id=change.id, question_id=change.question_id, field=change.field, value=change.value, author=by,
            device=change.device, made_at=change.made_at, received_at=now, **ledger.own,
        )
        for change in fresh
    )
    ledger.bases.objects.bulk_create(
        ledger.bases(change_id=change.id, based_on=basis)
        for change in fresh
        for basis in change.based_on - {change.id}
    )


def _keep_states(
    ledger: Ledger, fresh: list[Change], by: Person, kept: Mapping[Place, Iterable[UUID]] | None
) -> dict[Place, FieldState]:
    """Bring the kept state of every touched field up to date: four queries at most however many fields."""
    touched = {change.place for change in fresh}
    kept = _kept_heads(ledger, touched) if kept is None else kept
    by_place: dict[Place, list[Change]] = {}
    for change in fresh:
        by_place.setdefault(change.place, []).append(change)
    followed = _followed(ledger, fresh)
    heads = {
        place: heads_after(
            kept.get(place, ()), by_place[place], [change_id for change_id, where in followed if where == place]
        )
        for place in touched
    }
    said = _said_by(ledger, set().union(*heads.values()), fresh, by)
    states = {
        place: state_of(found, {head: said[head][0] for head in found}) for place, found in heads.items()
    }
    ledger.states.objects.bulk_create(
        [_row(ledger, place, state, said, by) for place, state in states.items()],
        update_conflicts=True,
        unique_fields=[ledger.key, "question_id", "field"],
        update_fields=["heads", "value", "is_conflict", "changed_at", "changed_by"],
    )
    return states


def _kept_heads(ledger: Ledger, places: set[Place]) -> dict[Place, list[UUID]]:
    rows = ledger.states.objects.filter(
        question_id__in={question_id for question_id, _field in places}, **ledger.own
    ).values_list("question_id", "field", "heads")
    return {(question_id, name): [UUID(head) for head in heads] for question_id, name, heads in rows}


def _followed(ledger: Ledger, fresh: list[Change]) -> set[tuple[UUID, Place]]:
    """Which of the fresh changes some change of the same field is based on: a child can arrive first."""
    rows = ledger.bases.objects.filter(
        based_on__in=[change.id for change in fresh], **{f"change__{ledger.key}": ledger.owner}
    ).values_list("based_on", "change__question_id", "change__field")
    return {(basis, (question_id, name)) for basis, question_id, name in rows}


def _said_by(
    ledger: Ledger, heads: set[UUID], fresh: list[Change], by: Person
) -> dict[UUID, tuple[Value, datetime, int]]:
    """Value, time and author of every head; heads that were there before are read, once for all."""
    said = {change.id: (change.value, change.made_at, by.pk) for change in fresh}
    if older := heads - set(said):
        rows = ledger.changes.objects.filter(pk__in=older).values_list("pk", "value", "made_at", "author_id")
        said |= {change_id: (value, made_at, author) for change_id, value, made_at, author in rows}
    return said


def _row(ledger: Ledger, place: Place, state: FieldState, said: Mapping, by: Person) -> Model:
    # The newest head says who and when; a circle of changes that name each other leaves none.
    newest = max(state.heads, key=lambda head: (said[head][1], head), default=None)
    at, author = said[newest][1:] if newest is not None else (clock.now(), by.pk)
    return ledger.states(
        question_id=place[0], field=place[1], heads=[str(head) for head in state.heads], value=state.value,
        is_conflict=state.is_conflict, changed_at=at, changed_by_id=author, **ledger.own,
    )
