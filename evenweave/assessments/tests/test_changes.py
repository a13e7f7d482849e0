"""The change log: any order, batching or repetition of delivery gives the same state, and nothing is lost."""

import itertools
from datetime import UTC, datetime
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from evenweave.assessments.rules import Change, FieldState, heads_after, heads_of, is_same, replayed, state_of

MOMENT = datetime(2025, 11, 3, 10, 43, tzinfo=UTC)
PLACE = ("SH-01", "answer")


def change(number: int, value, *based_on: int, place=PLACE) -> Change:
    return Change(UUID(int=number), *place, value, frozenset(UUID(int=n) for n in based_on), MOMENT)


def ids(*numbers: int) -> tuple[UUID, ...]:
    return tuple(UUID(int=number) for number in numbers)


def state(*changes: Change) -> FieldState:
    return replayed(changes)[PLACE]


def test_one_change_is_the_value():
    assert state(change(1, "no")) == FieldState(ids(1), "no")


def test_a_change_on_top_replaces_what_it_is_based_on():
    assert state(change(1, "no"), change(2, "yes", 1)) == FieldState(ids(2), "yes")


def test_two_changes_on_the_same_base_are_a_conflict_and_both_are_kept():
    assert state(change(1, "no"), change(2, "yes", 1), change(3, "unable", 1)) == FieldState(
        ids(2, 3), None, is_conflict=True
    )


def test_two_changes_that_say_the_same_agree():
    assert state(change(1, "yes"), change(2, "yes")) == FieldState(ids(1, 2), "yes")


def test_a_resolution_is_based_on_all_heads():
    assert state(change(1, "no"), change(2, "yes"), change(3, "yes", 1, 2)) == FieldState(ids(3), "yes")


def test_a_resolution_based_on_one_head_leaves_the_other_standing():
    assert state(change(1, "no"), change(2, "yes"), change(3, "no", 1)).heads == ids(2, 3)


def test_a_change_may_arrive_before_what_it_is_based_on():
    assert state(change(2, "yes", 1)) == FieldState(ids(2), "yes")
    assert state(change(2, "yes", 1), change(1, "no")) == FieldState(ids(2), "yes")


def test_a_change_of_another_field_replaces_nothing():
    note = change(2, "seen twice", 1, place=("SH-01", "note"))
    assert replayed([change(1, "no"), note])[PLACE] == FieldState(ids(1), "no")


def test_clearing_is_a_change_like_any_other():
    assert state(change(1, "no"), change(2, None, 1)) == FieldState(ids(2), None)
    assert state(change(1, "no"), change(2, None)).is_conflict


def test_values_are_the_same_only_in_one_form():
    assert is_same(["1", "6"], ["1", "6"])
    assert not is_same(1, True)
    assert not is_same("1", 1)
    assert not is_same(None, "")


VALUES = st.sampled_from(["yes", "no", "unable", None, 3, ["1", "6"]])


@st.composite
def logs(draw) -> list[Change]:
    """A log of up to 12 changes over two fields, each based on any changes made before it (or on none)."""
    made: list[Change] = []
    for number in range(1, draw(st.integers(1, 12)) + 1):
        place = draw(st.sampled_from([PLACE, ("SH-01", "note")]))
        earlier = [other.id.int for other in made]
        based_on = draw(st.sets(st.sampled_from(earlier), max_size=3)) if earlier else set()
        made.append(change(number, draw(VALUES), *based_on, place=place))
    return made


@st.composite
def deliveries(draw, log: list[Change]) -> list[list[Change]]:
    """The log in any order, with repetitions, cut into batches anywhere."""
    again = draw(st.lists(st.sampled_from(log), max_size=6))
    order = draw(st.permutations([*log, *again]))
    cuts = sorted(draw(st.sets(st.integers(0, len(order)), max_size=5)) | {0, len(order)})
    return [order[start:end] for start, end in itertools.pairwise(cuts)]


def delivered(batches: list[list[Change]]) -> dict[tuple[str, str], FieldState]:
    """What a receiver keeps that looks at heads only, never at the whole log."""
    known: dict[UUID, Change] = {}
    heads: dict[tuple[str, str], frozenset[UUID]] = {}
    for batch in batches:
        fresh = {c.id: c for c in batch if c.id not in known}
        known |= fresh
        for place in {c.place for c in fresh.values()}:
            arrived = [c for c in fresh.values() if c.place == place]
            named = {basis for c in known.values() if c.place == place for basis in c.based_on}
            followed = [c.id for c in arrived if c.id in named]
            heads[place] = heads_after(heads.get(place, ()), arrived, followed)
    return {place: state_of(found, {head: known[head].value for head in found}) for place, found in heads.items()}


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_any_order_batching_and_repetition_gives_the_same_state(data):
    log = data.draw(logs())
    batches = data.draw(deliveries(log))
    expected = replayed(log)
    assert delivered(batches) == expected
    assert replayed([c for batch in batches for c in batch]) == expected


@given(logs())
@settings(max_examples=200, deadline=None)
def test_nothing_is_lost(log):
    """Every change is a head, or a later one was knowingly put in its place."""
    for place, found in replayed(log).items():
        here = [c for c in log if c.place == place]
        replaced = {basis for c in here for basis in c.based_on}
        assert set(found.heads) == {c.id for c in here} - replaced
        assert heads_of(here) == frozenset(found.heads)
