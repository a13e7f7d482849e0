"""Handing an assessment in for review: only when complete and without conflict."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evenweave.access.enums import Action, Shared
from evenweave.activity.services import step
from evenweave.activity.steps import Step
from evenweave.assessments.enums import AssessmentState
from evenweave.assessments.models import Assessment
from evenweave.assessments.queries import states_of
from evenweave.assessments.rules import Missing, missing
from evenweave.assessments.services.recording import refuse_when_closed
from evenweave.notifications.services import notify
from evenweave.people.models import Person
from evenweave.programmes.queries import local_today
from evenweave.questionnaires.queries import compiled
from evenweave.toolkit import clock
from evenweave.toolkit.refusals import Refused


class Incomplete(Refused):
    """Something is missing; `missing` says what, in the order of asking."""

    def __init__(self, lacking: list[Missing]) -> None:
        super().__init__(
            ngettext(
                "One thing is missing before this assessment can be submitted.",
                "%(count)s things are missing before this assessment can be submitted.",
                len(lacking),
            )
            % {"count": len(lacking)}
        )
        self.missing = lacking


def submit(*, ref: str, by: Person, last_day_on: date | None = None) -> Assessment:
    """The assessment goes to its reviewer and takes no answers until it comes back. `last_day_on`: the last day in the
    factory, which is often days before the writing is done; today when it is not said. Raises Incomplete."""
    with step() as log:
        assessment = Assessment.objects.one_for(by, Action.ASSESSMENT_SUBMIT, ref=ref)
        refuse_when_closed(assessment)
        lacking = missing(compiled(assessment.tool_id), states_of(assessment), assessment.extent)
        if lacking:
            raise Incomplete(lacking)
        now = clock.now()
        assessment.ended_on = _last_day(assessment, last_day_on, local_today(assessment.programme, now))
        assessment.state = AssessmentState.IN_REVIEW
        assessment.submitted_at = now
        assessment.save(update_fields=["ended_on", "state", "submitted_at"])
        log.record(
            Step.ASSESSMENT_SUBMITTED, about=assessment, by=by, sharing=Shared.STAFF, factory=assessment.factory,
            assessment=assessment, cycle=assessment.cycle,
        )
        notify("assessment.submitted", about=assessment, except_for=by)
    return assessment


def _last_day(assessment: Assessment, said: date | None, today: date) -> date:
    """Of an assessment that comes back and is submitted again, the day said first stands until another is said."""
    day = said or assessment.ended_on or today
    if day > today:
        raise Refused(_("This day has not come yet. Give the last day you were in the factory."), field="last_day_on")
    if assessment.started_on is not None and day < assessment.started_on:
        raise Refused(
            _("The assessment began on %(day)s. Give that day or a later one.")
            % {"day": date_format(assessment.started_on, "DATE_FORMAT")},
            field="last_day_on",
        )
    return day
