"""What a self-assessment puts on the desks of the two sides: what their own side still has to do, and whether the
other one waits; never how far the other one is."""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from evenweave.access.enums import Action
from evenweave.access.models import Standing
from evenweave.enrolment.enums import CycleState
from evenweave.enrolment.models import Cycle
from evenweave.improvement.enums import Side
from evenweave.improvement.rules import SIDE_OF, side_of
from evenweave.people.models import Person
from evenweave.selfassessments.enums import SelfState
from evenweave.selfassessments.models import Proposal, SelfAssessment
from evenweave.selfassessments.queries import STEP_KEY, is_asked_for
from evenweave.toolkit.todo import Todo

MOST_LINES = 20


def todos(person: Person, today: date) -> list[Todo]:
    """At most five queries."""
    sides = _sides(person)
    if not sides:
        return []
    waiting = list(
        SelfAssessment.objects.permitted(person, Action.SELF_ASSESSMENT_ANSWER)
        .filter(cycle__factory__in=sides).exclude(state=SelfState.HANDED_IN)
        .select_related("cycle__factory").prefetch_related("sheets")[:MOST_LINES]
    )
    due = dict(
        Cycle.objects.filter(steps__key=STEP_KEY, steps__done_on=None, self_assessment__in=waiting)
        .values_list("pk", "steps__due_on")
    )
    proposed = set(
        Proposal.objects.filter(self_assessment__in=waiting, agreed_at=None).values_list("self_assessment_id", "side")
    )
    lines = _to_open(person, sides)
    for found in waiting:
        side = sides[found.cycle.factory_id]
        lines.append(_line(found, side, due.get(found.cycle_id), proposed))
    return [line for line in lines if line is not None]


def _sides(person: Person) -> dict[int, Side]:
    """Factory → the side the person answers for there; who would answer for both answers for neither."""
    roles: dict[int, set] = {}
    held = Standing.objects.active().filter(holder=person, role__in=SIDE_OF).values_list("factory_id", "role")
    for factory, role in held:
        roles.setdefault(factory, set()).add(role)
    return {factory: side for factory, known in roles.items() if (side := side_of(known)) is not None}


def _to_open(person: Person, sides: dict[int, Side]) -> list[Todo]:
    cycles = Cycle.objects.filter(
        factory__in=sides, state=CycleState.OPEN, steps__key=STEP_KEY, steps__done_on=None, self_assessment=None
    ).select_related("factory")
    dated = cycles.values_list("pk", "steps__due_on")
    due = dict(dated) if cycles else {}
    return [
        Todo(
            _("Begin your self-assessment"), reverse("self_assessments_of", args=[cycle.factory.ref]),
            due_on=due.get(cycle.pk), meta=cycle.factory.name, action=pgettext("act", "Begin"),
        )
        for cycle in cycles[:MOST_LINES] if is_asked_for(cycle)
    ]


def _line(found: SelfAssessment, side: Side, due_on: date | None, proposed: set) -> Todo | None:
    sheets = {Side(sheet.side): sheet for sheet in found.sheets.all()}
    meta = found.cycle.factory.name
    if found.state == SelfState.OPEN:
        if sheets[side].given_at is not None:
            return None
        return Todo(
            _("Answer the self-assessment for your side"), found.get_absolute_url(), due_on=due_on, meta=meta,
            action=pgettext("act", "Answer"),
        )
    others = [other for pk, other in proposed if pk == found.pk and other != side]
    if others:
        url = f"{reverse('self_together', args=[found.ref])}?show=waiting"
        return Todo(_("The other side proposes answers for the factory"), url, due_on=due_on, meta=meta,
                    action=pgettext("act", "Answer"))
    return Todo(
        _("Compare the self-assessment and hand it in"), reverse("self_together", args=[found.ref]), due_on=due_on,
        meta=meta, action=pgettext("act", "Compare"),
    )
