"""Reading tables that people send: XLSX and CSV, decided by content.

A spreadsheet is a hostile thing: a few kilobytes can unpack to gigabytes, or place one cell so far away that
reading it takes all memory. Everything is measured before it is read."""

import csv
import datetime as dt
import functools
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any
from xml.parsers import expat

from django.utils.formats import localize
from django.utils.translation import gettext as _

from evenweave.toolkit.refusals import Refused
from evenweave.toolkit.sheets.writing import FORMULA_SIGNS, GUARD

MEGABYTE = 1024 * 1024
type Value = str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta | None


@dataclass(frozen=True)
class Limits:
    """How much of a file is read. Sizes in bytes."""

    size: int = 10 * MEGABYTE
    unpacked: int = 200 * MEGABYTE
    rows: int = 50_000
    columns: int = 200
    cells: int = 2_000_000


@dataclass(frozen=True)
class Row:
    """One row. `number` is the row as Excel counts it; `cells` are as many as the table has headings,
    empty ones None."""

    number: int
    cells: tuple[Value, ...]


@dataclass(frozen=True)
class Table:
    """The first sheet of a file: unique headings, and the rows that are not empty."""

    headings: tuple[str, ...]
    rows: list[Row] = field(default_factory=list)

    def records(self) -> Iterator[tuple[int, dict[str, Value]]]:
        """Each row's number, and its values by heading."""
        for row in self.rows:
            yield row.number, dict(zip(self.headings, row.cells, strict=True))


def read_table(
    file: IO[bytes], filename: str, *, limits: Limits | None = None, field: str | None = None
) -> Table:
    """The table in an XLSX or CSV file: UTF-8 or Windows-1252, separated by comma, semicolon, tab or bar.

    Text is stripped, our own formula guard taken off. CSV cells are text; in XLSX dates are dates and numbers
    numbers. `filename` is only said in messages. Raises Refused, naming the place, for what cannot be read
    whole."""
    limits = limits or Limits()
    try:
        return _table(_cells(_read(file, limits), limits), limits)
    except Refused as refused:
        message = _("%(file)s: %(problem)s") % {"file": filename, "problem": refused.message}
        raise Refused(message, field=field) from refused.__cause__


def _read(file: IO[bytes], limits: Limits) -> bytes:
    content = file.read(limits.size + 1)
    if len(content) > limits.size:
        raise Refused(
            _("the file is larger than %(size)s MB. Split it and send the parts.")
            % {"size": localize(round(limits.size / MEGABYTE, 1))}
        )
    if not content.strip():
        raise Refused(_("the file is empty."))
    return content


def _cells(content: bytes, limits: Limits) -> Iterator[list[Value]]:
    if content.startswith(b"PK"):
        return _xlsx_cells(content, limits)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused(_("this is an old Excel file, or one with a password. Save it as .xlsx."))
    return _csv_cells(content)


# --- the table ------------------------------------------------------------


def _table(lines: Iterator[list[Value]], limits: Limits) -> Table:
    headings: tuple[str, ...] = ()
    rows: list[Row] = []
    for number, line in enumerate(lines, start=1):
        cells = [_clean(value) for value in line]
        while cells and cells[-1] is None:
            cells.pop()
        if not cells:
            continue
        if not headings:
            headings = _headings(cells, number, limits)
            continue
        if len(cells) > len(headings):
            raise Refused(
                _("row %(row)s has something in column %(column)s, which has no heading.")
                % {"row": number, "column": column_name(len(cells))}
            )
        if len(rows) >= limits.rows or (len(rows) + 1) * len(headings) > limits.cells:
            raise Refused(
                _("the table has more than %(rows)s rows. Split it and send the parts.")
                % {"rows": localize(len(rows))}
            )
        rows.append(Row(number, tuple(cells) + (None,) * (len(headings) - len(cells))))
    if not headings:
        raise Refused(_("the file is empty."))
    return Table(headings, rows)


def _headings(cells: list[Value], number: int, limits: Limits) -> tuple[str, ...]:
    if len(cells) > limits.columns:
        raise Refused(
            _("the table has %(columns)s columns; at most %(most)s are read.")
            % {"columns": localize(len(cells)), "most": localize(limits.columns)}
        )
    seen: dict[str, int] = {}
    for index, cell in enumerate(cells, start=1):
        if cell is None:
            raise Refused(
                _("column %(column)s has no heading in row %(row)s.")
                % {"column": column_name(index), "row": number}
            )
        name = " ".join(str(cell).split())
        if name.casefold() in {other.casefold() for other in seen}:
            first = next(place for other, place in seen.items() if other.casefold() == name.casefold())
            raise Refused(
                _("columns %(first)s and %(second)s have the same heading, “%(heading)s”.")
                % {"first": column_name(first), "second": column_name(index), "heading": name}
            )
        seen[name] = index
    return tuple(seen)


def column_name(index: int) -> str:
    """The letters over a column, counted from 1: 1 is A, 28 is AB."""
    letters = ""
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_index(name: str) -> int:
    """The place of a column, counted from 1, of the letters over it."""
    return functools.reduce(lambda index, sign: index * 26 + ord(sign) - 64, name.upper(), 0)


def _clean(value: Value) -> Value:
    if isinstance(value, str):
        value = value.strip()
        if value.startswith(GUARD) and value[1:].lstrip(" \n").startswith(FORMULA_SIGNS):
            value = value[1:]
        return value or None
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    return value


# --- CSV ------------------------------------------------------------


def _csv_cells(content: bytes) -> Iterator[list[Value]]:
    text = _decoded(content)
    if told := re.match(r"sep=([,;\t|])\r?\n", text):
        # Spreadsheets tell each other the separator in a line of its own; the line keeps its number.
        yield []
        text = text[told.end() :]
    delimiter = told[1] if told else _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        yield from reader
    except csv.Error as problem:
        raise Refused(
            _("line %(line)s cannot be read; a quotation mark may be missing or one too many.")
            % {"line": reader.line_num}
        ) from problem


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\x00" in content:
        encodings = []
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not re.search(r"[\x00-\x08\x0e-\x1f]", text):
            return text
    raise Refused(_("this is neither an Excel workbook (.xlsx) nor a CSV file."))


def _delimiter(text: str) -> str:
    # Quoted text may hold any of the signs: only those outside quotation marks separate.
    heading = re.sub(r'"[^"]*"', "", text.lstrip("\r\n").split("\n", 1)[0])
    return max(",;\t|", key=heading.count)


# --- XLSX ------------------------------------------------------------


def _xlsx_cells(content: bytes, limits: Limits) -> Iterator[list[Value]]:
    from python_calamine import load_workbook

    _measure(content, limits)
    try:
        rows = load_workbook(io.BytesIO(content)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    except BaseException as problem:
        # The reader is written in Rust: when it gives up on a file, that is no Exception.
        if isinstance(problem, Exception) or type(problem).__name__ == "PanicException":
            raise _unreadable() from problem
        raise
    yield from rows


def _unreadable() -> Refused:
    return Refused(_("this workbook cannot be read. Open it in Excel, save it as .xlsx and send that."))


def _measure(content: bytes, limits: Limits) -> None:
    """Unpacks the whole workbook once, keeping nothing, and refuses what is too large to be held."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            not_xml = _measure_members(archive, limits)
            _sheets_are_xml(archive, not_xml)
    except Refused:
        raise
    except Exception as problem:  # hostile archives break zipfile in many ways
        raise _unreadable() from problem


def _measure_members(archive: zipfile.ZipFile, limits: Limits) -> set[str]:
    members = archive.infolist()
    if len(members) > 2_000:
        raise _unreadable()
    if len({member.filename.lower() for member in members}) < len(members):
        raise _unreadable()
    left = limits.unpacked
    not_xml = set()
    for member in members:
        measure = _CellMeasure(limits)
        with archive.open(member) as stream:
            while chunk := stream.read(64 * 1024):
                left -= len(chunk)
                if left < 0:
                    raise Refused(_("the workbook is too large when unpacked. Split it and send the parts."))
                measure.feed(chunk)
        measure.feed(b"", is_last=True)
        if not measure.is_xml:
            not_xml.add(member.filename)
    return not_xml


def _sheets_are_xml(archive: zipfile.ZipFile, not_xml: set[str]) -> None:
    # A sheet that our parser cannot read was not measured, whatever it is called.
    relations = re.findall(rb"Target\s*=\s*[\"']([^\"']*)[\"']", archive.read("xl/_rels/workbook.xml.rels"))
    named = {target.decode("utf-8", "replace").rsplit("/", 1)[-1].lower() for target in relations}
    if named & {name.rsplit("/", 1)[-1].lower() for name in not_xml}:
        raise _unreadable()


class _CellMeasure:
    """Follows the cells of a sheet as it streams by, and stops when they would need too much room."""

    def __init__(self, limits: Limits):
        self.limits = limits
        self.is_xml = True
        self.row = self.column = self.furthest_column = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._element
        self.parser.StartDoctypeDeclHandler = self._doctype

    def feed(self, chunk: bytes, *, is_last: bool = False) -> None:
        if not self.is_xml:
            return
        try:
            self.parser.Parse(chunk, is_last)
        except expat.ExpatError:
            self.is_xml = False

    def _doctype(self, *_parts: Any) -> None:
        raise _unreadable()

    def _element(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rsplit(" ", 1)[-1]
        if local == "row":
            self.row = int(attributes.get("r") or self.row + 1)
            self.column = 0
        elif local == "c":
            self._cell(attributes.get("r"))
        else:
            return
        if self.row > self.limits.rows + 1 or self.furthest_column > self.limits.columns:
            raise Refused(
                _(
                    "the sheet is larger than %(rows)s rows or %(columns)s columns. Something stands in "
                    "row %(row)s, column %(column)s."
                )
                % {
                    "rows": localize(self.limits.rows),
                    "columns": localize(self.limits.columns),
                    "row": localize(self.row),
                    "column": column_name(max(self.column, 1)),
                }
            )
        if self.row * self.furthest_column > self.limits.cells:
            raise Refused(_("the sheet has too many cells. Split it and send the parts."))

    def _cell(self, reference: str | None) -> None:
        self.column += 1
        if reference:
            place = re.fullmatch(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})", reference.strip())
            if place is None:
                raise _unreadable()
            self.column = column_index(place[1])
            self.row = max(self.row, int(place[2]))
        self.furthest_column = max(self.furthest_column, self.column)
