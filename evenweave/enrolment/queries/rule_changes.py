"""Which running cycles a change of the rules would break."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from evenweave.access.enums import Action
from evenweave.enrolment.enums import CycleState
from evenweave.enrolment.models import Cycle, CycleStep
from evenweave.enrolment.queries.registry import may_in_programme
from evenweave.enrolment.rules import SERVICES_OF, Broken, breaks_of
from evenweave.people.models import Person
from evenweave.programmes.models import RulesVersion
from evenweave.programmes.queries import all_programmes, rules_today
from evenweave.programmes.rules import NoRulesInForceError, Rules, ServiceModel, sale_of
from evenweave.programmes.rules.reading import opening_of
from evenweave.programmes.rules.timeline import Timeline

type Data = Mapping[str, Any]


@dataclass(frozen=True)
class BrokenCycle:
    """A running cycle and what would break for it."""

    cycle: Cycle
    broken: list[Broken]


def may_compare(person: Person, programme: str) -> bool:
    """Whether there is such a programme, and the person may compare its rules."""
    return programme in all_programmes() and may_in_programme(person, Action.RULES_COMPARE, programme)


def cycles_to_compare(person: Person) -> QuerySet[Cycle]:
    return Cycle.objects.permitted(person, Action.RULES_COMPARE)


def broken_cycles(programme: str, data: Data, *, among: QuerySet[Cycle] | None = None) -> list[BrokenCycle]:
    """The running cycles that `data`, a programme's file made whole, would break, measured by the rules each was
    enrolled under; by factory. Three queries, whatever the number of cycles."""
    running = (Cycle.objects.all() if among is None else among).filter(
        programme=programme, state=CycleState.OPEN, ends_on__gte=rules_today(programme).day
    )
    cycles = list(running.select_related("factory").order_by("factory__name", "number"))
    steps: dict[int, dict[str, bool]] = {cycle.pk: {} for cycle in cycles}
    laid_out = CycleStep.objects.filter(cycle__in=running.order_by().values("pk")).order_by("order")
    for cycle_id, key, done_on in laid_out.values_list("cycle_id", "key", "done_on"):
        steps[cycle_id][key] = done_on is not None
    versions = RulesVersion.objects.in_bulk({cycle.rules_version_id for cycle in cycles} - {None})
    reading = _Reading(data, {key: version.data for key, version in versions.items()})
    compared = (BrokenCycle(cycle, reading.breaks(cycle, steps[cycle.pk])) for cycle in cycles)
    return [found for found in compared if found.broken]


class _Reading:
    """The proposed rules and the loaded ones, each read once between two changes however many cycles began then."""

    def __init__(self, proposed: Data, versions: Mapping[int, Data]) -> None:
        self.opening = opening_of(proposed)
        self.proposed = Timeline(proposed)
        self.versions = {key: Timeline(data) for key, data in versions.items()}

    def breaks(self, cycle: Cycle, steps: Mapping[str, bool]) -> list[Broken]:
        now = _rules(self.proposed, cycle.starts_on)
        sale = sale_of(
            opening=self.opening, rules=now, day=cycle.starts_on, sector=cycle.sector,
            services=SERVICES_OF[cycle.package],
        )
        version = self.versions.get(cycle.rules_version_id)
        then = _rules(version, cycle.starts_on) if version else None
        return breaks_of(
            package=cycle.package, steps=steps, sale=sale,
            then=_model(then, cycle.service_model), now=_model(now, cycle.service_model),
        )


def _rules(timeline: Timeline, day: date) -> Rules | None:
    try:
        return timeline.on(day)
    except NoRulesInForceError:
        return None


def _model(rules: Rules | None, key: str) -> ServiceModel | None:
    try:
        return rules.model_named(key) if rules else None
    except KeyError:
        return None
