"""Reports as people read them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from evenweave.access.enums import Action
from evenweave.access.routes import requires
from evenweave.organisations.queries import factory_for
from evenweave.programmes.queries import local_today
from evenweave.reports import rules, screens
from evenweave.reports.enums import ReportState
from evenweave.reports.queries import reading
from evenweave.reports.views.frame import reports_band
from evenweave.toolkit import clock
from evenweave.toolkit.paging import page_of, said
from evenweave.toolkit.tables import Column, columns


@require_GET
@requires(Action.REPORT_VIEW)
def report_list(request: HttpRequest) -> HttpResponse:
    """Every report in force that the person may read, and those that wait for release."""
    page = page_of(request, reading.reports_for(request.user))
    shown = {
        "page": page, "said": said(page), "waiting": list(reading.to_release(request.user)[:50]),
        "heads": columns(request, Column("factory", _("Factory")), Column("cycle", _("Cycle"), is_number=True),
                         Column("released", _("Released")), Column("version", _("Version"), is_number=True)),
    }
    return render(request, "reports/report_list.html", shown)


@require_GET
@requires(Action.REPORT_VIEW)
def factory_reports(request: HttpRequest, ref: str) -> HttpResponse:
    """One factory's reports and progress reports."""
    factory = factory_for(request.user, ref)
    if factory is None:
        raise Http404
    today = local_today(factory.programme, clock.now())
    progress = [
        {"report": one, "name": screens.progress_name(one), "tag": screens.progress_tag(one, today)}
        for one in reading.progress_for(request.user, factory).order_by("-cycle__number", "number")[:50]
    ]
    shown = {
        "factory": factory, "band": reports_band(request, factory), "progress": progress,
        "reports": list(reading.reports_for(request.user, factory)[:50]),
    }
    return render(request, "reports/factory_reports.html", shown)


@require_GET
@requires(Action.REPORT_VIEW)
def report(request: HttpRequest, ref: str) -> HttpResponse:
    """One version: in short, points, comparison, findings; beside it what happens next and who can read it."""
    found = reading.report_for(request.user, ref)
    if found is None:
        raise Http404
    factory, facts = found.factory, reading.facts_of(found)
    today = local_today(found.programme, clock.now())
    versions = reading.versions_of(request.user, found)
    files = screens.files_on_page(reading.files_of(found))
    shown = {
        "report": found,
        "page": screens.page_of(facts, reading.photos_of(request.user, found)),
        "band": reports_band(request, factory),
        "status": _status(found, facts),
        "current": next((one for one in versions if one.state == ReportState.CURRENT), None),
        "is_current": found.state == ReportState.CURRENT,
        "versions": [{"report": one, "on": screens.day(local_today(one.programme, one.released_at)),
                      "is_this": one.pk == found.pk} for one in versions],
        "files": files,
        "first_files": _first_files(files),
        "next": screens.what_happens_next(
            versions[::-1], reading.plan_items_of(request.user, found.cycle),
            reading.progress_of_cycle(request.user, found.cycle), today,
        ),
        "may_open_plan": reading.may_open_plan(request.user, factory),
        "readers": screens.readers(len(reading.paying_buyers(found.cycle))),
        "legend": screens.legend(),
        "cluster_heads": columns(
            request, Column("cluster", _("Cluster")), Column("marks", _("One mark is one point")),
            Column("hit", _("With findings"), is_number=True), Column("findings", _("Findings"), is_number=True),
        ),
        "chart_heads": screens.chart_heads(),
        "point_heads": screens.point_heads(),
        "code": rules.grouped(found.code),
        "may_amend": reading.may_amend(request.user, found),
    }
    return render(request, "reports/report.html", shown)


def _status(report, facts) -> screens.Tag:
    if report.state == ReportState.CURRENT:
        return screens.Tag("good", _("Released %(day)s") % {"day": screens.day(facts["report"]["released_on"])})
    return screens.Tag("wrong", _("Superseded"))


def _first_files(files: list[screens.FileOnPage]) -> list[screens.FileOnPage]:
    """The two that most readers want: the PDF in their own language, else the first, and the sheet."""
    pdfs = [one for one in files if one.kind == "pdf"]
    own = next((one for one in pdfs if one.language == screens.get_language()), pdfs[0] if pdfs else None)
    sheet = next((one for one in files if one.kind == "xlsx"), None)
    return [one for one in (own, sheet) if one is not None]
