"""What a participant opens on a phone, without an account."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from evenweave.access.routes import public
from evenweave.programmes.queries import local_today
from evenweave.toolkit import clock
from evenweave.toolkit.files import open_stored
from evenweave.toolkit.limits import may_try
from evenweave.training import screens, services
from evenweave.training.enums import Stage
from evenweave.training.forms import CodeForm, QuestionsForm
from evenweave.training.models import Registration
from evenweave.training.queries.courses import course_named, title_of
from evenweave.training.queries.holding import (
    behind_door,
    files_of_certificates,
    link_of,
    of_link,
    own_certificate,
    stages_to_answer,
)
from evenweave.training.views.frame import take

TRIES, WITHIN_SECONDS = 60, 600


@require_http_methods(["GET", "POST"])
@public(because="the day's code is signed, shown in the room, and opens four hours; the page names no participant")
def training_door(request: HttpRequest, door: str) -> HttpResponse:
    """Who is in the room says so with the own code, and comes to the own page."""
    found = behind_door(door)
    if found is None:
        return render(request, "training/door_closed.html", status=410)
    session, on = found
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if not may_try(f"training:{session.ref}", most=TRIES, seconds=WITHIN_SECONDS):
            form.add_error(None, _("Too many codes were tried. Wait ten minutes, or ask the trainer to use the list."))
        else:
            noted = take(form, lambda: services.note_by_code(door=door, code=form.cleaned_data["code"]))
            if noted:
                return redirect("training_own", link_of(noted))
    shown = {"form": form, "title": title_of(session.course), "day": date_format(on)}
    return render(request, "training/door.html", shown, status=422 if form.errors else 200)


def _registration(link: str) -> Registration:
    registration = of_link(link)
    if registration is None:
        raise Http404
    return registration


@require_GET
@public(because="whoever holds the participant's signed link; the page names neither the person nor the factory")
def training_own(request: HttpRequest, link: str) -> HttpResponse:
    registration = _registration(link)
    session = registration.session
    open_now = stages_to_answer(registration, local_today(session.programme, clock.now()))
    certificate = own_certificate(registration)
    shown = {
        "link": link, "title": title_of(session.course), "sentence": screens.days_words(session),
        "noted": sorted(registration.attendances.values_list("on", flat=True)),
        "stages": [(stage, Stage(stage).label) for stage in open_now],
        "certificate": certificate, "has_file": bool(certificate and files_of_certificates([certificate])),
    }
    return render(request, "training/own.html", shown)


@require_http_methods(["GET", "POST"])
@public(because="whoever holds the participant's signed link; answers are read by nobody, only counted")
def training_questions(request: HttpRequest, link: str, stage: str) -> HttpResponse:
    registration = _registration(link)
    today = local_today(registration.session.programme, clock.now())
    if stage not in stages_to_answer(registration, today):
        raise Http404
    course = course_named(registration.session.course)
    form = QuestionsForm(request.POST if request.method == "POST" else None, course=course, stage=stage)
    if request.method == "POST" and form.is_valid():
        done = take(form, lambda: services.answer_questions(
            link=link, stage=stage, given=form.given(), satisfied=form.cleaned_data.get("satisfied")
        ))
        if done:
            return redirect("training_own", link)
    shown = {"form": form, "link": link, "title": Stage(stage).label, "course": title_of(registration.session.course)}
    return render(request, "training/questions.html", shown, status=422 if form.errors else 200)


@require_GET
@public(because="whoever holds the participant's signed link takes the own certificate home")
def training_own_certificate(request: HttpRequest, link: str) -> HttpResponseBase:
    certificate = own_certificate(_registration(link))
    stored = files_of_certificates([certificate]).get(certificate.pk) if certificate else None
    if stored is None:
        raise Http404
    with open_stored(stored) as file:
        response = HttpResponse(file.read(), content_type=stored.content_type)
    response["Content-Disposition"] = f'attachment; filename="{stored.name}"'
    response["Cache-Control"] = "private, no-store"
    return response
