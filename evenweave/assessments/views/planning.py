"""Planning in secret: the window by the programme manager, day and people by the team leader."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from evenweave.access.enums import Action
from evenweave.access.routes import requires
from evenweave.assessments import queries
from evenweave.assessments.forms import AssignForm, PlanForm
from evenweave.assessments.services import planning
from evenweave.toolkit.refusals import Refused


@require_http_methods(["GET", "POST"])
@requires(Action.ASSESSMENT_PLAN)
def assessment_plan(request: HttpRequest) -> HttpResponse:
    form = PlanForm(request.POST or None, person=request.user, initial={"cycle": request.GET.get("cycle")})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = planning.plan_assessment(
                cycle_ref=given["cycle"].ref, window_from=given["window_from"], window_until=given["window_until"],
                mode=given["mode"], extent=given["extent"], by=request.user,
            )
            return redirect("assessment", made.ref)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
    return render(request, "assessments/plan.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires(Action.ASSESSMENT_ASSIGN)
def assessment_assign(request: HttpRequest, ref: str) -> HttpResponse:
    found = queries.assessment_for(request.user, Action.ASSESSMENT_ASSIGN, ref)
    plan = queries.plan_of(request.user, found)
    form = AssignForm(request.POST or None, assessment=found, initial=_chosen(found, plan))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            planning.assign_assessment(
                ref=ref, day_on=given["day_on"], assessors=[given["first"], given["second"]],
                reviewer=given["reviewer"], by=request.user,
            )
            return redirect("assessment", ref)
        except Refused as refused:
            field = "first" if refused.field == "assessors" else refused.field
            form.add_error(field if field in form.fields else None, refused.message)
    return render(
        request, "assessments/assign.html", {"form": form, "assessment": found, "plan": plan},
        status=422 if form.errors else 200,
    )


def _chosen(found, plan) -> dict:
    people = [person.ref for person in queries.assessors_of(found)]
    reviewer = queries.reviewer_of(found)
    return {
        "day_on": plan.day_on if plan is not None else None, "first": people[0] if people else None,
        "second": people[1] if len(people) > 1 else None, "reviewer": reviewer.ref if reviewer is not None else None,
    }
