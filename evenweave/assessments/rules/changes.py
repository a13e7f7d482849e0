"""The change log: what a set of changes says, whatever the order in which they arrived.

A change names the changes it is based on: what its author saw on the screen. The heads of a field are the changes
that no other change of the field is based on. One head, or several that say the same, is the field's value;
several that differ are a conflict: all are kept, the field counts as unanswered until a person writes a change
that is based on all of them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

type Value = str | int | float | bool | list[str] | None


@dataclass(frozen=True, slots=True)
class Change:
    """One tap. `id` is a UUIDv7 made where the tap was made; `based_on` may name changes that have not arrived
    yet; `made_at` is aware; `device` is a label of the tablet, empty in a browser."""

    id: UUID
    question_id: str
    field: str
    value: Value
    based_on: frozenset[UUID]
    made_at: datetime
    device: str = ""

    @property
    def place(self) -> tuple[str, str]:
        return self.question_id, self.field


@dataclass(frozen=True, slots=True)
class FieldState:
    """What a field says: its heads in order, and the value they agree on (None in a conflict)."""

    heads: tuple[UUID, ...] = ()
    value: Value = None
    is_conflict: bool = False


def heads_of(changes: Iterable[Change]) -> frozenset[UUID]:
    """The heads of one field, from all its changes: the definition."""
    known = list(changes)
    based_on = {basis for change in known for basis in change.based_on - {change.id}}
    return frozenset(change.id for change in known) - based_on


def heads_after(heads: Iterable[UUID], arrived: Iterable[Change], followed: Iterable[UUID]) -> frozenset[UUID]:
    """The heads of one field once `arrived` (new changes of that field) has joined it.

    `followed`: which of the arrived some change of the field, known before or arriving too, is based on. Gives what
    `heads_of` gives over all changes, without reading them."""
    new = list(arrived)
    replaced = {basis for change in new for basis in change.based_on - {change.id}}
    return (frozenset(heads) | {change.id for change in new}) - replaced - frozenset(followed)


def state_of(heads: Iterable[UUID], values: Mapping[UUID, Value]) -> FieldState:
    """What the field says, given its heads and the value of each."""
    in_order = tuple(sorted(heads))
    said = [values[head] for head in in_order]
    if len({_one_form(value) for value in said}) > 1:
        return FieldState(in_order, None, is_conflict=True)
    return FieldState(in_order, said[0] if said else None)


def is_same(one: Value, other: Value) -> bool:
    """Whether two values say the same: yes and True do not, 1 and True do not."""
    return _one_form(one) == _one_form(other)


def _one_form(value: Value) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def replayed(changes: Sequence[Change]) -> dict[tuple[str, str], FieldState]:
    """The state of every field from its changes alone: to check what was kept as they arrived."""
    fields: dict[tuple[str, str], dict[UUID, Change]] = {}
    for change in changes:
        fields.setdefault(change.place, {}).setdefault(change.id, change)
    return {
        place: state_of(heads_of(known.values()), {change_id: change.value for change_id, change in known.items()})
        for place, known in fields.items()
    }
