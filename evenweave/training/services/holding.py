"""A session is held: who was there, what they answered, and its end with certificates and invoices."""

from collections.abc import Collection, Mapping
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import override

from evenweave.access.enums import Action
from evenweave.activity.services import Log, step
from evenweave.activity.steps import Step
from evenweave.enrolment.enums import Package
from evenweave.enrolment.models import Cycle
from evenweave.enrolment.services.invoices import issue_invoice
from evenweave.organisations.models import Factory
from evenweave.people.models import Person
from evenweave.programmes.queries import local_today, rules_on
from evenweave.programmes.rules import NoRulesInForceError
from evenweave.toolkit import clock
from evenweave.toolkit.refusals import Refused
from evenweave.training import rules
from evenweave.training.enums import NotCharged, Noted, RegistrationState, SessionState, Stage
from evenweave.training.models import Attendance, Certificate, Charge, Evaluation, Registration, Session
from evenweave.training.queries.courses import course_named, title_of
from evenweave.training.queries.holding import attendance_of, behind_door, of_link
from evenweave.training.services.files import ask_for_certificates
from evenweave.training.services.loading import locked_session, record

COACHED = (Package.ASSESSMENT_AND_ADVISORY, Package.ADVISORY)


def note_list(*, ref: str, on: date, present: Collection[str], by: Person) -> Session:
    """The trainer's list of a day: exactly these registrations (by ref) were there."""
    with step() as log:
        session = _running(by, ref)
        if on not in session.dates:
            raise Refused(_("Choose one of the session's days."), field="on")
        if on > local_today(session.programme, clock.now()):
            raise Refused(_("This day has not come yet."), field="on")
        booked = {one.ref: one for one in session.registrations.filter(state=RegistrationState.BOOKED)}
        if not set(present) <= set(booked):
            raise Refused(_("Somebody on the list has no seat any more. Look at the list again."), field="present")
        Attendance.objects.filter(registration__session=session, on=on).exclude(
            registration__ref__in=present
        ).delete()
        Attendance.objects.bulk_create(
            [Attendance(registration=booked[each], on=on, noted=Noted.BY_LIST, noted_by=by) for each in present],
            ignore_conflicts=True,
        )
        record(log, Step.ATTENDANCE_NOTED, session, by, on=on.isoformat(), present=len(present))
    return session


def note_by_code(*, door: str, code: str) -> Registration:
    """A participant scanned the day's QR code and typed the own code. Done twice, it counts once. No log entry: what
    stands there is that the session was closed, with how many."""
    found = behind_door(door)
    if found is None:
        raise Refused(_("This code has run out. Scan the one that the trainer shows now."))
    session, on = found
    with step():
        registration = session.registrations.select_related("session").filter(
            code=code.strip().lower(), state=RegistrationState.BOOKED
        ).first()
        if registration is None:
            raise Refused(_("Nobody on the list has this code. Look at it again, or ask the trainer."), field="code")
        Attendance.objects.get_or_create(registration=registration, on=on, defaults={"noted": Noted.BY_CODE})
    return registration


def answer_questions(*, link: str, stage: str, given: Mapping[str, int], satisfied: int | None = None) -> Evaluation:
    """A participant's answers before or after the course: once each. `given`: question id → place of the choice, from
    1 on; `satisfied`: 1 to 5, after the course."""
    with step():
        registration = of_link(link)
        if registration is None:
            raise Refused(_("This link opens nothing any more."))
        session, course = registration.session, course_named(registration.session.course)
        today = local_today(session.programme, clock.now())
        if course is None or stage not in rules.open_stages(today, session.first_on, session.last_on):
            raise Refused(_("These questions are not open today."))
        evaluation, is_new = Evaluation.objects.get_or_create(
            registration=registration, stage=Stage(stage), defaults={
                "right": rules.right_answers(course, given), "asked": len(course.questions),
                "satisfied": satisfied if stage == Stage.AFTER else None,
            },
        )
        if not is_new:
            raise Refused(_("You have answered these questions already. Thank you."))
    return evaluation


def close_session(*, ref: str, by: Person) -> Session:
    """It was held. Who was there on as many days as the course asks for gets a certificate; each factory one invoice
    for the seats it kept, or a word why there is none. Nothing can be noted afterwards."""
    with step() as log:
        session = _running(by, ref)
        today = local_today(session.programme, clock.now())
        if today < session.last_on:
            raise Refused(_("Its last day has not come yet."))
        lines = attendance_of(session)
        if not any(line.days for line in lines):
            raise Refused(_("Nobody is noted as present. Note who came, or cancel the session."))
        session.state, session.held_at = SessionState.HELD, clock.now()
        session.save(update_fields=["state", "held_at"])
        certificates = _certify(session, lines, today, by)
        charges = [
            _charge(session, factory, seats, today, by, log) for factory, seats in _seats_by_factory(lines)
        ]
        Registration.objects.filter(session=session, state=RegistrationState.WAITING).update(
            state=RegistrationState.CANCELLED, cancelled_at=clock.now()
        )
        record(
            log, Step.SESSION_HELD, session, by, present=sum(bool(line.days) for line in lines),
            certificates=len(certificates), invoices=sum(charge.invoice is not None for charge in charges),
        )
        if certificates:
            ask_for_certificates(session)
    return session


def _running(by: Person, ref: str) -> Session:
    session = locked_session(by, ref, Action.TRAINING_HOLD)
    if session.state != SessionState.PLANNED:
        raise Refused(_("This session was held or cancelled and stays as it is."))
    return session


def _certify(session: Session, lines, today: date, by: Person) -> list[Certificate]:
    course = course_named(session.course)
    needed = course.attendance_needed_percent if course else 100
    return Certificate.objects.bulk_create([
        Certificate(registration=line.registration, issued_on=today, issued_by=by)
        for line in lines
        if rules.has_earned(len(session.days), len(line.days), needed)
    ])


def _seats_by_factory(lines) -> list[tuple[Factory, int]]:
    found: dict[Factory, int] = {}
    for line in lines:
        factory = line.registration.factory
        found[factory] = found.get(factory, 0) + 1
    return sorted(found.items(), key=lambda row: row[0].pk)


def _charge(session: Session, factory: Factory, seats: int, today: date, by: Person, log: Log) -> Charge:
    course = course_named(session.course)
    price = course.price_on(session.first_on) if course else None
    if _is_inside_the_fee(factory, session.first_on):
        return Charge.objects.create(session=session, factory=factory, not_charged=NotCharged.INSIDE_THE_FEE)
    if price is None:
        return Charge.objects.create(session=session, factory=factory, not_charged=NotCharged.NO_PRICE)
    quantity, each, amount = rules.charge(
        price, seats=seats, days=len(session.days), is_closed=session.closed_to_id is not None
    )
    with override("en"):  # an invoice is one for all its readers
        text = _("%(course)s, %(day)s") % {"course": title_of(session.course), "day": session.first_on.isoformat()}
    invoice = issue_invoice(
        issuer=session.programme, currency=price.currency, on=today, payment_days=price.payment_days, by=by, log=log,
        factory=factory,
        lines=[{"text": text, "quantity": quantity, "unit_price": str(each), "amount": str(amount)}],
    )
    return Charge.objects.create(session=session, factory=factory, invoice=invoice)


def _is_inside_the_fee(factory: Factory, day: date) -> bool:
    """Where the rules of the day put training days into a coached year's fee, and the factory has such a year."""
    try:
        training = rules_on(factory.programme, day).training
    except NoRulesInForceError:
        return False
    if training is None or not training.days_inside_the_fee:
        return False
    return Cycle.objects.filter(
        factory=factory, package__in=COACHED, starts_on__lte=day, ends_on__gte=day
    ).exists()
