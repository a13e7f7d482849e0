"""The latest results of all factories, beside each other."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from evenweave.access.enums import Action
from evenweave.access.routes import requires
from evenweave.exchange import queries
from evenweave.exchange.forms import ResultsForm
from evenweave.exchange.screens import result_lines
from evenweave.toolkit.paging import page_of, said
from evenweave.toolkit.tables import Column, columns


@require_GET
@requires(Action.REPORT_VIEW)
def result_list(request: HttpRequest) -> HttpResponse:
    form = ResultsForm(request.GET)
    form.is_valid()
    heads = columns(
        request,
        Column("name", _("Factory"), is_sortable=True),
        Column("released", _("Report released"), is_sortable=True),
        Column("trend", _("Points with findings, each cycle")),
        Column("latest", _("Latest"), is_number=True, is_sortable=True),
        Column("change", _("Since the report before"), is_number=True),
        Column("open", _("Open items"), is_number=True),
        Column("late", _("Late"), is_number=True),
        default="-released",
    )
    page = page_of(request, queries.latest_reports(request.user, form.cleaned_data.get("q", ""), heads.sort))
    lines = result_lines(queries.result_rows(request.user, list(page.object_list)))
    count = page.paginator.count
    shown = {
        "form": form, "heads": heads, "page": page, "said": said(page), "lines": lines,
        "highest": max((highest for line in lines for highest in line.trend), default=0),
        "sentence": ngettext(
            "%(count)s factory whose report you may read.", "%(count)s factories whose reports you may read.", count
        ) % {"count": count},
    }
    return render(request, "exchange/result_list.html", shown)
