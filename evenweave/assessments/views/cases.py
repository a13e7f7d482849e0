"""Zero-tolerance cases: the list, opening one, its clock and its duties. Never a name for those who may not know it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from evenweave.access.enums import Action
from evenweave.access.routes import requires
from evenweave.assessments import queries
from evenweave.assessments.enums import CaseState
from evenweave.assessments.forms import CaseForm, CaseStepForm, CloseCaseForm
from evenweave.assessments.models import Assessment, CaseStep, ZeroToleranceCase
from evenweave.assessments.services import cases
from evenweave.assessments.views import words
from evenweave.organisations.models import Factory
from evenweave.programmes.rules import ZeroTolerance
from evenweave.programmes.rules import words as in_language
from evenweave.toolkit import clock
from evenweave.toolkit.parts import Entry, Tag
from evenweave.toolkit.refusals import Refused
from evenweave.toolkit.tables import Column, columns


@require_GET
@requires(Action.ZERO_TOLERANCE_VIEW)
def case_list(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    rows = [
        {"case": case, "issue": _issue(case), "tag": _state_tag(case, now),
         "opened": words.local_day_time(case.programme, case.opened_at)}
        for case in queries.cases_for(request.user)[:200]
    ]
    heads = [Column("factory", _("Factory")), Column("issue", _("Suspicion")), Column("opened", _("Opened")),
             Column("state", _("State"))]
    return render(request, "assessments/case_list.html", {"rows": rows, "columns": columns(request, *heads)})


def _issue(case: ZeroToleranceCase) -> str:
    return in_language(queries.protocol_for(case).issue(case.issue).title, words.reading_language())


def _state_tag(case: ZeroToleranceCase, now) -> Tag:
    if case.state == CaseState.CLOSED:
        return Tag("good", _("Closed"))
    waiting = [step for step in case.steps.all() if step.done_at is None]
    if any(step.due_at < now for step in waiting):
        return Tag("danger", _("A duty is late"))
    return Tag("waiting", _("Open"), "clock")


@require_http_methods(["GET", "POST"])
@requires(Action.ZERO_TOLERANCE_OPEN)
def case_open(request: HttpRequest) -> HttpResponse:
    """From an assessment, from a factory's page, or from nothing: then the factory is chosen first."""
    place = request.POST if request.method == "POST" else request.GET
    assessment, factory = _place(request, place.get("assessment", ""), place.get("factory_ref", ""))
    programme = _programme(request, assessment, factory)
    protocol = queries.protocol_of(programme, clock.now())
    form = CaseForm(request.POST or None, person=request.user, protocol=protocol,
                    factory=factory or (assessment.factory if assessment is not None else None))
    if request.method == "POST" and form.is_valid():
        try:
            case = _open(request, form, assessment, factory)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            return _opened(request, case)
    return render(
        request, "assessments/case_open.html",
        {"form": form, "assessment": assessment, "factory": factory or (assessment and assessment.factory),
         "question_id": place.get("question", ""), "factory_ref": factory.ref if factory else "",
         "first": _first_duty(protocol)},
        status=422 if form.errors else 200,
    )


def _place(request: HttpRequest, assessment_ref: str, factory_ref: str) -> tuple[Assessment | None, Factory | None]:
    if assessment_ref:
        return queries.assessment_for(request.user, Action.ZERO_TOLERANCE_OPEN, assessment_ref), None
    if factory_ref:
        return None, queries.factory_for_case(request.user, factory_ref)
    return None, None


def _programme(request: HttpRequest, assessment: Assessment | None, factory: Factory | None) -> str:
    if assessment is not None:
        return assessment.programme
    known = factory or queries.factories_for_cases(request.user).first()
    if known is None:
        raise Http404
    return known.programme


def _open(request: HttpRequest, form: CaseForm, assessment, factory) -> ZeroToleranceCase:
    given = form.cleaned_data
    where = {"assessment_ref": assessment.ref} if assessment is not None else {
        "factory_ref": (factory or given["factory"]).ref
    }
    return cases.open_case(
        issue=given["issue"], description=given["description"], protected_name=given["protected_name"],
        protected_details=given["protected_details"], question_id=request.POST.get("question", ""),
        by=request.user, **where,
    )


def _opened(request: HttpRequest, case: ZeroToleranceCase) -> HttpResponse:
    """To the case for those who may read it; a coach, who may not, is told that it is open."""
    if queries.may_read_case(request.user, case):
        return redirect("case", case.ref)
    return render(request, "assessments/case_opened.html", {"factory": case.factory})


def _first_duty(protocol: ZeroTolerance) -> str:
    duty = protocol.duties[0]
    return _("%(duty)s within %(hours)s hours.") % {
        "duty": in_language(duty.title, words.reading_language()), "hours": duty.hours
    }


@require_GET
@requires(Action.ZERO_TOLERANCE_VIEW)
def case(request: HttpRequest, ref: str) -> HttpResponse:
    found = queries.case_for(request.user, Action.ZERO_TOLERANCE_VIEW, ref)
    return render(request, "assessments/case.html", _case(request, found))


def _case(request: HttpRequest, found: ZeroToleranceCase) -> dict:
    now, steps = clock.now(), queries.case_steps(found)
    may_handle = found.state == CaseState.OPEN and queries.may_handle_case(request.user, found)
    protocol = queries.protocol_for(found)
    titles = {duty.key: in_language(duty.title, words.reading_language()) for duty in protocol.duties}
    done = {step.key for step in steps if step.done_at is not None}
    after = {duty.key: duty.after for duty in protocol.duties}
    sees_assessment = found.assessment is not None and queries.may_on(
        request.user, Action.ASSESSMENT_VIEW, found.assessment
    )
    return {
        "case": found, "issue": _issue(found), "tags": [_state_tag(found, now)],
        "opened": words.local_day_time(found.programme, found.opened_at),
        "entries": [_entry(found, step, titles.get(step.key, step.key), now) for step in steps],
        "todo": [
            {"key": step.key, "title": titles.get(step.key, step.key), "form": CaseStepForm(prefix=step.key)}
            for step in steps
            if step.done_at is None and (after.get(step.key, "opened") in {"opened", *done})
        ] if may_handle else [],
        "may_close": may_handle and len(done) == len(steps), "close_form": CloseCaseForm(),
        "protected": queries.protected_person(request.user, found),
        "assessment": found.assessment if sees_assessment else None,
        "question_id": found.question_id if sees_assessment else "",
        "ministry_knows": found.sharing >= 20,
    }


def _entry(found: ZeroToleranceCase, step: CaseStep, title: str, now) -> Entry:
    if step.done_at is not None:
        when = words.local_day_time(found.programme, step.done_at)
        return Entry(when=when, title=title, meta=f"{step.done_by.name}. {step.note}".strip(),
                     tags=(Tag("good", _("Done")),))
    is_late = step.due_at < now
    return Entry(
        when=words.local_day_time(found.programme, step.due_at), title=title,
        tags=(Tag("danger", _("Late")) if is_late else Tag("waiting", _("To do"), "clock"),),
        state="late" if is_late else "turn",
    )


@require_http_methods(["GET", "POST"])
@requires(Action.ZERO_TOLERANCE_HANDLE)
def case_step(request: HttpRequest, ref: str, key: str) -> HttpResponse:
    found = queries.case_for(request.user, Action.ZERO_TOLERANCE_HANDLE, ref)
    if request.method == "POST":
        form = CaseStepForm(request.POST, prefix=key)
        refused = ""
        if form.is_valid():
            try:
                cases.take_step(case_ref=ref, key=key, note=form.cleaned_data["note"], by=request.user)
                return redirect("case", ref)
            except Refused as error:
                refused = error.message
        return _again(request, found, key, form, refused)
    return redirect("case", ref)


def _again(request: HttpRequest, found: ZeroToleranceCase, key: str, form: CaseStepForm, refused: str) -> HttpResponse:
    given = _case(request, found)
    for row in given["todo"]:
        if row["key"] == key:
            row["form"] = form
    return render(request, "assessments/case.html", given | {"refused": refused, "wrong_form": form}, status=422)


@require_http_methods(["GET", "POST"])
@requires(Action.ZERO_TOLERANCE_HANDLE)
def case_close(request: HttpRequest, ref: str) -> HttpResponse:
    found = queries.case_for(request.user, Action.ZERO_TOLERANCE_HANDLE, ref)
    if request.method == "POST":
        form = CloseCaseForm(request.POST)
        refused = ""
        if form.is_valid():
            try:
                cases.close_case(case_ref=ref, outcome=form.cleaned_data["outcome"], by=request.user)
                return redirect("case", ref)
            except Refused as error:
                refused = error.message
        given = _case(request, found) | {"close_form": form, "wrong_form": form, "refused": refused}
        return render(request, "assessments/case.html", given, status=422)
    return redirect("case", ref)
