"""Pages of a list that never counts more than anybody reads."""

from collections.abc import Sequence
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.translation import gettext as _

ROWS = 50
MOST_COUNTED = 10_000


class CappedPaginator(Paginator):
    """Counts to MOST_COUNTED and stops there, so that the count costs the same however large the table grows."""

    @cached_property
    def counted(self) -> int:
        """The number of rows, at most one more than MOST_COUNTED."""
        if isinstance(self.object_list, QuerySet):
            return self.object_list.order_by()[: MOST_COUNTED + 1].count()
        return len(self.object_list[: MOST_COUNTED + 1])

    @cached_property
    def count(self) -> int:
        return min(self.counted, MOST_COUNTED)

    @property
    def is_more(self) -> bool:
        """Whether there are more rows than are counted and shown."""
        return self.counted > MOST_COUNTED


def page_of(request: HttpRequest, rows: QuerySet | Sequence, size: int = ROWS) -> Page:
    """The page that the address asks for (`?page=2`); the nearest one when there is none such."""
    return CappedPaginator(rows, size).get_page(request.GET.get("page"))


def said(page: Page) -> str:
    """Which rows these are: "Rows 51 to 100 of 200", "… of more than 10,000"."""
    most = number_format(page.paginator.count, force_grouping=True)
    if getattr(page.paginator, "is_more", False):
        most = _("more than %(count)s") % {"count": most}
    return _("Rows %(first)s to %(last)s of %(all)s") % {
        "first": page.start_index(), "last": page.end_index(), "all": most,
    }
