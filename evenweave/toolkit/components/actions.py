"""Panels, buttons, notices, empty states and dialogs."""

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from evenweave.toolkit.parts import Link

register = template.Library()

BUTTON_KINDS = ("main", "second", "quiet", "turn", "bad")
NOTICE_ICONS = {"info": "info-circle", "wait": "clock", "bad": "alert-triangle", "good": "check"}


@register.simple_block_tag
def panel(
    content: str,
    title: str = "",
    count: object = None,
    action: Link | None = None,
    turn: str = "",
    level: int = 2,
    id: str = "",
) -> SafeString:
    """A white panel: heading, content, at most one action (a `Link`). No panel in a panel.

    `turn` (a word such as "Your turn") gives it the marigold edge: once a screen. `count` stands beside
    the heading.
    {% panel _("Evidence") count=3 %}…{% endpanel %}
    """
    given = {
        "content": content,
        "title": title,
        "count": count,
        "action": action,
        "turn": turn,
        "level": level,
        "id": id,
    }
    return render_to_string("toolkit/panel.html", given)


def _kind(kind: str) -> str:
    if kind not in BUTTON_KINDS:
        raise ValueError(f"There is no {kind!r} button; there are {', '.join(BUTTON_KINDS)}.")
    return kind


@register.inclusion_tag("toolkit/button.html")
def button(
    label: str,
    kind: str = "main",
    icon: str = "",
    name: str = "",
    value: str = "",
    busy: str = "",
    small: bool = False,
    block: bool = False,
    disabled: bool = False,
    type: str = "submit",
    opens: str = "",
    form: str = "",
    icon_after: str = "",
    described_by: str = "",
    id: str = "",
) -> dict:
    """A button; its label is a verb. `kind`: main (one a view), second, quiet, turn (marigold, one a
    screen), bad.

    `busy` is what it says while sending; `opens` names a dialog's id; `name`/`value` are sent with the
    form.
    {% button _("Save") busy=_("Saving") %}
    """
    given = locals() | {"kind": _kind(kind)}
    given["type"] = "button" if opens else type or "submit"
    return given


@register.inclusion_tag("toolkit/link_button.html")
def link_button(
    label: str,
    href: str,
    kind: str = "second",
    icon: str = "",
    small: bool = False,
    block: bool = False,
    icon_after: str = "",
    download: bool = False,
) -> dict:
    """A link that looks like a button. {% link_button _("Excel, 62 rows") url icon="download" %}"""
    return locals() | {"kind": _kind(kind)}


@register.simple_block_tag
def notice(content: str, kind: str = "info", icon: str = "", role: str = "") -> SafeString:
    """One notice a page. `kind`: info, wait, bad, good.
    {% notice "wait" %}The factory answers first.{% endnotice %}
    """
    given = {"content": content, "kind": kind, "icon": icon or NOTICE_ICONS[kind], "role": role}
    return render_to_string("toolkit/notice.html", given)


@register.inclusion_tag("toolkit/empty_state.html")
def empty_state(sentence: str, label: str = "", href: str = "", kind: str = "second") -> dict:
    """What will be here and who makes it come, and one next step. {% empty_state _("No report yet.") %}"""
    return {"sentence": sentence, "label": label, "href": href, "kind": kind}


@register.simple_block_tag
def dialog(content: str, id: str, title: str, close: str = "") -> SafeString:
    """A native dialog, only for what cannot be undone; a button with `opens=id` opens it. Holds its own
    form.

    {% dialog "release" _("Release to the factory") %}<form …>…</form>{% enddialog %}
    """
    return render_to_string("toolkit/dialog.html", {"content": content, "id": id, "title": title, "close": close})
