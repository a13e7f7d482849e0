"""Small marks: icons, status tags, thread bars, the two threads of an agreement, the mark of a draft."""

from collections.abc import Iterable
from functools import cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from evenweave.toolkit.parts import Mark, Tag

register = template.Library()

MIRRORED = {"arrow-right", "chevron-left", "chevron-right"}
FAMILY_ICONS = {
    "none": "circle",
    "doing": "circle-half-2",
    "waiting": "alert-triangle",
    "good": "circle-check",
    "wrong": "x",
    "danger": "danger",
    "audience": "eye",
}
MARK_KINDS = ("full", "half", "hatched", "empty", "dashed", "finding", "no-finding")
MOST_MARKS = 60


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite, 20 px beside text. Alone (search, back, bell, filter only) it needs a `label`.

    {% icon "calendar" %}
    """
    return _drawn(name, str(label))


@cache
def _drawn(name: str, label: str) -> SafeString:
    """A list shows the same few icons hundreds of times."""
    flip = " ew-flip" if name in MIRRORED else ""
    hidden = format_html(' role="img" aria-label="{}"', label) if label else SafeString(' aria-hidden="true"')
    return format_html(
        '<svg class="ew-i{}"{}><use href="{}#{}"/></svg>', flip, hidden, static("toolkit/icons.svg"), name
    )


@register.simple_tag
def status_tag(family: str | Tag, word: str = "", icon_name: str = "") -> SafeString:
    """A status: shape, word and colour. `family`: none, doing, waiting, good, wrong, danger, audience (or
    a `Tag`).

    {% status_tag "good" _("Verified") "shield-check" %} · {% status_tag task.tag %}
    """
    if not family:
        return SafeString("")
    if isinstance(family, Tag):
        family, word, icon_name = family.family, family.word, family.icon or icon_name
    shape = icon(icon_name or FAMILY_ICONS[family])
    return format_html('<span class="ew-tag ew-tag-{}">{}{}</span>', family, shape, word)


def as_marks(marks: Iterable[Mark | tuple]) -> list[Mark]:
    """Marks, also from (kind, count, word) tuples; empty ones are left out."""
    made = [mark if isinstance(mark, Mark) else Mark(*mark) for mark in marks]
    for mark in made:
        if mark.kind not in MARK_KINDS:
            raise ValueError(f"A thread bar has no mark {mark.kind!r}; it has {', '.join(MARK_KINDS)}.")
    return [mark for mark in made if mark.count > 0]


@register.inclusion_tag("toolkit/thread_bar.html")
def thread_bar(marks: Iterable[Mark | tuple], label: str = "", words: bool = False) -> dict:
    """One mark is one real thing. Above 60 things a plain bar of the same lengths is drawn.

    `marks`: `Mark`s or (kind, count, word) tuples; `words=True` writes the counts below, too.
    {% thread_bar marks _("8 points") words=True %}
    """
    marks = as_marks(marks)
    total = sum(mark.count for mark in marks)
    counts = " · ".join(f"{mark.count} {mark.word}" for mark in marks if mark.word)
    bars, start = [], 0
    for mark in marks:
        bars.append({"kind": mark.kind, "start": start, "length": mark.count})
        start += mark.count
    return {
        "marks": marks if total <= MOST_MARKS else [],
        "bars": bars,
        "total": total,
        "counts": counts,
        "name": ": ".join(part for part in (label, counts.replace(" · ", ", ")) if part) or str(total),
        "words": words,
    }


@register.inclusion_tag("toolkit/legend.html")
def mark_legend(marks: Iterable[Mark | tuple]) -> dict:
    """What the marks of a thread bar mean, in a row. {% mark_legend marks %}"""
    return {"marks": [mark if isinstance(mark, Mark) else Mark(*mark) for mark in marks]}


@register.inclusion_tag("toolkit/agreement.html")
def agreement(first: str = "", second: str = "", word: str = "", big: bool = False, is_new: bool = False) -> dict:
    """Two threads that cross once both parties said yes. `first`, `second`: "yes", "no" or "" (has not
    answered).

    `word` says it in words; `is_new` lets the threads cross before the reader's eyes.
    {% agreement "yes" "" _("Workers to answer") %}
    """
    shape = "both" if first == second == "yes" else "apart" if "no" in (first, second) else "beside"
    return {"shape": shape, "first": first, "second": second, "word": word, "big": big, "is_new": is_new}


@register.simple_tag
def draft_mark() -> SafeString:
    """The label of a translation that no native speaker has reviewed. {% draft_mark %}"""
    return format_html('<span class="ew-draft">{}{}</span>', icon("pencil"), _("Draft translation, not reviewed"))


@register.simple_tag
def spoken(text: str, language: str = "", is_draft: bool = False) -> SafeString:
    """A text in a language of its own: the element says which, and a translation that no native speaker has reviewed
    says so behind it. Views may call it too and hand on the result as a title.

    {% spoken item.title item.language %}
    """
    if not text or not (is_draft or (language and language != page_language())):
        return format_html("{}", text)
    words = format_html('<span lang="{}" dir="auto">{}</span>', language, text)
    return format_html("{} {}", words, draft_mark()) if is_draft else words


def page_language() -> str:
    """The language the page speaks, without its region."""
    return (get_language() or "en").partition("-")[0]


@register.simple_tag
def face(name: str, side: str = "", small: bool = False) -> SafeString:
    """A circle with initials; `side` "a" or "b" gives it its thread's colour, anything else is neutral."""
    initials = "".join(part[0] for part in name.split()[:2]).upper() or "–"
    kind = {"a": "", "b": " ew-face-b"}.get(side, " ew-face-none")
    return format_html(
        '<span class="ew-face{}{}" aria-hidden="true">{}</span>',
        kind,
        " ew-face-sm" if small else "",
        initials,
    )


@register.simple_tag
def meta(*pairs: str) -> SafeString:
    """A line of small facts, each with its icon.
    {% meta "user" item.owner "calendar" due %}; empty ones are left out.
    """
    facts = [(icon(name), word) for name, word in zip(pairs[::2], pairs[1::2], strict=True) if word]
    return format_html('<span class="ew-meta">{}</span>', format_html_join("", "<span>{}{}</span>", facts))


@register.inclusion_tag("toolkit/parties.html")
def parties(rows: Iterable[tuple]) -> dict:
    """The two parties of an agreement, each with its thread: (side "a" or "b", words, small words, `Tag`
    or None).

    {% parties rows %}
    """
    return {"rows": [(*row, None)[:4] for row in rows]}


@register.filter
def times(count: int) -> range:
    """A range to draw something `count` times."""
    return range(count)
