"""The rates of rules/exports.py with arrays: a million rows in seconds.

Every column is kept as small numbers, one for each different text; a rule is asked once for each different text and
then spread over the rows. Which rule says what stands in rules/exports.py, and is read from there."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from evenweave.indicators.exports.reading import Export
from evenweave.indicators.rules import Rate
from evenweave.indicators.rules.exports import (
    ASSESSMENT,
    CLUSTER,
    CYCLE,
    FACTORY,
    FINDING,
    INFORMATION,
    LABEL,
    MOST_NAMED,
    NAME,
    NOT_MET,
    OBSOLETE,
    POINT,
    QUESTION,
    STARTED,
    TYPE,
    AskedTwice,
    ExportRates,
    FactoryRate,
    Fault,
    PointRate,
    QuestionRate,
    RowCount,
    Selection,
    ToolMerges,
    checks_for,
    cluster_name,
    faults_in,
    is_number,
    month_of,
    natural,
    point_name,
)

LARGEST = 2**62
NEVER = -1  # the number of a cell whose row is bad anyway


class Column:
    """The cells of one column: `texts`, all different, and for each row the place of its text in them."""

    def __init__(self) -> None:
        self._places = _Places()
        self._parts: list[np.ndarray] = []
        self._codes: np.ndarray | None = None

    @property
    def texts(self) -> list[str]:
        return list(self._places.stripped)

    @property
    def codes(self) -> np.ndarray:
        if self._codes is None:
            self._codes = np.concatenate(self._parts) if self._parts else np.zeros(0, np.int32)
            self._parts = []
        return self._codes

    def add(self, cells: Sequence[str]) -> None:
        self._parts.append(np.fromiter(map(self._places.__getitem__, cells), np.int32, len(cells)))

    def keep(self, rows: np.ndarray) -> None:
        self._codes = self.codes[rows]

    def each(self, say: Callable[[str], object], kind: type) -> np.ndarray:
        """What `say` answers for the text of each row."""
        return self.values(say, kind)[self.codes]

    def values(self, say: Callable[[str], object], kind: type) -> np.ndarray:
        """What `say` answers for each different text."""
        return np.array([say(text) for text in self.texts], kind)

    def in_order(self, order: Callable[[str], object]) -> tuple["np.ndarray", list[str]]:
        """For each row the rank of its text, and the texts by rank."""
        texts = self.texts
        ranked = sorted(range(len(texts)), key=lambda place: order(texts[place]))
        ranks = np.zeros(len(texts), np.int64)
        ranks[ranked] = np.arange(len(texts))
        return ranks[self.codes], [texts[place] for place in ranked]


class _Places(dict):
    """Cell → place of its stripped text; a new text takes the next place."""

    def __init__(self) -> None:
        super().__init__()
        self.stripped: dict[str, int] = {}

    def __missing__(self, cell: str) -> int:
        self[cell] = place = self.stripped.setdefault(cell.strip(), len(self.stripped))
        return place


class Table:
    """The whole rows of an export as columns, and the faults of those that have too few or too many cells."""

    def __init__(self, export: Export, selection: Selection) -> None:
        self.headings = export.headings
        self.columns = [Column() for _heading in export.headings]
        self.broken: list[Fault] = []
        numbers = [self._add(first, rows, selection) for first, rows in export.batches]
        self.numbers = np.concatenate(numbers) if numbers else np.zeros(0, np.int64)
        self._leave_out_empty_rows()

    def _add(self, first: int, rows: list[list[str]], selection: Selection) -> np.ndarray:
        width = len(self.headings)
        numbers = np.arange(first, first + len(rows))
        if set(map(len, rows)) != {width}:
            whole = []
            for place, cells in enumerate(rows):
                if len(cells) == width:
                    whole.append(place)
                elif any(cell.strip() for cell in cells):
                    self.broken += faults_in(first + place, cells, self.headings, selection)
            rows, numbers = [rows[place] for place in whole], numbers[whole]
        for column, cells in zip(self.columns, zip(*rows, strict=True), strict=False):
            column.add(cells)
        return numbers

    def _leave_out_empty_rows(self) -> None:
        has_words = np.zeros(len(self.numbers), bool)
        for column in self.columns:
            has_words |= column.each(bool, bool)
        if not has_words.all():
            self.keep(has_words)

    def keep(self, rows: np.ndarray) -> None:
        """Only the rows where it is true."""
        self.numbers = self.numbers[rows]
        for column in self.columns:
            column.keep(rows)

    def __getitem__(self, heading: str) -> Column:
        return self.columns[self.headings.index(heading)]

    def __len__(self) -> int:
        return len(self.numbers)

    def cells(self, row: int) -> list[str]:
        return [column.texts[column.codes[row]] for column in self.columns]


def rates_of_export(export: Export, selection: Selection, merges: ToolMerges) -> ExportRates:
    """The same as `rules.exports.rates_of` says of the same table."""
    table = Table(export, selection)
    count = {"read": len(table) + len(table.broken)}
    faults = _take_out(table, selection, count)
    not_found = sorted(set(merges.old_labels) - _labels_in(table))
    answered = len(table)
    counted = _Counted(table, selection, merges)
    count |= {"not_selected": answered - len(counted.finding), "counted": len(counted.finding)}
    cycles: list[int | None] = [None] if selection.panel is None else list(range(1, selection.panel + 1))
    groups = [(cycle, counted if cycle is None else counted.only(counted.cycle == cycle)) for cycle in cycles]
    return ExportRates(
        factories=len(np.unique(counted.factory)),
        points=[rate for cycle, group in groups for rate in group.points(cycle)],
        questions=[rate for cycle, group in groups for rate in group.questions(cycle)],
        factory_rates=[rate for cycle, group in groups for rate in group.factories(cycle)],
        rows=RowCount(**count),
        faults=faults,
        asked_twice=counted.asked_twice(),
        merges_not_found=not_found,
    )


def _labels_in(table: Table) -> set[str]:
    labels = table[LABEL]
    return {labels.texts[place] for place in np.unique(labels.codes)}


# --- which rows are answers -------------------------------------------------------------------------


def _take_out(table: Table, selection: Selection, count: dict[str, int]) -> list[Fault]:
    """Leave only answers in the table, count what became of the others, and name the first faults."""

    def leave_out(name: str, rows: np.ndarray) -> None:
        count[name] = count.get(name, 0) + int(rows.sum())
        if rows.any():
            table.keep(~rows)

    # A factory is obsolete when any of its rows says so, also one that only gives information: hence asked first.
    obsolete = _is_obsolete(table)
    information = table[TYPE].each(lambda text: text == INFORMATION, bool)
    leave_out("information_only", information)
    leave_out("obsolete", obsolete[~information])
    leave_out("duplicates", _is_repeated(table))
    bad = _is_bad(table, selection)
    faults = _first_faults(table, bad, selection)
    count["bad"] = len(table.broken)
    leave_out("bad", bad)
    leave_out("not_applicable", table[FINDING].each(lambda text: text == "", bool))
    return faults


def _is_obsolete(table: Table) -> np.ndarray:
    by_name = table[NAME].each(lambda text: OBSOLETE in text, bool)
    factories = table[FACTORY]
    obsolete = np.zeros(len(factories.texts), bool)
    obsolete[factories.codes[by_name]] = True
    obsolete &= factories.values(bool, bool)
    return by_name | obsolete[factories.codes]


def _is_repeated(table: Table) -> np.ndarray:
    """Rows that say in every cell what an earlier row says."""
    rows = _joined([column.codes for column in table.columns], [len(column.texts) for column in table.columns])
    _different, firsts = np.unique(rows, return_index=True)
    repeated = np.ones(len(table), bool)
    repeated[firsts] = False
    return repeated


def _joined(codes: Sequence[np.ndarray], sizes: Sequence[int]) -> np.ndarray:
    """One number for each row, equal where all of its codes are equal."""
    joined, size = np.zeros(len(codes[0]), np.int64), 1
    for code, width in zip(codes, sizes, strict=True):
        if size * max(width, 1) >= LARGEST:
            different, joined = np.unique(joined, return_inverse=True)
            size = len(different)
        joined = joined * width + code
        size *= max(width, 1)
    return joined


def _is_bad(table: Table, selection: Selection) -> np.ndarray:
    bad = np.zeros(len(table), bool)
    for heading, check in checks_for(selection).items():
        bad |= table[heading].each(lambda text, check=check: check(text) != "", bool)
    return bad


def _first_faults(table: Table, bad: np.ndarray, selection: Selection) -> list[Fault]:
    found = table.broken[:MOST_NAMED]
    for row in np.flatnonzero(bad)[:MOST_NAMED]:
        found += faults_in(int(table.numbers[row]), table.cells(row), table.headings, selection)
    return sorted(found, key=lambda fault: fault.row)[:MOST_NAMED]


# --- which answers count, and their rates -------------------------------------------------------------


class _Counted:
    """The answers that count as columns of numbers: an assessment is a factory's Quest.ID, numbered by it."""

    def __init__(self, table: Table, selection: Selection, merges: ToolMerges) -> None:
        if selection.needs_day:
            table.keep(_is_in_window(table, selection))
        self.factory, self.factory_ids = table[FACTORY].in_order(natural)
        self.question, self.question_ids = table[QUESTION].in_order(natural)
        self.label, self.labels = _numbered(table[LABEL].texts, table[LABEL].codes, merges.newest)
        self.point, self.point_names = _points(table)
        self.finding = table[FINDING].each(lambda text: text in NOT_MET, np.int64)
        self.cycle = table[CYCLE].each(_number, np.int64) if selection.needs_cycle else np.zeros(len(table), np.int64)
        number, _ids = table[ASSESSMENT].in_order(natural)
        _known, self.assessment = np.unique(number * len(self.factory_ids) + self.factory, return_inverse=True)
        self.once = np.array([label in merges.counted_once for label in self.labels], bool)
        self._keep(self._are_selected(selection))

    def _are_selected(self, selection: Selection) -> np.ndarray:
        if selection.cycle is not None:
            return self.cycle == selection.cycle
        if selection.panel is not None:
            return (_highest(self.factory, self.cycle) >= selection.panel) & (self.cycle <= selection.panel) & (
                self.cycle >= 1
            )
        if selection.latest:
            return self.assessment == _highest(self.factory, self.assessment)
        return np.ones(len(self.finding), bool)

    def _keep(self, rows: np.ndarray) -> None:
        for name in ("factory", "question", "label", "point", "finding", "cycle", "assessment"):
            setattr(self, name, getattr(self, name)[rows])

    def only(self, rows: np.ndarray) -> "_Counted":
        """The same of some of the rows."""
        part = object.__new__(_Counted)
        part.__dict__.update(self.__dict__)
        part._keep(rows)
        return part

    def _assessed_points(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Each point of each assessment once: the assessment, the point, whether it has a finding (rule 1)."""
        pairs, which = np.unique(self.assessment * len(self.point_names) + self.point, return_inverse=True)
        has_finding = np.bincount(which, self.finding, len(pairs)) > 0
        return pairs // max(len(self.point_names), 1), pairs % max(len(self.point_names), 1), has_finding

    def points(self, cycle: int | None) -> Iterator[PointRate]:
        _assessment, point, has_finding = self._assessed_points()
        for place, rate in _rates(point, has_finding):
            yield PointRate(*self.point_names[place], rate, cycle)

    def factories(self, cycle: int | None) -> Iterator[FactoryRate]:
        assessment, _point, has_finding = self._assessed_points()
        factory_of = np.zeros(int(self.assessment.max(initial=0)) + 1, np.int64)
        factory_of[self.assessment] = self.factory
        for place, rate in _rates(factory_of[assessment], has_finding):
            yield FactoryRate(self.factory_ids[place], rate, cycle)

    def _asked_labels(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Each label of each assessment once: the label, its findings, how often it was asked (rules 3 and 8)."""
        pairs, which = np.unique(self.assessment * len(self.labels) + self.label, return_inverse=True)
        label = pairs % max(len(self.labels), 1)
        findings = np.bincount(which, self.finding, len(pairs)).astype(np.int64)
        times = np.bincount(which, minlength=len(pairs))
        once = self.once[label] if len(pairs) else np.zeros(0, bool)
        return label, np.where(once, np.minimum(findings, 1), findings), np.where(once, 1, times)

    def questions(self, cycle: int | None) -> Iterator[QuestionRate]:
        label, findings, _times = self._asked_labels()
        newest = np.full(len(self.labels), NEVER, np.int64)
        np.maximum.at(newest, self.label, self.question)
        for place, rate in _rates(label, findings):
            yield QuestionRate(self.question_ids[newest[place]], self.labels[place], rate, cycle)

    def asked_twice(self) -> list[AskedTwice]:
        label, _findings, times = self._asked_labels()
        places, assessments = np.unique(label[times > 1], return_counts=True)
        return [AskedTwice(self.labels[place], int(count)) for place, count in zip(places, assessments, strict=True)]


def _rates(key: np.ndarray, findings: np.ndarray) -> Iterator[tuple[int, Rate]]:
    """For each key in order: how many there are, and the sum of their findings."""
    different, which, assessed = np.unique(key, return_inverse=True, return_counts=True)
    found = np.bincount(which, findings, len(different)).astype(np.int64)
    for place, noncompliant, count in zip(different, found, assessed, strict=True):
        yield int(place), Rate(int(noncompliant), int(count))


def _highest(group: np.ndarray, value: np.ndarray) -> np.ndarray:
    """For each row the highest value of its group."""
    highest = np.full(int(group.max(initial=0)) + 1, NEVER, np.int64)
    np.maximum.at(highest, group, value)
    return highest[group]


def _number(text: str) -> int:
    return int(text) if is_number(text) else NEVER


def _is_in_window(table: Table, selection: Selection) -> np.ndarray:
    begun = table[STARTED].each(lambda text: NEVER if (month := month_of(text)) is None else month, np.int64)
    inside = np.ones(len(table), bool)
    if selection.first is not None:
        inside &= begun >= selection.first
    if selection.last is not None:
        inside &= begun <= selection.last
    return inside


def _numbered(texts: Sequence, codes: np.ndarray, name: Callable) -> tuple[np.ndarray, list]:
    """The rows' texts under their right names: a number for each row in the names' order, and the names."""
    names = [name(text) for text in texts]
    ordered = sorted(set(names))
    place = {one: number for number, one in enumerate(ordered)}
    return np.array([place[one] for one in names], np.int64)[codes], ordered


def _points(table: Table) -> tuple[np.ndarray, list[tuple[str, str]]]:
    """The points by cluster and name (rule 7)."""
    clusters, points = table[CLUSTER], table[POINT]
    width = max(len(points.texts), 1)
    pairs, which = np.unique(clusters.codes.astype(np.int64) * width + points.codes, return_inverse=True)
    cluster_texts, point_texts = clusters.texts, points.texts
    named = [(cluster_texts[pair // width], point_texts[pair % width]) for pair in pairs]
    return _numbered(named, which, lambda pair: (cluster_name(pair[0]), point_name(pair[1])))
