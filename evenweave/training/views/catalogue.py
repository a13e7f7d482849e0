"""The catalogue and the sessions of its courses."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from evenweave.access.enums import Action
from evenweave.access.routes import requires
from evenweave.access.scope import may_ever
from evenweave.enrolment.queries import staff_of
from evenweave.organisations.queries import programmes_for
from evenweave.programmes.queries import programme_names
from evenweave.toolkit import clock
from evenweave.toolkit.parts import Link
from evenweave.toolkit.tables import Column, columns
from evenweave.training import screens, services
from evenweave.training.forms import ChangeForm, ReasonForm, SessionForm
from evenweave.training.models import Session
from evenweave.training.queries.courses import course_named, courses, said, title_of
from evenweave.training.queries.holding import certificates_of, outcome_of
from evenweave.training.queries.sessions import (
    charges_for,
    coming,
    factories_to_register,
    may_hold,
    may_plan,
    registrations_for,
    seats_of,
    sessions_for,
)
from evenweave.training.rules import Course
from evenweave.training.views.frame import form_page, take


@require_GET
@requires(Action.TRAINING_VIEW)
def training_home(request: HttpRequest) -> HttpResponse:
    """What can be learnt, and when the next sessions are."""
    sessions = list(coming(sessions_for(request.user), clock.now().date())[:40])
    shown = {
        "courses": [(course, said(course.title), said(course.for_whom)) for course in courses()],
        "links": _more_links(request), **_session_table(request, sessions),
    }
    return render(request, "training/home.html", shown)


def _more_links(request: HttpRequest) -> list[Link]:
    """What only some may open."""
    offered = (
        (Action.TRAINING_PEOPLE, Link(_("Who trained whom"), reverse("trainer_tree"))),
        (Action.ACCREDITATION_VIEW, Link(_("Accreditations of the staff"), reverse("accreditation_list"))),
    )
    return [link for action, link in offered if may_ever(request.user, action)]


def _session_table(request: HttpRequest, sessions: list[Session]) -> dict:
    seats = seats_of(sessions)
    heads = columns(
        request, Column("course", _("Course")), Column("days", _("Days")), Column("place", _("Place")),
        Column("seats", _("Seats")),
    )
    rows = [
        (one, title_of(one.course), screens.days_words(one), screens.seats_words(seats[one.pk])) for one in sessions
    ]
    return {"heads": heads, "rows": rows}


def _course(key: str) -> Course:
    course = course_named(key)
    if course is None:
        raise Http404
    return course


@require_GET
@requires(Action.TRAINING_VIEW)
def training_course(request: HttpRequest, key: str) -> HttpResponse:
    course = _course(key)
    sessions = list(coming(sessions_for(request.user), clock.now().date()).filter(course=key)[:40])
    language = get_language() or "en"
    shown = {
        "course": course, "title": said(course.title), "sentence": said(course.for_whom),
        "aims": course.aims.get(language) or course.aims["en"],
        "facts": screens.course_facts(course, course.price_on(clock.now().date())),
        "may_plan": bool(programmes_for(request.user, Action.TRAINING_PLAN)),
        "own_factory": _one_factory(request), **_session_table(request, sessions),
    }
    return render(request, "training/course.html", shown)


def _one_factory(request: HttpRequest):
    """The factory of somebody who registers for exactly one; None for those who have many."""
    found = list(factories_to_register(request.user)[:2])
    return found[0] if len(found) == 1 else None


@require_http_methods(["GET", "POST"])
@requires(Action.TRAINING_PLAN)
def session_plan(request: HttpRequest, key: str) -> HttpResponse:
    course = _course(key)
    mine = programmes_for(request.user, Action.TRAINING_PLAN)
    names = programme_names(get_language() or "en")
    closed_to = factories_to_register(request.user).filter(ref=request.GET.get("factory", "")).first()
    if closed_to:
        mine = [closed_to.programme]
    programme = request.POST.get("programme") if request.POST.get("programme") in mine else next(iter(mine), "")
    form = SessionForm(
        request.POST if request.method == "POST" else None, course=course, staff=staff_of(programme),
        programmes={code: names[code] for code in mine if code in names},
        languages=[(code, screens.language_name(code)) for code in course.languages],
        initial={"closed_to": closed_to.ref if closed_to else "", "programme": programme},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        session = take(form, lambda: services.plan_session(
            course_key=key, programme=data["programme"], days=form.days(), place=data["place"],
            capacity=data["capacity"], language=data["language"], trainer_ref=data["trainer"],
            closed_to_ref=data["closed_to"], by=request.user,
        ))
        if session:
            messages.success(request, _("The session is planned."))
            return redirect(session)
    title = _("Plan a session: %(course)s") % {"course": said(course.title)}
    sentence = _("For %(factory)s alone.") % {"factory": closed_to.name} if closed_to else _(
        "Open to every factory of the programme. A session for one factory alone begins on that factory's page."
    )
    return form_page(
        request, form, title, sentence, _("Plan it"), reverse("training_course", args=[key]), said(course.title),
        draft="session-plan", factory=closed_to,
    )


def session_for(request: HttpRequest, ref: str, action: Action) -> Session:
    return get_object_or_404(sessions_for(request.user, action), ref=ref)


@require_GET
@requires(Action.TRAINING_VIEW)
def training_session(request: HttpRequest, ref: str) -> HttpResponse:
    session = session_for(request, ref, Action.TRAINING_VIEW)
    seats = seats_of([session])[session.pk]
    registrations = list(registrations_for(request.user).filter(session=session))
    certificates = certificates_of(registrations)
    is_planned = session.state == "planned"
    heads = columns(
        request, Column("name", _("Name")), Column("factory", _("Factory")), Column("post", _("Post")),
        Column("state", _("State")), Column("certificate", _("Certificate")), Column("act", _("Act")),
    )
    shown = {
        "session": session, "title": title_of(session.course), "tag": screens.session_tag(session),
        "sentence": screens.days_words(session), "facts": screens.session_facts(session, seats), "heads": heads,
        "people": [(one, screens.registration_tag(one), certificates.get(one.pk)) for one in registrations],
        "outcome": screens.outcome_words(outcome_of(session)), "charges": charges_for(request.user, session),
        "may_plan": is_planned and may_plan(request.user, session), "may_hold": may_hold(request.user, session),
        "factory": _one_factory(request) if is_planned else None, "is_planned": is_planned,
        "may_cancel": set(registrations_for(request.user, Action.TRAINING_REGISTER).filter(
            session=session, state__in=("booked", "waiting")).values_list("pk", flat=True)) if is_planned else set(),
    }
    return render(request, "training/session.html", shown)


@require_http_methods(["GET", "POST"])
@requires(Action.TRAINING_PLAN)
def session_change(request: HttpRequest, ref: str) -> HttpResponse:
    session = session_for(request, ref, Action.TRAINING_PLAN)
    days = {f"day_{n}": day for n, day in enumerate(session.dates, start=1)}
    form = ChangeForm(
        request.POST if request.method == "POST" else None, days=len(days), staff=staff_of(session.programme),
        initial={"place": session.place, "capacity": session.capacity, "trainer": session.trainer.ref, **days},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        changed = take(form, lambda: services.change_session(
            ref=ref, days=form.days(), place=data["place"], capacity=data["capacity"], trainer_ref=data["trainer"],
            by=request.user,
        ))
        if changed:
            messages.success(request, _("Saved. Factories on the list are told of another day or place."))
            return redirect(session)
    return form_page(
        request, form, _("Change the session"), _("New seats go to who waits, in order."), _("Save"),
        session.get_absolute_url(), title_of(session.course),
    )


@require_http_methods(["GET", "POST"])
@requires(Action.TRAINING_PLAN)
def session_cancel(request: HttpRequest, ref: str) -> HttpResponse:
    session = session_for(request, ref, Action.TRAINING_PLAN)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if take(form, lambda: services.cancel_session(ref=ref, reason=reason, by=request.user)):
            messages.success(request, _("The session is cancelled; the factories are told."))
            return redirect(session)
    return form_page(
        request, form, _("Cancel the session"), _("It stays in the list as cancelled. Nothing is charged."),
        _("Cancel the session"), session.get_absolute_url(), title_of(session.course), is_bad=True,
    )
