"""Whether two records may be the same factory, found among many without comparing each with each.

Weights and thresholds were chosen on 112 labelled pairs of the Open Apparel Registry (tests/data/facilities):
96 in 100 of the pairs that are the same are found, and three of four pairs found are the same. A person decides."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

NAME_WEIGHT = 0.4
SAME_AT_LEAST = 75
NAME_AT_LEAST = 60
NAME_ALONE_AT_LEAST = 90
# A word that more records than this share says nothing about which factory it is.
MOST_SHARING = 150


@dataclass(frozen=True, slots=True)
class Known:
    """A record to compare with: an id, and its match key's two halves."""

    id: int
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Match:
    id: int
    score: int


def halves(match_key: str) -> tuple[str, str]:
    """Name and address of a match key."""
    name, _bar, address = match_key.partition("|")
    return name, address


class Index:
    """Records by the rarer words of their name and address; asked for the best match of one record at a time."""

    def __init__(self, records: Iterable[Known]) -> None:
        self._records: list[Known] = []
        self._places: dict[str, list[int]] = defaultdict(list)
        for record in records:
            self.add(record)

    def add(self, record: Known) -> None:
        place = len(self._records)
        self._records.append(record)
        for word in _words(record.name, record.address):
            self._places[word].append(place)

    def best(self, name: str, address: str) -> Match | None:
        """The most similar record, when it is similar enough for a person to look at it."""
        found = [
            Match(record.id, score)
            for record in self._candidates(name, address)
            if (score := similarity(name, address, record.name, record.address)) is not None
        ]
        return max(found, key=lambda match: (match.score, -match.id), default=None)

    def _candidates(self, name: str, address: str) -> list[Known]:
        shared: Counter[int] = Counter()
        for word in _words(name, address):
            places = self._places.get(word, ())
            if len(places) <= MOST_SHARING:
                shared.update(places)
        return [self._records[place] for place, _count in shared.most_common(30)]


def _words(name: str, address: str) -> set[str]:
    squeezed = name.replace(" ", "")
    words = {f"n {word}" for word in name.split() if len(word) > 2}
    # Names written apart or with a slip still share their beginning and their end.
    words |= {f"b {squeezed[:5]}", f"e {squeezed[-6:]}"}
    parts = address.split()
    words |= {f"a {first} {second}" for first, second in pairwise(parts)}
    return words


def similarity(name: str, address: str, other_name: str, other_address: str) -> int | None:
    """From 0 to 100 how much two records resemble each other; None when nobody need look at the pair."""
    from rapidfuzz import fuzz

    names = max(
        fuzz.token_sort_ratio(name, other_name),
        fuzz.ratio(name.replace(" ", ""), other_name.replace(" ", "")),
    )
    if not address or not other_address:
        return round(names) if names >= NAME_ALONE_AT_LEAST else None
    if names < NAME_AT_LEAST:
        return None
    addresses = fuzz.token_sort_ratio(address, other_address)
    if min(len(address), len(other_address)) > 8:
        addresses = max(addresses, fuzz.partial_ratio(address, other_address))
    score = NAME_WEIGHT * names + (1 - NAME_WEIGHT) * addresses
    return round(score) if score >= SAME_AT_LEAST else None
