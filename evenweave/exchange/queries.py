"""Imports as a person may read them."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.http import Http404

from evenweave.access.enums import Action
from evenweave.access.models import Standing
from evenweave.exchange.enums import Outcome, Verdict
from evenweave.exchange.models import ImportBatch, ImportRow
from evenweave.exchange.rules.cells import Place, squeezed
from evenweave.exchange.rules.matching import halves, similarity
from evenweave.improvement.models import PlanItem
from evenweave.organisations.enums import FactoryStatus
from evenweave.organisations.models import Factory
from evenweave.organisations.queries import UNLISTED, open_sectors, programmes_for, searched
from evenweave.reports.enums import ReportState


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


def may_merge(person, factory: Factory) -> bool:
    return mergeable(person).filter(pk=factory.pk).exists()


def mergeable(person) -> QuerySet[Factory]:
    """The records that the person may merge: neither merged nor withdrawn."""
    return Factory.objects.permitted(person, Action.FACTORY_MERGE).exclude(status__in=UNLISTED)


def factory_to_merge(person, ref: str) -> Factory:
    """Http404 when it is not there for this person, or is merged already."""
    factory = mergeable(person).filter(ref=ref).prefetch_related(open_sectors()).first()
    if factory is None:
        raise Http404
    return factory


@dataclass(frozen=True)
class Twin:
    """A record that may be the same factory; `score` of 100 when it was found by likeness."""

    factory: Factory
    score: int | None


def twins_of(person, factory: Factory, words: str = "") -> list[Twin]:
    """Records that may be duplicates of a factory, at most twenty: those that match the words, else the most alike
    of its programme."""
    others = mergeable(person).filter(programme=factory.programme).exclude(pk=factory.pk)
    if words:
        return [Twin(other, None) for other in searched(others, words).order_by("search_key")[:20]]
    keys = dict(others.values_list("pk", "match_key"))
    name, address = halves(factory.match_key)
    scores = {pk: similarity(name, address, *halves(key)) for pk, key in keys.items()}
    best = sorted((pk for pk, score in scores.items() if score is not None), key=lambda pk: (-scores[pk], pk))[:20]
    found = others.in_bulk(best)
    return [Twin(found[pk], scores[pk]) for pk in best]


@dataclass(frozen=True)
class Holdings:
    """How much hangs on a record."""

    cycles: int
    assessments: int
    reports: int
    plan_items: int
    people: int
    consents: int


def holdings_of(factory: Factory) -> Holdings:
    """What would move, or stay. Six queries."""
    people = Standing.objects.active().filter(factory=factory, holder__isnull=False)
    return Holdings(
        cycles=factory.cycles.count(),
        assessments=factory.assessments.count(),
        reports=factory.reports.filter(state=ReportState.CURRENT).count(),
        plan_items=PlanItem.objects.filter(plan__factory=factory, withdrawn_at=None).count(),
        people=people.count(),
        consents=factory.consents.filter(revoked_at=None).count(),
    )
