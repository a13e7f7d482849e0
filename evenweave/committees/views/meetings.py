"""Meetings: planning, the agenda, who is here, deciding, minutes, signing."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from evenweave.access.enums import Action
from evenweave.access.routes import requires
from evenweave.committees import screens, services
from evenweave.committees.enums import MeetingState
from evenweave.committees.forms import (
    AttendanceForm,
    CloseForm,
    DecisionForm,
    MeetingForm,
    PointForm,
    ReasonForm,
    SaidForm,
    SignForm,
)
from evenweave.committees.models import AgendaPoint, Meeting
from evenweave.committees.queries import reading
from evenweave.committees.queries.agenda import suggested
from evenweave.committees.queries.minutes import facts_of, frozen_minutes, points_of, valid_signatures
from evenweave.committees.queries.presence import presence_of
from evenweave.committees.queries.reading import CommitteeRead
from evenweave.committees.views.frame import found_or_404, frame, open_committee, take
from evenweave.programmes.queries import programme_zone
from evenweave.toolkit import clock
from evenweave.toolkit.refusals import Refused
from evenweave.toolkit.tables import Column, columns


@require_http_methods(["GET", "POST"])
@requires(Action.COMMITTEE_EDIT)
def meeting_plan(request: HttpRequest, factory_ref: str) -> HttpResponse:
    read = open_committee(request, factory_ref, to_edit=True)
    form = MeetingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        meeting = take(form, lambda: services.plan_meeting(
            committee_ref=read.committee.ref, **form.cleaned_data, by=request.user
        ))
        if meeting is not None:
            return redirect(meeting)
    shown = frame(request, read) | {"form": form, "title": _("Plan a meeting"), "act": _("Plan it")}
    return render(request, "committees/meeting_form.html", shown)


@require_http_methods(["GET", "POST"])
@requires(Action.COMMITTEE_EDIT)
def meeting_move(request: HttpRequest, ref: str) -> HttpResponse:
    meeting = found_or_404(reading.meeting_for(request.user, ref, Action.COMMITTEE_EDIT))
    if meeting.state != MeetingState.PLANNED:
        return redirect(meeting)
    initial = {name: getattr(meeting, name) for name in ("on", "starts_at", "ends_at", "place")}
    form = MeetingForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid() and take(
        form, lambda: services.move_meeting(ref=ref, **form.cleaned_data, by=request.user)
    ):
        return redirect(meeting)
    read = reading.read_of(request.user, meeting.committee)
    shown = frame(request, read) | {"form": form, "title": _("Move the meeting"), "act": _("Move it")}
    return render(request, "committees/meeting_form.html", shown)


@require_http_methods(["GET", "POST"])
@requires(Action.COMMITTEE_EDIT)
def meeting_call_off(request: HttpRequest, ref: str) -> HttpResponse:
    meeting = found_or_404(reading.meeting_for(request.user, ref, Action.COMMITTEE_EDIT))
    if meeting.state != MeetingState.PLANNED:
        return redirect(meeting)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and take(
        form, lambda: services.call_off_meeting(ref=ref, **form.cleaned_data, by=request.user)
    ):
        return redirect(meeting)
    read = reading.read_of(request.user, meeting.committee)
    shown = frame(request, read) | {
        "form": form, "back": meeting.get_absolute_url(), "title": _("Call off the meeting"),
        "sentence": _("Its members and the coach are told."), "act": _("Call it off"),
    }
    return render(request, "committees/reason.html", shown)


@require_GET
@requires(Action.COMMITTEE_VIEW)
def meeting_page(request: HttpRequest, ref: str) -> HttpResponse:
    return _page(request, found_or_404(reading.meeting_for(request.user, ref)))


def _page(request: HttpRequest, meeting: Meeting, **forms) -> HttpResponse:
    """The meeting as far as it is, with forms as they were typed when a step was refused."""
    read = reading.read_of(request.user, meeting.committee)
    shown = frame(request, read) | {
        "meeting": meeting, "title": screens.meeting_title(meeting), "sentence": screens.meeting_sentence(meeting),
        "tag": screens.meeting_tag(meeting), "day": date_format(meeting.on),
    }
    if meeting.state in {MeetingState.CLOSED, MeetingState.SIGNED}:
        return render(request, "committees/minutes_page.html", shown | _minutes(request, read, meeting, forms))
    shown |= _agenda(request, read, meeting, forms)
    template = "meeting_open" if meeting.state == MeetingState.OPEN else "meeting_planned"
    return render(request, f"committees/{template}.html", shown)


def _agenda(request: HttpRequest, read: CommitteeRead, meeting: Meeting, forms) -> dict:
    points = points_of(meeting)
    is_planned, is_open = meeting.state == MeetingState.PLANNED, meeting.state == MeetingState.OPEN
    if is_planned:
        talked_of = {point.item_id for point in points if point.item_id}
        points += [one for one in suggested(request.user, meeting) if not one.item or one.item.pk not in talked_of]
    presence = presence_of(meeting) if is_open else None
    rows = screens.agenda_rows(points, read.factory.ref)
    return {
        "rows": rows,
        "minutes_in_all": _("%(count)s minutes in all") % {"count": sum(row["point"].minutes for row in rows)},
        "heads": columns(
            request, Column("point", _("Point")), Column("why", _("Why")),
            Column("minutes", _("Time"), is_number=True), Column("state", _("State")),
        ),
        "may_change": read.may_edit and (is_planned or is_open), "may_begin": screens.may_begin(meeting, read),
        "point_form": forms.get("point") or PointForm(),
        "presence": presence,
        "benches": screens.present_benches(presence) if presence else None,
        "quorum": screens.quorum_sentence(presence) if presence else "",
        "attendance_form": forms.get("attendance") or (
            AttendanceForm(rows=presence.rows, initial={"guests": meeting.guests}) if presence else None
        ),
    }


def _minutes(request: HttpRequest, read: CommitteeRead, meeting: Meeting, forms) -> dict:
    facts, signatures = frozen_minutes(meeting), valid_signatures(meeting)
    signed = {one.side for one in signatures}
    may_sign = read.may_sign() and read.side not in signed
    return {
        "benches": screens.minutes_benches(facts), "points": screens.minutes_points(facts), "facts": facts,
        "parties": screens.signature_rows(signatures),
        "objections": [one for one in signatures if one.objection],
        "files": reading.files_of(meeting),
        "sign_form": forms.get("sign") or (
            SignForm(initial={"sha256": meeting.minutes_sha256, "signing": "signs"}) if may_sign else None
        ),
        "may_reopen": read.may_edit and meeting.state == MeetingState.CLOSED,
        "quorum": _("Enough of both sides were here to decide.") if facts["is_quorate"]
        else _("Too few of a side were here to decide."),
    }


@require_POST
@requires(Action.COMMITTEE_EDIT)
def point_add(request: HttpRequest, ref: str) -> HttpResponse:
    meeting = found_or_404(reading.meeting_for(request.user, ref, Action.COMMITTEE_EDIT))
    form = PointForm(request.POST)
    if form.is_valid() and take(
        form, lambda: services.add_point(meeting_ref=ref, **form.cleaned_data, by=request.user)
    ):
        return redirect(meeting)
    return _page(request, meeting, point=form)


@require_POST
@requires(Action.COMMITTEE_EDIT)
def meeting_open(request: HttpRequest, ref: str) -> HttpResponse:
    meeting = found_or_404(reading.meeting_for(request.user, ref, Action.COMMITTEE_EDIT))
    try:
        services.open_meeting(ref=ref, by=request.user)
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect(meeting)


@require_POST
@requires(Action.COMMITTEE_EDIT)
def meeting_attendance(request: HttpRequest, ref: str) -> HttpResponse:
    meeting = found_or_404(reading.meeting_for(request.user, ref, Action.COMMITTEE_EDIT))
    form = AttendanceForm(request.POST, rows=presence_of(meeting).rows)
    if form.is_valid() and take(
        form, lambda: services.note_attendance(meeting_ref=ref, **form.cleaned_data, by=request.user)
    ):
        return redirect(meeting)
    return _page(request, meeting, attendance=form)


@require_http_methods(["GET", "POST"])
@requires(Action.COMMITTEE_EDIT)
def agenda_point(request: HttpRequest, ref: str) -> HttpResponse:
    """One point of a meeting in session: what is said, and what is decided."""
    point = found_or_404(reading.point_for(request.user, ref))
    form = SaidForm(request.POST or None, initial={"said": point.said})
    if request.method == "POST" and form.is_valid() and take(
        form, lambda: services.note_point(ref=ref, **form.cleaned_data, by=request.user)
    ):
        messages.success(request, _("Noted."))
        return redirect("agenda_point", ref)
    return _point_page(request, point, said=form)


def _point_page(request: HttpRequest, point: AgendaPoint, **forms) -> HttpResponse:
    read = reading.read_of(request.user, point.meeting.committee)
    whole = next(one for one in points_of(point.meeting) if one.pk == point.pk)
    presence = presence_of(point.meeting)
    shown = frame(request, read) | {
        "point": whole, "title": screens.point_title(point), "why": screens.point_why(point, read.factory.ref),
        "meeting": point.meeting, "meeting_title": screens.meeting_title(point.meeting),
        "said_form": forms.get("said") or SaidForm(initial={"said": point.said}),
        "decision_form": forms.get("decision") or DecisionForm(has_item=point.item_id is not None),
        "is_quorate": presence.is_quorate, "quorum": screens.quorum_sentence(presence),
    }
    return render(request, "committees/agenda_point.html", shown)


@require_POST
@requires(Action.COMMITTEE_EDIT)
def point_decide(request: HttpRequest, ref: str) -> HttpResponse:
    point = found_or_404(reading.point_for(request.user, ref))
    form = DecisionForm(request.POST, has_item=point.item_id is not None)
    if form.is_valid():
        data = dict(form.cleaned_data)
        number = data.pop("item_number", None)
        item = reading.item_numbered(request.user, point.meeting.committee.factory, number) if number else None
        if number and item is None:
            form.add_error("item_number", _("No open item of the plan has this number."))
        elif take(form, lambda: services.decide(
            point_ref=ref, item_ref=item.ref if item else "", **data, by=request.user
        )):
            messages.success(request, _("Decided. It is in the plan."))
            return redirect(point.meeting)
    return _point_page(request, point, decision=form)


@require_POST
@requires(Action.COMMITTEE_EDIT)
def decision_take_back(request: HttpRequest, ref: str) -> HttpResponse:
    decision = found_or_404(reading.decision_for(request.user, ref))
    point = decision.point
    try:
        services.take_back_decision(ref=ref, by=request.user)
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("meeting_page", point.meeting.ref)
    return redirect("agenda_point", point.ref)


@require_http_methods(["GET", "POST"])
@requires(Action.COMMITTEE_EDIT)
def meeting_close(request: HttpRequest, ref: str) -> HttpResponse:
    """Check what the minutes will say, then close them."""
    meeting = found_or_404(reading.meeting_for(request.user, ref, Action.COMMITTEE_EDIT))
    if meeting.state != MeetingState.OPEN:
        return redirect(meeting)
    now = clock.now().astimezone(programme_zone(meeting.committee.factory.programme))
    form = CloseForm(request.POST or None, initial={"ended_at": meeting.ends_at or now.time().replace(second=0),
                                                    "remarks": meeting.remarks})
    if request.method == "POST" and form.is_valid() and take(
        form, lambda: services.close_minutes(meeting_ref=ref, **form.cleaned_data, by=request.user)
    ):
        return redirect(meeting)
    read = reading.read_of(request.user, meeting.committee)
    facts = facts_of(meeting)
    shown = frame(request, read) | {
        "meeting": meeting, "title": screens.meeting_title(meeting), "form": form, "facts": facts,
        "benches": screens.minutes_benches(facts), "points": screens.minutes_points(facts),
        "quorum": screens.quorum_sentence(presence_of(meeting)),
    }
    return render(request, "committees/meeting_close.html", shown)


@require_POST
@requires(Action.MINUTES_SIGN)
def minutes_sign(request: HttpRequest, ref: str) -> HttpResponse:
    meeting = found_or_404(reading.meeting_for(request.user, ref, Action.MINUTES_SIGN))
    form = SignForm(request.POST)
    if form.is_valid():
        data = dict(form.cleaned_data)
        if take(form, lambda: services.sign_minutes(meeting_ref=ref, **data, by=request.user)):
            messages.success(request, _("Your side has signed."))
            return redirect(meeting)
    if meeting.state not in {MeetingState.CLOSED, MeetingState.SIGNED}:
        messages.error(request, _("These minutes are being corrected. They can be signed when they are closed again."))
        return redirect(meeting)
    # What is signed next is the text shown now; the person's words stay.
    typed = form.data.copy() | {"sha256": meeting.minutes_sha256}
    again = SignForm(typed)
    again._errors = form.errors
    return _page(request, meeting, sign=again)


@require_http_methods(["GET", "POST"])
@requires(Action.COMMITTEE_EDIT)
def minutes_reopen(request: HttpRequest, ref: str) -> HttpResponse:
    meeting = found_or_404(reading.meeting_for(request.user, ref, Action.COMMITTEE_EDIT))
    if meeting.state != MeetingState.CLOSED:
        return redirect(meeting)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and take(
        form, lambda: services.reopen_minutes(meeting_ref=ref, **form.cleaned_data, by=request.user)
    ):
        return redirect(meeting)
    read = reading.read_of(request.user, meeting.committee)
    shown = frame(request, read) | {
        "form": form, "back": meeting.get_absolute_url(), "title": _("Correct the minutes"),
        "sentence": _("The meeting is in session again until its minutes are closed. Who has signed signs again if the "
                      "text is another one."),
        "act": _("Open them again"),
    }
    return render(request, "committees/reason.html", shown)
