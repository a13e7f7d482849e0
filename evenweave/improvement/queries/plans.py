"""The plan as a person may read it: its items with what hangs on them, in a handful of queries at any size."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Q, QuerySet

from evenweave.access.enums import Action, Shared
from evenweave.improvement import rules
from evenweave.improvement.enums import Agreement, ItemStatus, Lane, Side, Verification
from evenweave.improvement.models import ItemAction, ItemDetail, ItemEvidence, Plan, PlanItem
from evenweave.improvement.queries.ties import Ties, ties_of, today_of
from evenweave.improvement.queries.wording import Wording
from evenweave.organisations.models import Factory
from evenweave.people.models import Person


@dataclass(frozen=True)
class PlanRead:
    """A plan open before a person. `plan` is None for a factory in a cycle that has no item yet."""

    person: Person
    factory: Factory
    plan: Plan | None
    ties: Ties
    today: date

    def may(self, action: Action) -> bool:
        return self.ties.may(action)

    @property
    def sees_details(self) -> bool:
        return not self.ties.is_buyer or bool(self.plan and self.plan.details_sharing >= Shared.BUYERS)


def plan_for(person: Person, factory_ref: str) -> PlanRead | None:
    """The factory's plan if the person may see it, empty before its first item; None when there is nothing for them.
    A buyer needs a paid cycle."""
    plan = Plan.objects.permitted(person, Action.PLAN_VIEW).select_related("factory").filter(factory__ref=factory_ref)
    found = plan.first()
    if found is not None:
        return _read(person, found.factory, found)
    factory = Factory.objects.permitted(person, Action.PLAN_VIEW).filter(ref=factory_ref, plan__isnull=True).first()
    return _read(person, factory, None) if factory and sees_a_plan(person, factory) else None


def sees_a_plan(person: Person, factory: Factory) -> bool:
    """Whether the factory's plan opens for this person: for the roles near it, and for a buyer that paid a cycle."""
    ties = ties_of(person, factory)
    return bool(ties.roles or ties.paid)


def read_of(person: Person, plan: Plan) -> PlanRead:
    """A plan that the person is known to see."""
    return _read(person, plan.factory, plan)


def _read(person: Person, factory: Factory, plan: Plan | None) -> PlanRead:
    return PlanRead(person, factory, plan, ties_of(person, factory), today_of(factory))


def plans_for(person: Person) -> QuerySet[Plan]:
    """The plans a person may see, by the factory's name."""
    plans = Plan.objects.permitted(person, Action.PLAN_VIEW).select_related("factory")
    return plans.filter(factory__merged_into__isnull=True).order_by("factory__name", "pk")


@dataclass(frozen=True)
class Load:
    """How many items of a plan a person sees that are not completed, and that wait for a check."""

    open: int = 0
    waiting: int = 0


def loads_of(person: Person, plans: list[Plan]) -> dict[int, Load]:
    """The load of each of these plans, by its id. Two queries."""
    items = PlanItem.objects.permitted(person, Action.PLAN_VIEW).filter(plan__in=plans, withdrawn_at__isnull=True)
    counted = items.values("plan_id").annotate(
        open=Count("pk", filter=~Q(status=ItemStatus.COMPLETED)),
        waiting=Count("pk", filter=Q(verification=Verification.ASKED)),
    )
    return {row["plan_id"]: Load(row["open"], row["waiting"]) for row in counted}


@dataclass(frozen=True)
class ItemRow:
    """One item as its reader may know it. What buyers may not read yet is empty: `due_on`, `owner`, `evidence`."""

    item: PlanItem
    lane: Lane
    point: str
    cluster: str
    due_on: date | None = None
    owner: str = ""
    owner_side: str = ""
    owners: frozenset[str] = field(default_factory=frozenset)
    evidence: int = 0
    days_late: int = 0
    waits_for_me: bool = False
    is_mine: bool = False

    @property
    def is_late(self) -> bool:
        return self.days_late > 0

    @property
    def is_own_word(self) -> bool:
        return rules.is_own_word(self.item.state)


@dataclass(frozen=True)
class Wanted:
    """Which items a page asks for. `only`: mine, late, public; `lane` and `cluster` by key."""

    only: str = ""
    lane: str = ""
    cluster: str = ""

    def asks_for(self, row: ItemRow) -> bool:
        return (
            (self.only != "mine" or row.is_mine)
            and (self.only != "late" or row.is_late)
            and (self.only != "public" or row.item.is_public)
            and (not self.lane or row.lane == self.lane)
            and (not self.cluster or row.item.cluster == self.cluster)
        )


@dataclass(frozen=True)
class Counts:
    """How a plan stands. Each item is counted in one of the five lanes."""

    total: int
    late: int
    mine: int
    public: int
    lanes: dict[Lane, int]


def rows_of(read: PlanRead) -> list[ItemRow]:
    """Every item of the plan that the person may see, withdrawn ones left out, by number. Eight queries."""
    if read.plan is None:
        return []
    items = list(
        PlanItem.objects.permitted(read.person, Action.PLAN_VIEW)
        .filter(plan=read.plan, withdrawn_at__isnull=True)
        .select_related("tool")
        .order_by("number")
    )
    wording = Wording()
    if not read.sees_details:
        return [_row(read, wording.titles_of(item), item, ItemDetail(item=item), [], 0) for item in items]
    details = {detail.item_id: detail for detail in _details(ItemDetail, read)}
    actions: dict[int, list[ItemAction]] = {}
    for action in _details(ItemAction, read).filter(done_on__isnull=True):
        actions.setdefault(action.item_id, []).append(action)
    proof = dict(
        _details(ItemEvidence, read).order_by().values("item_id").annotate(n=Count("pk")).values_list("item_id", "n")
    )
    return [
        _row(
            read, wording.titles_of(item), item, details.get(item.pk) or ItemDetail(item=item),
            actions.get(item.pk, []), proof.get(item.pk, 0),
        )
        for item in items
    ]


def _details(model, read: PlanRead) -> QuerySet:
    return model.objects.permitted(read.person, Action.PLAN_DETAIL).filter(item__plan=read.plan)


def _row(
    read: PlanRead, titles: tuple[str, str], item: PlanItem, detail: ItemDetail, actions: list[ItemAction],
    evidence: int,
) -> ItemRow:
    """`actions` are the open ones, the earliest first."""
    first = actions[0] if actions else None
    is_open = item.status != ItemStatus.COMPLETED
    side = read.ties.side
    waits = is_open and side is not None and getattr(item, side.value) == Agreement.NOT_YET
    waits = waits or (item.verification == Verification.ASKED and read.may(Action.PLAN_VERIFY))
    owners = frozenset(action.owner_name.casefold() for action in actions)
    return ItemRow(
        item=item,
        lane=rules.lane_of(item.state),
        cluster=titles[0],
        point=titles[1],
        due_on=detail.due_on if is_open else None,
        owner=name_of_owner(read, first) if first else "",
        owner_side=first.owner_side if first else "",
        owners=owners if not read.ties.is_buyer else frozenset(),
        evidence=evidence,
        days_late=max((read.today - detail.due_on).days, 0) if is_open and detail.due_on else 0,
        waits_for_me=waits,
        is_mine=waits or (not read.ties.is_buyer and read.person.name.casefold() in owners),
    )


def name_of_owner(read: PlanRead, action: ItemAction) -> str:
    """Who does it. A buyer reads no name of the workers' side."""
    if read.ties.is_buyer and action.owner_side == Side.WORKERS:
        return str(Side.WORKERS.label)
    return action.owner_name


def items_for(read: PlanRead, wanted: Wanted | None = None) -> tuple[list[ItemRow], Counts]:
    """The items that are asked for, and how all of them stand."""
    rows = rows_of(read)
    asked = [row for row in rows if wanted.asks_for(row)] if wanted else rows
    return asked, Counts(
        total=len(rows),
        late=sum(row.is_late for row in rows),
        mine=sum(row.is_mine for row in rows),
        public=sum(row.item.is_public for row in rows),
        lanes={lane: sum(row.lane == lane for row in rows) for lane in Lane},
    )
