"""Who was there, what was learnt, and the doors that participants open without an account."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.core.signing import BadSignature, Signer

from evenweave.toolkit import clock
from evenweave.toolkit.files import files_of_many
from evenweave.toolkit.models import StoredFile
from evenweave.training import rules
from evenweave.training.enums import RegistrationState, SessionState, Stage
from evenweave.training.models import Attendance, Certificate, Evaluation, Registration, Session
from evenweave.training.queries.courses import course_named

CODE_HOURS = 4
_door = Signer(salt="training-door")
_participant = Signer(salt="training-participant")


def door_of(session: Session, on: date) -> str:
    """What the QR code of a day holds: the session, the day, and until when it opens; signed."""
    until = clock.now() + dt.timedelta(hours=CODE_HOURS)
    # Short, so that the picture has few squares and an old phone reads it from across a table.
    return _door.sign(f"{session.ref}.{on:%Y%m%d}.{until.astimezone(dt.UTC):%Y%m%d%H%M}").replace(":", "~")


def behind_door(signed: str) -> tuple[Session, date] | None:
    """The session and day of a door that is open; None for one that was forged, has closed, or is of no session."""
    try:
        ref, on, until = _door.unsign(signed.replace("~", ":")).split(".")
    except BadSignature:
        return None
    if dt.datetime.strptime(until, "%Y%m%d%H%M").replace(tzinfo=dt.UTC) < clock.now():
        return None
    session = Session.objects.filter(ref=ref, state=SessionState.PLANNED).first()
    return (session, date.fromisoformat(on)) if session else None


def link_of(registration: Registration) -> str:
    """The signed name of a participant's own page."""
    return _participant.sign(registration.ref).replace(":", "~")


def of_link(signed: str) -> Registration | None:
    """The registration behind a participant's link; None for a forged one, or for a seat that was given back."""
    try:
        ref = _participant.unsign(signed.replace("~", ":"))
    except BadSignature:
        return None
    return Registration.objects.select_related("session", "factory").filter(
        ref=ref, state=RegistrationState.BOOKED
    ).first()


@dataclass(frozen=True, slots=True)
class Present:
    """A line of the attendance list."""

    registration: Registration
    days: frozenset[date]


def attendance_of(session: Session) -> list[Present]:
    """Everybody with a seat, and the days on which each was there. Two queries."""
    days: dict[int, set[date]] = defaultdict(set)
    for one in Attendance.objects.filter(registration__session=session):
        days[one.registration_id].add(one.on)
    booked = session.registrations.filter(state=RegistrationState.BOOKED).select_related("factory").order_by("name")
    return [Present(one, frozenset(days[one.pk])) for one in booked]


def outcome_of(session: Session) -> rules.Outcome:
    """What the session's participants learnt, told from five on."""
    shares: dict[int, dict[str, float]] = defaultdict(dict)
    satisfactions = []
    for one in Evaluation.objects.filter(registration__session=session):
        if one.asked:
            shares[one.registration_id][one.stage] = one.right / one.asked
        if one.satisfied:
            satisfactions.append(one.satisfied)
    pairs = [(both["before"], both["after"]) for both in shares.values() if len(both) == len(Stage)]
    return rules.outcome(pairs, satisfactions)


def stages_to_answer(registration: Registration, today: date) -> list[str]:
    """Which questions the participant can answer today and has not."""
    course = course_named(registration.session.course)
    if course is None or not course.questions:
        return []
    session = registration.session
    done = set(registration.evaluations.values_list("stage", flat=True))
    return [stage for stage in rules.open_stages(today, session.first_on, session.last_on) if stage not in done]


def certificate_by_code(code: str) -> Certificate | None:
    """The certificate behind a code, for anybody who holds it."""
    return Certificate.objects.select_related("registration__session").filter(code=code).first()


def files_of_certificates(certificates: list[Certificate]) -> dict[int, StoredFile]:
    """The file of each certificate that is made, by the certificate's id."""
    return {key: files[-1] for key, files in files_of_many(certificates).items() if files}


def own_certificate(registration: Registration) -> Certificate | None:
    return Certificate.objects.filter(registration=registration).first()


def certificates_of(registrations: list[Registration]) -> dict[int, StoredFile]:
    """The certificate's file of each registration that has one, by the registration's id. Two queries."""
    found = list(Certificate.objects.filter(registration__in=registrations))
    files = files_of_certificates(found)
    return {one.registration_id: files[one.pk] for one in found if one.pk in files}
