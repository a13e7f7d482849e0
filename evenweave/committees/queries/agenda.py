"""The agenda that writes itself: what of the plan is late, new, contested or due, and seats that become free."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max

from evenweave.access.enums import Action
from evenweave.committees import rules
from evenweave.committees.enums import MeetingState, PointSource
from evenweave.committees.models import Committee, Meeting, Member
from evenweave.improvement.enums import Agreement, ItemStatus
from evenweave.improvement.models import PlanItem
from evenweave.improvement.queries.wording import Wording
from evenweave.people.models import Person
from evenweave.programmes.queries import local_today, rules_on

# From when on before its end a term is talked about.
TERM_DAYS = 60


@dataclass(frozen=True)
class Suggested:
    """A point as the agenda proposes it: about one item, or about `count` of them."""

    source: PointSource
    item: PlanItem | None
    count: int
    minutes: int


def suggested(person: Person, meeting: Meeting) -> list[Suggested]:
    """The points of a meeting on its day, from what the person sees of the plan. Four queries at any size of it."""
    committee = meeting.committee
    items = open_items(person, committee)
    last = last_met_on(committee, meeting.on)
    every = rules_on(committee.factory.programme, meeting.on).committee.meets_every_days
    points = rules.agenda(_waiting(items, committee, meeting.on, last), days_ahead=every)
    by_ref = {item.ref: item for item in items}
    found = [Suggested(point.source, by_ref.get(point.item), point.count, point.minutes) for point in points]
    ending = terms_ending(committee, meeting.on).count()
    if ending:
        found.append(Suggested(PointSource.SEATS, None, ending, rules.MINUTES[PointSource.SEATS]))
    return found


def open_items(person: Person, committee: Committee) -> list[PlanItem]:
    """The items of the committee's plan that are not done, each with its due day (`due_on`) and the moment of its
    latest finding (`found_at`). One query."""
    items = PlanItem.objects.permitted(person, Action.PLAN_VIEW).filter(
        plan__factory=committee.factory, withdrawn_at=None
    )
    items = items.exclude(status=ItemStatus.COMPLETED).select_related("tool", "detail")
    return list(items.annotate(found_at=Max("item_findings__finding__made_at")).order_by("number"))


def last_met_on(committee: Committee, before: date) -> date | None:
    """The day of the committee's latest meeting before this day."""
    met = Meeting.objects.filter(committee=committee, on__lt=before, state__in=HELD)
    return met.aggregate(last=Max("on"))["last"]


HELD = (MeetingState.OPEN, MeetingState.CLOSED, MeetingState.SIGNED)


def terms_ending(committee: Committee, today: date):
    """Members whose term is over, or will be within sixty days."""
    until = today + timedelta(days=TERM_DAYS)
    return Member.objects.filter(committee=committee, left_on=None, term_ends_on__lte=until).order_by("term_ends_on")


def _waiting(items: list[PlanItem], committee: Committee, today: date, last: date | None) -> list[rules.Waiting]:
    wording, programme = Wording(), committee.factory.programme
    return [_weighed(item, wording, programme, today, last) for item in items]


def _weighed(item: PlanItem, wording: Wording, programme: str, today: date, last: date | None) -> rules.Waiting:
    due_on = item.detail.due_on if hasattr(item, "detail") else None
    question = wording.question_of(item)
    is_new = item.found_at is not None and (last is None or local_today(programme, item.found_at) > last)
    sides = {item.management, item.workers}
    return rules.Waiting(
        ref=item.ref,
        number=item.number,
        days_late=max((today - due_on).days, 0) if due_on else 0,
        days_left=(due_on - today).days if due_on else None,
        is_new=is_new,
        is_disagreed=Agreement.DISAGREES in sides,
        is_to_agree=Agreement.NOT_YET in sides,
        is_public=item.is_public,
        is_for_committee=bool(question and question.is_for_committee),
    )
