"""A person says of a possible duplicate whether it is the same factory or another."""

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from evenweave.exchange.enums import BatchState, Decision, Outcome, Verdict
from evenweave.exchange.models import ImportBatch, ImportRow
from evenweave.exchange.queries import twin_of_row
from evenweave.exchange.services.batches import in_state
from evenweave.exchange.services.merging import merge_factories
from evenweave.organisations.queries import UNLISTED
from evenweave.people.models import Person
from evenweave.toolkit import clock
from evenweave.toolkit.refusals import Refused

REGISTERED = (BatchState.COMMITTED, BatchState.UNDONE)


def decide_row(*, ref: str, number: int, decision: Decision, by: Person) -> ImportRow:
    """Before the list is registered: the same factory is not registered again, another one is. Afterwards, when the
    row is registered and waits: the same factory is merged into the one it is, another one stays as it is."""
    with transaction.atomic():
        batch = in_state(ref, by, BatchState.PREVIEW, *REGISTERED)
        row = batch.rows.select_related("factory", "match").filter(number=number, verdict=Verdict.POSSIBLE).first()
        if row is None:
            raise Http404
        if batch.state in REGISTERED:
            _decide_registered(batch, row, decision, by)
        row.decision, row.decided_by, row.decided_at = decision, by, clock.now()
        row.save(update_fields=["decision", "decided_by", "decided_at", "outcome", "match"])
    return row


def decide_rest(*, ref: str, by: Person) -> int:
    """All about which nobody has said anything yet are other factories. Returns how many they were."""
    with transaction.atomic():
        batch = in_state(ref, by, BatchState.PREVIEW, *REGISTERED)
        rows = batch.rows.filter(verdict=Verdict.POSSIBLE, decision="")
        return rows.update(decision=Decision.ANOTHER, decided_by=by, decided_at=clock.now())


def _decide_registered(batch: ImportBatch, row: ImportRow, decision: Decision, by: Person) -> None:
    if row.decision or row.factory is None or row.factory.status in UNLISTED:
        raise Refused(_("This row is decided already."))
    if decision != Decision.SAME:
        return
    twin = twin_of_row(batch, row)
    if twin is None or twin.pk == row.factory.pk or twin.status in UNLISTED:
        raise Refused(_("The record that it resembles is not there any more. Say that it is another factory."))
    merge_factories(survivor_ref=twin.ref, duplicate_ref=row.factory.ref, by=by)
    row.outcome, row.match = Outcome.MERGED, twin
