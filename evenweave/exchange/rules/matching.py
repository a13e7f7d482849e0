"""Whether two records may be the same factory, found among many without comparing each with each.

Weights and thresholds were chosen on 112 labelled pairs of the Open Apparel Registry (tests/data/facilities), for
recall: a person decides about every pair found, and a pair that is not found is seen by nobody."""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np

NAME_WEIGHT = 0.4
SAME_AT_LEAST = 75
NAME_AT_LEAST = 60
NAME_ALONE_AT_LEAST = 90
# Shorter addresses lie inside any other by chance.
PART_OF_AT_LEAST = 9
# A mark that more records than this share says nothing about which factory it is.
MOST_SHARING = 60
MOST_CANDIDATES = 16
ROWS_A_ROUND = 2_000

Progress = Callable[[int, int], None]


class Half(NamedTuple):
    """A record to compare: the two halves of its match key."""

    name: str
    address: str


class Match(NamedTuple):
    """The place of the record that is most alike, and how much of 100."""

    place: int
    score: int


def halves(match_key: str) -> Half:
    """Name and address of a match key."""
    name, _bar, address = match_key.partition("|")
    return Half(name, address)


def likenesses(one: Half, others: Sequence[Half]) -> list[int | None]:
    """How much of 100 each of the others resembles a record; None when nobody need look at the pair."""
    return [score or None for score in _scores([one] * len(others), others).tolist()]


def best_matches(
    known: Sequence[Half], new: Sequence[Half], progress: Progress = lambda _done, _of: None
) -> list[Match | None]:
    """For each new record the most similar one among those known and the new ones before it, when it is similar
    enough for a person to look at it. Places count the known ones first, then the new."""
    records = [*known, *new]
    found: list[Match | None] = []
    if not new:
        return found
    for first, ours, theirs in _candidates(records, len(known)):
        scores = _scores([records[place] for place in ours], [records[place] for place in theirs])
        best: dict[int, Match] = {}
        for our, their, score in zip(ours, theirs, scores.tolist(), strict=True):
            if score and (our not in best or score > best[our].score):
                best[our] = Match(their, score)
        until = min(first + ROWS_A_ROUND, len(records))
        found += [best.get(place) for place in range(first, until)]
        progress(until - len(known), len(new))
    return found


def _candidates(records: Sequence[Half], first_new: int) -> Iterator[tuple[int, list[int], list[int]]]:
    """For each round of new records the pairs worth a look: (first of the round, places, places of earlier records),
    those that share the rarest marks, the earlier record first where two share as much."""
    import numpy as np

    owners, marks, weights, starts, sizes = _postings(records)
    by_owner = np.argsort(owners, kind="stable")
    begins = np.searchsorted(owners[by_owner], np.arange(len(records) + 1))
    for first in range(first_new, len(records), ROWS_A_ROUND):
        until = min(first + ROWS_A_ROUND, len(records))
        entries = by_owner[begins[first] : begins[until]]
        used = marks[entries]
        lengths = sizes[used]
        # Each mark of each record meets everybody who has the mark: their places lie together in `owners`.
        left = np.repeat(owners[entries], lengths)
        offsets = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        right = owners[np.repeat(starts[used], lengths) + offsets]
        weight = np.repeat(weights[used], lengths)
        earlier = right < left
        yield first, *_heaviest(left[earlier], right[earlier], weight[earlier], len(records))


def _heaviest(left: "np.ndarray", right: "np.ndarray", weight: "np.ndarray", size: int) -> tuple[list[int], list[int]]:
    """Of each record's pairs those with the most weight in common, at most MOST_CANDIDATES."""
    import numpy as np

    pairs, which = np.unique(left * size + right, return_inverse=True)
    shared = np.bincount(which, weights=weight, minlength=len(pairs))
    ours, theirs = pairs // size, pairs % size
    order = np.lexsort((theirs, -shared, ours))
    ours, theirs = ours[order], theirs[order]
    rank = np.arange(len(ours)) - np.searchsorted(ours, ours)
    kept = rank < MOST_CANDIDATES
    return ours[kept].tolist(), theirs[kept].tolist()


def _postings(records: Sequence[Half]) -> "tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]":
    """Who has which mark, without the marks that one or too many have: owners and marks side by side, those of one
    mark together; and for each mark what it weighs, where its owners begin and how many they are."""
    import numpy as np

    numbers: dict[str, int] = {}
    owners, marks = [], []
    for place, record in enumerate(records):
        for mark in _marks(record):
            owners.append(place)
            marks.append(numbers.setdefault(mark, len(numbers)))
    owner_of, mark_of = np.asarray(owners, dtype=np.int64), np.asarray(marks, dtype=np.int64)
    sizes = np.bincount(mark_of, minlength=len(numbers))
    useful = ((sizes > 1) & (sizes <= MOST_SHARING))[mark_of]
    owner_of, mark_of = owner_of[useful], mark_of[useful]
    order = np.argsort(mark_of, kind="stable")
    owner_of, mark_of = owner_of[order], mark_of[order]
    starts = np.searchsorted(mark_of, np.arange(len(numbers)))
    weights = np.log(len(records) + 1) - np.log(np.maximum(sizes, 1))
    return owner_of, mark_of, weights, starts, sizes


def _marks(record: Half) -> set[str]:
    squeezed = record.name.replace(" ", "")
    # Names written apart or with a slip still share their beginning and their end.
    marks = {f"b {squeezed[:5]}", f"e {squeezed[-6:]}"}
    marks |= {f"n {word}" for word in record.name.split() if len(word) > 2}
    marks |= {f"a {first} {second}" for first, second in pairwise(record.address.split())}
    return marks


def _scores(ours: Sequence[Half], theirs: Sequence[Half]) -> "np.ndarray":
    """How alike the records of each pair are, from SAME_AT_LEAST to 100; 0 when nobody need look at the pair."""
    import numpy as np

    names = np.maximum(
        _likeness([_in_order(one.name) for one in ours], [_in_order(one.name) for one in theirs]),
        _likeness([one.name.replace(" ", "") for one in ours], [one.name.replace(" ", "") for one in theirs]),
    )
    both = np.asarray([bool(our.address and their.address) for our, their in zip(ours, theirs, strict=True)])
    both = both.astype(bool)
    scores = np.where(~both & (names >= NAME_ALONE_AT_LEAST), names, 0)
    near = np.flatnonzero(both & (names >= NAME_AT_LEAST))
    addresses = _addresses([ours[place].address for place in near], [theirs[place].address for place in near])
    together = NAME_WEIGHT * names[near] + (1 - NAME_WEIGHT) * addresses
    scores[near] = np.where(together >= SAME_AT_LEAST, together, 0)
    return np.rint(scores).astype(int)


def _addresses(ours: list[str], theirs: list[str]) -> "np.ndarray":
    import numpy as np
    from rapidfuzz import fuzz

    likeness = _likeness([_in_order(text) for text in ours], [_in_order(text) for text in theirs])
    # One may say less than the other; asked only where it can still matter.
    rest = [
        place for place, (one, other) in enumerate(zip(ours, theirs, strict=True))
        if min(len(one), len(other)) >= PART_OF_AT_LEAST and likeness[place] < 100
    ]
    parts = _likeness([ours[place] for place in rest], [theirs[place] for place in rest], fuzz.partial_ratio)
    likeness[rest] = np.maximum(likeness[rest], parts)
    return likeness


def _likeness(ours: Sequence[str], theirs: Sequence[str], scorer=None) -> "np.ndarray":
    import numpy as np
    from rapidfuzz import fuzz, process

    if not ours:
        return np.zeros(0, dtype=np.float64)
    return process.cpdist(ours, theirs, scorer=scorer or fuzz.ratio, dtype=np.float64)


def _in_order(text: str) -> str:
    return " ".join(sorted(text.split()))
