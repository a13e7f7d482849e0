"""The tabs of a factory's pages. Rooms above register theirs, in their urls.py; this room knows none of them.

    tabs.register(lambda person, factory: Link(_("Plan"), reverse("plan", args=[factory.ref])), order=20)

A supplier returns None when the person has nothing to see there. It must not say by being there or not that an
assessment is planned."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.http import HttpRequest
from django.utils.translation import gettext as _

from evenweave.organisations.enums import FactoryStatus
from evenweave.organisations.models import Factory
from evenweave.organisations.queries import Ties
from evenweave.toolkit.parts import Link, Tag

Tab = Callable[[object, Factory], Link | None]
_registered: list[tuple[int, Tab]] = []


def register(tab: Tab, *, order: int) -> None:
    """Let `tab(person, factory)` supply a tab; lower `order` stands first (overview 0, plan 20, reports 30,
    cycles 40, sharing 50)."""
    if tab not in [known for _order, known in _registered]:
        _registered.append((order, tab))
        _registered.sort(key=lambda row: row[0])


ListLink = Callable[[Ties], Link | None]
_list_links: list[ListLink] = []


def register_list_link(link: ListLink) -> None:
    """Let `link(ties)` supply an action above the list of factories, such as an import, for somebody with these
    ties."""
    if link not in _list_links:
        _list_links.append(link)


def links_of_list(ties: Ties) -> list[Link]:
    """The actions that rooms above offer above the list."""
    return [made for link in _list_links if (made := link(ties)) is not None]


_actions: list[Tab] = []


def register_action(action: Tab) -> None:
    """Let `action(person, factory)` supply an action at the head of a factory's overview; at most one more has room."""
    if action not in _actions:
        _actions.append(action)


def actions_of(person, factory: Factory) -> list[Link]:
    """The actions that rooms above offer this person on a factory."""
    return [made for action in _actions if (made := action(person, factory)) is not None]


@dataclass(frozen=True)
class Band:
    """What every page inside a factory begins with: {% include "organisations/band.html" %}."""

    name: str
    href: str
    place: str
    tag: Tag | None
    links: list[Link]


def band(request: HttpRequest, factory: Factory) -> Band:
    """The band of a factory for this person; the tab whose address the page's own begins with is current."""
    supplied = (tab(request.user, factory) for _order, tab in _registered)
    links = [link for link in supplied if link is not None]
    here = max((link.href for link in links if request.path.startswith(link.href)), key=len, default="")
    return Band(
        name=factory.name,
        href=factory.get_absolute_url(),
        place=factory.place,
        tag=status_tag(factory),
        links=[replace(link, is_current=link.href == here) for link in links],
    )


def status_tag(factory: Factory) -> Tag | None:
    """A closed or merged factory says so; an active one needs no word."""
    if factory.status == FactoryStatus.ACTIVE:
        return None
    return Tag("none", factory.get_status_display())


register(lambda person, factory: Link(_("Overview"), factory.get_absolute_url()), order=0)
