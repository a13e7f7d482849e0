"""Minutes are closed, read, and signed by both sides; what is signed is their hash."""

import hashlib
from datetime import time

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from evenweave.access.enums import Action
from evenweave.activity.services import step
from evenweave.activity.steps import Step
from evenweave.committees.enums import MeetingState, Signing
from evenweave.committees.models import Attendance, Decision, Meeting, Member, Signature
from evenweave.committees.queries.minutes import canonical_minutes, valid_signatures
from evenweave.committees.queries.presence import presence_of
from evenweave.committees.services.files import ask_for_minutes_files
from evenweave.committees.services.loading import record, required
from evenweave.committees.services.meeting import meeting_in_state
from evenweave.improvement import rules as plan_rules
from evenweave.improvement.enums import Agreement, Side
from evenweave.improvement.models import PlanItem
from evenweave.improvement.queries import ties_of
from evenweave.improvement.services import answer_agreement
from evenweave.notifications.services import notify
from evenweave.people.models import Person
from evenweave.toolkit import clock
from evenweave.toolkit.refusals import Refused


def close_minutes(*, meeting_ref: str, ended_at: time, remarks: str, by: Person) -> Meeting:
    """The meeting is over, and its minutes say what they say: both sides are asked to sign this very text. `ended_at`
    is the factory's local time."""
    with step() as log:
        meeting = meeting_in_state(by, meeting_ref, MeetingState.OPEN)
        if ended_at <= meeting.starts_at:
            raise Refused(_("The meeting ends after it begins."), field="ended_at")
        if not Attendance.objects.filter(meeting=meeting, is_present=True).exists():
            raise Refused(_("Note who was here first."))
        meeting.ends_at, meeting.remarks = ended_at, remarks.strip()
        meeting.is_quorate = presence_of(meeting).is_quorate
        text = canonical_minutes(meeting)
        meeting.minutes = text.decode()
        meeting.minutes_sha256 = hashlib.sha256(text).hexdigest()
        meeting.state, meeting.closed_at = MeetingState.CLOSED, clock.now()
        meeting.save()
        record(log, Step.MINUTES_CLOSED, meeting, meeting.committee, by, sha256=meeting.minutes_sha256)
        notify("committee.minutes_closed", about=meeting, except_for=by)
        ask_for_minutes_files(meeting)
    return meeting


def reopen_minutes(*, meeting_ref: str, reason: str, by: Person) -> Meeting:
    """The text has to be corrected before both sides have signed. Signatures under the old text count no more as soon
    as the text is another one."""
    with step() as log:
        meeting = meeting_in_state(by, meeting_ref, MeetingState.CLOSED)
        reason = required(reason, "reason", _("Say what has to be corrected."))
        meeting.state = MeetingState.OPEN
        meeting.save(update_fields=["state"])
        record(log, Step.MINUTES_REOPENED, meeting, meeting.committee, by, reason=reason)
    return meeting


def sign_minutes(
    *, meeting_ref: str, sha256: str, by: Person, signing: str = Signing.SIGNS, objection: str = ""
) -> Signature:
    """The person's side signs the text with this hash, the one the person has read. A member of the committee signs,
    for the own side, once. With `objects` the disagreement is written under the minutes, and the minutes are signed
    all the same. The side's word on each decision becomes its answer in the plan. Raises Refused when the text was
    changed since it was read."""
    with step() as log:
        meeting = (
            Meeting.objects.select_related("committee__factory").one_for(by, Action.MINUTES_SIGN, ref=meeting_ref)
        )
        side = _signing_side(by, meeting)
        if meeting.state not in {MeetingState.CLOSED, MeetingState.SIGNED}:
            raise Refused(_("These minutes are not closed yet."))
        if sha256 != meeting.minutes_sha256:
            raise Refused(_("The minutes were changed since you read them. Read them again before you sign."))
        if signing == Signing.OBJECTS:
            objection = required(objection, "objection", _("Write what your side disagrees with."))
        signature = _signed(meeting, side, by, Signing(signing), objection.strip())
        record(log, Step.MINUTES_SIGNED, meeting, meeting.committee, by, side=side.value, sha256=sha256)
        _answer_for(side, meeting, by)
        _finish(meeting, by)
        ask_for_minutes_files(meeting)
    return signature


def _signing_side(by: Person, meeting: Meeting) -> Side:
    side = ties_of(by, meeting.committee.factory).side
    if side is None:
        raise Refused(_("Only one who stands for management or for the workers can sign."))
    if _seat_of(by, meeting, side) is None:
        raise Refused(_("Only a member of the committee can sign its minutes."))
    return side


def _seat_of(by: Person, meeting: Meeting, side: Side) -> Member | None:
    return Member.objects.filter(committee=meeting.committee, person=by, side=side, left_on=None).first()


def _signed(meeting: Meeting, side: Side, by: Person, signing: Signing, objection: str) -> Signature:
    try:
        with transaction.atomic():
            return Signature.objects.create(
                meeting=meeting, side=side, member=_seat_of(by, meeting, side), by=by, signing=signing,
                objection=objection if signing == Signing.OBJECTS else "", language=by.language,
                sha256=meeting.minutes_sha256,
            )
    except IntegrityError as fault:
        raise Refused(_("Your side has signed these minutes already.")) from fault


def _answer_for(side: Side, meeting: Meeting, by: Person) -> None:
    """What the side said at the table is its answer on each item, where it had not answered yet. Of several decisions
    on one item, one that the side disagrees with weighs more."""
    by_item: dict[int, Decision] = {}
    for decision in Decision.objects.filter(point__meeting=meeting).order_by("pk"):
        if decision.item_id not in by_item or getattr(decision, side.value) == Agreement.DISAGREES:
            by_item[decision.item_id] = decision
    for item in PlanItem.objects.filter(pk__in=by_item).order_by("number"):
        is_closed = plan_rules.is_closed_to_work(item.state, is_withdrawn=item.withdrawn_at is not None)
        if not is_closed and getattr(item, side.value) == Agreement.NOT_YET:
            said = by_item[item.pk]
            answer_agreement(ref=item.ref, position=getattr(said, side.value), reason=said.reason, by=by)


def _finish(meeting: Meeting, by: Person) -> None:
    if {one.side for one in valid_signatures(meeting)} == set(Side):
        meeting.state, meeting.signed_at = MeetingState.SIGNED, clock.now()
        meeting.save(update_fields=["state", "signed_at"])
        notify("committee.minutes_signed", about=meeting, except_for=by)
