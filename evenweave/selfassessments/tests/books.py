"""Filling in a workbook as a person does in a spreadsheet program."""

import io
import zipfile

from python_calamine import load_workbook

from evenweave.toolkit.sheets import Column, Sheet, write_workbook


def rows_of(content: bytes, sheet: int = 0) -> list[list]:
    return load_workbook(io.BytesIO(content)).get_sheet_by_index(sheet).to_python(skip_empty_area=False)


def filled(content: bytes, cells: dict[str, dict[str, object]]) -> bytes:
    """The workbook with cells typed anew: question id → heading → what is typed."""
    headings, *rows = rows_of(content)
    for row in rows:
        for heading, value in cells.get(row[0], {}).items():
            row[headings.index(heading)] = value
    numbers = {"Answer"}
    columns = [Column(one, kind="number" if one in numbers else "text") for one in headings]
    return write_workbook([Sheet("Self-assessment", columns, rows)])


def everything_in(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return "\n".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
