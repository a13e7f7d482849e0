"""What of this room waits for a person."""

from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from evenweave.access.enums import Action
from evenweave.access.policy import roles_allowing
from evenweave.access.scope import roles_of
from evenweave.assessments.models import Assessment
from evenweave.people.models import Person
from evenweave.programmes.queries import calendar, rules_on
from evenweave.programmes.rules import due_on
from evenweave.reports.enums import Author
from evenweave.reports.models import ProgressReport
from evenweave.reports.queries.reading import due_for, overdue_for, to_release
from evenweave.toolkit.todo import Todo

AHEAD_DAYS = 30
MOST = 50


def todos(person: Person, today: date) -> list[Todo]:
    """Reports to release, progress reports to write, and those of factories that are late."""
    roles = roles_of(person)
    found: list[Todo] = []
    if not roles.isdisjoint(roles_allowing(Action.REPORT_RELEASE)):
        found += [_release(assessment) for assessment in to_release(person)[:MOST]]
    if not roles.isdisjoint(roles_allowing(Action.PROGRESS_VIEW)):
        found += [_write(report) for report in due_for(person, today + timedelta(days=AHEAD_DAYS))]
    if not roles.isdisjoint(roles_allowing(Action.PROGRESS_EVALUATE)):
        found += [_follow(report) for report in overdue_for(person, today)]
    return found


def _release(assessment: Assessment) -> Todo:
    return Todo(
        title=_("Release the report of %(factory)s") % {"factory": assessment.factory.name},
        href=reverse("report_release", args=[assessment.ref]),
        due_on=release_due_on(assessment),
        meta=_("Cycle %(number)s. The factory's replies are in.") % {"number": assessment.cycle.number},
        action=_("Check and release"),
    )


def release_due_on(assessment: Assessment) -> date | None:
    """The day by which the programme has promised the report."""
    if assessment.ended_on is None:
        return None
    deadline = rules_on(assessment.programme, assessment.ended_on).report_deadline
    return due_on(deadline, assessment.ended_on, calendar(assessment.programme))


def writing_url(report: ProgressReport) -> str:
    name = "progress_write" if report.author == Author.FACTORY else "progress_evaluate"
    return reverse(name, args=[report.ref])


def _write(report: ProgressReport) -> Todo:
    return Todo(
        title=_("Progress report %(number)s of %(factory)s") % {
            "number": report.number, "factory": report.factory.name,
        },
        href=writing_url(report),
        due_on=report.due_on,
        meta=_("It holds the plan as it stands when you send it."),
        action=_("Write it"),
    )


def _follow(report: ProgressReport) -> Todo:
    return Todo(
        title=_("%(factory)s has not sent progress report %(number)s") % {
            "factory": report.factory.name, "number": report.number,
        },
        href=report.get_absolute_url(),
        due_on=report.due_on,
        meta=_("Ask the factory what keeps it."),
        action=_("Look"),
    )
