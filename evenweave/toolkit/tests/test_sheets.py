"""Workbooks and CSV files, written and read back; and files that nobody honest would send."""

import contextlib
import datetime as dt
import io
import re
import time
import zipfile
from decimal import Decimal

import pytest
import xlsxwriter
from python_calamine import load_workbook

from evenweave.toolkit.refusals import Refused
from evenweave.toolkit.sheets import Column, Limits, Sheet, Table, read_table, write_csv, write_workbook

HOSTILE = [
    "=1+1",
    "+855 12 345 678",
    "-2 °C",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    '=HYPERLINK("http://x","y")',
    "  =1+1",
]


def read(content: bytes, name="list.xlsx", **options) -> Table:
    return read_table(io.BytesIO(content), name, **options)


def refusal(content: bytes, name="list.xlsx", **options) -> str:
    with pytest.raises(Refused) as refused:
        read(content, name, field="file", **options)
    assert refused.value.field == "file"
    return refused.value.message


def raw_rows(content: bytes, sheet=0) -> list:
    return load_workbook(io.BytesIO(content)).get_sheet_by_index(sheet).to_python(skip_empty_area=False)


def part(content: bytes, name: str) -> str:
    return zipfile.ZipFile(io.BytesIO(content)).read(name).decode()


def one_column(values, kind="text") -> bytes:
    return write_workbook([Sheet("S", [Column("Value", kind=kind)], [[value] for value in values])])


def workbook_with_cells(cells: dict[tuple[int, int], str]) -> bytes:
    out = io.BytesIO()
    workbook = xlsxwriter.Workbook(out)
    sheet = workbook.add_worksheet()
    for (row, column), text in cells.items():
        sheet.write_string(row, column, text)
    workbook.close()
    return out.getvalue()


def repacked(content: bytes, changes: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, changes.get(name, old.read(name)))
        for name in changes.keys() - set(old.namelist()):
            new.writestr(name, changes[name])
    return out.getvalue()


# --- writing ----------------------------------------------------------------------------------------------


def test_values_keep_their_kind():
    content = write_workbook(
        [
            Sheet(
                "Findings",
                [
                    Column("Text"),
                    Column("Day", kind="date"),
                    Column("Count", kind="number"),
                    Column("Page", kind="url"),
                    Column("Money", kind="number"),
                    Column("Moment", kind="date"),
                    Column("Missing"),
                ],
                [
                    [
                        "ប្រអប់",
                        dt.date(2026, 10, 6),
                        3,
                        "https://example.org/a",
                        Decimal("12.50"),
                        dt.datetime(2026, 1, 2, 3, 4, tzinfo=dt.timezone(dt.timedelta(hours=7))),
                        None,
                    ]
                ],
            )
        ]
    )
    assert raw_rows(content) == [
        ["Text", "Day", "Count", "Page", "Money", "Moment", "Missing"],
        [
            "ប្រអប់",
            dt.date(2026, 10, 6),
            3.0,
            "https://example.org/a",
            12.5,
            dt.datetime(2026, 1, 1, 20, 4),
            "",
        ],
    ]


def test_the_sheet_is_set_up_for_reading():
    sheet = Sheet(
        "Findings", [Column("A", width=9), Column("B"), Column("C")], [[1, 2, 3]] * 4, freeze="C2", note="n=4"
    )
    content = write_workbook([sheet])
    xml = part(content, "xl/worksheets/sheet1.xml")
    assert 'xSplit="2" ySplit="1" topLeftCell="C2"' in xml
    assert '<autoFilter ref="A1:C5"/>' in xml
    assert '<col min="1" max="1" width="9.7' in xml
    assert "mergeCell" not in xml
    assert "n=4" in part(content, "xl/comments1.xml")


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_a_formula(text):
    content = one_column([text])
    assert "<f>" not in part(content, "xl/worksheets/sheet1.xml")
    assert raw_rows(content)[1][0].startswith("'")
    assert read(content).rows[0].cells[0].strip() == text.strip()


@pytest.mark.parametrize("kind", ["date", "number", "url", "text"])
def test_no_column_lets_a_formula_through(kind):
    content = one_column(HOSTILE, kind)
    assert "<f>" not in part(content, "xl/worksheets/sheet1.xml")
    assert all(row[0].startswith("'") for row in raw_rows(content)[1:])


def test_headings_are_guarded_too():
    content = write_workbook([Sheet("S", [Column("=cmd|' /C calc'!A0")], [])])
    assert raw_rows(content)[0][0].startswith("'=")
    assert write_csv([Column("=1")], []).decode("utf-8-sig") == "'=1\r\n"


def test_negative_numbers_are_numbers():
    assert raw_rows(one_column([-4], "number"))[1] == [-4.0]
    assert write_csv([Column("n", kind="number")], [[-4]]).decode("utf-8-sig") == "n\r\n-4\r\n"


def test_only_web_addresses_become_links():
    xml = part(
        one_column(["javascript:alert(1)", "file:///etc/passwd", "mailto:a@b.c"], "url"),
        "xl/worksheets/sheet1.xml",
    )
    assert "hyperlink" not in xml


def test_long_text_is_cut_and_says_so():
    assert raw_rows(one_column(["a" * 40_000]))[1][0] == "a" * 32_763 + " […]"


def test_names_of_sheets_are_made_to_fit():
    columns = [Column("A")]
    content = write_workbook(
        [Sheet("Plan [1/2]: what?", columns, []), Sheet("x" * 40, columns, []), Sheet("X" * 40, columns, [])]
    )
    names = load_workbook(io.BytesIO(content)).sheet_names
    assert names == ["Plan  1 2   what", "x" * 31, "X" * 27 + " (2)"]


def test_the_same_sheets_give_the_same_bytes():
    def written():
        return write_workbook(
            [Sheet("S", [Column("A")], [["x"]])], created_at=dt.datetime(2026, 10, 29, tzinfo=dt.UTC)
        )

    assert written() == written()


def test_not_a_number_is_text():
    assert raw_rows(one_column([float("nan"), float("inf")], "number"))[1:] == [["nan"], ["inf"]]


def test_csv_is_guarded_and_dated():
    columns = [Column("Finding"), Column("Due", kind="date"), Column("Open")]
    text = write_csv(columns, [["=1+1", dt.date(2026, 1, 2), True], ['say "no", twice', None, False]])
    assert text.startswith(b"\xef\xbb\xbf")
    assert text.decode("utf-8-sig") == (
        'Finding,Due,Open\r\n\'=1+1,2026-01-02,TRUE\r\n"say ""no"", twice",,FALSE\r\n'
    )


# --- reading ----------------------------------------------------------------------------------------------


def test_a_workbook_is_read_with_the_row_numbers_its_author_sees():
    content = workbook_with_cells(
        {(1, 0): "Name", (1, 1): "Workers", (2, 0): " Kravanh ", (2, 1): "1860", (5, 0): "Sla Ket"}
    )
    table = read(content)
    assert table.headings == ("Name", "Workers")
    assert [(row.number, row.cells) for row in table.rows] == [
        (3, ("Kravanh", "1860")),
        (6, ("Sla Ket", None)),
    ]
    assert next(table.records()) == (3, {"Name": "Kravanh", "Workers": "1860"})


def test_whole_numbers_and_dates_of_a_workbook():
    sheet = Sheet(
        "S", [Column("N", kind="number"), Column("D", kind="date")], [[12, dt.date(2026, 5, 1)], [1.5, None]]
    )
    assert [row.cells for row in read(write_workbook([sheet])).rows] == [
        (12, dt.date(2026, 5, 1)),
        (1.5, None),
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_csv_of_any_usual_kind(delimiter, encoding):
    text = f'Nom{delimiter}"Ville, région; pays"\r\nAtelier Été{delimiter}"a""b"\r\n'
    table = read(text.encode(encoding), "liste.csv")
    assert table.headings == ("Nom", "Ville, région; pays")
    assert table.rows[0].cells == ("Atelier Été", 'a"b')


def test_csv_with_line_breaks_inside_and_short_rows():
    table = read(b'a,b,c\n"one\ntwo",2\n\n,,\nx,y,z\n', "list.csv")
    assert [(row.number, row.cells) for row in table.rows] == [
        (2, ("one\ntwo", "2", None)),
        (5, ("x", "y", "z")),
    ]


def test_one_column_of_csv():
    assert read(b"name\nKravanh\n", "list.csv").rows[0].cells == ("Kravanh",)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "list.csv: the file is empty."),
        (b" \r\n\r\n", "the file is empty"),
        (b"a,,c\n1,2,3\n", "column B has no heading in row 1"),
        (b"Name,Place,name \n1,2,3\n", "columns A and C have the same heading, “name”"),
        (b"a,b\n1,2\n1,2,3\n", "row 3 has something in column C, which has no heading"),
        (b'a,b\n1,"open\n2,3\n', "quotation mark"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "neither an Excel workbook"),
        (b"%PDF-1.7\x01\x02", "neither an Excel workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel file"),
        (b"PK\x03\x04 broken", "cannot be read"),
    ],
)
def test_what_cannot_be_read_names_the_place(content, said):
    assert said in refusal(content, "list.csv")


def test_limits_of_rows_columns_and_bytes():
    assert "more than 2 rows" in refusal(b"a\n1\n2\n3\n", "list.csv", limits=Limits(rows=2))
    assert "at most 2 are read" in refusal(b"a,b,c\n1,2,3\n", "list.csv", limits=Limits(columns=2))
    assert "larger than 1" in refusal(b"a\n" + b"1\n" * 600_000, "list.csv", limits=Limits(size=1024 * 1024))
    assert "more than 2 rows" in refusal(b"a,b\n1,2\n1,2\n1,2\n", "list.csv", limits=Limits(cells=4))


def test_a_cell_far_away_is_refused_before_memory_is_taken():
    assert "larger than 50000 rows" in refusal(workbook_with_cells({(0, 0): "a", (1_000_000, 0): "x"}))
    assert "column XFD" in refusal(workbook_with_cells({(0, 0): "a", (1, 16_383): "x"}))
    assert "too many cells" in refusal(workbook_with_cells({(0, 0): "a", (1, 150): "x", (40_000, 0): "y"}))


def hidden_far_cell(disguise: str) -> bytes:
    content = workbook_with_cells({(0, 0): "a", (1, 0): "x"})
    sheet = part(content, "xl/worksheets/sheet1.xml")
    return repacked(content, {"xl/worksheets/sheet1.xml": re.sub(r'r="A2"', disguise, sheet).encode()})


@pytest.mark.parametrize(
    "disguise", ['r="XFD900000"', "r='XFD900000'", 'r="&#88;FD900000"', 'r = "XFD900000"']
)
def test_a_far_cell_in_disguise_is_refused(disguise):
    assert "larger than" in refusal(hidden_far_cell(disguise))


def test_a_far_cell_in_a_sheet_under_another_name_is_refused():
    content = workbook_with_cells({(0, 0): "a"})
    far = part(workbook_with_cells({(0, 0): "a", (900_000, 9_000): "x"}), "xl/worksheets/sheet1.xml")
    relations = part(content, "xl/_rels/workbook.xml.rels").replace(
        "worksheets/sheet1.xml", "media/photo.png"
    )
    hostile = {"xl/_rels/workbook.xml.rels": relations.encode(), "xl/media/photo.png": far.encode()}
    assert "larger than" in refusal(repacked(content, hostile))
    # Text that strict readers refuse and lenient ones skip.
    hostile["xl/media/photo.png"] = b"\x00" + far.encode()
    assert "cannot be read" in refusal(repacked(content, hostile))


def test_a_bomb_is_refused_while_it_unpacks():
    content = repacked(workbook_with_cells({(0, 0): "a"}), {"xl/media/zero.png": b"\x00" * 250_000_000})
    assert len(content) < 500_000
    began = time.perf_counter()
    assert "too large when unpacked" in refusal(content)
    assert time.perf_counter() - began < 5


def test_entities_are_refused():
    bomb = b'<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><sst>&b;</sst>'
    assert "cannot be read" in refusal(
        repacked(workbook_with_cells({(0, 0): "a"}), {"xl/sharedStrings.xml": bomb})
    )


def test_an_archive_that_is_no_workbook_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("hello.txt", "hello")
    assert "cannot be read" in refusal(out.getvalue())


def test_damaged_workbooks_are_refused_and_never_crash():
    content = one_column(["a", "b", "c"])
    for place in range(0, len(content), max(1, len(content) // 80)):
        damaged = bytearray(content)
        damaged[place] ^= 0xFF
        with contextlib.suppress(Refused):
            assert read(bytes(damaged)).headings
