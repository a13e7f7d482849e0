"""Planning in secret: the window, then the day and the people. Nothing here leaves the programme's staff."""

from collections.abc import Iterable
from datetime import date

from django.utils.formats import date_format as shown
from django.utils.translation import gettext as _

from evenweave.access.enums import Action, Role, Shared
from evenweave.access.models import Standing
from evenweave.access.services import end_standing, give_standing
from evenweave.activity.services import step
from evenweave.activity.steps import Step
from evenweave.assessments.enums import AssessmentState, Extent, Mode
from evenweave.assessments.models import Assessment, AssessmentPlan
from evenweave.enrolment.enums import CycleState, Package
from evenweave.enrolment.models import Cycle
from evenweave.notifications.services import notify
from evenweave.people.enums import AccreditedAs
from evenweave.people.models import Person
from evenweave.people.queries import barred_from
from evenweave.programmes.queries import local_today, rules_on
from evenweave.questionnaires.queries import NoToolInForceError, tool_in_force
from evenweave.toolkit import clock
from evenweave.toolkit.refusals import Refused

# Whoever stands on the side of a factory, a buyer or the state neither assesses nor reviews.
OTHER_SIDES = frozenset({
    Role.FACTORY_MANAGER, Role.MANAGEMENT_REPRESENTATIVE, Role.WORKER_REPRESENTATIVE, Role.BUYER_OFFICER,
    Role.MINISTRY, Role.ADMINISTRATOR,
})
MOST_ASSESSORS = 4


def plan_assessment(
    *, cycle_ref: str, window_from: date, window_until: date, mode: str = Mode.ONSITE, extent: str = Extent.FULL,
    by: Person,
) -> Assessment:
    """An assessment of this cycle is to happen inside the window. The team leaders are told; nobody else may know."""
    with step() as log:
        cycle = Cycle.objects.one_for(by, Action.ASSESSMENT_PLAN, ref=cycle_ref)
        _refuse_cycle(cycle)
        _refuse_window(cycle, window_from, window_until)
        assessment = Assessment.objects.create(
            factory=cycle.factory, cycle=cycle, programme=cycle.programme, tool=_tool(cycle, window_from),
            mode=Mode(mode), extent=Extent(extent),
        )
        AssessmentPlan.objects.create(
            assessment=assessment, window_from=window_from, window_until=window_until, planned_by=by
        )
        log.record(
            Step.ASSESSMENT_PLANNED, about=assessment, by=by, sharing=Shared.STAFF, factory=cycle.factory,
            assessment=assessment, cycle=cycle, payload={"mode": assessment.mode, "extent": assessment.extent},
        )
        notify("assessment.planned", about=assessment, except_for=by)
    return assessment


def _refuse_cycle(cycle: Cycle) -> None:
    if cycle.state != CycleState.OPEN:
        raise Refused(_("This cycle is closed. Plan the assessment in the cycle that is open."))
    if cycle.package == Package.ADVISORY:
        raise Refused(_("The package of this cycle holds no assessment."))
    if Assessment.objects.filter(cycle=cycle).exists():
        raise Refused(_("This cycle has its assessment already."))


def _refuse_window(cycle: Cycle, window_from: date, window_until: date) -> None:
    if window_until < window_from:
        raise Refused(_("The window ends before it begins. Enter a later last day."), field="window_until")
    if window_until < local_today(cycle.programme, clock.now()):
        raise Refused(_("The window has passed. Enter days to come."), field="window_until")
    if window_from > cycle.ends_on or window_until < cycle.starts_on:
        raise Refused(
            _("The window lies outside the cycle, which runs from %(first)s to %(last)s.")
            % {"first": shown(cycle.starts_on), "last": shown(cycle.ends_on)},
            field="window_from",
        )


def _tool(cycle: Cycle, day: date):
    try:
        return tool_in_force(cycle.programme, day)
    except NoToolInForceError:
        raise Refused(_("No version of the questionnaire is in force on the first day of the window.")) from None


def assign_assessment(
    *, ref: str, day_on: date, assessors: Iterable[Person], reviewer: Person, by: Person
) -> Assessment:
    """Choose the day and the people; called again before the start, it replaces them. A coach of the factory can
    be neither: the assessment must stay unknown to the factory's coach."""
    chosen = list(dict.fromkeys(assessors))
    with step() as log:
        assessment = Assessment.objects.one_for(by, Action.ASSESSMENT_ASSIGN, ref=ref)
        if assessment.state != AssessmentState.PLANNED:
            raise Refused(_("This assessment has begun. Its people and its day can no longer be changed."))
        plan = AssessmentPlan.objects.select_for_update().get(assessment=assessment)
        _refuse_day(plan, day_on)
        _refuse_people(assessment, chosen, reviewer)
        _refuse_unaccredited(assessment, chosen, reviewer, day_on)
        newcomers = _stand(assessment, Role.ASSESSOR, chosen)
        _stand(assessment, Role.REVIEWER, [reviewer])
        plan.day_on = day_on
        plan.save(update_fields=["day_on"])
        log.record(
            Step.ASSESSMENT_ASSIGNED, about=assessment, by=by, sharing=Shared.STAFF, factory=assessment.factory,
            assessment=assessment, cycle=assessment.cycle,
            payload={"assessors": [person.ref for person in chosen], "reviewer": reviewer.ref},
        )
        if newcomers:
            notify("assessment.assigned", about=assessment, except_for=by)
    return assessment


def _refuse_day(plan: AssessmentPlan, day_on: date) -> None:
    if not plan.window_from <= day_on <= plan.window_until:
        raise Refused(
            _("Choose a day inside the window, from %(first)s to %(last)s.")
            % {"first": shown(plan.window_from), "last": shown(plan.window_until)},
            field="day_on",
        )


def _refuse_people(assessment: Assessment, assessors: list[Person], reviewer: Person) -> None:
    if not 1 <= len(assessors) <= MOST_ASSESSORS:
        raise Refused(_("Choose one to four assessors."), field="assessors")
    if reviewer in assessors:
        raise Refused(_("An assessor cannot review the same assessment. Choose another person."), field="reviewer")
    standings = list(Standing.objects.active().filter(holder__in=[*assessors, reviewer]))
    for person in (*assessors, reviewer):
        _refuse_person(assessment, person, [row for row in standings if row.holder_id == person.pk],
                       field="reviewer" if person == reviewer else "assessors")


def _refuse_unaccredited(assessment: Assessment, assessors: list[Person], reviewer: Person, day_on: date) -> None:
    """An accreditation that has run out bars from the task; its absence where the programme requires one."""
    required = rules_on(assessment.programme, day_on).advisors.needs_accreditation
    for people, task, field in (
        (assessors, AccreditedAs.ASSESSOR, "assessors"), ([reviewer], AccreditedAs.REVIEWER, "reviewer"),
    ):
        barred = barred_from(people, task, assessment.programme, day_on, is_required=task in required)
        if barred:
            raise Refused(
                _("%(name)s has no accreditation for this that holds on %(day)s. Choose another person.")
                % {"name": barred[0].name, "day": shown(day_on)},
                field=field,
            )


def _refuse_person(assessment: Assessment, person: Person, standings: list[Standing], *, field: str) -> None:
    if not person.is_active:
        raise Refused(_("%(name)s has no active account.") % {"name": person.name}, field=field)
    if any(row.role == Role.ADVISOR and row.factory_id == assessment.factory_id for row in standings):
        raise Refused(
            _("%(name)s coaches this factory and must not learn of its assessment. Choose another person.")
            % {"name": person.name},
            field=field,
        )
    if any(row.role in OTHER_SIDES for row in standings):
        raise Refused(
            _("%(name)s does not belong to the programme's staff. Choose another person.") % {"name": person.name},
            field=field,
        )


def _stand(assessment: Assessment, role: Role, people: list[Person]) -> list[Person]:
    """Exactly these people stand in this role towards the assessment; returns who is new in it."""
    before = {
        row.holder_id: row.holder
        for row in Standing.objects.active().filter(role=role, assessment=assessment).select_related("holder")
    }
    for holder_id, holder in before.items():
        if holder not in people:
            end_standing(role=role, holder_id=holder_id, assessment=assessment)
    for person in people:
        give_standing(role=role, holder=person, assessment=assessment)
    return [person for person in people if person.pk not in before]
