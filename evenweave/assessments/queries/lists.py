"""Which assessments, plans, requests and cases a person sees, and who can be sent on an assessment."""

from django.db.models import Q, QuerySet

from evenweave.access.enums import Action, Role
from evenweave.access.models import Standing
from evenweave.assessments.models import (
    Assessment,
    AssessmentPlan,
    CaseStep,
    ExtensionRequest,
    ProtectedPerson,
    ZeroToleranceCase,
)
from evenweave.enrolment.enums import CycleState, Package
from evenweave.enrolment.models import Cycle
from evenweave.people.models import Person


def assessments_for(person: Person) -> QuerySet[Assessment]:
    """The assessments a person may see, the newest first."""
    return Assessment.objects.permitted(person, Action.ASSESSMENT_VIEW).select_related("factory", "cycle").order_by(
        "-pk"
    )


def plans_of(person: Person, assessments: list[Assessment]) -> dict[int, AssessmentPlan]:
    """The secret plans of these assessments that the person may read, by assessment. Staff and assessors only."""
    plans = AssessmentPlan.objects.permitted(person, Action.ASSESSMENT_VIEW).filter(assessment__in=assessments)
    return {plan.assessment_id: plan for plan in plans}


def plan_of(person: Person, assessment: Assessment) -> AssessmentPlan | None:
    return plans_of(person, [assessment]).get(assessment.pk)


def cycles_to_plan(person: Person) -> QuerySet[Cycle]:
    """Open cycles whose package holds an assessment and that have none yet."""
    return (
        Cycle.objects.permitted(person, Action.ASSESSMENT_PLAN)
        .filter(state=CycleState.OPEN, assessments=None)
        .exclude(package=Package.ADVISORY)
        .select_related("factory")
        .order_by("factory__name", "number")
    )


def waiting_extension(assessment: Assessment) -> ExtensionRequest | None:
    return assessment.extensions.filter(decision="waiting").select_related("asked_by").first()


def extensions_of(assessment: Assessment) -> list[ExtensionRequest]:
    return list(assessment.extensions.select_related("asked_by", "decided_by").order_by("-asked_at"))


POOL = {
    Role.ASSESSOR: [Role.STAFF],
    Role.REVIEWER: [Role.STAFF, Role.TEAM_LEADER],
}


def who_can_be(role: Role, assessment: Assessment) -> QuerySet[Person]:
    """Whom a team leader can choose as assessor or reviewer: the programme's own staff (and the global quality team
    as reviewers), never this factory's coach."""
    standings = Standing.objects.active()
    pool = Q(role__in=POOL[role], programme=assessment.programme)
    if role == Role.REVIEWER:
        pool |= Q(role=Role.QUALITY)
    coaches = standings.filter(role=Role.ADVISOR, factory_id=assessment.factory_id)
    return (
        Person.objects.filter(is_active=True, pk__in=standings.filter(pool).values("holder_id"))
        .exclude(pk__in=coaches.values("holder_id"))
        .order_by("name")
    )


def reviewer_of(assessment: Assessment) -> Person | None:
    row = Standing.objects.active().filter(role=Role.REVIEWER, assessment=assessment).select_related("holder").first()
    return row.holder if row is not None else None


def cases_for(person: Person) -> QuerySet[ZeroToleranceCase]:
    """The zero-tolerance cases a person may read, open ones first, then the newest."""
    return (
        ZeroToleranceCase.objects.permitted(person, Action.ZERO_TOLERANCE_VIEW)
        .select_related("factory", "opened_by")
        .prefetch_related("steps")
        .order_by("-state", "-opened_at")
    )


def case_steps(case: ZeroToleranceCase) -> list[CaseStep]:
    return list(case.steps.select_related("done_by").order_by("order"))


def protected_person(person: Person, case: ZeroToleranceCase) -> ProtectedPerson | None:
    """Who the case is about, for those who may know; None for everybody else, and when nobody was named."""
    return ProtectedPerson.objects.permitted(person, Action.ZERO_TOLERANCE_IDENTITY).filter(case=case).first()
