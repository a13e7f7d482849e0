"""Imports as a person may read them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evenweave.access.enums import Action
from evenweave.exchange.enums import BatchState, Decision, Outcome, Verdict
from evenweave.exchange.models import ImportBatch, ImportRow
from evenweave.exchange.rules.cells import Place, squeezed
from evenweave.exchange.rules.headings import CALLED
from evenweave.organisations.enums import FactoryStatus
from evenweave.organisations.models import Factory, FactorySector
from evenweave.organisations.queries import UNLISTED, programmes_for
from evenweave.organisations.rules import PLAIN_FIELDS
from evenweave.toolkit.todo import Todo

EARLIER_LOOKED_AT = 20
MOST_ON_THE_DESK = 20
WAITING = Q(verdict=Verdict.POSSIBLE, decision="", outcome=Outcome.REGISTERED)


def import_programmes(person) -> list[str]:
    """The programmes into which the person may import."""
    return programmes_for(person, Action.FACTORY_IMPORT)


def imports_for(person) -> QuerySet[ImportBatch]:
    return (
        ImportBatch.objects.permitted(person, Action.FACTORY_IMPORT).select_related("opened_by").order_by("-opened_at")
    )


def waiting_in(batches: Iterable[ImportBatch]) -> dict[int, int]:
    """How many registered possible duplicates wait for a person, by the import's id. One query."""
    waiting = ImportRow.objects.filter(WAITING, batch__in=[batch.pk for batch in batches])
    counted = waiting.exclude(factory__status__in=UNLISTED).order_by().values_list("batch").annotate(Count("pk"))
    return dict(counted)


def todos(person, _today: date) -> list[Todo]:
    """The imports of which possible duplicates wait. Two queries."""
    waiting = ImportRow.objects.filter(WAITING, batch=OuterRef("pk"))
    batches = list(imports_for(person).filter(Exists(waiting))[:MOST_ON_THE_DESK])
    counts = waiting_in(batches) if batches else {}
    return [
        Todo(
            title=ngettext(
                "%(count)s possible duplicate in %(file)s", "%(count)s possible duplicates in %(file)s", counts[one.pk]
            ) % {"count": counts[one.pk], "file": one.filename},
            href=reverse("import_duplicates", args=[one.ref]), action=_("Decide"),
        )
        for one in batches if counts.get(one.pk)
    ]


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
    """The rows that are to be registered and are not yet: the new ones, and the possible duplicates but those that a
    person called the same factory."""
    open_rows = batch.rows.filter(outcome="", verdict__in=(Verdict.NEW, Verdict.POSSIBLE))
    return open_rows.exclude(decision=Decision.SAME)


def waiting_rows(batch: ImportBatch) -> QuerySet[ImportRow]:
    """The possible duplicates about which nobody has decided: before registering all of them, afterwards those whose
    factory is still there."""
    rows = batch.rows.filter(verdict=Verdict.POSSIBLE, decision="")
    if batch.state in (BatchState.MAPPING, BatchState.CHECKING, BatchState.PREVIEW):
        return rows
    return rows.filter(outcome__in=(Outcome.REGISTERED, Outcome.KEPT)).exclude(factory__status__in=UNLISTED)


@dataclass(frozen=True)
class Summary:
    """What becomes or became of the rows of a list. `created` + `matched` + `rejected` = `rows`; the possible
    duplicates are a part of those created."""

    rows: int
    created: int
    matched: int
    possible_duplicates: int
    rejected: int


def summary_of(batch: ImportBatch) -> Summary:
    """Of a list that was checked or registered. One query."""
    counted = batch.rows.order_by().values_list("verdict", "decision", "outcome").annotate(Count("pk"))
    return summed((verdict, decision, outcome, count) for verdict, decision, outcome, count in counted)


def summed(counted: Iterable[tuple[str, str, str, int]]) -> Summary:
    """The same of (verdict, decision, outcome, how many)."""
    rows = created = possible = rejected = 0
    for verdict, decision, outcome, count in counted:
        rows += count
        if verdict == Verdict.FAULTY:
            rejected += count
        elif verdict in (Verdict.NEW, Verdict.POSSIBLE) and decision != Decision.SAME and outcome != Outcome.MATCHED:
            created += count
            possible += count * (verdict == Verdict.POSSIBLE)
    return Summary(rows, created, rows - created - rejected, possible, rejected)


def twin_of_row(batch: ImportBatch, row: ImportRow) -> Factory | None:
    """The registered factory that a possible duplicate resembles; the one that stays when it was merged since."""
    return twins_of_rows(batch, [row])[row.number].factory


@dataclass(frozen=True)
class RowTwin:
    """What a possible duplicate resembles: a factory, or while that is not registered an earlier row's profile."""

    factory: Factory | None
    profile: dict[str, Any]


def twins_of_rows(batch: ImportBatch, rows: Sequence[ImportRow]) -> dict[int, RowTwin]:
    """The twins of possible duplicates, by the number of the row. As many queries for ten as for one."""
    numbers = {row.like_row for row in rows if row.like_row is not None}
    earlier = {row.number: row for row in batch.rows.filter(number__in=numbers)}
    keys = {row.match_id for row in rows} | {row.factory_id for row in earlier.values()}
    factories = Factory.objects.select_related("merged_into").in_bulk([key for key in keys if key])
    staying = {key: factory.merged_into or factory for key, factory in factories.items()}
    sectors = defaultdict(list)
    open_ones = FactorySector.objects.filter(factory__in=staying.values(), until_on=None).order_by("sector")
    for factory, sector in open_ones.values_list("factory_id", "sector"):
        sectors[factory].append(sector)
    found = {}
    for row in rows:
        like = earlier.get(row.like_row)
        twin = staying.get(row.match_id or (like.factory_id if like else None))
        if twin is None:
            found[row.number] = RowTwin(None, like.profile if like else {})
        else:
            profile = {name: getattr(twin, name) for name in PLAIN_FIELDS} | {"sectors": sectors[twin.pk]}
            found[row.number] = RowTwin(twin, profile)
    return found


def decided_rows(batch: ImportBatch) -> QuerySet[ImportRow]:
    """The possible duplicates about which somebody has decided."""
    return batch.rows.filter(verdict=Verdict.POSSIBLE).exclude(decision="")


def known_factories(programme: str, country: str) -> list[tuple[int, str, str, str]]:
    """Every factory of a programme or its country that may be met again: id, match key, OS ID, registry number. A
    record that was merged stands for the one that stays."""
    here = Q(programme=programme) | Q(country=country)
    return list(
        Factory.objects.filter(here).exclude(status=FactoryStatus.WITHDRAWN).order_by("pk")
        .values_list(Coalesce("merged_into_id", "pk"), "match_key", "os_id", "registry_id")
    )


def place_of(programme: str) -> Place:
    """The country of a programme, and what lists call countries by."""
    return Place(programme[:2], countries())


@cache
def countries() -> Mapping[str, str]:
    """Name or code as `squeezed` leaves it → code, of every country, in the languages that lists are written in."""
    from babel import Locale
    from babel.core import get_global

    known: dict[str, str] = {}
    for language in ("en", "fr", "es", "pt", "vi", "id", "bn", "km", "ar"):
        territories = Locale.parse(language).territories
        known |= {squeezed(name): code for code, name in territories.items() if len(code) == 2 and code.isalpha()}
    aliases = get_global("territory_aliases")
    known |= {squeezed(other): meant[0] for other, meant in aliases.items() if len(other) == 3 and len(meant) == 1}
    known |= {squeezed(code): code for code in set(known.values())}
    return MappingProxyType(known | {alias: known[squeezed(name)] for alias, name in CALLED.items()})


def earlier_mapping(programme: str, headings: Sequence[str]) -> dict[str, str] | None:
    """What the columns of the last list with these very headings were said to hold; None when there was none."""
    batches = ImportBatch.objects.filter(programme=programme).exclude(state=BatchState.MAPPING).order_by("-opened_at")
    known = batches.values_list("headings", "mapping")[:EARLIER_LOOKED_AT]
    return next((mapping for before, mapping in known if before == list(headings)), None)
