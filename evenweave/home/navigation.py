"""The links of the shell: what this person's roles let them open, in the order of their day, at most seven.

A person of one factory finds "Our plan" and "Our factory"; everybody else finds lists.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from evenweave.access.enums import Action
from evenweave.access.policy import roles_allowing
from evenweave.home.queries.places import Whereabouts, whereabouts_of
from evenweave.notifications.queries import unread_count
from evenweave.toolkit.parts import Link


@dataclass(frozen=True)
class Place:
    """Somewhere to go: its words, its icon, its route, and the action that opens it."""

    label: str | Promise
    icon: str
    route: str
    action: Action
    short: str | Promise = ""
    of_own_factory: bool = False


# Under an icon there is room for one short word: the context "tab" lets a language choose another.
DESK = Place(_("Today"), "home", "desk", Action.DESK_VIEW, pgettext_lazy("tab", "Today"))

OF_ONE_FACTORY = (
    DESK,
    Place(_("Our plan"), "layout-kanban", "plan", Action.PLAN_VIEW, _("Plan"), True),
    Place(
        _("Committee"), "users", "committee_page", Action.COMMITTEE_VIEW,
        pgettext_lazy("tab", "Table"), True,
    ),
    Place(_("Our factory"), "building-factory-2", "factory_page", Action.FACTORY_VIEW, _("Factory"), True),
    Place(_("Reports"), "file-text", "report_list", Action.REPORT_VIEW),
    Place(_("Assessments"), "search", "assessment_list", Action.ASSESSMENT_VIEW, pgettext_lazy("tab", "Checks")),
)
OF_MANY = (
    DESK,
    Place(_("Factories"), "building-factory-2", "factory_list", Action.FACTORY_VIEW),
    Place(_("Assessments"), "search", "assessment_list", Action.ASSESSMENT_VIEW, pgettext_lazy("tab", "Checks")),
    Place(_("Reports"), "file-text", "report_list", Action.REPORT_VIEW),
    Place(_("Urgent cases"), "danger", "case_list", Action.ZERO_TOLERANCE_VIEW, _("Cases")),
    Place(_("Credits"), "download", "credit_list", Action.CREDIT_VIEW),
    Place(_("Invoices"), "paperclip", "invoice_list", Action.INVOICE_VIEW),
    # The last ones, so that who has all the others (a programme manager) finds plans through the factories.
    Place(_("Plans"), "layout-kanban", "plan_list", Action.PLAN_VIEW),
    Place(_("Committees"), "users", "committee_list", Action.COMMITTEE_VIEW),
)
OF_ONES_OWN = (
    Place(_("Your account"), "user", "account", Action.DESK_VIEW),
    Place(_("Visits"), "calendar", "visit_list", Action.VISIT_VIEW),
    Place(_("Training"), "calendar", "training_home", Action.TRAINING_VIEW),
    Place(_("Calendar"), "calendar", "calendar_feed", Action.COMMITTEE_VIEW),
    Place(_("Self-assessments"), "pencil", "self_assessment_list", Action.SELF_ASSESSMENT_VIEW),
    Place(_("Data"), "download", "data_page", Action.FINDING_EXPORT),
    Place(_("Steps taken"), "list", "log_list", Action.LOG_VIEW),
    Place(_("Country programmes"), "world", "programme_list", Action.PROGRAMME_VIEW),
)


def links_for(request: HttpRequest) -> list[Link]:
    """What this person may open; nothing for nobody. One query."""
    at = _whereabouts(request)
    return _links(OF_ONE_FACTORY if at.own_factory else OF_MANY, at, request.path)


def own_links_for(request: HttpRequest) -> list[Link]:
    """What stands under the person's own name."""
    return _links(OF_ONES_OWN, _whereabouts(request), request.path)


def unread_notices(request: HttpRequest) -> int | None:
    """How many notices wait for this person; None for somebody who may not open the list. One query."""
    if _whereabouts(request).roles.isdisjoint(roles_allowing(Action.NOTICE_VIEW)):
        return None
    return unread_count(request.user)


def _whereabouts(request: HttpRequest) -> Whereabouts:
    """Asked once a request, by the links and by the bell. A request refused before sign-in was read has no person."""
    if not hasattr(request, "whereabouts"):
        request.whereabouts = whereabouts_of(getattr(request, "user", AnonymousUser()))
    return request.whereabouts


def _links(places: Iterable[Place], at: Whereabouts, path: str) -> list[Link]:
    return [link for place in places if (link := _link(place, at, path)) is not None]


def _link(place: Place, at: Whereabouts, path: str) -> Link | None:
    if at.roles.isdisjoint(roles_allowing(place.action)):
        return None
    try:
        href = reverse(place.route, args=[at.own_factory] if place.of_own_factory else [])
    except NoReverseMatch:
        return None
    # The whole of /factories/… belongs to "Factories".
    is_current = href.split("/")[1] == path.split("/")[1]
    return Link(str(place.label), href, place.icon, is_current, short=str(place.short))
