"""Seminars are planned, joined, held."""

from datetime import date

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evenweave.access.enums import Action, Shared
from evenweave.activity.services import Log, step
from evenweave.activity.steps import Step
from evenweave.notifications.services import notify
from evenweave.organisations.models import Buyer, Factory
from evenweave.organisations.queries import programmes_for
from evenweave.people.models import Person
from evenweave.programmes.queries import local_today
from evenweave.toolkit import clock
from evenweave.toolkit.refusals import Refused
from evenweave.training.enums import SeminarState
from evenweave.training.models import Guest, Seminar
from evenweave.training.queries.seminars import people_coming, seminars_for, who_can_come

MOST_PEOPLE = 10


def plan_seminar(
    *, programme: str, title: str, on: date, place: str, seats: int, agenda: str, speakers: str = "", by: Person
) -> Seminar:
    """Factories and buyers of the programme can say from now on that they come."""
    with step() as log:
        if programme not in programmes_for(by, Action.SEMINAR_PLAN):
            raise Refused(_("Choose a programme of yours."), field="programme")
        if on < local_today(programme, clock.now()):
            raise Refused(_("This day has passed. Give a day to come."), field="on")
        seminar = Seminar.objects.create(
            programme=programme, title=title.strip(), on=on, place=place.strip(), seats=seats, agenda=agenda.strip(),
            speakers=speakers.strip(), language=by.language, planned_by=by,
        )
        _record(log, Step.SEMINAR_PLANNED, seminar, by)
    return seminar


def join_seminar(*, ref: str, who_ref: str, people: int, by: Person) -> Guest:
    """A factory or a buyer comes with so many people; said again, the number counts. Never more than there are seats:
    the seminar's row is locked while they are counted."""
    with step() as log:
        seminar = _locked(by, ref, Action.SEMINAR_JOIN)
        _refuse_over(seminar)
        who = next((one for one in who_can_come(by, seminar) if one.ref == who_ref), None)
        if who is None:
            raise Refused(_("Choose for whom you answer."), field="who")
        if not 1 <= people <= MOST_PEOPLE:
            raise Refused(_("One to %(most)s people can come.") % {"most": MOST_PEOPLE}, field="people")
        known = {"factory": who} if isinstance(who, Factory) else {"buyer": who}
        before = seminar.guests.filter(**known).first()
        free = seminar.seats - people_coming(seminar) + (before.people if before else 0)
        if people > free:
            raise Refused(
                ngettext("Only %(count)s seat is left.", "Only %(count)s seats are left.", max(free, 0))
                % {"count": max(free, 0)},
                field="people",
            )
        guest, _is_new = Guest.objects.update_or_create(
            seminar=seminar, **known, defaults={"people": people, "by": by, "at": clock.now()}
        )
        log.record(
            Step.SEMINAR_JOINED, about=guest, by=by, programme=seminar.programme,
            factory=who if isinstance(who, Factory) else None, payload={"seminar": seminar.ref, "people": people},
            sharing=Shared.STAFF if isinstance(who, Buyer) else Shared.FACTORY,
        )
    return guest


def hold_seminar(*, ref: str, summary: str, by: Person) -> Seminar:
    """It took place; what was heard is kept for everybody who could have come."""
    with step() as log:
        seminar = _locked(by, ref, Action.SEMINAR_PLAN)
        _refuse_over(seminar, may_be_today=True)
        if local_today(seminar.programme, clock.now()) < seminar.on:
            raise Refused(_("This day has not come yet."))
        if not summary.strip():
            raise Refused(_("Say what was heard. Those who could not come read it."), field="summary")
        seminar.state, seminar.summary, seminar.language = SeminarState.HELD, summary.strip(), by.language
        seminar.save(update_fields=["state", "summary", "language"])
        _record(log, Step.SEMINAR_HELD, seminar, by, people=people_coming(seminar))
    return seminar


def cancel_seminar(*, ref: str, reason: str, by: Person) -> Seminar:
    """It does not take place; who wanted to come is told."""
    with step() as log:
        seminar = _locked(by, ref, Action.SEMINAR_PLAN)
        _refuse_over(seminar, may_be_today=True)
        if not reason.strip():
            raise Refused(_("Say why. Who wanted to come reads it."), field="reason")
        seminar.state, seminar.cancelled_reason = SeminarState.CANCELLED, reason.strip()
        seminar.save(update_fields=["state", "cancelled_reason"])
        _record(log, Step.SEMINAR_CANCELLED, seminar, by)
        for guest in seminar.guests.select_related("seminar"):
            notify("seminar.cancelled", about=guest, except_for=by)
    return seminar


def _locked(by: Person, ref: str, action: Action) -> Seminar:
    key = seminars_for(by, action).filter(ref=ref).values_list("pk", flat=True).first()
    if key is None:
        raise Http404
    return Seminar.objects.select_for_update().get(pk=key)


def _refuse_over(seminar: Seminar, *, may_be_today: bool = False) -> None:
    is_past = seminar.on < local_today(seminar.programme, clock.now()) and not may_be_today
    if seminar.state != SeminarState.PLANNED or is_past:
        raise Refused(_("This seminar is over or was cancelled."))


def _record(log: Log, kind: Step, seminar: Seminar, by: Person, **payload) -> None:
    log.record(kind, about=seminar, by=by, sharing=Shared.STAFF, programme=seminar.programme, payload=payload)
