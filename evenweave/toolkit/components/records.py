"""A record and what surrounds it: evidence, who can read it, steps taken, what is safe where."""

from collections.abc import Sequence

from django import template

from evenweave.toolkit.parts import File, Link, Photo, Reader, Step

register = template.Library()


@register.inclusion_tag("toolkit/evidence_strip.html")
def evidence_strip(
    photos: Sequence[Photo] = (),
    files: Sequence[File] = (),
    add_href: str = "",
    add_label: str = "",
    pair: bool = False,
) -> dict:
    """Photos in a row of three (phone: two), files below, a place to add. `pair` sets before and after
    side by side.

    {% evidence_strip photos files add_href=url add_label=_("Add a photo") %}
    """
    return {"photos": photos, "files": files, "add_href": add_href, "add_label": add_label, "pair": pair}


@register.inclusion_tag("toolkit/who_can_read.html")
def who_can_read(readers: Sequence[Reader], href: str = "", label: str = "") -> dict:
    """Who reads this record, each audience with its words; on every record that travels.
    {% who_can_read readers %}
    """
    return {"readers": readers, "href": href, "label": label}


@register.inclusion_tag("toolkit/steps_taken.html")
def steps_taken(steps: Sequence[Step], href: str = "", label: str = "") -> dict:
    """Steps from the log, newest first, and a link to all of them.
    {% steps_taken steps href=all_url label=_("All 17") %}
    """
    return {"steps": steps, "href": href, "label": label}


SYNC_ICONS = {
    "offline": "wifi-off",
    "waiting": "clock",
    "sending": "refresh",
    "failed": "alert-triangle",
    "sent": "check",
}


@register.inclusion_tag("toolkit/sync_bar.html")
def sync_bar(state: str, headline: str, safe: str = "", link: Link | None = None) -> dict:
    """What is safe where: offline, waiting, sending, failed, sent. A fact, not an alarm.

    {% sync_bar "offline" _("No network since 08:12.") _("37 changes are safe on this tablet.") outbox %}
    """
    return {"icon_name": SYNC_ICONS[state], "headline": headline, "safe": safe, "link": link}
