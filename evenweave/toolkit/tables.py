"""Columns of a table that is sorted by links in the address: `?sort=name`, `?sort=-name`."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.http import HttpRequest


@dataclass(frozen=True)
class Column:
    """One column: a key, its heading, whether it holds numbers, and whether it can be sorted by."""

    key: str
    label: str
    is_number: bool = False
    is_sortable: bool = False
    sort_href: str = ""
    direction: str = ""  # "ascending" or "descending" on the column that is sorted by, else ""


class Columns:
    """Columns in order, also found by key: `columns.late`. `sort` is what the rows are ordered by: "late",
    "-late".
    """

    def __init__(self, made: list[Column], sort: str) -> None:
        self._made = {column.key: column for column in made}
        self.sort = sort

    def __iter__(self) -> Iterator[Column]:
        return iter(self._made.values())

    def __len__(self) -> int:
        return len(self._made)

    def __getitem__(self, key: str) -> Column:
        return self._made[key]


def columns(request: HttpRequest, *made: Column, default: str = "") -> Columns:
    """The columns with their sort links for this address. An unknown `sort` falls back to `default`."""
    allowed = {column.key for column in made if column.is_sortable}
    wish = request.GET.get("sort", default)
    sort = wish if wish.removeprefix("-") in allowed else default
    return Columns([_with_link(request, column, sort) for column in made], sort)


def _with_link(request: HttpRequest, column: Column, sort: str) -> Column:
    if not column.is_sortable:
        return column
    is_current = sort.removeprefix("-") == column.key
    going_down = sort.startswith("-")
    query = request.GET.copy()
    query.pop("page", None)
    query["sort"] = column.key if not is_current or going_down else f"-{column.key}"
    direction = ("descending" if going_down else "ascending") if is_current else ""
    return replace(column, sort_href=f"?{query.urlencode()}", direction=direction)
