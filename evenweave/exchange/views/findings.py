"""Taking findings out as a sheet."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from evenweave.access.enums import Action
from evenweave.access.routes import requires
from evenweave.exchange import queries
from evenweave.exchange.forms import FindingsForm
from evenweave.toolkit import clock

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
@requires(Action.FINDING_EXPORT)
def data_page(request: HttpRequest) -> HttpResponse:
    """What can be taken out, and how much it is."""
    form = FindingsForm(request.GET)
    return _page(request, form)


@require_GET
@requires(Action.FINDING_EXPORT)
def findings_sheet(request: HttpRequest) -> HttpResponse:
    """findings.xlsx of the reports that the address chooses."""
    from evenweave.reports.rendering.workbooks import findings_workbook

    form = FindingsForm(request.GET)
    if not form.is_valid():
        return _page(request, form)
    reports = list(queries.reports_to_export(request.user, form.chosen())[: queries.MOST_REPORTS + 1])
    if len(reports) > queries.MOST_REPORTS:
        return _page(request, form)
    content = findings_workbook(
        queries.exported_facts(reports), plan=queries.plan_of_findings(request.user, reports), created_at=clock.now()
    )
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = 'attachment; filename="findings.xlsx"'
    return answer


def _page(request: HttpRequest, form: FindingsForm) -> HttpResponse:
    count = 0
    if form.is_valid():
        count = queries.reports_to_export(request.user, form.chosen()).count()
    label = ngettext("Excel, the findings of %(count)s report", "Excel, the findings of %(count)s reports", count)
    shown = {
        "form": form, "count": count, "label": label % {"count": count}, "query": request.GET.urlencode(),
        "is_too_much": count > queries.MOST_REPORTS,
        "too_much": _("These are %(count)s reports; a sheet holds at most %(most)s. Choose a later day.")
        % {"count": count, "most": queries.MOST_REPORTS},
    }
    return render(request, "exchange/data.html", shown)
