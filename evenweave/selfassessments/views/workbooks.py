"""The own side's sheet as an Excel workbook, out and in."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from evenweave.access.enums import Action
from evenweave.access.routes import requires
from evenweave.selfassessments import queries, screens, services, workbook
from evenweave.selfassessments.forms import WorkbookForm
from evenweave.selfassessments.models import SelfAssessment
from evenweave.selfassessments.queries.comparing import comparison_for
from evenweave.selfassessments.queries.sheets import SheetNow, sheet_now
from evenweave.selfassessments.services import Taken
from evenweave.selfassessments.views.overview import frame
from evenweave.selfassessments.workbook import Reading
from evenweave.toolkit.refusals import Refused

FIX = "fix-"


@require_GET
@requires(Action.SELF_ASSESSMENT_ANSWER)
def self_workbook(request: HttpRequest, ref: str) -> HttpResponse:
    found = queries.one_for(request.user, Action.SELF_ASSESSMENT_ANSWER, ref)
    language = screens.reading_language()
    now = sheet_now(queries.own_sheet(request.user, found), language)
    content = workbook.written(now, factory=found.cycle.factory.name, language=language)
    return _download(content, f"self-assessment-{found.ref}")


@require_GET
@requires(Action.SELF_ASSESSMENT_VIEW)
def self_together_sheet(request: HttpRequest, ref: str) -> HttpResponse:
    """Both sides beside each other, to print for a meeting. Http404 before both have given theirs."""
    found = queries.one_for(request.user, Action.SELF_ASSESSMENT_VIEW, ref)
    language = screens.reading_language()
    comparison = comparison_for(request.user, found, language)
    content = workbook.compared(comparison, factory=found.cycle.factory.name, language=language)
    return _download(content, f"both-sides-{found.ref}")


def _download(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=workbook.XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    answer["Cache-Control"] = "no-store"
    return answer


@require_http_methods(["GET", "POST"])
@requires(Action.SELF_ASSESSMENT_ANSWER)
def self_workbook_send(request: HttpRequest, ref: str) -> HttpResponse:
    """A workbook comes back. With a wrong cell nothing is saved: the page shows each, takes its correction, and
    carries the rest of the workbook along."""
    found = queries.one_for(request.user, Action.SELF_ASSESSMENT_ANSWER, ref)
    now = sheet_now(queries.own_sheet(request.user, found))
    if request.method == "GET":
        return _page(request, found, WorkbookForm())
    form = WorkbookForm(request.POST, request.FILES)
    try:
        reading = _reading(request, form, now)
        if reading is None or reading.faults:
            return _page(request, found, form, reading)
        taken = services.take_workbook(ref=ref, said=reading.said, by=request.user)
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return _page(request, found, form)
    messages.success(request, _taken_words(taken))
    return redirect("self_assessment", ref)


def _reading(request: HttpRequest, form: WorkbookForm, now: SheetNow) -> Reading | None:
    """None when the form itself is wrong."""
    if "cells" in request.POST:
        form.fields["file"].required = False
        if not form.is_valid():
            return None
        fixes = {key.removeprefix(FIX): value for key, value in request.POST.items() if key.startswith(FIX)}
        return workbook.read_again(request.POST["cells"], fixes, now)
    if not form.is_valid():
        return None
    file = form.cleaned_data["file"]
    return workbook.read(file, file.name, now)


def _taken_words(taken: Taken) -> str:
    words = ngettext(
        "One cell was taken over.", "%(count)s cells were taken over.", taken.new
    ) % {"count": taken.new}
    if taken.conflicts:
        words += " " + ngettext(
            "One differs from what a colleague answered meanwhile: choose one.",
            "%(count)s differ from what a colleague answered meanwhile: choose one each.", taken.conflicts,
        ) % {"count": taken.conflicts}
    return words


def _page(
    request: HttpRequest, found: SelfAssessment, form: WorkbookForm, reading: Reading | None = None
) -> HttpResponse:
    faults = reading.faults if reading is not None else []
    can_fix = bool(faults) and all(fault.key for fault in faults)
    language = screens.reading_language()
    if faults and not can_fix:
        form.add_error("file", _("Correct these rows in the workbook and send it again. Nothing was saved."))
    return render(request, "selfassessments/workbook.html", frame(request, found) | {
        "form": form, "can_fix": can_fix, "cells": reading.as_json() if can_fix else "",
        "faults": [(fault, f"{FIX}{fault.key}", _choices(found, fault.question_id, fault.key)) for fault in faults],
        "headline": ngettext(
            "One cell cannot be taken. Nothing was saved.", "%(count)s cells cannot be taken. Nothing was saved.",
            len(faults),
        ) % {"count": len(faults)}, "language": language,
    }, status=422 if faults or form.errors else 200)


def _choices(found: SelfAssessment, question_id: str, key: str) -> list[str]:
    """The words a wrong answer can be replaced with; none where people write freely."""
    tool = workbook.tool_of(found)
    if key.endswith(".answer") and tool.has(question_id):
        return list(workbook.words_for(tool.question(question_id)))
    return []
