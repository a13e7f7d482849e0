"""Imports as a person may read them."""

from django.db.models import Count, QuerySet
from django.http import Http404

from evenweave.access.enums import Action
from evenweave.exchange.enums import Outcome, Verdict
from evenweave.exchange.models import ImportBatch, ImportRow
from evenweave.exchange.rules.cells import Place, squeezed
from evenweave.organisations.enums import FactoryStatus
from evenweave.organisations.models import Factory
from evenweave.organisations.queries import programmes_for


def import_programmes(person) -> list[str]:
    """The programmes into which the person may import."""
    return programmes_for(person, Action.FACTORY_IMPORT)


def imports_for(person) -> QuerySet[ImportBatch]:
    return (
        ImportBatch.objects.permitted(person, Action.FACTORY_IMPORT).select_related("opened_by").order_by("-opened_at")
    )


def import_for(person, ref: str) -> ImportBatch:
    """Http404 when it is not there for this person."""
    batch = imports_for(person).filter(ref=ref).first()
    if batch is None:
        raise Http404
    return batch


def rows_of(batch: ImportBatch, verdict: str = "") -> QuerySet[ImportRow]:
    """The rows of a batch in the file's order, of one verdict when asked."""
    rows = batch.rows.select_related("match", "factory").order_by("number")
    return rows.filter(verdict=verdict) if verdict in Verdict else rows


def tally(batch: ImportBatch) -> dict[str, int]:
    """How many rows have which verdict, every verdict named."""
    counted = dict(batch.rows.order_by().values_list("verdict").annotate(Count("pk")))
    return {verdict.value: counted.get(verdict.value, 0) for verdict in Verdict}


def outcomes(batch: ImportBatch) -> dict[str, int]:
    """How many rows came to which end, every end named."""
    counted = dict(batch.rows.order_by().values_list("outcome").annotate(Count("pk")))
    return {outcome.value: counted.get(outcome.value, 0) for outcome in Outcome}


def wanted_rows(batch: ImportBatch) -> QuerySet[ImportRow]:
    """The rows that are to be registered and are not yet."""
    open_rows = batch.rows.filter(outcome="")
    return open_rows.filter(verdict=Verdict.NEW) | open_rows.filter(verdict=Verdict.POSSIBLE, is_wanted=True)


def known_factories(country: str) -> list[tuple[int, str, str, str]]:
    """Every factory of a country that may be met again: id, match key, OS ID, registry number."""
    return list(
        Factory.objects.filter(country=country).exclude(status=FactoryStatus.WITHDRAWN).order_by("pk")
        .values_list("pk", "match_key", "os_id", "registry_id")
    )


def place_of(programme: str) -> Place:
    """The country of a programme with the names that lists call it by."""
    from babel import Locale

    code = programme[:2]
    languages = ("en", "fr", "es", "pt", "vi", "km", "ar", "id")
    names = {squeezed(Locale.parse(language).territories.get(code, code)) for language in languages}
    return Place(code, frozenset(names))
