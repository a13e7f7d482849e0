"""A factory's own trainer trains workers."""

from datetime import date

from django.http import Http404
from django.utils.translation import gettext as _

from evenweave.access.enums import Action, Shared
from evenweave.activity.services import step
from evenweave.activity.steps import Step
from evenweave.people.models import Person
from evenweave.programmes.queries import local_today
from evenweave.toolkit import clock
from evenweave.toolkit.refusals import Refused
from evenweave.training.models import Passed
from evenweave.training.queries.trainers import own_trainers


def note_passed_on(*, certificate_ref: str, on: date, women: int, men: int, by: Person) -> Passed:
    """So many workers were trained on a day by somebody who has a trainer's certificate; said again, it counts once."""
    with step() as log:
        certificate = own_trainers(by, Action.TRAINING_REGISTER).filter(ref=certificate_ref).first()
        if certificate is None:
            raise Http404
        factory = certificate.registration.factory
        if not certificate.issued_on <= on <= local_today(factory.programme, clock.now()):
            raise Refused(_("Give a day between the certificate and today."), field="on")
        if women + men < 1:
            raise Refused(_("Somebody was trained. Give the number of women and of men."), field="women")
        passed, _is_new = Passed.objects.update_or_create(
            certificate=certificate, on=on, defaults={"women": women, "men": men, "by": by, "at": clock.now()}
        )
        log.record(
            Step.WORKERS_TRAINED, about=certificate, by=by, sharing=Shared.FACTORY, factory=factory,
            payload={"on": on.isoformat(), "women": women, "men": men},
        )
    return passed
