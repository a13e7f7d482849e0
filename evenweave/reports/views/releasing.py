"""Releasing and amending: a page with everything once more, then a button that names the act."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from evenweave.access.enums import Action
from evenweave.access.routes import requires
from evenweave.assessments.enums import AssessmentState
from evenweave.assessments.queries import draft_findings
from evenweave.programmes.queries import local_today
from evenweave.reports import screens
from evenweave.reports.enums import ReportState
from evenweave.reports.forms import AmendForm, ReleaseForm
from evenweave.reports.models import Report
from evenweave.reports.queries import reading
from evenweave.reports.queries.desk import release_due_on
from evenweave.reports.rules import NewVersion, amended
from evenweave.reports.services.amending import amend_report
from evenweave.reports.services.releasing import release_report, why_not, window_has_passed
from evenweave.reports.views.frame import reports_band
from evenweave.toolkit import clock
from evenweave.toolkit.parts import Fact
from evenweave.toolkit.refusals import Refused


@require_http_methods(["GET", "POST"])
@requires(Action.REPORT_RELEASE)
def report_release(request: HttpRequest, ref: str) -> HttpResponse:
    assessment = reading.assessment_to_release(request.user, ref)
    if assessment is None:
        raise Http404
    if assessment.state == AssessmentState.RELEASED:
        current = reading.current_report_of(request.user, assessment)
        return redirect(current) if current is not None else redirect("report_list")
    form = ReleaseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            report = release_report(
                assessment_ref=ref, strengths=form.cleaned_data["strengths"], by=request.user
            )
        except Refused as refusal:
            form.add_error(refusal.field, refusal.message)
        else:
            messages.success(request, _("Released. The files are being made; everyone is told when they are there."))
            return redirect(report)
    return _release_page(request, assessment, form)


def _release_page(request: HttpRequest, assessment, form: ReleaseForm) -> HttpResponse:
    buyers = reading.paying_buyers(assessment.cycle)
    drafts = draft_findings(assessment)
    is_ready = assessment.state == AssessmentState.REPLIED or window_has_passed(assessment)
    act = ngettext("Release to the factory and %(count)s buyer", "Release to the factory and %(count)s buyers",
                   len(buyers)) % {"count": len(buyers)}
    shown = {
        "assessment": assessment, "band": reports_band(request, assessment.factory), "form": form, "drafts": drafts,
        "facts": _release_facts(request, assessment, drafts, buyers),
        "why_not": "" if is_ready else why_not(assessment),
        "act": act if buyers else _("Release to the factory"),
        "open_cases": reading.open_cases(request.user, assessment),
    }
    return render(request, "reports/report_release.html", shown, status=422 if form.errors else 200)


def _release_facts(request: HttpRequest, assessment, drafts, buyers) -> list[Fact]:
    replies = sum(draft.reply is not None for draft in drafts)
    due_on = release_due_on(assessment)
    unpaid = reading.buyers_without_payment(assessment.cycle)
    public = sum(draft.question.is_public for draft in drafts)
    days = " – ".join(dict.fromkeys(screens.day(one) for one in (assessment.started_on, assessment.ended_on) if one))
    return [
        Fact(_("In the factory"), days),
        Fact(_("Findings"), ngettext("%(count)s, %(public)s of them publicly reported",
                                     "%(count)s, %(public)s of them publicly reported", len(drafts))
             % {"count": len(drafts), "public": public}),
        Fact(_("Replies of the factory"), _("%(replies)s of %(count)s findings") % {
            "replies": replies, "count": len(drafts)}),
        Fact(_("Goes to"), _("The factory's manager and worker representatives, and its coach")),
        Fact(_("And to these buyers"), "\n".join(buyer.name for buyer in buyers)
             or _("None: no buyer has both consent and a paid cycle.")),
        Fact(_("Not to"), "\n".join(_("%(name)s: has consent, has not paid for this cycle") % {"name": buyer.name}
                                    for buyer in unpaid)),
        Fact(_("Promised by"), screens.day(due_on)),
    ]


@require_http_methods(["GET", "POST"])
@requires(Action.REPORT_AMEND)
def report_amend(request: HttpRequest, ref: str) -> HttpResponse:
    """Type the changes; see the difference; make the new version."""
    found = reading.report_for(request.user, ref, Action.REPORT_AMEND)
    if found is None:
        raise Http404
    if found.state != ReportState.CURRENT:
        return redirect(found)
    facts = reading.facts_of(found)
    form = AmendForm(request.POST or None, facts=facts)
    changes: list[screens.ChangeOnPage] = []
    if request.method == "POST" and form.is_valid():
        if "confirmed" in request.POST:
            try:
                new = amend_report(
                    report_ref=ref, withdrawn=form.withdrawn, corrected=form.corrected,
                    reason=form.cleaned_data["reason"], by=request.user,
                )
            except Refused as refusal:
                form.add_error(refusal.field, refusal.message)
            else:
                messages.success(request, _("Amended. The new files are being made; everyone is told."))
                return redirect(new)
        elif "change" not in request.POST:
            changes = _difference(found, form)
            if not changes:
                form.add_error(None, _("Nothing would change. Take a finding back, or correct its words."))
    shown = {"report": found, "band": reports_band(request, found.factory), "form": form, "changes": changes}
    name = "reports/report_amend_check.html" if changes else "reports/report_amend.html"
    return render(request, name, shown, status=422 if form.errors else 200)


def _difference(report: Report, form: AmendForm) -> list[screens.ChangeOnPage]:
    """What the amendment would say, made by the very rule that will make it."""
    version = NewVersion(
        report.ref, local_today(report.programme, clock.now()), form.cleaned_data["reason"], screens.SOURCE_LANGUAGE
    )
    new = amended(form.facts, version, withdrawn=form.withdrawn, corrected=form.corrected)
    return screens.changes_of(new["report"]["amendment"]["changes"])
