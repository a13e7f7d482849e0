"""Facts: summary lists, tables, filters, pages, figures, sparklines."""

from collections.abc import Iterable, Sequence

from django import template
from django.core.paginator import Page
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from evenweave.toolkit import charts
from evenweave.toolkit.components.marks import icon
from evenweave.toolkit.parts import Fact, Link
from evenweave.toolkit.tables import Column, Columns

register = template.Library()


def as_facts(facts: Iterable[Fact | tuple]) -> list[Fact]:
    """Facts, also from (term, value) tuples; those without a value are left out."""
    made = [fact if isinstance(fact, Fact) else Fact(*fact) for fact in facts]
    return [fact for fact in made if fact.value not in (None, "")]


@register.inclusion_tag("toolkit/summary_list.html")
def summary_list(facts: Iterable[Fact | tuple]) -> dict:
    """At most eight facts of one thing: (term, value) or `Fact`. {% summary_list facts %}"""
    return {"facts": as_facts(facts)}


@register.inclusion_tag("toolkit/summary_list.html")
def check_answers(facts: Iterable[Fact | tuple]) -> dict:
    """Everything once more before it is released, shared or signed, each with a link to change it.

    {% check_answers facts %}; the button after it names the act: "Release to the factory and 3 buyers".
    """
    return {"facts": as_facts(facts), "checking": True}


@register.inclusion_tag("toolkit/key_figures.html")
def key_figures(facts: Iterable[Fact | tuple]) -> dict:
    """Two to four figures of one thing, large, each with its words. {% key_figures facts %}"""
    return {"facts": as_facts(facts)}


@register.simple_block_tag
def data_table(
    content: str,
    caption: str,
    columns: Columns | Sequence[Column | str],
    wide: bool = False,
    hide_caption: bool = False,
) -> SafeString:
    """A table whose rows become cards below 600 px. The content is its `<tr>`s, made of `head_cell` and
    `cell`.

    `columns` from `tables.columns(request, …)`; `wide` keeps the first column in view when the table
    scrolls.
    {% data_table _("Factories") columns %}{% for f in page %}<tr>{% head_cell %}…{% endhead_cell %}
      {% cell columns.late %}{{ f.late }}{% endcell %}</tr>{% endfor %}{% enddata_table %}
    """
    drawn = [column if isinstance(column, Column) else Column(str(column), str(column)) for column in columns]
    given = {
        "content": content,
        "caption": caption,
        "columns": drawn,
        "wide": wide,
        "hide_caption": hide_caption,
    }
    return render_to_string("toolkit/data_table.html", given)


@register.simple_block_tag
def cell(content: str, column: Column | str = "", number: bool = False, css: str = "") -> SafeString:
    """A cell: the column's label stands beside it on phones. {% cell columns.late %}3{% endcell %}"""
    label = column.label if isinstance(column, Column) else column
    is_number = number or (isinstance(column, Column) and column.is_number)
    classes = " ".join(filter(None, ("ew-num" if is_number else "", css)))
    # Written without format_html: a table draws hundreds of these.
    return SafeString(f"<td{_attribute('data-label', label)}{_attribute('class', classes)}>{_inside(content)}</td>")


@register.simple_block_tag
def head_cell(content: str) -> SafeString:
    """The cell that names its row. {% head_cell %}<a href="…">Name</a><small>Place</small>{% endhead_cell
    %}
    """
    return SafeString(f'<th scope="row">{_inside(content)}</th>')


@register.simple_block_tag
def locked_row(content: str, name: str, columns: int, meta: str = "") -> SafeString:
    """A row that stays and says why it is locked; the content is the reason and the next step.

    {% locked_row factory.name 8 %}You asked for access on 4 November.{% endlocked_row %}
    """
    # Written out for the same reason as `cell`.
    small = f"<small>{escape(meta)}</small>" if meta else ""
    return SafeString(
        f'<tr class="ew-locked"><th scope="row"><bdi>{escape(name)}</bdi>{small}</th>'
        f'<td colspan="{columns - 1}"><div>{icon("lock")} {content}</div></td></tr>'
    )


def _attribute(name: str, value: str) -> SafeString:
    return SafeString(f' {name}="{escape(value)}"' if value else "")


def _inside(content: str) -> SafeString:
    """What a cell holds, as one box, so that a card lays label and content side by side."""
    content = content.strip()
    if "<" not in content:
        return SafeString(content)
    return SafeString(f"<div>{content}</div>")


@register.inclusion_tag("toolkit/plain_table.html")
def plain_table(
    caption: str,
    columns: Sequence[str],
    rows: Iterable[Sequence],
    numbers_from: int = 1,
    hide_caption: bool = False,
) -> dict:
    """A small table from plain values; the first value names its row, numbers stand at the end side.

    {% plain_table _("Items by month") columns rows %}
    """
    heads = [{"label": label, "is_number": at >= numbers_from} for at, label in enumerate(columns)]
    drawn = [
        {"name": row[0], "cells": [{"value": value, **heads[at]} for at, value in enumerate(row) if at]} for row in rows
    ]
    return {"caption": caption, "heads": heads, "rows": drawn, "hide_caption": hide_caption}


@register.inclusion_tag("toolkit/pager.html", takes_context=True)
def pager(context, page: Page, said: str = "") -> dict:
    """Rows shown of all, and links to the other pages that keep the filters. {% pager page %}"""
    query = context["request"].GET.copy()
    query.pop("page", None)
    start = query.urlencode() + "&" if query else ""
    numbers = [
        (number, f"?{start}page={number}")
        for number in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    ]
    said = said or _("Rows %(first)s to %(last)s of %(all)s") % {
        "first": page.start_index(),
        "last": page.end_index(),
        "all": page.paginator.count,
    }
    return {
        "page": page,
        "numbers": numbers,
        "start": f"?{start}page=",
        "said": said,
        "gap": page.paginator.ELLIPSIS,
    }


@register.inclusion_tag("toolkit/filter_bar.html", takes_context=True)
def filter_bar(context, form, views: Sequence[Link] = (), label: str = "") -> dict:
    """At most four fields that end up in the address (GET), works without scripts; saved views with counts
    above.

    {% filter_bar form views=views %}
    """
    request = context.get("request")
    kept = [(name, request.GET[name]) for name in ("sort",) if request is not None and name in request.GET]
    is_on = bool(form.is_bound and any(form.data.get(bound.html_name) for bound in form))
    return {
        "form": form,
        "views": views,
        "label": label or _("Filter"),
        "kept": kept,
        "is_on": is_on,
        "here": request.path if request is not None else "",
    }


@register.simple_block_tag
def figure(
    content: str, sentence: str, svg: str = "", note: str = "", id: str = "", narrow: str = ""
) -> SafeString:
    """Sentence first, then the chart (SVG from `toolkit.charts`), then "Show as a table": the content.

    `narrow` is the same chart drawn for phones, when the wide one would be too small to read there.

    {% figure _("You closed 23 items.") svg note=n_words %}{% plain_table … %}{% endfigure %}
    """
    given = {"content": SafeString(content.strip()), "sentence": sentence, "svg": svg, "note": note}
    given |= {"id": id, "narrow": narrow}
    return render_to_string("toolkit/figure.html", given)


@register.simple_tag
def sparkline(values: Sequence[float], label: str, highest: float | None = None) -> SafeString:
    """One point a cycle, on the same scale in a whole column when `highest` is given.
    {% sparkline values label 20 %}
    """
    return charts.sparkline(values, label, highest)
