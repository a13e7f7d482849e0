"""The factory's reply to draft findings, its request for more time, and the decision on it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from evenweave.access.enums import Action
from evenweave.access.routes import requires
from evenweave.assessments import queries
from evenweave.assessments.enums import AssessmentState, Decision
from evenweave.assessments.forms import DecisionForm, ExtensionForm, ReplyForm
from evenweave.assessments.models import Assessment
from evenweave.assessments.rules import is_secret
from evenweave.assessments.services import replying
from evenweave.assessments.views import words
from evenweave.assessments.views.findings import finding_rows
from evenweave.programmes.queries import local_today
from evenweave.toolkit import clock
from evenweave.toolkit.parts import Tag
from evenweave.toolkit.refusals import Refused

DECISION_FAMILIES = {
    Decision.WAITING: "waiting", Decision.GRANTED: "good", Decision.REFUSED: "wrong", Decision.WITHDRAWN: "none",
}


@require_GET
@requires(Action.REPLY_VIEW)
def assessment_reply(request: HttpRequest, ref: str) -> HttpResponse:
    """The draft findings and what the factory says to each; for the factory and for staff."""
    found = _shared(request, Action.REPLY_VIEW, ref)
    rows = finding_rows(found, queries.draft_findings(found, words.reading_language()))
    is_writing = _is_open(found) and queries.may_on(request.user, Action.REPLY_WRITE, found)
    return render(request, "assessments/reply.html", {
        "assessment": found, "rows": rows, "is_writing": is_writing, "sentence": _sentence(found, rows),
        "tags": [words.state_tag_of(found)], "extensions": _extensions(found),
        "may_ask": is_writing and queries.may_ask_extension(found),
        "may_decide": queries.may_on(request.user, Action.REPLY_DECIDE, found),
    })


def _shared(request: HttpRequest, action: Action, ref: str) -> Assessment:
    found = queries.assessment_for(request.user, action, ref)
    if is_secret(found.state):
        raise Http404
    return found


def _days_left(found: Assessment) -> int:
    return (found.reply_due_on - local_today(found.programme, clock.now())).days


def _is_open(found: Assessment) -> bool:
    return found.state == AssessmentState.WITH_FACTORY and _days_left(found) >= 0


def _sentence(found: Assessment, rows: list[dict]) -> str:
    answered = sum(row["reply"] is not None for row in rows)
    said = _("%(answered)s of %(all)s draft findings have a reply.") % {"answered": answered, "all": len(rows)}
    if found.state != AssessmentState.WITH_FACTORY:
        return f"{said} {_('The replies have been sent.')}"
    left = _days_left(found)
    if left < 0:
        ended = _("The window ended on %(day)s.") % {"day": date_format(found.reply_due_on)}
        return f"{said} {ended}"
    when = _("Last day: %(day)s") % {"day": date_format(found.reply_due_on)}
    days = _("today") if left == 0 else ngettext("in %(count)s day", "in %(count)s days", left) % {"count": left}
    return f"{said} {when}, {days}."


def _extensions(found: Assessment) -> list[dict]:
    return [
        {"asked": one, "tag": Tag(DECISION_FAMILIES[Decision(one.decision)], str(one.get_decision_display())),
         "is_waiting": one.decision == Decision.WAITING}
        for one in queries.extensions_of(found)
    ]


@require_http_methods(["GET", "POST"])
@requires(Action.REPLY_WRITE)
def reply_to_finding(request: HttpRequest, ref: str, question_id: str) -> HttpResponse:
    found = _shared(request, Action.REPLY_WRITE, ref)
    row = next(
        (row for row in finding_rows(found, queries.draft_findings(found, words.reading_language()))
         if row["id"] == question_id), None,
    )
    if row is None:
        raise Http404
    said = row["reply"]
    form = ReplyForm(
        request.POST or None, request.FILES or None,
        initial={"position": said.position, "text": said.text} if said is not None else None,
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            replying.reply(
                ref=ref, question_id=question_id, position=given["position"], text=given["text"],
                language=form.language, photos=given["photos"], by=request.user,
            )
            return redirect(f"{reverse('assessment_reply', args=[ref])}#{question_id}")
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
    return render(
        request, "assessments/reply_form.html",
        {"assessment": found, "row": row, "form": form, "is_open": _is_open(found),
         "due": date_format(found.reply_due_on)},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
@requires(Action.REPLY_WRITE)
def reply_send(request: HttpRequest, ref: str) -> HttpResponse:
    """Everything once more, then the replies are sent: they cannot be changed afterwards."""
    found = _shared(request, Action.REPLY_WRITE, ref)
    refused = ""
    if request.method == "POST":
        try:
            replying.close_replies(ref=ref, by=request.user)
            return redirect("assessment_reply", ref)
        except Refused as error:
            refused = error.message
    rows = finding_rows(found, queries.draft_findings(found, words.reading_language()))
    facts = [
        (row["title"], row["reply_tag"].word if row["reply_tag"] else _("No reply"),
         reverse("reply_to_finding", args=[ref, row["id"]]))
        for row in rows
    ]
    return render(
        request, "assessments/reply_send.html",
        {"assessment": found, "facts": facts, "refused": refused, "is_open": _is_open(found),
         "waits": queries.waiting_extension(found) is not None},
        status=422 if refused else 200,
    )


@require_http_methods(["GET", "POST"])
@requires(Action.REPLY_WRITE)
def extension_ask(request: HttpRequest, ref: str) -> HttpResponse:
    found = _shared(request, Action.REPLY_WRITE, ref)
    form = ExtensionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            replying.ask_extension(ref=ref, until_on=given["until_on"], reason=given["reason"], by=request.user)
            return redirect("assessment_reply", ref)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
    return render(
        request, "assessments/extension_ask.html",
        {"assessment": found, "form": form, "due": date_format(found.reply_due_on),
         "latest": date_format(queries.latest_extension(found))},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
@requires(Action.REPLY_DECIDE)
def extension(request: HttpRequest, ref: str) -> HttpResponse:
    """Staff grant or refuse more time, and say why."""
    asked = queries.extension_for(request.user, Action.REPLY_DECIDE, ref)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            replying.decide_extension(
                extension_ref=ref, granted=given["granted"], reason=given["reason"], by=request.user
            )
            return redirect("assessment_reply", asked.assessment.ref)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
    return render(
        request, "assessments/extension.html",
        {"asked": asked, "assessment": asked.assessment, "form": form,
         "is_waiting": asked.decision == Decision.WAITING,
         "facts": [
             (_("Factory"), asked.assessment.factory.name),
             (_("Window ends"), date_format(asked.assessment.reply_due_on)),
             (_("Asked until"), date_format(asked.until_on)),
             (_("Why"), asked.reason),
             (_("Asked by"), asked.asked_by.name),
         ]},
        status=422 if form.errors else 200,
    )
