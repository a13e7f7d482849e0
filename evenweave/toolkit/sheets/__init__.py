"""Tables that travel: Excel workbooks and CSV files, written and read."""

from evenweave.toolkit.sheets.reading import Limits, Row, Table, column_name, read_table
from evenweave.toolkit.sheets.writing import Column, Pick, Sheet, guarded, write_csv, write_workbook

__all__ = [
    "Column",
    "Limits",
    "Pick",
    "Row",
    "Sheet",
    "Table",
    "column_name",
    "guarded",
    "read_table",
    "write_csv",
    "write_workbook",
]
