"""The trainer's pages: the list of a day, its QR code, and the end of a session."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from evenweave.access.enums import Action
from evenweave.access.routes import requires
from evenweave.notifications.services import address
from evenweave.programmes.queries import local_today
from evenweave.toolkit import clock
from evenweave.training import screens, services
from evenweave.training.forms import AttendanceForm, ConfirmForm
from evenweave.training.models import Session
from evenweave.training.queries.courses import title_of
from evenweave.training.queries.holding import CODE_HOURS, attendance_of, door_of
from evenweave.training.views.catalogue import session_for
from evenweave.training.views.frame import form_page, take


@require_http_methods(["GET", "POST"])
@requires(Action.TRAINING_HOLD)
def session_attendance(request: HttpRequest, ref: str) -> HttpResponse:
    """One day: the list with each participant's code, and the QR code that they scan."""
    session = session_for(request, ref, Action.TRAINING_HOLD)
    on, lines = _day(request, session), attendance_of(session)
    form = AttendanceForm(
        request.POST if request.method == "POST" else None,
        days=[(day.isoformat(), date_format(day)) for day in session.dates],
        people=[
            (line.registration.ref, f"{line.registration.name} · {line.registration.factory.name} · "
                                    f"{line.registration.code}")
            for line in lines
        ],
        initial={"on": on.isoformat(), "present": [line.registration.ref for line in lines if on in line.days]},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if take(form, lambda: services.note_list(
            ref=ref, on=date.fromisoformat(data["on"]), present=data["present"], by=request.user
        )):
            messages.success(request, _("Saved."))
            return redirect(f"{reverse('session_attendance', args=[ref])}?on={data['on']}")
    is_today = on == local_today(session.programme, clock.now()) and session.state == "planned"
    door = address(reverse("training_door", args=[door_of(session, on)])) if is_today else ""
    shown = {
        "session": session, "title": title_of(session.course), "form": form, "on": on, "is_today": is_today,
        "days": [(day, day == on) for day in session.dates], "hours": CODE_HOURS, "door": door,
        "qr": screens.qr_picture(door, _("QR code of the day")) if is_today else "",
        "is_planned": session.state == "planned",
    }
    return render(request, "training/attendance.html", shown, status=422 if form.errors else 200)


def _day(request: HttpRequest, session: Session) -> date:
    """The day asked for, else today, else the first."""
    today = local_today(session.programme, clock.now())
    asked = request.POST.get("on") or request.GET.get("on", "")
    by_text = {day.isoformat(): day for day in session.dates}
    return by_text.get(asked) or by_text.get(today.isoformat()) or session.first_on


@require_http_methods(["GET", "POST"])
@requires(Action.TRAINING_HOLD)
def session_close(request: HttpRequest, ref: str) -> HttpResponse:
    session = session_for(request, ref, Action.TRAINING_HOLD)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and take(
        form, lambda: services.close_session(ref=ref, by=request.user)
    ):
        messages.success(request, _("The session is closed. Certificates are being made; invoices are with the "
                                    "factories."))
        return redirect(session)
    return form_page(
        request, form, _("Close the session"),
        _("Who was there on every day the course asks for gets a certificate. Each factory gets an invoice for the "
          "seats it kept. Afterwards nothing can be noted."),
        _("Close it"), session.get_absolute_url(), title_of(session.course),
    )
