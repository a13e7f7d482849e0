"""Two records of one factory become one: its people in training go with it."""

from evenweave.organisations.models import Factory
from evenweave.training.models import Charge, Guest, Practice, Registration, Session


def merge_training(*, survivor: Factory, duplicate: Factory) -> None:
    """Registrations, sessions closed to it, charges, good practice and seminars are the survivor's. Inside the step of
    the merge. Somebody who stands on a list twice stays there twice; a session that charged both keeps both charges
    where they are."""
    ours = set(Registration.objects.filter(factory=survivor).values_list("session_id", "name_key"))
    for one in Registration.objects.filter(factory=duplicate):
        if (one.session_id, one.name_key) in ours:
            one.name_key = f"{one.name_key[:100]} {one.ref}"
        one.factory = survivor
        one.save(update_fields=["factory", "name_key"])
    Practice.objects.filter(factory=duplicate).update(factory=survivor)
    expected = list(Guest.objects.filter(factory=survivor).values_list("seminar_id", flat=True))
    Guest.objects.filter(factory=duplicate).exclude(seminar_id__in=expected).update(factory=survivor)
    Session.objects.filter(closed_to=duplicate).update(closed_to=survivor)
    charged = list(Charge.objects.filter(factory=survivor).values_list("session_id", flat=True))
    Charge.objects.filter(factory=duplicate).exclude(session_id__in=charged).update(factory=survivor)
