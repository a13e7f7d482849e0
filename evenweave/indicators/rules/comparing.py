"""The country beside one report: other factories' latest answers, counted by the questions and points of this tool.

The answers of an assessment are kept packed: one byte a scored question, in the order of its tool. Some factories were
assessed by an older version of the tool, or by a newer one; what they were asked is found by lineage. Whole columns of
answers are joined with one operation each, as numbers that hold one byte a factory, so that thousands of factories take
a hundredth of a second and no library."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from operator import or_

from evenweave.indicators.rules.rates import Rate, in_shares, is_shown, mean_of_shares
from evenweave.questionnaires.enums import Outcome
from evenweave.questionnaires.rules.tool import Point, Question, Tool

NOT_ASKED = 0
CODES = {Outcome.COMPLIANT: 1, Outcome.NONCOMPLIANT: 2, Outcome.NOT_APPLICABLE: 3, Outcome.UNABLE: 4}
IS_ASSESSED = bytes(code in (CODES[Outcome.COMPLIANT], CODES[Outcome.NONCOMPLIANT]) for code in range(256))
IS_FINDING = bytes(code == CODES[Outcome.NONCOMPLIANT] for code in range(256))

type Places = tuple[int, ...]  # of questions among the scored ones of a tool
type Flags = int  # one byte a factory, the first factory in the lowest: 1 or 0


@dataclass(frozen=True)
class Asked:
    """Where another tool asks what this one asks: for each question and point of this tool the places of those
    questions among the other's scored ones. What the other does not ask has no places."""

    questions: Mapping[str, Places]
    points: Mapping[str, Places]


@dataclass(frozen=True)
class Others:
    """A rate over other factories: of `n` assessed. A group below five has none."""

    n: int = 0
    rate: Fraction | None = None


NOBODY = Others()


@dataclass(frozen=True)
class Country:
    """The other factories beside a report, by key of point and cluster and by id of question. Of a cluster it is the
    mean of the factories' own rates in it."""

    points: Mapping[str, Others] = field(default_factory=dict)
    clusters: Mapping[str, Others] = field(default_factory=dict)
    questions: Mapping[str, Others] = field(default_factory=dict)


def asked_in(other: Tool, tool: Tool) -> Asked:
    """What `tool` asks, found in `other`."""
    places = {question.id: place for place, question in enumerate(other.scored)}
    points: dict[str, list[int]] = {}
    for place, question in enumerate(other.scored):
        points.setdefault(question.point, []).append(place)
    return Asked(
        questions={
            question.id: tuple(places[one.id] for one in same_questions(question, tool, other))
            for question in tool.scored
        },
        points={
            key: tuple(place for same in same_points(point, other) for place in points.get(same.key, ()))
            for key, point in tool.points.items()
        },
    )


def same_questions(question: Question, tool: Tool, other: Tool) -> list[Question]:
    """The scored questions of another tool that ask what this one asks: itself; else those of its lineage (the parts
    of a split, all that were merged into one); else those behind the same global question."""
    if other.has(question.id):
        return [one for one in [other.question(question.id)] if one.is_scored]
    of_lineage = _scored(one for root in question.roots for one in other.questions_from(root))
    return of_lineage or (_of_global(question, tool, other) if question.global_id else [])


def _of_global(question: Question, tool: Tool, other: Tool) -> list[Question]:
    known = {question.global_id}
    if tool.has(question.global_id):
        known |= set(tool.question(question.global_id).roots)
    return _scored(one for one in other.scored if not known.isdisjoint({one.id, one.global_id, *one.roots}))


def _scored(questions: Iterable[Question]) -> list[Question]:
    return list({one.id: one for one in questions if one.is_scored}.values())


def same_points(point: Point, other: Tool) -> list[Point]:
    """The point in another tool: by its key, or by the names that either says were merged."""
    return [
        one for one in other.points.values()
        if one.key == point.key or _names(one) & _merged(point) or _names(point) & _merged(one)
    ]


def _names(point: Point) -> set[str]:
    return {point.key.casefold(), point.title().casefold()}


def _merged(point: Point) -> set[str]:
    return {name.casefold() for name in point.merges}


class Comparison:
    """Counts others' answers tool by tool. `tool`: the one of the report they stand beside."""

    def __init__(self, tool: Tool) -> None:
        self.tool = tool
        self._questions: Counter[tuple[str, bool]] = Counter()
        self._points: Counter[tuple[str, bool]] = Counter()
        self._clusters: dict[str, tuple[int, int]] = {}

    def add(self, other: Tool, vectors: Sequence[bytes]) -> None:
        """Count factories that were assessed by this tool: the packed answers of each."""
        if not vectors:
            return
        asked, answers = asked_in(other, self.tool), _Answers(vectors)
        for question_id, places in asked.questions.items():
            _count(self._questions, question_id, answers.assessed(places), answers.found(places))
        for cluster in self.tool.clusters:
            flags = {
                point.key: (answers.assessed(asked.points[point.key]), answers.found(asked.points[point.key]))
                for point in cluster.points
            }
            for key, (assessed, found) in flags.items():
                _count(self._points, key, assessed, found)
            self._add_cluster(cluster.key, list(flags.values()), len(vectors))

    def _add_cluster(self, key: str, points: Sequence[tuple[Flags, Flags]], factories: int) -> None:
        # Flags add up byte by byte: no cluster has the 256 points that would carry over into the next factory.
        assessed = sum(one for one, _found in points).to_bytes(factories, "little")
        found = sum(one for _assessed, one in points).to_bytes(factories, "little")
        rates = Counter(pair for pair in zip(found, assessed, strict=True) if pair[1])
        count, shares = self._clusters.get(key, (0, 0))
        shares += sum(in_shares(Rate(*pair)) * times for pair, times in rates.items())
        self._clusters[key] = count + rates.total(), shares

    def country(self) -> Country:
        return Country(
            points=_told(self._points),
            clusters={
                key: Others(count, mean_of_shares(shares, count) if is_shown(count) else None)
                for key, (count, shares) in self._clusters.items()
            },
            questions=_told(self._questions),
        )


class _Answers:
    """The answers of several factories by one tool: for each question whom it was asked, and who has a finding."""

    def __init__(self, vectors: Sequence[bytes]) -> None:
        answers, width = b"".join(vectors), len(vectors[0])
        columns = [answers[place::width] for place in range(width)]
        self._assessed = [_flags(column, IS_ASSESSED) for column in columns]
        self._found = [_flags(column, IS_FINDING) for column in columns]

    def assessed(self, places: Places) -> Flags:
        """Which factories answered at least one of these questions with yes or no."""
        return reduce(or_, (self._assessed[place] for place in places), 0)

    def found(self, places: Places) -> Flags:
        """Which factories have a finding in at least one of these questions."""
        return reduce(or_, (self._found[place] for place in places), 0)


def _flags(column: bytes, table: bytes) -> Flags:
    return int.from_bytes(column.translate(table), "little")


def _count(counter: Counter, key: str, assessed: Flags, found: Flags) -> None:
    counter[key, False] += assessed.bit_count()
    counter[key, True] += found.bit_count()


def _told(counter: Counter) -> dict[str, Others]:
    return {
        key: Others(n, Fraction(counter[key, True], n) if is_shown(n) else None)
        for (key, is_finding), n in counter.items() if not is_finding and n
    }
