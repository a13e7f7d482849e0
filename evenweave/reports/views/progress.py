"""Progress reports: the list, one report, and writing it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from evenweave.access.enums import Action
from evenweave.access.routes import requires
from evenweave.programmes.queries import local_today
from evenweave.reports import rules, screens
from evenweave.reports.enums import Author, ProgressState
from evenweave.reports.forms import ProgressForm
from evenweave.reports.models import ProgressReport
from evenweave.reports.queries import reading
from evenweave.reports.queries.desk import writing_url
from evenweave.reports.queries.plan_facts import frozen_now, items_left_out
from evenweave.reports.services.progress import send_progress
from evenweave.reports.views.frame import reports_band
from evenweave.toolkit import clock
from evenweave.toolkit.paging import page_of, said
from evenweave.toolkit.parts import Fact
from evenweave.toolkit.refusals import Refused
from evenweave.toolkit.tables import Column, columns

TEXTS = ("overview", "dialogue", "learning")


@require_GET
@requires(Action.PROGRESS_VIEW)
def progress_list(request: HttpRequest) -> HttpResponse:
    page = page_of(request, reading.progress_for(request.user))
    now = clock.now()
    rows = [
        {"report": one, "name": screens.progress_name(one),
         "tag": screens.progress_tag(one, local_today(one.programme, now))}
        for one in page
    ]
    heads = columns(
        request, Column("report", _("Progress report")), Column("factory", _("Factory")),
        Column("cycle", _("Cycle"), is_number=True), Column("author", _("Written by")), Column("due", _("Due")),
        Column("status", _("Status")),
    )
    return render(request, "reports/progress_list.html", {"page": page, "said": said(page), "rows": rows,
                                                          "heads": heads})


@require_GET
@requires(Action.PROGRESS_VIEW)
def progress_report(request: HttpRequest, ref: str) -> HttpResponse:
    found = reading.progress_report_for(request.user, ref)
    if found is None:
        raise Http404
    today = local_today(found.programme, clock.now())
    facts = reading.facts_of(found) if found.state == ProgressState.SENT else None
    shown = {
        "progress": found, "name": screens.progress_name(found), "tag": screens.progress_tag(found, today),
        "band": reports_band(request, found.factory),
        "sentence": _sentence(found, facts, today),
        "texts": _texts(facts) if facts else [],
        "items": [screens.plan_item(item) for item in facts["items"]] if facts else [],
        "figures": screens.plan_figures(facts) if facts else [],
        "files": screens.files_on_page(reading.files_of(found)) if facts else [],
        "readers": screens.readers(len(reading.paying_buyers(found.cycle))) if facts else [],
        "code": rules.grouped(found.code) if facts else "",
        "write_url": writing_url(found) if reading.may_write(request.user, found) else "",
        "item_heads": screens.item_heads(),
        "visits": screens.service_rows(facts.get("visits")) if facts else [],
        "training": screens.service_rows(facts.get("training")) if facts else [],
        "committee": screens.committee_rows(facts.get("committee")) if facts else [],
        "meetings": screens.service_rows((facts.get("committee") or {}).get("meetings")) if facts else [],
    }
    return render(request, "reports/progress_report.html", shown)


def _sentence(progress: ProgressReport, facts, today) -> str:
    if facts is None:
        return screens.due_words(progress, today)
    return _("Sent on %(day)s by %(author)s. The plan stands here as it was that day.") % {
        "day": screens.day(facts["report"]["submitted_on"]),
        "author": _("the factory") if progress.author == Author.FACTORY else _("the programme"),
    }


def _texts(facts) -> list[tuple[str, dict]]:
    form = ProgressForm()
    return [(form.fields[name].label, facts[name]) for name in TEXTS if facts[name]]


@require_http_methods(["GET", "POST"])
@requires(Action.PROGRESS_WRITE)
def progress_write(request: HttpRequest, ref: str) -> HttpResponse:
    """The factory's own report."""
    return _write(request, ref, Action.PROGRESS_WRITE, Author.FACTORY)


@require_http_methods(["GET", "POST"])
@requires(Action.PROGRESS_EVALUATE)
def progress_evaluate(request: HttpRequest, ref: str) -> HttpResponse:
    """The programme's evaluation."""
    return _write(request, ref, Action.PROGRESS_EVALUATE, Author.PROGRAMME)


def _write(request: HttpRequest, ref: str, action: Action, author: Author) -> HttpResponse:
    found = reading.progress_report_for(request.user, ref, action)
    if found is None or found.author != author:
        raise Http404
    if found.state != ProgressState.DUE:
        return redirect(found)
    form = ProgressForm(request.POST or None)
    is_checking = False
    if request.method == "POST" and form.is_valid():
        if "confirmed" in request.POST:
            try:
                send_progress(progress_ref=ref, by=request.user, **form.cleaned_data)
            except Refused as refusal:
                form.add_error(refusal.field, refusal.message)
            else:
                messages.success(request, _("Sent. The files are being made; the buyers are told when they are there."))
                return redirect(found)
        else:
            is_checking = "change" not in request.POST
    return _write_page(request, found, form, is_checking=is_checking)


def _write_page(request: HttpRequest, progress: ProgressReport, form: ProgressForm, *, is_checking: bool):
    facts = frozen_now(progress, clock.now())
    buyers = reading.paying_buyers(progress.cycle)
    act = ngettext("Send to %(count)s buyer", "Send to %(count)s buyers", len(buyers)) % {"count": len(buyers)}
    shown = {
        "progress": progress, "name": screens.progress_name(progress), "band": reports_band(request, progress.factory),
        "form": form, "items": [screens.plan_item(item) for item in facts["items"]],
        "figures": screens.plan_figures(facts), "left_out": items_left_out(progress),
        "sentence": screens.due_words(progress, local_today(progress.programme, clock.now())),
        "act": act if buyers else _("Send"), "item_heads": screens.item_heads(),
        "shares_details": progress.author == Author.FACTORY,
        "facts": _checked(form, buyers) if is_checking else [],
    }
    name = "reports/progress_check.html" if is_checking else "reports/progress_write.html"
    return render(request, name, shown, status=422 if form.errors else 200)


def _checked(form: ProgressForm, buyers) -> list[Fact]:
    return [
        *(Fact(str(form.fields[name].label), form.cleaned_data[name] or _("Nothing written")) for name in TEXTS),
        Fact(_("Goes to"), ngettext("%(count)s buyer with consent that has paid for the cycle",
                                    "%(count)s buyers with consent that have paid for the cycle", len(buyers))
             % {"count": len(buyers)}),
    ]
