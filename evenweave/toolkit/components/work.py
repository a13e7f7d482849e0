"""Work to do: dated lists, task lists, what needs attention, the board and its cards, paths."""

from collections.abc import Iterable, Sequence

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from evenweave.toolkit.parts import Entry, Item, Knot, Lane, Link, Task

register = template.Library()


@register.inclusion_tag("toolkit/dated_list.html")
def dated_list(title: str, entries: Sequence[Entry], count: object = None) -> dict:
    """Days, knots on one thread, and at most one action a line. Nothing is drawn without entries.

    {% dated_list _("This week") entries count=3 %}
    """
    return {"title": title, "entries": entries, "count": count}


@register.inclusion_tag("toolkit/task_list.html", takes_context=True)
def task_list(context, tasks: Sequence[Task], label: str = "") -> dict:
    """Parts of one job with a thread bar, who does it, and one of four statuses. {% task_list tasks %}"""
    return {"tasks": tasks, "label": label, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("toolkit/needs_attention.html")
def needs_attention(links: Sequence[tuple[str, str, str]], title: str = "") -> dict:
    """What stands in the way: (text, address, where). Nothing is drawn when nothing does.
    {% needs_attention links %}
    """
    return {"links": links, "title": title}


@register.inclusion_tag("toolkit/plan_board.html", takes_context=True)
def plan_board(context, lanes: Sequence[Lane], move_name: str = "to") -> dict:
    """Five equal lanes of cards; a card moves by its Move menu, by keyboard, or by dragging (with scripts).

    {% plan_board lanes %}
    """
    return {"lanes": lanes, "move_name": move_name, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("toolkit/plan_item_card.html", takes_context=True)
def plan_item_card(context, item: Item, move_name: str = "to") -> dict:
    """One card: number, title, owner, date, evidence, agreement, Move. {% plan_item_card item %}"""
    return {"item": item, "move_name": move_name, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("toolkit/path.html")
def path(knots: Sequence[Knot], label: str, down: bool = False) -> dict:
    """The states of one thing as knots on a thread: past, now, to-come. `down` stands it upright in a side
    panel.

    {% path knots _("Where this item stands") %}
    """
    return {"knots": knots, "label": label, "down": down}


@register.inclusion_tag("toolkit/five_whys.html")
def five_whys(rows: Iterable[tuple[str, str]], root_cause: str = "") -> dict:
    """Question and answer in turn, and the root cause they lead to. {% five_whys rows root_cause %}"""
    return {"rows": list(rows), "root_cause": root_cause}


@register.inclusion_tag("toolkit/chips.html")
def chips(links: Sequence[Link], name: str) -> dict:
    """Small choices between views or filters, the current one in ink. {% chips links _("Views") %}"""
    return {"links": links, "name": name}


@register.simple_block_tag
def detail(content: str, summary: str, open: bool = False) -> SafeString:
    """Text that opens on demand, without scripts.
    {% detail _("Questions that are met: 23") %}…{% enddetail %}
    """
    return render_to_string("toolkit/detail.html", {"content": content, "summary": summary, "open": open})
