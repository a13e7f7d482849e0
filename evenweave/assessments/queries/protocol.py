"""What the programme's rules say about reply windows, extensions and zero tolerance on a day."""

from datetime import date, datetime

from evenweave.assessments.models import Assessment, ZeroToleranceCase
from evenweave.programmes.queries import calendar, local_today, rules_on
from evenweave.programmes.rules import ZeroTolerance, due_on, later
from evenweave.programmes.rules.model import AssessmentForm, ReplyWindow


def reply_window(programme: str, day: date) -> ReplyWindow:
    return rules_on(programme, day).reply


def reply_window_ends(programme: str, sent_on: date) -> date:
    """The last day of the factory's window when the draft findings are sent on `sent_on`."""
    return due_on(reply_window(programme, sent_on), sent_on, calendar(programme))


def latest_extension(assessment: Assessment) -> date:
    """The latest day the factory may ask for."""
    longest = _window(assessment).extension
    return later(assessment.reply_due_on, longest.most_days, longest.day_kind, calendar(assessment.programme))


def most_extensions(assessment: Assessment) -> int:
    return _window(assessment).extension.most_requests


def _window(assessment: Assessment) -> ReplyWindow:
    """The rules of the day the window was opened hold for the whole of it."""
    return reply_window(assessment.programme, local_today(assessment.programme, assessment.approved_at))


def form_of(assessment_cycle) -> AssessmentForm:
    """People, days, modes and extents that the cycle's own service model allows."""
    rules = rules_on(assessment_cycle.programme, assessment_cycle.starts_on)
    try:
        return rules.model_named(assessment_cycle.service_model).assessment
    except KeyError:
        return rules.service_model(assessment_cycle.sector).assessment


def protocol_of(programme: str, moment: datetime) -> ZeroTolerance:
    """The zero-tolerance protocol in force at a moment."""
    return rules_on(programme, local_today(programme, moment)).zero_tolerance


def protocol_for(case: ZeroToleranceCase) -> ZeroTolerance:
    return protocol_of(case.programme, case.opened_at)
