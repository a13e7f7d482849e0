"""The frame of a page: language and direction, shell, tab bar, crumbs, head, the band of one subject."""

from collections.abc import Sequence

from django import template
from django.conf import settings
from django.contrib.messages import get_messages
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_bidi

from evenweave.toolkit import navigation
from evenweave.toolkit.parts import Link, Tag

register = template.Library()

THEMES = ("light", "dark")
PHONE_TABS = 4


def _direction(context) -> str:
    return context.get("direction") or ("rtl" if get_language_bidi() else "ltr")


class ColumnsNode(template.Node):
    """First section, side column and the rest, in the order in which they are to be read on a narrow screen."""

    child_nodelists = ("first", "side", "main")

    def __init__(self, first, side, main) -> None:
        self.first, self.side, self.main = first, side, main

    def render(self, context) -> SafeString:
        first, side, main = (part.render(context).strip() for part in (self.first, self.side, self.main))
        if not side:
            return SafeString(f'<div class="ew-main">{first}{main}</div>')
        boxes = [("first", first), ("side", side), ("main", main)] if first else [("main", main), ("side", side)]
        drawn = "".join(f'<div class="ew-{name}">{part}</div>' for name, part in boxes)
        return SafeString(f'<div class="ew-cols">{drawn}</div>')


@register.tag
def columns(parser, token) -> ColumnsNode:
    """The two columns of `toolkit/page.html`: {% columns %}first{% column %}side{% column %}main{% endcolumns %}.

    Without a side column there is one column. On a narrow screen the side column follows the first section,
    or the whole when there is none.
    """
    parts = []
    for _part in range(3):
        parts.append(parser.parse(("column", "endcolumns")))
        parser.delete_first_token()
    return ColumnsNode(*parts)


@register.simple_tag(takes_context=True)
def html_attributes(context) -> SafeString:
    """`lang`, `dir` and the chosen theme of the page. Only `toolkit/page.html` uses it."""
    request = context.get("request")
    theme = request.COOKIES.get("ew_theme", "") if request else ""
    chosen = format_html(' data-theme="{}"', theme) if theme in THEMES else ""
    return format_html(
        'lang="{}" dir="{}"{}', context.get("language") or get_language() or "en", _direction(context), chosen
    )


@register.simple_tag(takes_context=True)
def is_right_to_left(context) -> bool:
    """Whether this page runs from right to left; `direction` in the context overrides the language."""
    return _direction(context) == "rtl"


@register.simple_tag
def language_is_draft() -> bool:
    """Whether no native speaker has reviewed the translation that this page is shown in."""
    return (get_language() or "en") in getattr(settings, "DRAFT_LANGUAGES", ())


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _frame(context) -> dict:
    """What the header and the tab bar of one page both show, gathered once a request."""
    request = context.get("request")
    if request is None:
        return _gathered(context, None)
    if not hasattr(request, "frame"):
        request.frame = _gathered(context, request)
    return request.frame


def _gathered(context, request) -> dict:
    person = getattr(request, "user", None)
    signed_in = bool(person and person.is_authenticated)
    links = navigation.links_for(request)
    language = context.get("language") or get_language() or "en"
    notices, unread = navigation.notices_for(request) if signed_in else ("", 0)
    return {
        "request": request,
        "own_links": navigation.own_links_for(request) if signed_in else [],
        "notices": notices,
        "unread": unread,
        "csrf_token": context.get("csrf_token"),
        "person_name": str(person) if signed_in else "",
        "links": links,
        "first_links": links[:PHONE_TABS] if len(links) > PHONE_TABS + 1 else links,
        "more_links": links[PHONE_TABS:] if len(links) > PHONE_TABS + 1 else [],
        "more_is_current": any(link.is_current for link in links[PHONE_TABS:]),
        "search": navigation.search_address() if signed_in else "",
        "sign_in": "" if signed_in or request is None else _address("account_login"),
        "sign_out": _address("account_logout"),
        "languages": settings.LANGUAGES if request is not None and _address("set_language") else [],
        "set_language": _address("set_language"),
        "language": language,
        "language_name": dict(settings.LANGUAGES).get(language, language),
        "here": request.get_full_path() if request is not None else "/",
        "brand": context.get("brand") or "Evenweave",
        "home": context.get("home") or "/",
    }


@register.inclusion_tag("toolkit/shell.html", takes_context=True)
def shell(context) -> dict:
    """The page header: mark, at most seven links, search, language, person; the same for nobody signed in."""
    return _frame(context)


@register.inclusion_tag("toolkit/tab_bar.html", takes_context=True)
def tab_bar(context) -> dict:
    """The links as icons with words on a phone: four, and "More" when there are more than five."""
    return _frame(context)


@register.inclusion_tag("toolkit/messages.html", takes_context=True)
def messages_shown(context) -> dict:
    """What earlier steps left to say (Django messages), as notices above the page's content."""
    request = context.get("request")
    kinds = {"error": "bad", "warning": "wait", "success": "good"}
    said = get_messages(request) if request is not None else []
    return {"said": [(kinds.get(message.level_tag, "info"), message) for message in said]}


@register.inclusion_tag("toolkit/crumbs.html")
def crumbs(*parts: str) -> dict:
    """Where this page stands: label and address in turn, the last label without an address.

    {% crumbs _("Our plan") plan_url _("Item 34") %}
    """
    labels, addresses = parts[::2], parts[1::2]
    return {"links": list(zip(labels, addresses, strict=False)), "here": labels[-1] if len(parts) % 2 else ""}


@register.simple_block_tag
def page_head(content: str, title: str, sentence: str = "", tags: Sequence[Tag] = ()) -> SafeString:
    """The h1, one sentence that says how things stand, tags, and at most three actions as content.

    {% page_head _("Our plan") sentence tags=tags %}{% link_button _("Add an item") add_url icon="plus"
    %}{% endpage_head %}
    """
    given = {"title": title, "sentence": sentence, "tags": tags, "actions": SafeString(content.strip())}
    return render_to_string("toolkit/page_head.html", given)


@register.inclusion_tag("toolkit/tabs.html")
def tabs(links: Sequence[Link], name: str) -> dict:
    """A row of views of one thing, or saved views with counts; `name` is read out.
    {% tabs links _("Saved views") %}
    """
    return {"links": links, "name": name}


@register.inclusion_tag("toolkit/subject_band.html")
def subject_band(name: str, href: str = "", meta: str = "", tag: Tag | None = None, links: Sequence[Link] = ()) -> dict:
    """The band on every page inside one subject: its name, where it is, its status, and the tabs of its
    pages.

    {% subject_band factory.name factory_url meta=place tag=status links=tabs %}
    """
    return {"name": name, "href": href, "meta": meta, "tag": tag, "links": links}
