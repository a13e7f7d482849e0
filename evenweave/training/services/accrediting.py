"""The programme's staff are accredited, for a time."""

from datetime import date

from django.utils.translation import gettext as _

from evenweave.access.enums import Action, Shared
from evenweave.activity.services import step
from evenweave.activity.steps import Step
from evenweave.enrolment.queries import staff_of
from evenweave.organisations.queries import programmes_for
from evenweave.people.enums import AccreditedAs
from evenweave.people.models import Accreditation, Person
from evenweave.programmes.queries import local_today
from evenweave.toolkit import clock
from evenweave.toolkit.refusals import Refused


def accredit(
    *, person_ref: str, programme: str, accredited_as: str, given_on: date, until_on: date, ground: str, by: Person
) -> Accreditation:
    """Somebody of the staff was trained and found able. The days count when a task is given to the person."""
    with step() as log:
        if programme not in programmes_for(by, Action.ACCREDITATION_GIVE):
            raise Refused(_("Choose a programme of yours."), field="programme")
        person = staff_of(programme).filter(ref=person_ref).first()
        if person is None:
            raise Refused(_("Choose somebody of the programme's staff."), field="person")
        if person == by:
            raise Refused(_("Nobody accredits themselves. Ask a colleague."), field="person")
        if until_on < given_on:
            raise Refused(_("It ends before it begins. Give a later last day."), field="until_on")
        if not ground.strip():
            raise Refused(_("Say on what ground: the training, who looked on."), field="ground")
        made = Accreditation.objects.create(
            person=person, programme=programme, accredited_as=AccreditedAs(accredited_as), given_on=given_on,
            until_on=until_on, ground=ground.strip(), given_by=by,
        )
        log.record(
            Step.ACCREDITATION_GIVEN, about=made, by=by, sharing=Shared.STAFF, programme=programme,
            payload={"person": person.ref, "as": accredited_as, "until": until_on.isoformat()},
        )
    return made


def withdraw_accreditation(*, ref: str, reason: str, by: Person) -> Accreditation:
    """From today on it does not hold any more; tasks given before stay given."""
    with step() as log:
        one = Accreditation.objects.one_for(by, Action.ACCREDITATION_GIVE, ref=ref)
        if one.withdrawn_on:
            raise Refused(_("It was withdrawn already."))
        if not reason.strip():
            raise Refused(_("Say why."), field="reason")
        one.withdrawn_on, one.withdrawn_reason = local_today(one.programme, clock.now()), reason.strip()
        one.save(update_fields=["withdrawn_on", "withdrawn_reason"])
        log.record(
            Step.ACCREDITATION_WITHDRAWN, about=one, by=by, sharing=Shared.STAFF, programme=one.programme,
            payload={"person": one.person.ref},
        )
    return one
