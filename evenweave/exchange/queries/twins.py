"""Records that may be the same factory, and what hangs on them."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404

from evenweave.access.enums import Action
from evenweave.access.models import Standing
from evenweave.exchange.models import FactoryMerge
from evenweave.exchange.rules.matching import halves, likenesses
from evenweave.improvement.models import PlanItem
from evenweave.organisations.models import Factory
from evenweave.organisations.queries import UNLISTED, open_sectors, searched
from evenweave.reports.enums import ReportState


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
    alike = likenesses(halves(factory.match_key), [halves(key) for key in keys.values()])
    scores = dict(zip(keys, alike, strict=True))
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


def merged_into(person, factory: Factory) -> list[FactoryMerge]:
    """The records that were merged into a factory and can be split from it again, the newest first."""
    merges = FactoryMerge.objects.permitted(person, Action.FACTORY_MERGE).filter(survivor=factory, split_at=None)
    return list(merges.select_related("duplicate", "merged_by").order_by("-merged_at", "-pk"))


def merge_of(person, survivor: str, duplicate: str) -> FactoryMerge:
    """The merge of two records that still holds; Http404 when there is none for this person."""
    merges = FactoryMerge.objects.permitted(person, Action.FACTORY_MERGE).filter(split_at=None)
    merge = merges.select_related("survivor", "duplicate", "merged_by").filter(
        survivor__ref=survivor, duplicate__ref=duplicate
    ).first()
    if merge is None:
        raise Http404
    return merge
