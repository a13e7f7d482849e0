"""Progress reports: written on the updated plan, sent to the factory's buyers, raised when they are late."""

from datetime import datetime, timedelta

from django.tasks import task
from django.utils.formats import date_format as shown
from django.utils.translation import gettext as _

from evenweave.access.enums import Action, Shared
from evenweave.activity.services import step
from evenweave.activity.steps import Step
from evenweave.enrolment.services import finish_step
from evenweave.improvement.services import share_details
from evenweave.notifications.services import notify
from evenweave.people.models import Person
from evenweave.programmes.queries import local_today
from evenweave.reports.enums import Author, ProgressState
from evenweave.reports.facts import canonical, check, facts_hash
from evenweave.reports.models import ProgressReport
from evenweave.reports.queries.plan_facts import are_details_shared, plan_of, progress_facts
from evenweave.reports.rules import SOON_DAYS, is_overdue, is_soon
from evenweave.reports.services.files import ask_for_progress_files
from evenweave.reports.services.releasing import progress_rules
from evenweave.toolkit import clock
from evenweave.toolkit.refusals import Refused

ACTION_OF = {Author.FACTORY: Action.PROGRESS_WRITE, Author.PROGRAMME: Action.PROGRESS_EVALUATE}


def send_progress(*, progress_ref: str, overview: str, dialogue: str, learning: str, by: Person) -> ProgressReport:
    """The plan as it stands is frozen with the author's words and goes to every buyer with consent and a paid cycle.
    The factory's own report shares the causes and actions of its plan with them, from now on and for good. Written
    in the language of `by`."""
    with step() as log:
        progress = _to_send(progress_ref, by)
        if not overview.strip():
            raise Refused(_("Write how the factory stands. It is the first thing buyers read."), field="overview")
        now = clock.now()
        if progress.author == Author.FACTORY and (plan := plan_of(progress)) is not None:
            share_details(plan_ref=plan.ref, by=by)
        _freeze(progress, overview, dialogue, learning, by, now)
        _finish(progress, now)
        log.record(
            Step.PROGRESS_SENT, about=progress, by=by, sharing=Shared.BUYERS, factory=progress.factory,
            cycle=progress.cycle, payload={"number": progress.number, "facts": progress.facts_hash},
        )
        ask_for_progress_files(progress)
    return progress


def _to_send(ref: str, by: Person) -> ProgressReport:
    """The report, locked, for the one who writes it."""
    author = ProgressReport.objects.filter(ref=ref).values_list("author", flat=True).first()
    action = ACTION_OF[Author(author)] if author else Action.PROGRESS_WRITE
    progress = ProgressReport.objects.one_for(by, action, ref=ref)
    if progress.state != ProgressState.DUE:
        raise Refused(_("This progress report was sent on %(day)s.") % {"day": shown(progress.sent_at.date())})
    return progress


def _freeze(
    progress: ProgressReport, overview: str, dialogue: str, learning: str, by: Person, now: datetime
) -> None:
    facts = progress_facts(
        progress, overview=overview, dialogue=dialogue, learning=learning, language=by.language, at=now,
        with_details=are_details_shared(progress),
    )
    check(facts)
    progress.overview, progress.dialogue, progress.learning = overview.strip(), dialogue.strip(), learning.strip()
    progress.language = by.language
    progress.facts = canonical(facts).decode()
    progress.facts_hash = facts_hash(facts)
    progress.state, progress.sharing = ProgressState.SENT, Shared.BUYERS
    progress.sent_at, progress.sent_by = now, by
    progress.save()


def _finish(progress: ProgressReport, now: datetime) -> None:
    """The step of the cycle that this report is."""
    for rule in progress_rules(progress.cycle):
        if rule.number == progress.number:
            finish_step(cycle=progress.cycle, step_key=rule.step_key, on=local_today(progress.programme, now))


@task
def escalate_overdue() -> None:
    """Remind the factory in the week before its report is due; when the day has passed in the programme, tell the
    manager, the leads and the coach, once, and say so in the log."""
    now = clock.now()
    # What is neither near its day nor new to be late is left to the database.
    latest = now.date() + timedelta(days=SOON_DAYS + 1)
    waiting = ProgressReport.objects.filter(state=ProgressState.DUE, due_on__lte=latest, escalated_at=None)
    for progress in waiting.order_by("due_on", "pk"):
        today = local_today(progress.programme, now)
        if is_overdue(progress.due_on, today):
            _escalate(progress, now)
        elif is_soon(progress.due_on, today) and progress.reminded_at is None:
            _remind(progress, now)


def _escalate(progress: ProgressReport, now: datetime) -> None:
    with step() as log:
        progress.escalated_at = now
        progress.save(update_fields=["escalated_at"])
        log.record(
            Step.PROGRESS_OVERDUE, about=progress, by=None, sharing=Shared.FACTORY, factory=progress.factory,
            cycle=progress.cycle, payload={"number": progress.number},
        )
        notify("progress.overdue", about=progress)


def _remind(progress: ProgressReport, now: datetime) -> None:
    with step():
        progress.reminded_at = now
        progress.save(update_fields=["reminded_at"])
        notify("progress.due" if progress.author == Author.FACTORY else "progress.evaluation_due", about=progress)
