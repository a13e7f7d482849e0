"""A meeting is planned, opened with an agenda that writes itself, talks, and decides."""

from collections.abc import Collection
from datetime import date, time

from django.http import Http404
from django.utils.translation import gettext as _

from evenweave.access.enums import Action
from evenweave.activity.services import label_of, step
from evenweave.activity.steps import Step
from evenweave.committees import rules
from evenweave.committees.enums import MeetingState, PointSource
from evenweave.committees.models import AgendaPoint, Attendance, Decision, Meeting, Member
from evenweave.committees.queries.agenda import suggested
from evenweave.committees.queries.presence import presence_of
from evenweave.committees.services.loading import (
    locked,
    locked_committee,
    next_number,
    record,
    required,
    side_word,
)
from evenweave.improvement.enums import Agreement, ItemOrigin
from evenweave.improvement.models import PlanItem
from evenweave.improvement.queries import today_of
from evenweave.improvement.services import add_action, add_self_found, take_back_action, withdraw_item
from evenweave.notifications.services import notify
from evenweave.people.models import Person
from evenweave.toolkit.refusals import Refused


def plan_meeting(
    *, committee_ref: str, on: date, starts_at: time, place: str, by: Person, ends_at: time | None = None
) -> Meeting:
    """The committee meets on a day; its members and the coach are told. A meeting of today or before may be put on
    record, too."""
    with step() as log:
        committee = locked_committee(by, committee_ref)
        if on < committee.formed_on:
            raise Refused(_("Choose a day after the committee was formed."), field="on")
        _refuse_times(starts_at, ends_at)
        meeting = Meeting.objects.create(
            committee=committee, number=next_number(Meeting.objects.filter(committee=committee)), on=on,
            starts_at=starts_at, ends_at=ends_at, place=place.strip(), language=by.language, planned_by=by,
        )
        record(log, Step.MEETING_PLANNED, meeting, committee, by)
        notify("committee.meeting_planned", about=meeting, except_for=by)
    return meeting


def _refuse_times(starts_at: time, ends_at: time | None) -> None:
    if ends_at is not None and ends_at <= starts_at:
        raise Refused(_("The meeting ends after it begins."), field="ends_at")


def move_meeting(
    *, ref: str, on: date, starts_at: time, place: str, by: Person, ends_at: time | None = None
) -> Meeting:
    """Another day, hour or place for a meeting that has not begun; everybody is told again."""
    with step() as log:
        meeting = meeting_in_state(by, ref, MeetingState.PLANNED)
        _refuse_times(starts_at, ends_at)
        meeting.on, meeting.starts_at, meeting.ends_at, meeting.place = on, starts_at, ends_at, place.strip()
        meeting.save(update_fields=["on", "starts_at", "ends_at", "place"])
        record(log, Step.MEETING_MOVED, meeting, meeting.committee, by)
        notify("committee.meeting_planned", about=meeting, except_for=by)
    return meeting


def call_off_meeting(*, ref: str, reason: str, by: Person) -> Meeting:
    """The meeting does not take place; everybody is told."""
    with step() as log:
        meeting = meeting_in_state(by, ref, MeetingState.PLANNED)
        meeting.called_off_reason = required(reason, "reason", _("Say why the meeting is called off."))
        meeting.state = MeetingState.CALLED_OFF
        meeting.save(update_fields=["state", "called_off_reason"])
        record(log, Step.MEETING_CALLED_OFF, meeting, meeting.committee, by)
        notify("committee.meeting_called_off", about=meeting, except_for=by)
    return meeting


_NOT_NOW = {
    MeetingState.PLANNED: lambda: _("This meeting has not begun."),
    MeetingState.OPEN: lambda: _("This meeting is in session."),
    MeetingState.CLOSED: lambda: _("The minutes of this meeting are closed."),
    MeetingState.SIGNED: lambda: _("Both sides have signed these minutes. They stay as they are."),
    MeetingState.CALLED_OFF: lambda: _("This meeting was called off."),
}


def meeting_in_state(by: Person, ref: str, *states: MeetingState) -> Meeting:
    """The meeting, locked, if it is in one of these states; else Refused says in which it is."""
    meeting = locked(Meeting, by, ref)
    if meeting.state not in states:
        raise Refused(_NOT_NOW[MeetingState(meeting.state)]())
    return meeting


def add_point(*, meeting_ref: str, title: str, by: Person, item_ref: str = "") -> AgendaPoint:
    """Any member may ask for a point, before the meeting or in it. `item_ref`: the plan item it is about."""
    with step() as log:
        meeting = meeting_in_state(by, meeting_ref, MeetingState.PLANNED, MeetingState.OPEN)
        title = required(title, "title", _("Say what you want to talk about."))
        item = _item_of(by, meeting, item_ref)
        point = AgendaPoint.objects.create(
            meeting=meeting, number=next_number(AgendaPoint.objects.filter(meeting=meeting)), source=PointSource.OWN,
            item=item, title=title, language=by.language, minutes=rules.MINUTES[PointSource.OWN], raised_by=by,
            raised_by_side=side_word(by, meeting.committee.factory),
        )
        record(log, Step.POINT_ASKED_FOR, meeting, meeting.committee, by, point=point.ref)
    return point


def _item_of(by: Person, meeting: Meeting, ref: str) -> PlanItem | None:
    if not ref:
        return None
    found = PlanItem.objects.permitted(by, Action.PLAN_EDIT).filter(
        ref=ref, plan__factory=meeting.committee.factory, withdrawn_at=None
    )
    item = found.first()
    if item is None:
        raise Http404
    return item


def open_meeting(*, ref: str, by: Person) -> Meeting:
    """The meeting begins: its agenda is written down as it stands, members' points first, and who is there can be
    noted. Not before its day."""
    with step() as log:
        meeting = meeting_in_state(by, ref, MeetingState.PLANNED)
        if meeting.on > today_of(meeting.committee.factory):
            raise Refused(_("The meeting is on a later day. Move it first if it begins today."))
        _write_agenda(meeting, by)
        Attendance.objects.bulk_create(
            Attendance(meeting=meeting, member=member)
            for member in Member.objects.filter(committee=meeting.committee, left_on=None)
        )
        meeting.state, meeting.opened_by, meeting.language = MeetingState.OPEN, by, by.language
        meeting.save(update_fields=["state", "opened_by", "language"])
        record(log, Step.MEETING_OPENED, meeting, meeting.committee, by)
    return meeting


def _write_agenda(meeting: Meeting, by: Person) -> None:
    own = AgendaPoint.objects.filter(meeting=meeting)
    talked_of = set(own.exclude(item=None).values_list("item__ref", flat=True))
    number = next_number(own)
    points = [point for point in suggested(by, meeting) if not point.item or point.item.ref not in talked_of]
    AgendaPoint.objects.bulk_create(
        AgendaPoint(
            meeting=meeting, number=place, source=point.source, item=point.item, count=point.count,
            minutes=point.minutes, language=by.language,
        )
        for place, point in enumerate(points, start=number)
    )


def note_attendance(*, meeting_ref: str, present: Collection[str], guests: str, by: Person) -> Meeting:
    """Who of the members is there (`present`: their refs), and who came as a guest."""
    with step():
        meeting = meeting_in_state(by, meeting_ref, MeetingState.OPEN)
        rows = list(Attendance.objects.filter(meeting=meeting).select_related("member"))
        if not set(present) <= {row.member.ref for row in rows}:
            raise Http404
        for row in rows:
            row.is_present = row.member.ref in present
        Attendance.objects.bulk_update(rows, ["is_present"])
        meeting.guests = guests.strip()
        meeting.save(update_fields=["guests"])
    return meeting


def note_point(*, ref: str, said: str, by: Person) -> AgendaPoint:
    """What was said on a point, for the minutes."""
    with step():
        point = _point(by, ref)
        point.said = said.strip()
        point.save(update_fields=["said"])
    return point


def _point(by: Person, ref: str) -> AgendaPoint:
    point = AgendaPoint.objects.select_related("meeting", "item").one_for(by, Action.COMMITTEE_EDIT, ref=ref)
    point.meeting = meeting_in_state(by, point.meeting.ref, MeetingState.OPEN)
    return point


def decide(
    *,
    point_ref: str,
    text: str,
    owner_name: str,
    owner_side: str,
    due_on: date,
    by: Person,
    management: str = Agreement.AGREES,
    workers: str = Agreement.AGREES,
    reason: str = "",
    item_ref: str = "",
    title: str = "",
) -> Decision:
    """What the committee decides is an action with an owner and a day, in the plan at once: of the point's item, of the
    item `item_ref`, or of a new one called `title` (by default as the point is). Each side's word at the table is
    kept; it becomes the side's answer in the plan when the side signs. A disagreement needs its reason and stops
    nothing. Both sides have to be there in number."""
    with step() as log:
        point = _point(by, point_ref)
        meeting = point.meeting
        if not presence_of(meeting).is_quorate:
            raise Refused(
                _("The committee cannot decide yet: too few of a side are here. Note first who is here."), field=""
            )
        text = required(text, "text", _("Write what was decided."))
        _refuse_word(management, workers, reason)
        item = point.item if not item_ref else _item_of(by, meeting, item_ref)
        is_new = item is None
        if is_new:
            item = add_self_found(
                factory_ref=meeting.committee.factory.ref, title=(title.strip() or point.title or text)[:600], by=by,
                origin=ItemOrigin.COMMITTEE, origin_label=label_of(meeting),
            )
        action = add_action(
            ref=item.ref, text=text, owner_name=required(owner_name, "owner_name", _("Say who does it.")),
            owner_side=owner_side, due_on=due_on, by=by,
        )
        decision = Decision.objects.create(
            point=point, item=item, action=action, is_new_item=is_new, management=Agreement(management),
            workers=Agreement(workers), reason=reason.strip(), by=by,
        )
        record(log, Step.MEETING_DECIDED, meeting, meeting.committee, by, item=item.ref, decision=decision.ref)
    return decision


def _refuse_word(management: str, workers: str, reason: str) -> None:
    words = {management, workers}
    if not words <= {Agreement.AGREES, Agreement.DISAGREES}:
        raise Refused(_("Say for each side whether it agrees."), field="management")
    if Agreement.DISAGREES in words and not reason.strip():
        raise Refused(_("Say what the side disagrees with. It stands in the minutes."), field="reason")


def take_back_decision(*, ref: str, by: Person) -> AgendaPoint:
    """A decision that was written down wrongly leaves the minutes and the plan, as long as the meeting is open."""
    with step() as log:
        decision = Decision.objects.select_related("point__meeting", "item", "action").one_for(
            by, Action.COMMITTEE_EDIT, ref=ref
        )
        point = _point(by, decision.point.ref)
        item, action, is_new = decision.item, decision.action, decision.is_new_item
        decision.delete()
        take_back_action(action_ref=action.ref, by=by)
        if is_new and not Decision.objects.filter(item=item).exists():
            withdraw_item(ref=item.ref, reason=_("The committee took its decision back."), by=by)
        record(log, Step.DECISION_TAKEN_BACK, point.meeting, point.meeting.committee, by, item=item.ref)
    return point
