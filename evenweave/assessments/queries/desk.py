"""What assessments put on desks. Each list asks the permission of the act it calls for, so that a planned or running
assessment appears on no desk but those of the people who make it."""

from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from evenweave.access.enums import Action, Role
from evenweave.access.models import Standing
from evenweave.access.scope import permitted
from evenweave.assessments.enums import AssessmentState, CaseState, Decision
from evenweave.assessments.models import Assessment, CaseStep, ExtensionRequest, ZeroToleranceCase
from evenweave.assessments.queries.lists import cycles_to_plan
from evenweave.people.models import Person
from evenweave.programmes.queries import local_today
from evenweave.toolkit.todo import Todo

# A visit ends in days: an assessment that is still open after so many is late.
DAYS_TO_HAND_IN = 7
DAYS_TO_REVIEW = 5
MOST_TO_PLAN = 20


def todos(person: Person, today: date) -> list[Todo]:
    """A constant number of queries, whatever waits."""
    return [
        *_to_plan(person),
        *_to_assign(person),
        *_to_answer(person),
        *_to_review(person),
        *_to_reply(person),
        *_extensions(person),
        *_case_duties(person),
    ]


def _to_plan(person: Person) -> list[Todo]:
    return [
        Todo(
            title=_("Plan the assessment of %(factory)s") % {"factory": cycle.factory},
            href=f"{reverse('assessment_plan')}?cycle={cycle.ref}",
            meta=_("hidden from factory, coach and buyers"),
            action=_("Plan"),
        )
        for cycle in cycles_to_plan(person)[:MOST_TO_PLAN]
    ]


def _to_assign(person: Person) -> list[Todo]:
    waiting = permitted(person, Action.ASSESSMENT_ASSIGN, Assessment.objects.all()).filter(
        state=AssessmentState.PLANNED, plan__day_on=None
    )
    return [
        Todo(
            title=_("Choose assessors and a day: %(factory)s") % {"factory": assessment.factory},
            href=assessment.get_absolute_url(),
            due_on=assessment.plan.window_from,
            meta=_("hidden from factory, coach and buyers"),
            action=_("Choose"),
        )
        for assessment in waiting.select_related("factory", "plan")
    ]


def _to_answer(person: Person) -> list[Todo]:
    mine = Standing.objects.active().filter(holder=person, role=Role.ASSESSOR).values("assessment_id")
    open_states = (AssessmentState.PLANNED, AssessmentState.IN_PROGRESS, AssessmentState.RETURNED)
    waiting = (
        permitted(person, Action.ASSESSMENT_ANSWER, Assessment.objects.all())
        .filter(pk__in=mine, state__in=open_states)
        .select_related("factory", "plan")
    )
    return [_answering(assessment) for assessment in waiting]


def _answering(assessment: Assessment) -> Todo:
    words = {
        AssessmentState.PLANNED: (_("Visit %(factory)s, unannounced"), assessment.plan.day_on, _("Prepare")),
        AssessmentState.IN_PROGRESS: (
            _("Finish the assessment of %(factory)s"),
            assessment.started_on and assessment.started_on + timedelta(days=DAYS_TO_HAND_IN),
            _("Continue"),
        ),
        AssessmentState.RETURNED: (_("Answer the reviewer's comments: %(factory)s"), None, pgettext("act", "Open")),
    }
    title, due_on, action = words[AssessmentState(assessment.state)]
    return Todo(title % {"factory": assessment.factory}, assessment.get_absolute_url(), due_on, action=action)


def _to_review(person: Person) -> list[Todo]:
    waiting = permitted(person, Action.ASSESSMENT_REVIEW, Assessment.objects.all()).filter(
        state=AssessmentState.IN_REVIEW
    )
    return [
        Todo(
            title=_("Review the assessment of %(factory)s") % {"factory": assessment.factory},
            href=assessment.get_absolute_url(),
            due_on=local_today(assessment.programme, assessment.submitted_at) + timedelta(days=DAYS_TO_REVIEW),
            action=pgettext("act", "Review"),
        )
        for assessment in waiting.select_related("factory")
    ]


def _to_reply(person: Person) -> list[Todo]:
    waiting = permitted(person, Action.REPLY_WRITE, Assessment.objects.all()).filter(
        state=AssessmentState.WITH_FACTORY
    )
    return [
        Todo(
            title=_("Reply to the draft findings"), href=assessment.get_absolute_url(), due_on=assessment.reply_due_on,
            meta=_("before anybody outside reads them"), action=_("Reply"),
        )
        for assessment in waiting
    ]


def _extensions(person: Person) -> list[Todo]:
    waiting = permitted(person, Action.REPLY_DECIDE, ExtensionRequest.objects.all()).filter(decision=Decision.WAITING)
    return [
        Todo(
            title=_("%(factory)s asks for more time to reply") % {"factory": request.assessment.factory},
            href=request.get_absolute_url(),
            due_on=request.assessment.reply_due_on,
            action=_("Decide"),
        )
        for request in waiting.select_related("assessment__factory")
    ]


def _case_duties(person: Person) -> list[Todo]:
    """The next open duty of each case the person handles."""
    cases = permitted(person, Action.ZERO_TOLERANCE_HANDLE, ZeroToleranceCase.objects.all()).filter(
        state=CaseState.OPEN
    )
    steps = CaseStep.objects.filter(case__in=cases, done_at=None).select_related("case__factory").order_by("order")
    nearest: dict[int, CaseStep] = {}
    for duty in steps:
        nearest.setdefault(duty.case_id, duty)
    return [
        Todo(
            title=_("Urgent case: the next duty of the protocol is due"),
            href=duty.case.get_absolute_url(),
            due_on=local_today(duty.case.programme, duty.due_at),
            meta=str(duty.case.factory),
            action=_("Open the case"),
        )
        for duty in nearest.values()
    ]
