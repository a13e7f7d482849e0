"""What of a merge can go back: records that belong together go back together, or not at all. Plain Python."""

from collections.abc import Hashable, Iterable


def those_that_stay[T: Hashable](
    records: Iterable[T], ties: Iterable[tuple[T, T]], touched: Iterable[T]
) -> frozenset[T]:
    """The records that somebody has touched since, and all that are tied to them, however far."""
    beside: dict[T, set[T]] = {record: set() for record in records}
    for one, other in ties:
        beside.setdefault(one, set()).add(other)
        beside.setdefault(other, set()).add(one)
    staying: set[T] = set()
    reached = [record for record in touched if record in beside]
    while reached:
        record = reached.pop()
        if record not in staying:
            staying.add(record)
            reached += beside[record]
    return frozenset(staying)
