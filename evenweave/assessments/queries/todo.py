"""What waits for a person in this room, with its day: the desk asks."""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from evenweave.access.enums import Action
from evenweave.access.policy import roles_allowing
from evenweave.access.scope import roles_of
from evenweave.assessments.enums import AssessmentState, CaseState, Decision
from evenweave.assessments.models import Assessment, AssessmentPlan, ExtensionRequest, ZeroToleranceCase
from evenweave.assessments.queries.lists import cycles_to_plan
from evenweave.people.models import Person
from evenweave.toolkit.todo import Todo

MOST = 50


def todo_for(person: Person, today: date) -> list[Todo]:
    """Everything of assessments, replies and cases that waits for this person. The number of queries depends on the
    person's roles, not on how much waits."""
    roles = roles_of(person)
    found: list[Todo] = []
    for action, source in SOURCES.items():
        if not roles.isdisjoint(roles_allowing(action)):
            found += source(person)
    return found


def _to_plan(person: Person) -> Iterator[Todo]:
    for cycle in cycles_to_plan(person)[:MOST]:
        yield Todo(
            title=_("Plan the assessment of %(factory)s") % {"factory": cycle.factory.name},
            href=f"{reverse('assessment_plan')}?cycle={cycle.ref}", action=pgettext("act", "Plan"),
        )


def _to_assign(person: Person) -> Iterator[Todo]:
    plans = AssessmentPlan.objects.filter(
        day_on=None, assessment__in=_in_state(person, Action.ASSESSMENT_ASSIGN, AssessmentState.PLANNED)
    ).select_related("assessment__factory")
    for plan in plans.order_by("window_from")[:MOST]:
        yield Todo(
            title=_("Choose day and people: %(factory)s") % {"factory": plan.assessment.factory.name},
            href=reverse("assessment_assign", args=[plan.assessment.ref]), due_on=plan.window_from, action=_("Choose"),
        )


def _to_assess(person: Person) -> Iterator[Todo]:
    mine = _in_state(
        person, Action.ASSESSMENT_ANSWER, AssessmentState.PLANNED, AssessmentState.IN_PROGRESS,
        AssessmentState.RETURNED,
    ).select_related("factory", "plan")
    words = {
        AssessmentState.PLANNED: (_("Assess %(factory)s"), _("Start")),
        AssessmentState.IN_PROGRESS: (_("Go on with the assessment of %(factory)s"), _("Go on")),
        AssessmentState.RETURNED: (_("Answer the reviewer's comments: %(factory)s"), pgettext("act", "Open")),
    }
    for one in mine[:MOST]:
        title, verb = words[AssessmentState(one.state)]
        day = one.plan.day_on if one.state == AssessmentState.PLANNED else None
        yield Todo(title=title % {"factory": one.factory.name}, href=one.get_absolute_url(), due_on=day, action=verb)


def _to_review(person: Person) -> Iterator[Todo]:
    for one in _in_state(person, Action.ASSESSMENT_REVIEW, AssessmentState.IN_REVIEW).select_related("factory")[:MOST]:
        yield Todo(
            title=_("Review the assessment of %(factory)s") % {"factory": one.factory.name},
            href=reverse("assessment_review", args=[one.ref]), action=pgettext("act", "Review"),
        )


def _to_reply(person: Person) -> Iterator[Todo]:
    mine = _in_state(person, Action.REPLY_WRITE, AssessmentState.WITH_FACTORY).select_related("factory")
    for one in mine[:MOST]:
        yield Todo(
            title=_("Reply to the draft findings"), href=reverse("assessment_reply", args=[one.ref]),
            due_on=one.reply_due_on, meta=one.factory.name, action=_("Reply"),
        )


def _to_decide(person: Person) -> Iterator[Todo]:
    waiting = ExtensionRequest.objects.permitted(person, Action.REPLY_DECIDE).filter(
        decision=Decision.WAITING
    ).select_related("assessment__factory")
    for asked in waiting[:MOST]:
        yield Todo(
            title=_("%(factory)s asks for more time to reply") % {"factory": asked.assessment.factory.name},
            href=asked.get_absolute_url(), due_on=asked.assessment.reply_due_on, action=_("Decide"),
        )


def _to_handle(person: Person) -> Iterator[Todo]:
    cases = ZeroToleranceCase.objects.permitted(person, Action.ZERO_TOLERANCE_HANDLE).filter(state=CaseState.OPEN)
    for case in cases.select_related("factory").prefetch_related("steps")[:MOST]:
        due = min((step.due_at for step in case.steps.all() if step.done_at is None), default=None)
        yield Todo(
            title=_("Zero-tolerance case: %(factory)s") % {"factory": case.factory.name},
            href=case.get_absolute_url(), due_on=due.date() if due is not None else None,
            action=_("Next duty") if due is not None else _("Close"),
        )


def _in_state(person: Person, action: Action, *states: AssessmentState):
    return Assessment.objects.permitted(person, action).filter(state__in=states)


SOURCES = {
    Action.ASSESSMENT_PLAN: _to_plan,
    Action.ASSESSMENT_ASSIGN: _to_assign,
    Action.ASSESSMENT_ANSWER: _to_assess,
    Action.ASSESSMENT_REVIEW: _to_review,
    Action.REPLY_WRITE: _to_reply,
    Action.REPLY_DECIDE: _to_decide,
    Action.ZERO_TOLERANCE_HANDLE: _to_handle,
}
