"""Shared learning seminars: what is planned, who comes, what was heard."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from evenweave.access.enums import Action
from evenweave.access.routes import requires
from evenweave.organisations.queries import programmes_for
from evenweave.programmes.queries import programme_names
from evenweave.toolkit.tables import Column, columns
from evenweave.training import screens, services
from evenweave.training.enums import SeminarState
from evenweave.training.forms import CancelSeminarForm, HeardForm, JoinForm, SeminarForm
from evenweave.training.models import Seminar
from evenweave.training.queries.seminars import (
    all_guests_for,
    guests_for,
    library,
    people_coming,
    seminars_for,
    told,
    who_can_come,
)
from evenweave.training.views.frame import form_page, take


@require_GET
@requires(Action.SEMINAR_VIEW)
def seminar_list(request: HttpRequest) -> HttpResponse:
    seminars = list(seminars_for(request.user).order_by("-on", "-pk")[:60])
    heads = columns(
        request, Column("title", _("Seminar")), Column("day", _("Day")), Column("place", _("Place")),
        Column("state", _("State")),
    )
    shown = {
        "heads": heads, "rows": [(one, screens.seminar_tag(one)) for one in seminars],
        "may_plan": bool(programmes_for(request.user, Action.SEMINAR_PLAN)),
    }
    return render(request, "training/seminar_list.html", shown)


def _seminar(request: HttpRequest, ref: str, action: Action) -> Seminar:
    return get_object_or_404(seminars_for(request.user, action), ref=ref)


@require_GET
@requires(Action.SEMINAR_VIEW)
def seminar(request: HttpRequest, ref: str) -> HttpResponse:
    one = _seminar(request, ref, Action.SEMINAR_VIEW)
    is_planned = one.state == SeminarState.PLANNED
    may_plan = seminars_for(request.user, Action.SEMINAR_PLAN).filter(pk=one.pk).exists()
    shown = {
        "seminar": one, "tag": screens.seminar_tag(one), "facts": screens.seminar_facts(one, people_coming(one)),
        "agenda": [each for each in one.agenda.splitlines() if each.strip()],
        "speakers": [each for each in one.speakers.splitlines() if each.strip()],
        "guests": all_guests_for(request.user, one) if may_plan else guests_for(request.user, one),
        "practices": told(library(request.user).filter(seminar=one)),
        "may_plan": is_planned and may_plan, "may_come": is_planned and bool(who_can_come(request.user, one)),
    }
    return render(request, "training/seminar.html", shown)


@require_http_methods(["GET", "POST"])
@requires(Action.SEMINAR_PLAN)
def seminar_plan(request: HttpRequest) -> HttpResponse:
    names = programme_names(get_language() or "en")
    mine = {code: names[code] for code in programmes_for(request.user, Action.SEMINAR_PLAN) if code in names}
    form = SeminarForm(request.POST if request.method == "POST" else None, programmes=mine)
    if request.method == "POST" and form.is_valid():
        made = take(form, lambda: services.plan_seminar(by=request.user, **form.cleaned_data))
        if made:
            messages.success(request, _("The seminar is planned."))
            return redirect(made)
    return form_page(
        request, form, _("Plan a seminar"), _("Factories and buyers of the programme see it at once."), _("Plan it"),
        reverse("seminar_list"), _("Seminars"), draft="seminar-plan",
    )


@require_http_methods(["GET", "POST"])
@requires(Action.SEMINAR_JOIN)
def seminar_join(request: HttpRequest, ref: str) -> HttpResponse:
    one = _seminar(request, ref, Action.SEMINAR_JOIN)
    form = JoinForm(
        request.POST if request.method == "POST" else None, who=who_can_come(request.user, one), initial={"people": 1}
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if take(form, lambda: services.join_seminar(
            ref=ref, who_ref=data["who"], people=data["people"], by=request.user
        )):
            messages.success(request, _("You are expected."))
            return redirect(one)
    return form_page(
        request, form, _("Come to the seminar"), f"{one.title}, {date_format(one.on)}, {one.place}", _("We come"),
        one.get_absolute_url(), one.title,
    )


@require_http_methods(["GET", "POST"])
@requires(Action.SEMINAR_PLAN)
def seminar_hold(request: HttpRequest, ref: str) -> HttpResponse:
    one = _seminar(request, ref, Action.SEMINAR_PLAN)
    form = HeardForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and take(form, lambda: services.hold_seminar(
        ref=ref, summary=form.cleaned_data["summary"], by=request.user
    )):
        messages.success(request, _("Saved. Everybody who could have come reads it."))
        return redirect(one)
    return form_page(
        request, form, _("What the seminar heard"), _("Those who could not come read it."), _("Save"),
        one.get_absolute_url(), one.title, draft="seminar-heard",
    )


@require_http_methods(["GET", "POST"])
@requires(Action.SEMINAR_PLAN)
def seminar_cancel(request: HttpRequest, ref: str) -> HttpResponse:
    one = _seminar(request, ref, Action.SEMINAR_PLAN)
    form = CancelSeminarForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and take(form, lambda: services.cancel_seminar(
        ref=ref, reason=form.cleaned_data["reason"], by=request.user
    )):
        messages.success(request, _("The seminar is cancelled; who wanted to come is told."))
        return redirect(one)
    return form_page(
        request, form, _("Cancel the seminar"), _("It stays in the list as cancelled."), _("Cancel the seminar"),
        one.get_absolute_url(), one.title, is_bad=True,
    )
