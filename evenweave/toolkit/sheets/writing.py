"""Writing tables as XLSX and CSV.

Text that people typed may begin with a sign that a spreadsheet takes for a formula. Every such text is
guarded: in a workbook it is a string cell, and in both kinds of file an apostrophe stands before it, so that
it stays text when the file is saved as something else."""

import csv
import datetime as dt
import io
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import xlsxwriter

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
GUARD = "'"
# What Excel holds in a cell, in a link, in the name of a sheet.
CELL_LIMIT = 32_767
LINK_LIMIT = 2_000
NAME_LIMIT = 31
CUT = " […]"


@dataclass(frozen=True)
class Column:
    """One column. `width` in characters; `kind` says how its values are written: a date as a real date, a
    number as a number, a url as a link. A value of another type than its column says is written as text.
    `is_input`: to be filled in, the one kind of cell that a protected sheet leaves open; `is_hidden`: for the reader
    of the file that comes back, not for people."""

    title: str
    width: float = 16
    kind: Literal["text", "date", "number", "url"] = "text"
    is_input: bool = False
    is_hidden: bool = False


@dataclass(frozen=True)
class Pick:
    """A cell that takes one of a few words, offered as a list; or, without words, a number from 0 up. `value`: what
    stands in it."""

    value: Any = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """One sheet: headings in row 1, then `rows`, read once.

    `freeze` is the first cell that scrolls ("C2" keeps the headings and two columns); `note` is shown when
    the reader points at the first heading. `is_protected`: only input columns can be typed in (no password: it keeps
    from slips, not from people)."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]
    freeze: str | None = "A2"
    autofilter: bool = True
    note: str = ""
    is_protected: bool = False


def guarded(text: str) -> str:
    """The text as it may stand in a spreadsheet cell: never the beginning of a formula, never too long."""
    if text.lstrip(" \n").startswith(FORMULA_SIGNS):
        text = GUARD + text
    return text if len(text) <= CELL_LIMIT else text[: CELL_LIMIT - len(CUT)] + CUT


def write_workbook(
    sheets: Sequence[Sheet], *, title: str = "", created_at: dt.datetime | None = None
) -> bytes:
    """The sheets as one XLSX file, written row by row so that its size costs no memory.

    With `created_at` (UTC) the same sheets give the same bytes."""
    import xlsxwriter

    out = io.BytesIO()
    workbook = xlsxwriter.Workbook(
        out,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    created = {"created": created_at.replace(tzinfo=None)} if created_at else {}
    workbook.set_properties({"title": title, "author": "", **created})
    formats = {
        "heading": workbook.add_format({"bold": True, "bottom": 2, "text_wrap": True, "valign": "bottom"}),
        "text": workbook.add_format({"text_wrap": True, "valign": "top"}),
        "number": workbook.add_format({"valign": "top"}),
        "date": workbook.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"}),
        "time": workbook.add_format({"num_format": "yyyy-mm-dd hh:mm", "valign": "top", "align": "left"}),
        "url": workbook.add_format({"font_color": "#0D535A", "underline": 1, "valign": "top"}),
        "input": workbook.add_format(
            {"text_wrap": True, "valign": "top", "locked": False, "bg_color": "#FBF6E9", "border": 1,
             "border_color": "#C9BFA5"}
        ),
    }
    taken: set[str] = set()
    for sheet in sheets:
        _write_sheet(workbook.add_worksheet(_sheet_name(sheet.name, taken)), sheet, formats)
    workbook.close()
    return out.getvalue()


def write_csv(columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> bytes:
    """The rows as CSV: UTF-8 with a mark that Excel needs, comma, ISO dates, formula signs guarded."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([guarded(column.title) for column in columns])
    for row in rows:
        writer.writerow([_csv_value(value) for value in row])
    return out.getvalue().encode("utf-8-sig")


def _sheet_name(name: str, taken: set[str]) -> str:
    clean = re.sub(r"[\[\]:*?/\\]", " ", name).strip().strip("'")[:NAME_LIMIT] or "Sheet"
    unique, number = clean, 2
    while unique.lower() in taken:
        unique = f"{clean[: NAME_LIMIT - 4]} ({number})"
        number += 1
    taken.add(unique.lower())
    return unique


def _write_sheet(worksheet: "xlsxwriter.worksheet.Worksheet", sheet: Sheet, formats: dict[str, Any]) -> None:
    for index, column in enumerate(sheet.columns):
        worksheet.set_column(index, index, column.width, None, {"hidden": column.is_hidden})
        worksheet.write_string(0, index, guarded(column.title), formats["heading"])
    if sheet.freeze:
        worksheet.freeze_panes(sheet.freeze)
    if sheet.note:
        worksheet.write_comment(0, 0, sheet.note)
    worksheet.repeat_rows(0)
    worksheet.set_landscape()
    worksheet.set_paper(9)
    worksheet.fit_to_pages(1, 0)
    last = 0
    for last, row in enumerate(sheet.rows, start=1):
        for index, (column, value) in enumerate(zip(sheet.columns, row, strict=True)):
            if isinstance(value, Pick):
                _limit_cell(worksheet, last, index, value)
                value = value.value
            given = formats | {"text": formats["input"], "number": formats["input"]} if column.is_input else formats
            _write_cell(worksheet, last, index, column.kind, value, given)
    if sheet.autofilter and sheet.columns:
        worksheet.autofilter(0, 0, last, len(sheet.columns) - 1)
    if sheet.is_protected:
        worksheet.protect("", {"autofilter": True, "format_columns": True, "format_rows": True})


def _limit_cell(worksheet: Any, row: int, index: int, pick: Pick) -> None:
    if pick.words:
        limits = {"validate": "list", "source": list(pick.words)}
    else:
        limits = {"validate": "decimal", "criteria": ">=", "value": 0}
    worksheet.data_validation(row, index, row, index, limits | {"ignore_blank": True})


def _write_cell(worksheet: Any, row: int, index: int, kind: str, value: Any, formats: dict[str, Any]) -> None:
    match value:
        case None | "":
            worksheet.write_blank(row, index, None, formats["text"])
        case bool():
            worksheet.write_boolean(row, index, value, formats["number"])
        case dt.datetime() if value.year >= 1900:
            worksheet.write_datetime(row, index, _utc(value), formats["time"])
        case dt.date() if value.year >= 1900:
            worksheet.write_datetime(row, index, value, formats["date"])
        case int() | float() | Decimal() if kind != "text" and math.isfinite(value):
            worksheet.write_number(row, index, value, formats["number"])
        case str() if kind == "url" and _is_link(value):
            worksheet.write_url(row, index, value, formats["url"])
        case _:
            worksheet.write_string(row, index, guarded(str(value)), formats["text"])


def _is_link(text: str) -> bool:
    return text.startswith(("https://", "http://")) and len(text) <= LINK_LIMIT


def _utc(moment: dt.datetime) -> dt.datetime:
    # A spreadsheet knows no time zones.
    return moment.astimezone(dt.UTC).replace(tzinfo=None) if moment.tzinfo else moment


def _csv_value(value: Any) -> Any:
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case dt.datetime():
            return value.isoformat(timespec="seconds")
        case dt.date():
            return value.isoformat()
        case int() | float() | Decimal():
            return value
        case _:
            return guarded(str(value))
