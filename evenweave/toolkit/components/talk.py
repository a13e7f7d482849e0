"""People with one another: a shared talk, two answers that differ, seats at a table."""

from collections.abc import Sequence

from django import template

from evenweave.toolkit.parts import Bench, Message, Side

register = template.Library()


@register.inclusion_tag("toolkit/thread.html")
def thread(messages: Sequence[Message], readers: str) -> dict:
    """A shared talk; its first line says who reads it.
    {% thread messages _("The factory and three buyers read this.") %}
    """
    return {"messages": messages, "readers": readers}


@register.inclusion_tag("toolkit/conflict.html", takes_context=True)
def conflict(context, first: Side, second: Side, name: str = "choice", settled: str = "") -> dict:
    """Two answers to one question, side by side and alike: no default. Stands inside a form that the
    choice posts.

    {% conflict first second %}; `settled` says who chose what and when.
    """
    return {"sides": (("a", first), ("b", second)), "name": name, "settled": settled}


@register.inclusion_tag("toolkit/seats.html")
def seats(first: Bench, second: Bench) -> dict:
    """Two equal columns of seats, whoever holds how many. {% seats management workers %}"""
    return {"benches": (("a", first), ("b", second))}
