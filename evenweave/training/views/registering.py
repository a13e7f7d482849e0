"""A factory's people in training: who goes where, and who joins them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from evenweave.access.enums import Action
from evenweave.access.routes import requires
from evenweave.organisations.queries import programmes_for
from evenweave.organisations.tabs import band
from evenweave.toolkit import clock
from evenweave.toolkit.tables import Column, columns
from evenweave.training import screens, services
from evenweave.training.forms import ConfirmForm, RegisterForm
from evenweave.training.queries.courses import courses, said, title_of
from evenweave.training.queries.holding import certificates_of
from evenweave.training.queries.seminars import drafts_for, may_write_for
from evenweave.training.queries.sessions import (
    coming,
    factories_to_register,
    factories_with_training,
    needs_of,
    registrations_for,
    seats_of,
    sessions_for,
)
from evenweave.training.views.catalogue import session_for
from evenweave.training.views.frame import form_page, take


@require_GET
@requires(Action.TRAINING_PEOPLE)
def factory_training(request: HttpRequest, ref: str) -> HttpResponse:
    """What helps with the factory's plan, where its people are registered, and what they can still join."""
    factory = get_object_or_404(factories_with_training(request.user), ref=ref)
    registrations = list(
        registrations_for(request.user).filter(factory=factory).order_by("-session__first_on", "session", "number")
    )
    certificates = certificates_of(registrations)
    may_register = factories_to_register(request.user).filter(pk=factory.pk).exists()
    sessions = list(
        coming(sessions_for(request.user), clock.now().date())
        .filter(programme=factory.programme).filter(closed_to__in=[factory.pk])
    ) + list(
        coming(sessions_for(request.user), clock.now().date()).filter(programme=factory.programme, closed_to=None)[:30]
    )
    seats = seats_of(sessions)
    plans = factory.programme in programmes_for(request.user, Action.TRAINING_PLAN)
    shown = {
        "factory": factory, "band": band(request, factory), "may_register": may_register,
        "closed_courses": [(course.key, said(course.title)) for course in courses()] if plans else [],
        "practices": list(drafts_for(request.user).filter(factory=factory)),
        "may_write": may_write_for(request.user, factory),
        "needs": [(need, said(need.course.title)) for need in needs_of(request.user, factory)],
        "sessions": [
            (one, title_of(one.course), screens.days_words(one), screens.seats_words(seats[one.pk]))
            for one in sessions
        ],
        "people": [
            (one, title_of(one.session.course), screens.registration_tag(one), certificates.get(one.pk))
            for one in registrations
        ],
        "heads": columns(
            request, Column("name", _("Name")), Column("course", _("Course")), Column("day", _("Day")),
            Column("state", _("State")), Column("certificate", _("Certificate")),
        ),
        "session_heads": columns(
            request, Column("course", _("Course")), Column("days", _("Days")), Column("place", _("Place")),
            Column("seats", _("Seats")), Column("act", _("Act")),
        ),
    }
    return render(request, "training/factory.html", shown)


@require_http_methods(["GET", "POST"])
@requires(Action.TRAINING_REGISTER)
def training_register(request: HttpRequest, ref: str, session_ref: str) -> HttpResponse:
    factory = get_object_or_404(factories_to_register(request.user), ref=ref)
    session = session_for(request, session_ref, Action.TRAINING_REGISTER)
    form = RegisterForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = take(form, lambda: services.register(
            session_ref=session_ref, factory_ref=ref, people=form.people(), by=request.user
        ))
        if made:
            messages.success(request, screens.registered_words(made))
            return redirect("factory_training", ref)
    sentence = " ".join(
        (screens.days_words(session) + ", " + session.place + ".", screens.seats_words(seats_of([session])[session.pk]))
    )
    return form_page(
        request, form, _("Register people: %(course)s") % {"course": title_of(session.course)}, sentence,
        _("Register them"), reverse("factory_training", args=[ref]), _("Training"), factory=factory,
        draft="training-register", template="training/register.html",
    )


@require_http_methods(["GET", "POST"])
@requires(Action.TRAINING_REGISTER)
def registration_cancel(request: HttpRequest, ref: str) -> HttpResponse:
    one = get_object_or_404(registrations_for(request.user, Action.TRAINING_REGISTER), ref=ref)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and take(
        form, lambda: services.cancel_registration(ref=ref, by=request.user)
    ):
        messages.success(request, _("Cancelled. The first who waits gets the seat."))
        return redirect("factory_training", one.factory.ref)
    return form_page(
        request, form, _("Cancel the registration of %(name)s") % {"name": one.name},
        f"{title_of(one.session.course)}, {screens.days_words(one.session)}.", _("Cancel the registration"),
        reverse("factory_training", args=[one.factory.ref]), _("Training"), factory=one.factory, is_bad=True,
    )
