"""The agenda that writes itself: what of the plan is late, new, contested or due, and seats that become free."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max, OuterRef, Subquery

from evenweave.access.enums import Action
from evenweave.assessments.models import Finding
from evenweave.committees import rules
from evenweave.committees.enums import MeetingState, PointSource
from evenweave.committees.models import Committee, Meeting, Member
from evenweave.improvement.enums import Agreement, ItemStatus
from evenweave.improvement.models import PlanItem
from evenweave.people.models import Person
from evenweave.programmes.queries import local_today, rules_on
from evenweave.questionnaires.models import ToolContent
from evenweave.questionnaires.queries import compiled

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
    """The points of a meeting on its day, from what the person sees of the plan. Five queries at any size of it."""
    committee = meeting.committee
    last = last_met_on(committee, meeting.on)
    every = rules_on(committee.factory.programme, meeting.on).committee.meets_every_days
    points = rules.agenda(_waiting(person, committee, meeting.on, last), days_ahead=every)
    items = PlanItem.objects.filter(ref__in=[point.item for point in points if point.item])
    by_ref = {item.ref: item for item in items}
    found = [Suggested(point.source, by_ref.get(point.item), point.count, point.minutes) for point in points]
    ending = terms_ending(committee, meeting.on).count()
    if ending:
        found.append(Suggested(PointSource.SEATS, None, ending, rules.MINUTES[PointSource.SEATS]))
    return found


def last_met_on(committee: Committee, before: date) -> date | None:
    """The day of the committee's latest meeting before this day."""
    met = Meeting.objects.filter(committee=committee, on__lt=before, state__in=HELD)
    return met.aggregate(last=Max("on"))["last"]


HELD = (MeetingState.OPEN, MeetingState.CLOSED, MeetingState.SIGNED)


def terms_ending(committee: Committee, today: date):
    """Members whose term is over, or will be within sixty days."""
    until = today + timedelta(days=TERM_DAYS)
    return Member.objects.filter(committee=committee, left_on=None, term_ends_on__lte=until).order_by("term_ends_on")


def _waiting(person: Person, committee: Committee, today: date, last: date | None) -> list[rules.Waiting]:
    """The items of the committee's plan that are not done. Plain values, because there may be hundreds."""
    latest = Subquery(
        Finding.objects.filter(item_finding__item=OuterRef("pk")).order_by("-made_at").values("made_at")[:1]
    )
    items = PlanItem.objects.permitted(person, Action.PLAN_VIEW).filter(
        plan__factory=committee.factory, withdrawn_at=None
    )
    rows = items.exclude(status=ItemStatus.COMPLETED).values_list(
        "ref", "number", "management", "workers", "is_public", "tool_id", "question_id", "detail__due_on", latest
    )
    marked, programme = _Marked(), committee.factory.programme
    found = []
    for ref, number, management, workers, is_public, tool, question, due_on, found_at in rows:
        sides = {management, workers}
        found.append(rules.Waiting(
            ref=ref, number=number,
            days_late=max((today - due_on).days, 0) if due_on else 0,
            days_left=(due_on - today).days if due_on else None,
            is_new=found_at is not None and (last is None or local_today(programme, found_at) > last),
            is_disagreed=Agreement.DISAGREES in sides,
            is_to_agree=Agreement.NOT_YET in sides,
            is_public=is_public,
            is_for_committee=question in marked.of(tool),
        ))
    return found


class _Marked:
    """The questions that each version of the tool marks for the committee, each version looked up once."""

    def __init__(self) -> None:
        self._found: dict[str | None, frozenset[str]] = {None: frozenset()}

    def of(self, tool: str | None) -> frozenset[str]:
        if tool not in self._found:
            try:
                questions = compiled(tool).scored
            except ToolContent.DoesNotExist:  # its content is not in this database
                questions = ()
            self._found[tool] = frozenset(one.id for one in questions if one.is_for_committee)
        return self._found[tool]
