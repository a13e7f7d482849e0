"""How well committees work: four signs, each from what is on record."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from evenweave.committees import rules
from evenweave.committees.enums import MeetingState
from evenweave.committees.models import Committee, Decision, Meeting, Member
from evenweave.committees.queries.agenda import HELD
from evenweave.improvement.enums import ItemStatus, Side
from evenweave.improvement.models import PlanItem
from evenweave.programmes.queries import local_today, rules_on
from evenweave.toolkit import clock

DAYS_COUNTED = 366
# What was raised since is too new to be held against anybody.
DAYS_TO_ACT = 31


@dataclass(frozen=True)
class Health:
    """The four signs of a committee, what its seats lack, when it last met and when it has to meet again."""

    readings: list[rules.Reading]
    lacking: list[rules.Lacking]
    last_met_on: date | None
    next_by: date
    next_planned: Meeting | None


def health_of(committees: Sequence[Committee]) -> dict[int, Health]:
    """The health of each committee, by its id. Six queries at any number. Committees come with their factory."""
    members, meetings, raised = _members(committees), _meetings(committees), _raised(committees)
    now = clock.now()
    found = {}
    for committee in committees:
        today = local_today(committee.factory.programme, now)
        found[committee.pk] = _health(
            committee, members[committee.pk], meetings[committee.pk], raised[committee.pk], today
        )
    return found


def _members(committees: Sequence[Committee]) -> dict[int, list[Member]]:
    found = defaultdict(list)
    for member in Member.objects.filter(committee__in=committees, left_on=None):
        found[member.committee_id].append(member)
    return found


def _meetings(committees: Sequence[Committee]) -> dict[int, list[Meeting]]:
    since = clock.now().date() - timedelta(days=DAYS_COUNTED)
    found = defaultdict(list)
    rows = Meeting.objects.filter(committee__in=committees, on__gte=since).exclude(state=MeetingState.CALLED_OFF)
    for meeting in rows.defer("minutes").order_by("on", "number"):
        found[meeting.committee_id].append(meeting)
    return found


def _raised(committees: Sequence[Committee]) -> dict[int, tuple[int, int]]:
    """What the workers' side brought into the plan, how much of it is done: items that its members added themselves,
    and those that a decision on one of its points made. What is open and too new counts for nothing."""
    since = clock.now() - timedelta(days=DAYS_TO_ACT)
    workers = Member.objects.filter(committee__in=committees, side=Side.WORKERS, person__isnull=False)
    seats = {(person, factory) for person, factory in workers.values_list("person_id", "committee__factory_id")}
    by_factory = {committee.factory_id: committee.pk for committee in committees}
    items: dict[int, dict[int, bool]] = defaultdict(dict)
    own = PlanItem.objects.filter(
        Q(opened_at__lte=since) | Q(status=ItemStatus.COMPLETED), plan__factory__in=by_factory, withdrawn_at=None,
        added_by__in={person for person, _factory in seats},
    )
    for pk, person, factory, status in own.values_list("pk", "added_by_id", "plan__factory_id", "status"):
        if (person, factory) in seats:
            items[by_factory[factory]][pk] = status == ItemStatus.COMPLETED
    made = Decision.objects.filter(
        Q(at__lte=since) | Q(item__status=ItemStatus.COMPLETED), point__meeting__committee__in=committees,
        point__raised_by_side=Side.WORKERS, item__withdrawn_at=None,
    )
    for pk, committee, status in made.values_list("item_id", "point__meeting__committee_id", "item__status"):
        items[committee][pk] = status == ItemStatus.COMPLETED
    return defaultdict(lambda: (0, 0), {key: (sum(rows.values()), len(rows)) for key, rows in items.items()})


def _health(
    committee: Committee, members: list[Member], meetings: list[Meeting], raised: tuple[int, int], today: date
) -> Health:
    asked = rules_on(committee.factory.programme, today).committee
    held = [meeting for meeting in meetings if meeting.state in HELD]
    lacking = lacking_of(committee, members, today)
    last = held[-1].on if held else None
    counted = [bool(meeting.is_quorate) for meeting in held if meeting.state != MeetingState.OPEN]
    return Health(
        readings=[
            rules.meets_on_time(
                [meeting.on for meeting in held], formed_on=committee.formed_on, today=today,
                every_days=asked.meets_every_days,
            ),
            rules.decides(counted),
            rules.workers_heard(*raised),
            rules.balanced(lacking),
        ],
        lacking=lacking,
        last_met_on=last,
        next_by=rules.next_meeting_by(last, committee.formed_on, asked.meets_every_days),
        next_planned=next((one for one in meetings if one.state == MeetingState.PLANNED), None),
    )


def lacking_of(committee: Committee, members: Sequence[Member], today: date) -> list[rules.Lacking]:
    """What the seats lack by the rules of the day."""
    factory = committee.factory
    seats = [
        rules.Seat(one.side, one.sex, one.seated, one.union, one.is_chair, one.term_ends_on) for one in members
    ]
    return rules.composition(
        seats, rules_on(factory.programme, today).committee, unions=committee.unions, today=today,
        workforce=rules.Workforce(factory.workers_female, factory.workers_total),
    )
