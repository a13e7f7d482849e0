"""The links of the shell. The toolkit knows no rooms: the highest room that draws pages says what they are.

    navigation.register(links)  # links(request) -> list[Link], at most seven, "Today" first
    navigation.register_own(links)  # what stands under the person's own name
    navigation.register_search("search")  # a route name; the shell then shows a search link
    navigation.register_notices("notice_list", unread)  # a bell; unread(request) -> int, or None for no bell
"""

from collections.abc import Callable

from django.http import HttpRequest
from django.urls import reverse

from evenweave.toolkit.parts import Link

MOST_LINKS = 7
Links = Callable[[HttpRequest], list[Link]]

_registered: list[Links] = []
_own: list[Links] = []
_search: list[str] = []
_notices: list[tuple[str, Callable[[HttpRequest], int | None]]] = []


def register(links: Links) -> None:
    """Let `links(request)` supply navigation; several suppliers are joined in the order of registration."""
    if links not in _registered:
        _registered.append(links)


def register_own(links: Links) -> None:
    """Let `links(request)` supply what stands in the menu under the person's own name."""
    if links not in _own:
        _own.append(links)


def own_links_for(request: HttpRequest) -> list[Link]:
    """The links under the person's own name."""
    return [link for supply in _own for link in supply(request)]


def register_search(url_name: str) -> None:
    """Show a search link in the shell that leads to the route `url_name`."""
    _search[:] = [url_name]


def register_notices(url_name: str, unread: Callable[[HttpRequest], int | None]) -> None:
    """Show a bell that leads to `url_name` and says how many notices are unread; None: no bell for this person."""
    _notices[:] = [(url_name, unread)]


def notices_for(request: HttpRequest) -> tuple[str, int]:
    """Where the bell leads and how many notices are unread; ("", 0) when no room offers any."""
    if not _notices:
        return "", 0
    url_name, unread = _notices[0]
    count = unread(request)
    return ("", 0) if count is None else (reverse(url_name), count)


def links_for(request: HttpRequest | None) -> list[Link]:
    """The links for this request, at most seven; none without a request (the page of an error of ours)."""
    if request is None:
        return []
    links = [link for supply in _registered for link in supply(request)]
    return links[:MOST_LINKS]


def search_address() -> str:
    """Where the shell's search link leads, or "" when no room offers a search."""
    return reverse(_search[0]) if _search else ""
