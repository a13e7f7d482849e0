"""The list, a factory's self-assessments, one of them, one cluster of the own sheet."""

from contextlib import suppress
from dataclasses import replace

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from evenweave.access.enums import Action
from evenweave.access.routes import requires
from evenweave.organisations.models import Factory
from evenweave.organisations.queries import may
from evenweave.organisations.tabs import Band, band
from evenweave.questionnaires.queries import compiled
from evenweave.selfassessments import queries, screens, services
from evenweave.selfassessments.enums import SelfState
from evenweave.selfassessments.models import SelfAssessment
from evenweave.selfassessments.queries.comparing import accuracy_for
from evenweave.selfassessments.queries.sheets import sheet_now
from evenweave.toolkit.refusals import Refused
from evenweave.toolkit.tables import Column, columns

PAGE_SIZE = 50


@require_GET
@requires(Action.SELF_ASSESSMENT_VIEW)
def self_assessment_list(request: HttpRequest) -> HttpResponse:
    page = Paginator(queries.self_assessments_for(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "selfassessments/list.html", {
        "page": page, "rows": [(found, screens.state_tag(found)) for found in page],
        "heads": columns(
            request, Column("factory", _("Factory")), Column("cycle", _("Cycle"), is_number=True),
            Column("state", _("State")),
        ),
        "reported": [screens.self_reported()],
    })


@require_GET
@requires(Action.SELF_ASSESSMENT_VIEW)
def self_assessments_of(request: HttpRequest, ref: str) -> HttpResponse:
    return _of_factory(request, queries.factory_for(request.user, ref))


def _of_factory(request: HttpRequest, factory: Factory, refused: str = "") -> HttpResponse:
    found = queries.self_assessments_for(request.user).filter(cycle__factory=factory)
    cycle = queries.cycle_to_open(factory)
    may_open = cycle is not None and may(request.user, Action.SELF_ASSESSMENT_ANSWER, factory) \
        and queries.side_of(request.user, factory) is not None
    return render(request, "selfassessments/of_factory.html", {
        "factory": factory, "band": band(request, factory), "refused": refused,
        "rows": [(one, screens.state_tag(one)) for one in found], "may_open": may_open,
        "is_asked_for": may_open and queries.is_asked_for(cycle), "reported": [screens.self_reported()],
    }, status=422 if refused else 200)


@require_POST
@requires(Action.SELF_ASSESSMENT_ANSWER)
def self_assessment_open(request: HttpRequest, ref: str) -> HttpResponse:
    try:
        found = services.open_self_assessment(factory_ref=ref, by=request.user)
    except Refused as refused:
        return _of_factory(request, queries.factory_for(request.user, ref), refused.message)
    return redirect("self_assessment", found.ref)


@require_GET
@requires(Action.SELF_ASSESSMENT_VIEW)
def self_assessment(request: HttpRequest, ref: str) -> HttpResponse:
    found = queries.one_for(request.user, Action.SELF_ASSESSMENT_VIEW, ref)
    shown = frame(request, found) | {
        "way": screens.way_of(found), "parties": screens.side_rows(queries.given_sides(found)),
        "facts": screens.facts_of(found, compiled(found.tool_id).label),
        "is_open": found.state == SelfState.OPEN,
        "empty_sides": [side.label for side in queries.empty_sides(found)] if found.state == SelfState.OPEN else [],
        "has_accuracy": found.state == SelfState.HANDED_IN and accuracy_for(request.user, found) is not None,
    }
    return render(request, "selfassessments/overview.html", shown | _own(request, found))


def frame(request: HttpRequest, found: SelfAssessment) -> dict:
    """What every page of a self-assessment is drawn with."""
    return {
        "found": found, "factory": found.cycle.factory, "band": _band(request, found.cycle.factory),
        "tags": [screens.self_reported(), screens.state_tag(found)],
        "may_answer": queries.side_of(request.user, found.cycle.factory) is not None
        and queries.may_on(request.user, Action.SELF_ASSESSMENT_ANSWER, found),
    }


def _band(request: HttpRequest, factory: Factory) -> Band:
    """The factory's band; a self-assessment stands under their tab."""
    drawn, tab = band(request, factory), reverse("self_assessments_of", args=[factory.ref])
    return replace(drawn, links=[replace(link, is_current=link.href == tab) for link in drawn.links])


def _own(request: HttpRequest, found: SelfAssessment) -> dict:
    """The tasks of the person's own side, if there is one."""
    try:
        sheet = queries.own_sheet(request.user, found)
    except Http404:
        return {"sheet": None}
    now = sheet_now(sheet, screens.reading_language())
    first_open = next((line.question.id for line in now.lines.values() if not line.is_answered), "")
    return {
        "sheet": sheet, "now": now, "tasks": [screens.task_of(found, cluster) for cluster in now.clusters],
        "first_open": first_open, "asked": len(now.lines),
    }


@require_POST
@requires(Action.SELF_ASSESSMENT_ANSWER)
def self_begin(request: HttpRequest, ref: str) -> HttpResponse:
    with suppress(Refused):  # already given: the page shows how it stands
        services.begin(ref=ref, by=request.user)
    return redirect("self_assessment", ref)


@require_GET
@requires(Action.SELF_ASSESSMENT_ANSWER)
def self_cluster(request: HttpRequest, ref: str, cluster: str) -> HttpResponse:
    found = queries.one_for(request.user, Action.SELF_ASSESSMENT_ANSWER, ref)
    sheet = queries.own_sheet(request.user, found)
    language = screens.reading_language()
    here = next((one for one in sheet_now(sheet, language).clusters if one.key == cluster), None)
    if here is None:
        raise Http404
    return render(request, "selfassessments/cluster.html", frame(request, found) | {
        "cluster": here, "rows": [screens.line_row(line, language) for line in here.lines],
        "tags": [screens.self_reported(), screens.status_tag(here.status)], "is_open": sheet.given_at is None,
    })
