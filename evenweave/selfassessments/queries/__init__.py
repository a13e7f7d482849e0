"""Reads of self-assessments, for a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from evenweave.access.enums import Action, Role
from evenweave.access.models import Standing
from evenweave.enrolment.enums import CycleState
from evenweave.enrolment.models import Cycle
from evenweave.improvement.enums import Side
from evenweave.improvement.queries import ties_of
from evenweave.improvement.rules import SIDE_OF
from evenweave.organisations.models import Factory
from evenweave.people.models import Person
from evenweave.programmes.queries import local_today, rules_on
from evenweave.programmes.rules.model import ServiceModel
from evenweave.selfassessments.models import SelfAssessment, SideSheet
from evenweave.toolkit import clock

STEP_KEY = "self_assessment"
# What must be there before a profile counts as whole; the rest (OS ID, place on the map …) not everybody has.
PROFILE_FIELDS = (
    "address", "city", "region", "phone", "email", "workers_total", "workers_female", "workers_male",
    "year_operations_began", "products", "owner_name", "owner_address", "owner_contact", "owner_phone",
)


@dataclass(frozen=True, slots=True)
class Demands:
    """What the cycle's service model asks before a self-assessment counts. `answered_share`: 0 to 1."""

    answered_share: float = 0.0
    needs_whole_profile: bool = False


def demands_of(cycle: Cycle) -> Demands:
    """By the rules of the day the cycle began; a model that says nothing asks for nothing but a first answer."""
    own = _model_of(cycle).self_assessment
    return Demands(own.answered_share, own.needs_whole_profile) if own else Demands()


def is_asked_for(cycle: Cycle) -> bool:
    """Whether the service model has a self-assessment among the steps of this cycle's package."""
    return any(step.key == STEP_KEY for step in _model_of(cycle).steps_for(cycle.package))


def _model_of(cycle: Cycle) -> ServiceModel:
    """The cycle keeps the model it began with; one that the rules no longer name goes by that of its sector."""
    known = rules_on(cycle.programme, cycle.starts_on)
    try:
        return known.model_named(cycle.service_model)
    except KeyError:
        return known.service_model(cycle.sector)


def self_assessments_for(person: Person) -> QuerySet[SelfAssessment]:
    """Those whose course the person may follow, the newest first."""
    found = SelfAssessment.objects.permitted(person, Action.SELF_ASSESSMENT_VIEW)
    return found.select_related("cycle__factory", "tool").order_by("-opened_at", "-pk")


def one_for(person: Person, action: Action, ref: str) -> SelfAssessment:
    found = SelfAssessment.objects.permitted(person, action).select_related("cycle__factory")
    return get_object_or_404(found, ref=ref)


def factory_for(person: Person, ref: str, action: Action = Action.SELF_ASSESSMENT_VIEW) -> Factory:
    """A factory whose self-assessments the person may follow, or fill in."""
    return get_object_or_404(Factory.objects.permitted(person, action), ref=ref)


def cycle_to_open(factory: Factory) -> Cycle | None:
    """The factory's running cycle, where it has none yet."""
    newest = Cycle.objects.filter(factory=factory, state=CycleState.OPEN).order_by("-number").first()
    if newest is None or SelfAssessment.objects.filter(cycle=newest).exists():
        return None
    return newest


def side_of(person: Person, factory: Factory) -> Side | None:
    """The one side the person answers for; None for everybody else, and for who would answer for both."""
    return ties_of(person, factory).side


def own_sheet(person: Person, found: SelfAssessment) -> SideSheet:
    """The sheet of the person's own side: the only door to a sheet before both are given. Http404 for others."""
    side = side_of(person, found.cycle.factory)
    if side is None or not may_on(person, Action.SELF_ASSESSMENT_ANSWER, found):
        raise Http404
    return get_object_or_404(SideSheet.objects.filter(self_assessment=found), side=side)


def both_sheets(person: Person, found: SelfAssessment) -> Mapping[Side, SideSheet]:
    """Both sides' sheets, once both are given. Http404 before."""
    rows = SideSheet.objects.permitted(person, Action.SELF_ASSESSMENT_VIEW).filter(self_assessment=found)
    sheets = {Side(row.side): row for row in rows}
    if len(sheets) < len(Side):
        raise Http404
    return sheets


def given_sides(found: SelfAssessment) -> dict[Side, bool]:
    """Which sides have given their answers: all that anybody outside a side learns of its sheet."""
    rows = dict(SideSheet.objects.filter(self_assessment=found).values_list("side", "given_at"))
    return {side: rows.get(side) is not None for side in Side}


def empty_sides(found: SelfAssessment) -> list[Side]:
    """The sides for which nobody with an account could answer. One query."""
    held = Standing.objects.active().filter(factory=found.cycle.factory_id, holder__is_active=True, role__in=SIDE_OF)
    there = {SIDE_OF[Role(role)] for role in held.values_list("role", flat=True)}
    return [side for side in Side if side not in there]


def may_on(person: Person, action: Action, found: SelfAssessment) -> bool:
    return SelfAssessment.objects.permitted(person, action).filter(pk=found.pk).exists()


def profile_lacks(factory: Factory) -> list[tuple[str, str]]:
    """What keeps the profile from being whole: (field of the form, its name). Two queries."""
    found = [
        (name, str(Factory._meta.get_field(name).verbose_name))
        for name in PROFILE_FIELDS if getattr(factory, name) in (None, "")
    ]
    if not factory.sectors.filter(until_on=None).exists():
        found.append(("sectors", ""))
    if not factory.contacts.exists():
        found.append(("contacts", ""))
    return found


def today_of(found: SelfAssessment) -> date:
    return local_today(found.cycle.programme, clock.now())
