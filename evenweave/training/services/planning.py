"""Sessions are planned, changed and called off."""

from collections.abc import Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from evenweave.access.enums import Action
from evenweave.activity.services import step
from evenweave.activity.steps import Step
from evenweave.enrolment.queries import staff_of
from evenweave.organisations.models import Factory
from evenweave.organisations.queries import programmes_for
from evenweave.people.enums import AccreditedAs
from evenweave.people.models import Person
from evenweave.people.queries import barred_from
from evenweave.programmes.queries import local_today, rules_on
from evenweave.toolkit import clock
from evenweave.toolkit.refusals import Refused
from evenweave.training import rules
from evenweave.training.enums import RegistrationState, SessionState
from evenweave.training.models import Registration, Session
from evenweave.training.queries.courses import course_named
from evenweave.training.queries.sessions import OPEN
from evenweave.training.services.loading import locked_session, record
from evenweave.training.services.registering import move_up, tell_factories


def plan_session(
    *, course_key: str, programme: str, days: Sequence[date], place: str, capacity: int, language: str,
    trainer_ref: str, closed_to_ref: str = "", by: Person,
) -> Session:
    """A session that factories can register for. `closed_to_ref`: for this factory alone; a course made to measure is
    always closed."""
    with step() as log:
        course = course_named(course_key)
        if course is None:
            raise Refused(_("Choose a course of the catalogue."), field="course")
        if programme not in programmes_for(by, Action.TRAINING_PLAN):
            raise Refused(_("Choose a programme of yours."), field="programme")
        _refuse_days(programme, days)
        if language not in course.languages:
            raise Refused(_("The course is not held in this language."), field="language")
        closed_to = _closed_to(by, programme, closed_to_ref)
        if course.is_custom and closed_to is None:
            raise Refused(_("A course made to measure is for one factory. Begin on that factory's page."))
        if not 1 <= capacity <= course.most_participants:
            raise Refused(
                _("The course takes 1 to %(most)s people.") % {"most": course.most_participants}, field="capacity"
            )
        session = Session.objects.create(
            course=course_key, programme=programme, language=language, place=place.strip(),
            days=[day.isoformat() for day in days], first_on=days[0], last_on=days[-1], capacity=capacity,
            trainer=_trainer(programme, trainer_ref, days[-1]), closed_to=closed_to, planned_by=by,
        )
        record(log, Step.SESSION_PLANNED, session, by, course=course_key, days=session.days)
    return session


def change_session(
    *, ref: str, days: Sequence[date], place: str, capacity: int, trainer_ref: str, by: Person
) -> Session:
    """Other days, another place, more or fewer seats. New seats go to who waits; factories are told of new days or
    a new place."""
    with step() as log:
        session = _planned(by, ref)
        course = course_named(session.course)
        booked = session.registrations.filter(state=RegistrationState.BOOKED).count()
        most = course.most_participants if course else session.capacity
        if not max(1, booked) <= capacity <= max(most, booked):
            raise Refused(
                _("Give %(least)s to %(most)s seats: %(booked)s are taken.")
                % {"least": max(1, booked), "most": max(most, booked), "booked": booked},
                field="capacity",
            )
        wished = [day.isoformat() for day in days]
        if wished != session.days:
            _refuse_days(session.programme, days)
        is_news = (wished, place.strip()) != (session.days, session.place)
        session.days, session.first_on, session.last_on = wished, days[0], days[-1]
        session.place, session.capacity = place.strip(), capacity
        session.trainer = _trainer(session.programme, trainer_ref, days[-1])
        session.save()
        record(log, Step.SESSION_CHANGED, session, by, days=wished, capacity=capacity)
        if is_news:
            tell_factories("training.changed", session, except_for=by)
        move_up(session, log)
    return session


def cancel_session(*, ref: str, reason: str, by: Person) -> Session:
    """It does not take place. Every factory with people on the list is told, and nothing is charged."""
    with step() as log:
        session = _planned(by, ref)
        if not reason.strip():
            raise Refused(_("Say why. The factories read it."), field="reason")
        session.state, session.cancelled_reason = SessionState.CANCELLED, reason.strip()
        session.save(update_fields=["state", "cancelled_reason"])
        record(log, Step.SESSION_CANCELLED, session, by)
        tell_factories("training.cancelled", session, except_for=by)
        Registration.objects.filter(session=session, state__in=OPEN).update(
            state=RegistrationState.CANCELLED, cancelled_at=clock.now()
        )
    return session


def _planned(by: Person, ref: str) -> Session:
    session = locked_session(by, ref, Action.TRAINING_PLAN)
    if session.state != SessionState.PLANNED:
        raise Refused(_("This session was held or cancelled and stays as it is."))
    return session


def _refuse_days(programme: str, days: Sequence[date]) -> None:
    if not rules.are_days(list(days)):
        raise Refused(_("Give one to ten days, each once, the first one first."), field="days")
    if days[0] < local_today(programme, clock.now()):
        raise Refused(_("This day has passed. Give days to come."), field="days")


def _trainer(programme: str, ref: str, last_on: date) -> Person:
    trainer = staff_of(programme).filter(ref=ref).first()
    if trainer is None:
        raise Refused(_("Choose a trainer from the programme's staff."), field="trainer")
    required = AccreditedAs.TRAINER in rules_on(programme, last_on).advisors.needs_accreditation
    if barred_from([trainer], AccreditedAs.TRAINER, programme, last_on, is_required=required):
        raise Refused(
            _("%(name)s has no accreditation for this that holds on %(day)s. Choose another person.")
            % {"name": trainer.name, "day": date_format(last_on)},
            field="trainer",
        )
    return trainer


def _closed_to(by: Person, programme: str, ref: str) -> Factory | None:
    if not ref:
        return None
    mine = Factory.objects.permitted(by, Action.TRAINING_REGISTER).active().filter(programme=programme)
    factory = mine.filter(ref=ref).first()
    if factory is None:
        raise Refused(_("This factory does not belong to the programme. Begin on the factory's page."))
    return factory
