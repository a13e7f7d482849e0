"""Reads of visits, for a person. Everything here is about visits: no assessment is ever counted or looked at."""

import calendar as months
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from evenweave.access.enums import Action, Role
from evenweave.access.models import Standing
from evenweave.advisory import rules
from evenweave.advisory.enums import Clash, Posture, VisitState
from evenweave.advisory.models import DialogueScore, Visit, VisitWord, VisitWork
from evenweave.advisory.rules import Engagement
from evenweave.enrolment.enums import Package
from evenweave.enrolment.models import Cycle
from evenweave.enrolment.queries import coaches_of
from evenweave.improvement.enums import ItemStatus, Side
from evenweave.improvement.models import PlanItem
from evenweave.improvement.queries import ties_of
from evenweave.improvement.rules import SIDE_OF
from evenweave.organisations.models import Factory
from evenweave.people.models import Person
from evenweave.programmes.queries import calendar, local_today, rules_on, rules_today
from evenweave.programmes.rules import Count
from evenweave.toolkit import clock
from evenweave.toolkit.todo import Todo

VISITS_STEP = "advisory_visits"
COACHED = (Package.ASSESSMENT_AND_ADVISORY, Package.ADVISORY)
SOON_DAYS = 14
MOST_LINES = 20


def is_coached(cycle: Cycle) -> bool:
    """Whether advisory was bought with the cycle."""
    return cycle.package in COACHED


def count_for(cycle: Cycle) -> Count | None:
    """How many visits the service model asks for in this cycle; None where it names no number."""
    model = rules_on(cycle.programme, cycle.starts_on).model_named(cycle.service_model)
    step = next((step for step in model.steps_for(cycle.package) if step.key == VISITS_STEP), None)
    return step.count_for(cycle.number) if step else None


def lacks_visits(visits: Iterable[Visit], count: Count | None) -> bool:
    """Whether fewer are held or planned than the service model asks for."""
    there = sum(visit.state != VisitState.CANCELLED for visit in visits)
    return bool(count and count.at_least and there < count.at_least)


def posture_in(cycle: Cycle) -> Posture:
    return rules.posture_in(cycle.number)


def cycles_for(person: Person, action: Action = Action.VISIT_VIEW) -> QuerySet[Cycle]:
    """The cycles with advisory whose visits the person may read (or take `action` on), the newest first."""
    found = Cycle.objects.permitted(person, action).filter(package__in=COACHED)
    return found.select_related("factory").order_by("-starts_on", "-pk")


def newest_cycle_for(person: Person, factory: Factory) -> Cycle | None:
    return cycles_for(person).filter(factory=factory).first()


def visits_for(person: Person, action: Action = Action.VISIT_VIEW) -> QuerySet[Visit]:
    return Visit.objects.permitted(person, action).select_related("cycle__factory", "coach")


def works_for(person: Person, action: Action) -> QuerySet[VisitWork]:
    return VisitWork.objects.permitted(person, action).select_related("visit__cycle__factory", "item")


def may(person: Person, action: Action, cycle: Cycle) -> bool:
    return Cycle.objects.permitted(person, action).filter(pk=cycle.pk).exists()


def scores_of(cycle: Cycle) -> list[DialogueScore]:
    """Every score of the cycle, the newest first: for whoever may read its visits."""
    return list(cycle.dialogue_scores.select_related("by").order_by("-at", "-pk"))


def open_items_of(person: Person, factory: Factory) -> QuerySet[PlanItem]:
    """What a visit can work on."""
    items = PlanItem.objects.permitted(person, Action.PLAN_EDIT).filter(plan__factory=factory, withdrawn_at=None)
    return items.exclude(status=ItemStatus.COMPLETED).order_by("number")


def newest_words(visit: Visit) -> dict[str, VisitWord]:
    """Side → what it said last."""
    return {word.side: word for word in visit.words.select_related("by").order_by("at", "pk")}


def side_to_answer(person: Person, visit: Visit) -> Side | None:
    """The side the person speaks for, where the visit can be answered."""
    if visit.state != VisitState.HELD:
        return None
    if not Visit.objects.permitted(person, Action.VISIT_ANSWER).filter(pk=visit.pk).exists():
        return None
    return ties_of(person, visit.cycle.factory).side


def hand_overs(cycle: Cycle) -> list[Person]:
    """The factory's coaches whose turn is over before the next cycle, by the programme's rule."""
    after = rules_today(cycle.programme).advisors.rotate_after_cycles
    starts = list(Cycle.objects.filter(factory=cycle.factory).values_list("ends_on", flat=True))
    over = []
    for coach in coaches_of(cycle.factory):
        since = _coach_since(coach, cycle.factory)
        coached = sum(end >= since for end in starts)
        if rules.is_to_hand_over(coached, after):
            over.append(coach)
    return over


def _coach_since(coach: Person, factory: Factory) -> date:
    tie = Standing.objects.active().filter(holder=coach, role=Role.ADVISOR, factory=factory).order_by("starts_at")
    return tie.values_list("starts_at", flat=True)[0].date()


# The planner


@dataclass(frozen=True, slots=True)
class Planned:
    """A visit in the planner, with what speaks against its day."""

    visit: Visit
    clashes: list[Clash]


@dataclass(frozen=True, slots=True)
class Load:
    """A coach's visits of one month, planned and held, by the Monday of their week."""

    coach: Person
    weeks: dict[date, int]

    @property
    def total(self) -> int:
        return sum(self.weeks.values())


@dataclass(frozen=True, slots=True)
class Planner:
    """A month of visits as the person may see them."""

    first: date
    last: date
    rows: list[Planned] = field(default_factory=list)
    loads: list[Load] = field(default_factory=list)

    @property
    def mondays(self) -> list[date]:
        start = self.first - timedelta(days=self.first.weekday())
        return [start + timedelta(days=7 * n) for n in range(((self.last - start).days // 7) + 1)]


def coaches_seen_by(person: Person) -> list[tuple[str, str]]:
    """Reference and name of everybody whose visits the person may read, by name. One row a coach, however many visits
    there are."""
    seen = Visit.objects.permitted(person, Action.VISIT_VIEW).order_by()
    return list(Person.objects.filter(pk__in=seen.values("coach_id")).order_by("name").values_list("ref", "name"))


def months_for(person: Person, today: date) -> list[date]:
    """The first days of the months in which the person may see visits, and of this one, in order."""
    return sorted({today.replace(day=1), *visits_for(person).order_by().dates("day_on", "month")})


def planner_for(person: Person, month: date, *, coach_ref: str = "") -> Planner:
    """The visits of a month that the person may read, and how they load each coach. Four queries."""
    first, last = month_of(month)
    found = visits_for(person).exclude(state=VisitState.CANCELLED)
    if coach_ref:
        found = found.filter(coach__ref=coach_ref)
    # The weeks at both ends reach into the months beside it.
    around = list(found.filter(day_on__range=(first - timedelta(days=7), last + timedelta(days=7))))
    rows = [visit for visit in around if first <= visit.day_on <= last]
    return Planner(first, last, _with_clashes(rows, around), _loads(rows))


def month_of(day: date) -> tuple[date, date]:
    return day.replace(day=1), day.replace(day=months.monthrange(day.year, day.month)[1])


def _with_clashes(rows: Iterable[Visit], around: Iterable[Visit]) -> list[Planned]:
    by_coach: dict[int, list[Visit]] = defaultdict(list)
    for visit in around:
        by_coach[visit.coach_id].append(visit)
    return [
        Planned(visit, clashes_on(visit.day_on, visit.cycle, [o for o in by_coach[visit.coach_id] if o != visit])
                if visit.state == VisitState.PLANNED else [])
        for visit in rows
    ]


def clashes_on(day: date, cycle: Cycle, others: Iterable[Visit]) -> list[Clash]:
    """What speaks against a day, `others` being the coach's other visits."""
    days = calendar(cycle.programme)
    engaged = [Engagement(other.day_on, other.cycle.factory.region) for other in others]
    return rules.clashes(
        day, cycle.factory.region, engaged, weekend=days.weekend, is_holiday=day in days.holidays
    )


def clashes_of_coach(person: Person, day: date, cycle: Cycle, coach: Person, *, but: Visit | None = None):
    """What speaks against planning this coach on this day, as far as the planner may see her visits."""
    near = visits_for(person).exclude(state=VisitState.CANCELLED).filter(
        coach=coach, day_on__range=(day - timedelta(days=7), day + timedelta(days=7))
    )
    return clashes_on(day, cycle, near.exclude(pk=but.pk) if but else near)


def _loads(rows: Iterable[Visit]) -> list[Load]:
    weeks: dict[Person, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for visit in rows:
        weeks[visit.coach][visit.day_on - timedelta(days=visit.day_on.weekday())] += 1
    return sorted((Load(coach, dict(count)) for coach, count in weeks.items()), key=lambda load: load.coach.name)


# What a progress report says of a cycle


@dataclass(frozen=True, slots=True)
class YearOfVisits:
    """A cycle's visits in figures. `score`: the newest of the cycle's dialogue, "" for none."""

    held: int
    planned: int
    asked: int | None
    people: int
    women: int
    items: int
    score: str


def year_of(cycle: Cycle) -> YearOfVisits:
    held = list(cycle.visits.filter(state=VisitState.HELD))
    count = count_for(cycle) if is_coached(cycle) else None
    scores = scores_of(cycle)
    return YearOfVisits(
        held=len(held),
        planned=cycle.visits.filter(state=VisitState.PLANNED).count(),
        asked=count.at_least if count else None,
        people=sum((visit.managers or 0) + (visit.workers or 0) for visit in held),
        women=sum(visit.women or 0 for visit in held),
        items=PlanItem.objects.filter(visit_works__visit__in=held).distinct().count(),
        score=str(scores[0].progress) if scores else "",
    )


# The desk


def todos(person: Person, today: date) -> list[Todo]:
    """The coach: visits to log, visits coming. The factory's sides: visits coming, logs to answer.
    At most ten queries."""
    return _to_log(person, today) + _coming(person, today) + _to_answer(person, today)


def _to_log(person: Person, today: date) -> list[Todo]:
    waiting = visits_for(person, Action.VISIT_LOG).filter(state=VisitState.PLANNED, coach=person, day_on__lte=today)
    return [
        Todo(
            _("Log your visit"), reverse("visit_log", args=[visit.ref]), due_on=visit.day_on,
            meta=visit.cycle.factory.name, action=pgettext("act", "Log"),
        )
        for visit in waiting[:MOST_LINES]
    ]


def _coming(person: Person, today: date) -> list[Todo]:
    own = Standing.objects.active().filter(
        holder=person, role__in=(Role.FACTORY_MANAGER, Role.WORKER_REPRESENTATIVE, Role.ADVISOR)
    )
    soon = visits_for(person).filter(
        state=VisitState.PLANNED, day_on__range=(today + timedelta(days=1), today + timedelta(days=SOON_DAYS)),
        cycle__factory__in=own.values("factory_id"),
    )
    return [
        Todo(
            _("Visit of %(name)s") % {"name": visit.coach.name} if visit.coach_id != person.pk else _("Your visit"),
            visit.get_absolute_url(), due_on=visit.day_on, meta=visit.cycle.factory.name,
            action=pgettext("act", "Open"),
        )
        for visit in soon[:MOST_LINES]
    ]


def _to_answer(person: Person, today: date) -> list[Todo]:
    sides = dict(
        Standing.objects.active().filter(holder=person, role__in=SIDE_OF).values_list("factory_id", "role")
    )
    lately = visits_for(person, Action.VISIT_ANSWER).filter(
        state=VisitState.HELD, day_on__gte=today - timedelta(days=2 * SOON_DAYS), cycle__factory__in=sides
    ).prefetch_related("words")
    lines = []
    for visit in lately[:MOST_LINES]:
        side = SIDE_OF[Role(sides[visit.cycle.factory_id])]
        if all(word.side != side for word in visit.words.all()):
            lines.append(Todo(
                _("Is the log of the visit what you agreed?"), visit.get_absolute_url(), meta=visit.cycle.factory.name,
                due_on=visit.day_on + timedelta(days=SOON_DAYS), action=pgettext("act", "Answer"),
            ))
    return lines


def today_of(cycle: Cycle) -> date:
    """The day it is at the factory."""
    return local_today(cycle.programme, clock.now())
