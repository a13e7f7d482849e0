"""Reading an export and a list of tool merges: CSV as it comes, never more of it in memory than is needed.

Nothing here needs Django: the command is to begin at once."""

import csv
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO

from evenweave.indicators.rules.exports import COLUMNS, ToolMerges

ROWS_AT_A_TIME = 500  # few enough to stay in the processor's cache
BYTES_AT_A_TIME = 1 << 20
DELIMITERS = ",;\t|"
ENCODINGS = ("utf-8-sig", "cp1252")
# What R and spreadsheets make of a heading: "Quest ID", "Quest_ID"; and the one that is spelt wrong in every export.
RESPELT = {"assessmentstartdate": "assesmentstartdate"}
MERGE_COLUMNS = ("kind", "old label", "new label")
CONSOLIDATE, MERGE = "consolidate", "merge"


class UnreadableError(Exception):
    """The file cannot be used as it is; the message says what to change."""


@dataclass(frozen=True)
class Export:
    """An open export. `headings` are spelt as in COLUMNS; `batches` are rows with the number of the first of each
    batch, as a spreadsheet counts; empty lines are rows without cells."""

    headings: tuple[str, ...]
    batches: Iterator[tuple[int, list[list[str]]]]


@contextmanager
def opened(path: Path) -> Iterator[Export]:
    """Raises UnreadableError for what is no table, and names a column that is missing or there twice."""
    with path.open(encoding=_encoding(path), newline="") as file:
        delimiter = _delimiter(file)
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        headings = _headings(_next(reader))
        yield Export(headings, _batches(reader))


def _encoding(path: Path) -> str:
    """UTF-8, else what a spreadsheet in the west writes. The file is decoded once to know."""
    with path.open("rb") as file:
        start = file.read(2)
    if start in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    for encoding in ENCODINGS:
        try:
            with path.open(encoding=encoding, newline="") as file:
                while chunk := file.read(BYTES_AT_A_TIME):
                    if "\x00" in chunk:
                        raise UnreadableError("this is no CSV file.")
        except UnicodeDecodeError:
            continue
        return encoding
    raise UnreadableError("this is no text in UTF-8 or Windows-1252.")


def _delimiter(file: IO[str]) -> str:
    """The sign that separates the headings; quoted text may hold any of them."""
    first = re.sub(r'"[^"]*"', "", file.readline())
    file.seek(0)
    return max(DELIMITERS, key=first.count)


def _headings(row: Sequence[str]) -> tuple[str, ...]:
    spelt = {_letters(name): name for name in COLUMNS}
    found = tuple(spelt.get(_letters(cell), cell.strip()) for cell in row)
    missing = [name for name in COLUMNS if name not in found]
    if missing:
        raise UnreadableError(f"there is no column {', '.join(missing)}.")
    twice = [name for name in COLUMNS if found.count(name) > 1]
    if twice:
        raise UnreadableError(f"there is more than one column {', '.join(twice)}.")
    return found


def _letters(heading: str) -> str:
    letters = re.sub(r"[^a-z]", "", heading.lower())
    return RESPELT.get(letters, letters)


def _next(reader) -> list[str]:
    try:
        return next(reader, [])
    except csv.Error as problem:
        raise _broken(reader) from problem


def _batches(reader) -> Iterator[tuple[int, list[list[str]]]]:
    number = 2  # the headings are row 1
    while True:
        try:
            rows = list(islice(reader, ROWS_AT_A_TIME))
        except csv.Error as problem:
            raise _broken(reader) from problem
        if not rows:
            return
        yield number, rows
        number += len(rows)


def _broken(reader) -> UnreadableError:
    return UnreadableError(f"line {reader.line_num} cannot be read; a quotation mark may be missing or one too many.")


# --- tool merges ------------------------------------------------------------------------------------


def tool_merges(path: Path) -> ToolMerges:
    """A CSV file with the columns kind (consolidate or merge), old label, new label. Raises UnreadableError."""
    with path.open(encoding=_encoding(path), newline="") as file:
        reader = csv.reader(file, delimiter=_delimiter(file), strict=True)
        heads = [cell.strip().lower().replace("_", " ") for cell in _next(reader)]
        missing = [name for name in MERGE_COLUMNS if name not in heads]
        if missing:
            raise UnreadableError(f"there is no column {', '.join(missing)}.")
        found: dict[str, dict[str, str]] = {CONSOLIDATE: {}, MERGE: {}}
        for first, rows in _batches(reader):
            for number, cells in enumerate(rows, first):
                if any(cell.strip() for cell in cells):
                    _take(found, [cell.strip() for cell in cells], heads, number)
    _refuse_chains(found)
    return ToolMerges(consolidated=found[CONSOLIDATE], merged=found[MERGE])


def _take(found: dict[str, dict[str, str]], cells: list[str], heads: list[str], row: int) -> None:
    if len(cells) != len(heads):
        raise UnreadableError(f"row {row} has {len(cells)} cells where the headings are {len(heads)}.")
    kind, old, new = (cells[heads.index(name)] for name in MERGE_COLUMNS)
    if kind not in found:
        raise UnreadableError(f"row {row}: the kind is {CONSOLIDATE} or {MERGE}, not “{kind}”.")
    if not old or not new or old == new:
        raise UnreadableError(f"row {row}: an old label and another, new one are needed.")
    if any(old in labels for labels in found.values()):
        raise UnreadableError(f"row {row}: “{old}” has a new label already.")
    found[kind][old] = new


def _refuse_chains(found: dict[str, dict[str, str]]) -> None:
    old = {label for labels in found.values() for label in labels}
    for labels in found.values():
        for label, new in labels.items():
            if new in old:
                raise UnreadableError(f"“{new}”, the new label of “{label}”, is an old one itself: name the newest.")
