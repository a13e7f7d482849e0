"""Rates of an export from another system, row by row: what they mean, in the plainest words we have.

An export is one table with a row for each question of each assessment, under the headings of COLUMNS. The numbers in
brackets are those of the rules of Better Work's own manual (docs/rates.md). `evenweave rates` computes the same with
arrays, a hundred times faster; a test holds the two to each other on any table."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from evenweave.indicators.rules.rates import (
    Rate,
    Row,
    balanced_panel,
    by_assessment,
    factory_rate,
    latest_only,
    point_rates,
    point_statuses,
    question_rates,
)

FACTORY, NAME, ASSESSMENT = "Factory.Assessed.ID", "Factory.Assessed.Name", "Quest.ID"
CYCLE, STARTED = "Cycle", "Assesment.Start.Date"
CLUSTER, POINT = "Cluster", "CP"
QUESTION, LABEL, TYPE, FINDING = "Question.ID", "Q.Label", "Question.type", "Finding"
COLUMNS = (
    "Country", FACTORY, NAME, ASSESSMENT, "TQ.Name", CYCLE, STARTED, CLUSTER, POINT, QUESTION, LABEL, TYPE, FINDING,
    "Tags",
)
SCORED, INFORMATION = "NCQ", "FGW"
# A table program that found an empty cell in the column writes the others as 0.0 and 1.0.
MET, NOT_MET = ("0", "0.0"), ("1", "1.0")
OBSOLETE = "(Obsolete)"

# Rule 7: names that are one thing in every trend, always.
MERGED_POINT = "Hazardous Work and other Worst Forms"
POINTS = {"Hazardous Work": MERGED_POINT, "Unconditional Worst Forms": MERGED_POINT}
CLUSTERS = {"Systems": "Occupational Safety and Health"}

MOST_NAMED = 100  # bad cells that are told one by one; all are counted
MOST_SHOWN = 40  # letters of a bad cell in its message
MOST_DIGITS = 18

type Cells = Sequence[str]  # the stripped cells of a row, in the order of the headings
type Month = int  # months since the year 0


def month(day: date) -> Month:
    return day.year * 12 + day.month - 1


@dataclass(frozen=True)
class Selection:
    """Which assessments count: all, or the latest of each factory, or one cycle, or the panel of the factories that
    reached a cycle; and those begun in a window of months, both ends included (rules 4 to 6)."""

    latest: bool = False
    cycle: int | None = None
    panel: int | None = None
    first: Month | None = None
    last: Month | None = None

    @property
    def needs_cycle(self) -> bool:
        return self.cycle is not None or self.panel is not None

    @property
    def needs_day(self) -> bool:
        return self.first is not None or self.last is not None


@dataclass(frozen=True)
class ToolMerges:
    """Rule 8: old label → newest label. `consolidated` are only renamed; of `merged` ones, together with the newest,
    an assessment counts at most one finding. A newest label is never itself an old one."""

    consolidated: Mapping[str, str] = field(default_factory=dict)
    merged: Mapping[str, str] = field(default_factory=dict)

    def newest(self, label: str) -> str:
        return self.consolidated.get(label) or self.merged.get(label) or label

    @property
    def counted_once(self) -> frozenset[str]:
        return frozenset(self.merged.values())

    @property
    def old_labels(self) -> list[str]:
        return sorted({*self.consolidated, *self.merged})


@dataclass(frozen=True)
class Fault:
    """What is wrong with one cell. `row` counts as a spreadsheet does: the headings are row 1."""

    row: int
    column: str
    message: str


@dataclass(frozen=True)
class RowCount:
    """What became of every row; all but `read` add up to it."""

    read: int = 0
    information_only: int = 0
    obsolete: int = 0
    duplicates: int = 0
    bad: int = 0
    not_applicable: int = 0
    not_selected: int = 0
    counted: int = 0


@dataclass(frozen=True)
class PointRate:
    cluster: str
    point: str
    rate: Rate
    cycle: int | None = None


@dataclass(frozen=True)
class QuestionRate:
    """`question_id`: the greatest of the ids that the label has in the rows counted."""

    question_id: str
    label: str
    rate: Rate
    cycle: int | None = None


@dataclass(frozen=True)
class FactoryRate:
    factory: str
    rate: Rate
    cycle: int | None = None


@dataclass(frozen=True)
class AskedTwice:
    """A label that some assessments hold more than once: its rate is the manual's sum of findings, and may pass 1."""

    label: str
    assessments: int


@dataclass(frozen=True)
class ExportRates:
    """Points by cluster and name, questions by label, factories by id; in a panel cycle by cycle."""

    factories: int
    points: list[PointRate]
    questions: list[QuestionRate]
    factory_rates: list[FactoryRate]
    rows: RowCount
    faults: list[Fault]
    asked_twice: list[AskedTwice]
    merges_not_found: list[str]


def rates_of(
    headings: Sequence[str], rows: Iterable[tuple[int, Cells]], selection: Selection, merges: ToolMerges
) -> ExportRates:
    """`rows`: each with its number as a spreadsheet counts; a row without any word is none. Raises ValueError when a
    column of COLUMNS is missing."""
    place = places(headings)
    stripped = [(number, [cell.strip() for cell in cells]) for number, cells in rows]
    table = [(number, cells) for number, cells in stripped if any(cells)]
    count: dict[str, int] = defaultdict(int, read=len(table))
    faults: list[Fault] = []
    whole = [(number, cells) for number, cells in table if len(cells) == len(headings)]
    obsolete = {cells[place[FACTORY]] for _number, cells in whole if OBSOLETE in cells[place[NAME]]} - {""}
    seen = set()
    answers = []
    for number, cells in table:
        wrong = faults_in(number, cells, headings, selection)
        if len(cells) != len(headings):
            became = "bad"
        elif cells[place[TYPE]] == INFORMATION:
            became = "information_only"
        elif OBSOLETE in cells[place[NAME]] or cells[place[FACTORY]] in obsolete:
            became = "obsolete"
        elif tuple(cells) in seen:
            became = "duplicates"
        elif wrong:
            became = "bad"
        elif cells[place[FINDING]] == "":
            became = "not_applicable"
        else:
            became = "answers"
            answers.append({name: cells[place[name]] for name in COLUMNS})
        seen.add(tuple(cells))
        count[became] += 1
        if became == "bad":
            faults += wrong
    answered = count.pop("answers", 0)
    chosen = _chosen(answers, selection, merges)
    counted = sum(len(group) for group in chosen.values())
    every_row = [row for group in chosen.values() for row in group]
    return ExportRates(
        factories=len({row.factory for row in every_row}),
        points=[rate for cycle, group in chosen.items() for rate in _points(group, cycle)],
        questions=[rate for cycle, group in chosen.items() for rate in _questions(group, cycle, merges)],
        factory_rates=[rate for cycle, group in chosen.items() for rate in _factories(group, cycle)],
        rows=RowCount(**count, not_selected=answered - counted, counted=counted),
        faults=faults[:MOST_NAMED],
        asked_twice=_asked_twice(every_row, merges),
        merges_not_found=sorted(set(merges.old_labels) - {answer[LABEL] for answer in answers}),
    )


def places(headings: Sequence[str]) -> dict[str, int]:
    """Where each column stands. Raises ValueError naming those that are missing, or there twice."""
    missing = [name for name in COLUMNS if name not in headings]
    if missing:
        raise ValueError(f"no column {', '.join(missing)}")
    twice = [name for name in COLUMNS if list(headings).count(name) > 1]
    if twice:
        raise ValueError(f"more than one column {', '.join(twice)}")
    return {name: list(headings).index(name) for name in COLUMNS}


# --- what a cell may hold ---------------------------------------------------------------------------


def faults_in(number: int, cells: Cells, headings: Sequence[str], selection: Selection) -> list[Fault]:
    """Everything that is wrong with a row whose answer would count."""
    if len(cells) != len(headings):
        return [Fault(number, "", f"has {len(cells)} cells where the headings are {len(headings)}")]
    checks = checks_for(selection)
    found = [(name, checks[name](cell)) for name, cell in zip(headings, cells, strict=True) if name in checks]
    return [Fault(number, name, message) for name, message in found if message]


def checks_for(selection: Selection) -> dict[str, Callable[[str], str]]:
    """For each column that the selection needs: what is wrong with a cell of it, "" for nothing."""
    checks: dict[str, Callable[[str], str]] = dict.fromkeys(
        (FACTORY, ASSESSMENT, CLUSTER, POINT, QUESTION, LABEL), _must_be_there
    )
    checks |= {TYPE: _fault_in_type, FINDING: _fault_in_finding}
    if selection.latest:
        checks[ASSESSMENT] = _must_be_a_number
    if selection.needs_cycle:
        checks[CYCLE] = _must_be_a_number
    if selection.needs_day:
        checks[STARTED] = _fault_in_day
    return checks


def _must_be_there(cell: str) -> str:
    return "" if cell else "is empty"


def _must_be_a_number(cell: str) -> str:
    return "" if is_number(cell) else f"{_shown(cell)} is no whole number of at most {MOST_DIGITS} digits"


def _fault_in_type(cell: str) -> str:
    return "" if cell in (SCORED, INFORMATION) else f"{_shown(cell)} is neither {SCORED} nor {INFORMATION}"


def _fault_in_finding(cell: str) -> str:
    return "" if cell in (*MET, *NOT_MET, "") else f"{_shown(cell)} is neither 0 nor 1 nor empty"


def _fault_in_day(cell: str) -> str:
    return "" if month_of(cell) is not None else f"{_shown(cell)} is no day written dd/mm/yyyy"


def month_of(cell: str) -> Month | None:
    """The month of a day written dd/mm/yyyy; None for anything else, 31/02/2017 included."""
    parts = cell.split("/")
    if [len(part) for part in parts[2:]] != [4] or not all(is_number(part) and len(part) <= 4 for part in parts):
        return None
    try:
        return month(date(int(parts[2]), int(parts[1]), int(parts[0])))
    except ValueError:
        return None


def is_number(cell: str) -> bool:
    return cell.isascii() and cell.isdigit() and len(cell) <= MOST_DIGITS


def _shown(cell: str) -> str:
    return f"“{cell[:MOST_SHOWN]}{'…' if len(cell) > MOST_SHOWN else ''}”"


def natural(text: str) -> tuple[bool, int, str]:
    """The order of ids: numbers as numbers, before anything else."""
    return (False, int(text), text) if is_number(text) else (True, 0, text)


def cluster_name(cluster: str) -> str:
    return CLUSTERS.get(cluster, cluster)


def point_name(point: str) -> str:
    return POINTS.get(point, point)


# --- which assessments count ------------------------------------------------------------------------


def _chosen(
    answers: Sequence[Mapping[str, str]], selection: Selection, merges: ToolMerges
) -> dict[int | None, list[Row]]:
    """The rows that count: of a panel by cycle, else all under None."""
    inside = [answer for answer in answers if _is_in_window(answer[STARTED], selection)]
    rows = _as_rows(inside, selection, merges)
    if selection.panel is not None:
        return dict(balanced_panel(rows, selection.panel))
    if selection.cycle is not None:
        return {None: [row for row in rows if row.cycle == selection.cycle]}
    return {None: latest_only(rows) if selection.latest else rows}


def _is_in_window(started: str, selection: Selection) -> bool:
    if not selection.needs_day:
        return True
    begun = month_of(started)
    return (selection.first is None or selection.first <= begun) and (
        selection.last is None or begun <= selection.last
    )


def _as_rows(answers: Sequence[Mapping[str, str]], selection: Selection, merges: ToolMerges) -> list[Row]:
    """The same as rows of our own rates. An assessment is a factory's Quest.ID; its number grows with that."""
    known = sorted({(natural(answer[ASSESSMENT]), answer[FACTORY]) for answer in answers})
    number = {one: place for place, one in enumerate(known)}
    return [
        Row(
            factory=answer[FACTORY],
            assessment=number[natural(answer[ASSESSMENT]), answer[FACTORY]],
            cycle=int(answer[CYCLE]) if selection.needs_cycle else 0,
            cluster=cluster_name(answer[CLUSTER]),
            point=(cluster_name(answer[CLUSTER]), point_name(answer[POINT])),
            question=(merges.newest(answer[LABEL]), answer[QUESTION]),
            finding=int(answer[FINDING] in NOT_MET),
        )
        for answer in answers
    ]


# --- the rates --------------------------------------------------------------------------------------


def _points(rows: list[Row], cycle: int | None) -> list[PointRate]:
    """Rules 1 and 2."""
    found = point_rates(point_statuses(group) for group in by_assessment(rows).values())
    return [PointRate(cluster, point, rate, cycle) for (cluster, point), rate in sorted(found.items(), key=_by_key)]


def _by_key(entry: tuple) -> tuple:
    return entry[0]


def _questions(rows: list[Row], cycle: int | None, merges: ToolMerges) -> list[QuestionRate]:
    """Rules 3 and 8."""
    ids: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        label, question_id = row.question
        ids[label].add(question_id)
    found = question_rates(_by_label(rows, merges))
    return [
        QuestionRate(max(ids[label], key=natural), label, rate, cycle)
        for label, rate in sorted(found.items(), key=_by_key)
    ]


def _by_label(rows: Iterable[Row], merges: ToolMerges) -> list[Row]:
    """A row for each label an assessment was asked, under its newest name; merged ones at most once, with a finding
    when any of them has one."""
    single: list[Row] = []
    once: dict[tuple[int, str], Row] = {}
    for row in rows:
        label, _question_id = row.question
        named = Row(row.factory, row.assessment, row.cycle, row.cluster, row.point, label, row.finding)
        if label not in merges.counted_once:
            single.append(named)
        elif (row.assessment, label) not in once or row.finding:
            once[row.assessment, label] = named
    return [*single, *once.values()]


def _factories(rows: list[Row], cycle: int | None) -> list[FactoryRate]:
    """Non-compliant points over points assessed, over all assessments of the factory that count."""
    found: dict[str, list[Rate]] = defaultdict(list)
    for group in by_assessment(rows).values():
        found[group[0].factory].append(factory_rate(point_statuses(group)))
    return [
        FactoryRate(
            factory, Rate(sum(one.noncompliant for one in rates), sum(one.assessed for one in rates)), cycle
        )
        for factory, rates in sorted(found.items(), key=lambda entry: natural(entry[0]))
    ]


def _asked_twice(rows: Iterable[Row], merges: ToolMerges) -> list[AskedTwice]:
    asked: dict[tuple[str, int], int] = defaultdict(int)
    for row in _by_label(rows, merges):
        asked[row.question, row.assessment] += 1
    twice = Counter(label for (label, _assessment), times in asked.items() if times > 1)
    return [AskedTwice(label, assessments) for label, assessments in sorted(twice.items())]
