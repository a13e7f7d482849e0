"""Imports: upload, columns, preview, registering, undoing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.tasks.exceptions import TaskResultDoesNotExist
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from evenweave.access.enums import Action
from evenweave.access.routes import requires
from evenweave.exchange import queries, services
from evenweave.exchange.enums import BatchState, Decision
from evenweave.exchange.forms import ColumnsForm, UploadForm
from evenweave.exchange.models import ImportBatch
from evenweave.exchange.screens import (
    decision_tabs,
    outcome_facts,
    pairs_of,
    row_lines,
    summary_facts,
    verdict_tabs,
)
from evenweave.toolkit.jobs.running import Progress, progress_of
from evenweave.toolkit.paging import page_of, said
from evenweave.toolkit.refusals import Refused

PAIRS_A_PAGE = 10
UNDER_WAY = {BatchState.CHECKING, BatchState.COMMITTING, BatchState.UNDOING}


@require_GET
@requires(Action.FACTORY_IMPORT)
def import_list(request: HttpRequest) -> HttpResponse:
    page = page_of(request, queries.imports_for(request.user))
    batches = list(page.object_list)
    waiting = queries.waiting_in(batches)
    heads = [_("File"), _("Opened"), _("By"), _("State"), _("Possible duplicates to decide")]
    shown = {
        "page": page, "said": said(page), "heads": heads,
        "rows": [(batch, waiting.get(batch.pk, 0)) for batch in batches],
    }
    return render(request, "exchange/import_list.html", shown)


@require_http_methods(["GET", "POST"])
@requires(Action.FACTORY_IMPORT)
def import_new(request: HttpRequest) -> HttpResponse:
    programmes = queries.import_programmes(request.user)
    form = UploadForm(request.POST or None, request.FILES or None, programmes=programmes)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            batch = services.open_import(
                file=file.file, filename=file.name, programme=form.cleaned_data["programme"], by=request.user
            )
        except Refused as refused:
            form.add_error(refused.field, refused.message)
        else:
            return redirect("import_columns", batch.ref)
    return render(request, "exchange/import_new.html", {"form": form})


@require_http_methods(["GET", "POST"])
@requires(Action.FACTORY_IMPORT)
def import_columns(request: HttpRequest, ref: str) -> HttpResponse:
    batch = queries.import_for(request.user, ref)
    form = ColumnsForm(request.POST or None, batch=batch)
    if request.method == "POST" and form.is_valid():
        try:
            services.ask_check(ref=ref, mapping=form.mapping(), by=request.user)
        except Refused as refused:
            form.add_error(refused.field, refused.message)
        else:
            return redirect("import_page", ref)
    not_read = [heading for heading in batch.headings if heading not in batch.mapping]
    return render(request, "exchange/import_columns.html", {"batch": batch, "form": form, "not_read": not_read})


@require_GET
@requires(Action.FACTORY_IMPORT)
def import_page(request: HttpRequest, ref: str) -> HttpResponse:
    """The preview, the work under way, or what became of the rows."""
    batch = queries.import_for(request.user, ref)
    if batch.state == BatchState.MAPPING:
        return redirect("import_columns", ref)
    progress = _progress(batch)
    if progress is not None and not progress.has_failed:
        return render(request, "exchange/import_progress.html", {"batch": batch, "progress": progress})
    return _preview(request, batch, has_failed=progress is not None)


def _preview(request: HttpRequest, batch: ImportBatch, *, has_failed: bool, refused: str = "") -> HttpResponse:
    counts = queries.tally(batch)
    verdict = request.GET.get("verdict", "")
    page = page_of(request, queries.rows_of(batch, verdict))
    waiting = queries.waiting_rows(batch).count()
    shown = {
        "batch": batch, "has_failed": has_failed, "refused": refused, "counts": counts,
        "tabs": verdict_tabs(batch, counts, verdict), "page": page, "said": said(page),
        "rows": row_lines(batch, list(page.object_list)),
        "heads": [_("Row"), _("Factory"), _("Result"), _("What to look at")],
        "summary": summary_facts(queries.summary_of(batch)),
        "outcomes": outcome_facts(queries.outcomes(batch)), "to_register": _to_register(batch),
        "waiting": waiting, "waiting_words": _waiting_words(waiting),
        "is_preview": batch.state == BatchState.PREVIEW, "is_committed": batch.state == BatchState.COMMITTED,
    }
    return render(request, "exchange/import_page.html", shown)


def _waiting_words(count: int) -> str:
    return ngettext(
        "Decide about %(count)s possible duplicate", "Decide about %(count)s possible duplicates", count
    ) % {"count": count}


def _to_register(batch: ImportBatch) -> tuple[int, str]:
    """How many factories the preview's button registers, and its words."""
    count = queries.wanted_rows(batch).count()
    return count, ngettext("Register %(count)s factory", "Register %(count)s factories", count) % {"count": count}


def _progress(batch: ImportBatch) -> Progress | None:
    """How far the work on this import is; None when nobody works on it."""
    if batch.state not in UNDER_WAY:
        return None
    try:
        return progress_of(batch.job_id)
    except (TaskResultDoesNotExist, ValueError):
        return Progress(share=None, text="", is_finished=True, has_failed=True)


@require_GET
@requires(Action.FACTORY_IMPORT)
def import_duplicates(request: HttpRequest, ref: str) -> HttpResponse:
    """Possible duplicates side by side with what they resemble: those to decide, or with ?decided=1 the others."""
    return _duplicates(request, queries.import_for(request.user, ref))


def _duplicates(request: HttpRequest, batch: ImportBatch, refused: str = "") -> HttpResponse:
    waiting, decided = queries.waiting_rows(batch), queries.decided_rows(batch)
    is_decided = request.GET.get("decided") == "1"
    page = page_of(request, (decided if is_decided else waiting).order_by("number"), PAIRS_A_PAGE)
    rows = list(page.object_list)
    count = waiting.count()
    shown = {
        "batch": batch, "refused": refused, "page": page, "said": said(page), "is_decided": is_decided,
        "pairs": pairs_of(rows, queries.twins_of_rows(batch, rows)), "waiting": count,
        "tabs": decision_tabs(batch, count, decided.count(), is_decided),
        "is_preview": batch.state == BatchState.PREVIEW,
    }
    return render(request, "exchange/import_duplicates.html", shown)


@require_POST
@requires(Action.FACTORY_IMPORT)
def import_decide(request: HttpRequest, ref: str) -> HttpResponse:
    """Say whether a possible duplicate is the same factory or another; without a row, that all others are others."""
    number, said_so = request.POST.get("row", ""), request.POST.get("decision", "")
    try:
        if number.isdecimal() and said_so in Decision:
            services.decide_row(ref=ref, number=int(number), decision=Decision(said_so), by=request.user)
        else:
            services.decide_rest(ref=ref, by=request.user)
    except Refused as refused:
        return _duplicates(request, queries.import_for(request.user, ref), refused.message)
    back = redirect("import_duplicates", ref)
    page = request.POST.get("page", "1")
    back["Location"] += f"?page={page}" if page.isdecimal() else ""
    return back


@require_POST
@requires(Action.FACTORY_IMPORT)
def import_commit(request: HttpRequest, ref: str) -> HttpResponse:
    return _act(request, ref, services.ask_commit)


@require_POST
@requires(Action.FACTORY_IMPORT)
def import_undo(request: HttpRequest, ref: str) -> HttpResponse:
    return _act(request, ref, services.ask_undo)


def _act(request: HttpRequest, ref: str, act) -> HttpResponse:
    try:
        act(ref=ref, by=request.user)
    except Refused as refused:
        return _preview(request, queries.import_for(request.user, ref), has_failed=False, refused=refused.message)
    return redirect("import_page", ref)
