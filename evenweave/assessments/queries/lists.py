"""Which assessments, plans, requests and cases a person sees, and who can be sent on an assessment."""

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from evenweave.access.enums import Action, Role
from evenweave.access.models import Standing
from evenweave.access.scope import may_ever
from evenweave.assessments.enums import Decision
from evenweave.assessments.models import (
    Assessment,
    AssessmentPlan,
    CaseStep,
    ExtensionRequest,
    Photo,
    ProtectedPerson,
    ReviewComment,
    ZeroToleranceCase,
)
from evenweave.assessments.queries.protocol import most_extensions
from evenweave.enrolment.enums import CycleState, Package
from evenweave.enrolment.models import Cycle
from evenweave.organisations.models import Factory
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
    return assessment.extensions.filter(decision=Decision.WAITING).select_related("asked_by").first()


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


def assessment_for(person: Person, action: Action, ref: str) -> Assessment:
    """The one assessment on which the person may take the action; Http404 for everybody else."""
    return get_object_or_404(
        Assessment.objects.permitted(person, action).select_related("factory", "cycle"), ref=ref
    )


def may_on(person: Person, action: Action, assessment: Assessment) -> bool:
    return Assessment.objects.permitted(person, action).filter(pk=assessment.pk).exists()


def extension_for(person: Person, action: Action, ref: str) -> ExtensionRequest:
    return get_object_or_404(
        ExtensionRequest.objects.permitted(person, action).select_related("assessment__factory", "asked_by"), ref=ref
    )


def photo_for(person: Person, action: Action, ref: str) -> Photo:
    return get_object_or_404(Photo.objects.permitted(person, action).select_related("assessment"), ref=ref)


def comment_for(person: Person, action: Action, ref: str) -> ReviewComment:
    return get_object_or_404(ReviewComment.objects.permitted(person, action).select_related("assessment"), ref=ref)


def case_for(person: Person, action: Action, ref: str) -> ZeroToleranceCase:
    return get_object_or_404(
        ZeroToleranceCase.objects.permitted(person, action).select_related("factory", "assessment", "opened_by"),
        ref=ref,
    )


def factory_for_case(person: Person, ref: str) -> Factory:
    """The factory at which the person may open a zero-tolerance case."""
    return get_object_or_404(Factory.objects.permitted(person, Action.ZERO_TOLERANCE_OPEN), ref=ref)


def factories_for_cases(person: Person) -> QuerySet[Factory]:
    return Factory.objects.permitted(person, Action.ZERO_TOLERANCE_OPEN).order_by("name")


def may_plan(person: Person) -> bool:
    """Whether the person plans assessments anywhere: for the button, not for the act."""
    return may_ever(person, Action.ASSESSMENT_PLAN)


def may_read_case(person: Person, case: ZeroToleranceCase) -> bool:
    return ZeroToleranceCase.objects.permitted(person, Action.ZERO_TOLERANCE_VIEW).filter(pk=case.pk).exists()


def may_handle_case(person: Person, case: ZeroToleranceCase) -> bool:
    return ZeroToleranceCase.objects.permitted(person, Action.ZERO_TOLERANCE_HANDLE).filter(pk=case.pk).exists()


def open_comments(assessment: Assessment) -> int:
    return assessment.comments.filter(resolved_at=None).count()


def may_ask_extension(assessment: Assessment) -> bool:
    """Whether the programme's rules leave room for a request: none waits, and not all have been used."""
    asked = list(assessment.extensions.exclude(decision=Decision.WITHDRAWN).values_list("decision", flat=True))
    return Decision.WAITING not in asked and len(asked) < most_extensions(assessment)


def questions_with_a_case(assessment: Assessment) -> set[str]:
    """The questions of an assessment from which a zero-tolerance case was opened."""
    return set(ZeroToleranceCase.objects.filter(assessment=assessment).values_list("question_id", flat=True))
