"""The ends of terms are announced in time, so that an election can be called."""

from datetime import timedelta

from django.tasks import task

from evenweave.activity.services import step
from evenweave.activity.steps import Step
from evenweave.committees.models import Member
from evenweave.committees.queries.agenda import TERM_DAYS
from evenweave.committees.services.loading import record
from evenweave.improvement.queries import today_of
from evenweave.notifications.services import notify
from evenweave.toolkit import clock


@task
def announce_ends_of_terms() -> None:
    """Every member whose term ends within sixty days, or has ended unannounced, is announced once."""
    # One day more than any zone is ahead of UTC; each factory's own day decides.
    until = clock.now().date() + timedelta(days=TERM_DAYS + 1)
    waiting = Member.objects.filter(left_on=None, term_told_at=None, term_ends_on__lte=until, committee__ended_on=None)
    for ref in list(waiting.values_list("ref", flat=True)):
        _announce(ref)


def _announce(ref: str) -> None:
    with step() as log:
        member = Member.objects.select_related("committee__factory").select_for_update(of=("self",)).get(ref=ref)
        last_day = today_of(member.committee.factory) + timedelta(days=TERM_DAYS)
        if member.term_told_at is not None or member.left_on is not None or member.term_ends_on > last_day:
            return
        member.term_told_at = clock.now()
        member.save(update_fields=["term_told_at"])
        record(log, Step.TERM_ANNOUNCED, member, member.committee, None)
        notify("committee.term_ending", about=member.committee)
