"""A merge was made in error: the record that went returns, with what nobody has touched since.

A cycle and the plan items of its findings go back together or not at all, so that a finding never parts from its item
nor a report from its cycle. What a person has worked on stays with the record that it was done for."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from evenweave.access.enums import Action, Role, Shared
from evenweave.access.models import Standing
from evenweave.access.services import end_standing
from evenweave.activity.models import Entry
from evenweave.activity.services import step
from evenweave.activity.steps import Step
from evenweave.assessments.models import Assessment, Finding, ZeroToleranceCase
from evenweave.committees.models import Committee, Election, Meeting, Member
from evenweave.enrolment.models import Cycle, Invoice
from evenweave.enrolment.services.sharing import refresh_buyer
from evenweave.exchange.enums import Decision, Outcome
from evenweave.exchange.models import FactoryMerge, ImportRow
from evenweave.exchange.rules.splitting import those_that_stay
from evenweave.exchange.services.merge_records import put_back, values_now
from evenweave.improvement.models import (
    ItemAction,
    ItemCheck,
    ItemDetail,
    ItemEvidence,
    ItemFinding,
    PlanItem,
    SideAnswer,
    ThreadMessage,
)
from evenweave.indicators.services import part_results
from evenweave.organisations.enums import FactoryStatus
from evenweave.organisations.models import Buyer, Consent, Factory
from evenweave.organisations.services import profile_of, take_over_profile
from evenweave.people.models import Invitation, Person
from evenweave.reports.models import ProgressReport, Report
from evenweave.toolkit import clock
from evenweave.toolkit.refusals import Refused
from evenweave.training.models import Charge, Guest, Practice, Registration, Session

# How rows lead to the cycle with which they go, where they have one.
OF_A_CYCLE = {
    Assessment: "cycle_id", Finding: "assessment__cycle_id", ZeroToleranceCase: "assessment__cycle_id",
    Report: "cycle_id", ProgressReport: "cycle_id", Invoice: "cycle_id",
}
OF_AN_ITEM = (ItemDetail, ItemFinding, ItemAction, ItemEvidence, SideAnswer, ItemCheck)
OF_A_COMMITTEE = (Member, Election, Meeting)
# Each goes back by itself.
OF_TRAINING = (Registration, Practice, Guest, Session, Charge)

type Record = tuple[str, int]


def split_factories(*, survivor_ref: str, duplicate_ref: str, by: Person) -> Factory:
    """The record that was merged away is one of its own again. What moved and was not touched since goes back, with
    the old numbers of its cycles; the rest stays with the survivor. The consents that the merge ended hold again, and
    who was let in by the merge is out again. Both histories tell it. Returns the record that has returned."""
    with step() as log:
        merge = _locked_merge(survivor_ref, duplicate_ref, by)
        parting = parting_of(merge)
        numbers = _part(merge, parting)
        profile = _give_back_profile(merge)
        merge.split_by, merge.split_at = by, clock.now()
        merge.save(update_fields=["split_by", "split_at"])
        said = {
            "duplicate": merge.duplicate.ref, "survivor": merge.survivor.ref, "cycles": numbers, "profile": profile,
            "went_back": parting.counts(is_back=True), "stayed": parting.counts(is_back=False),
        }
        for factory in (merge.survivor, merge.duplicate):
            log.record(
                Step.FACTORY_SPLIT, about=factory, by=by, factory=factory, sharing=Shared.FACTORY, payload=said
            )
    return merge.duplicate


def _locked_merge(survivor_ref: str, duplicate_ref: str, by: Person) -> FactoryMerge:
    merge = FactoryMerge.objects.filter(split_at=None).one_for(
        by, Action.FACTORY_MERGE, survivor__ref=survivor_ref, duplicate__ref=duplicate_ref
    )
    both = Factory.objects.select_for_update().filter(pk__in=(merge.survivor_id, merge.duplicate_id)).order_by("ref")
    locked = {factory.pk: factory for factory in both}
    merge.survivor, merge.duplicate = locked[merge.survivor_id], locked[merge.duplicate_id]
    if merge.survivor.merged_into is not None:
        raise Refused(
            _("%(name)s itself was merged into %(other)s. Split that first.")
            % {"name": merge.survivor.name, "other": merge.survivor.merged_into.name}
        )
    return merge


# --- what goes back -------------------------------------------------------


@dataclass(frozen=True)
class Parting:
    """What of a merge can go back and what stays: records as (model's label, id)."""

    moved: frozenset[Record]
    staying: frozenset[Record]

    @property
    def back(self) -> frozenset[Record]:
        return self.moved - self.staying

    def ids(self, model, *, is_back: bool = True) -> list[int]:
        label = model._meta.label_lower
        return sorted(key for kind, key in self._those(is_back) if kind == label)

    def counts(self, *, is_back: bool) -> dict[str, int]:
        """How many records by their kind, the kinds sorted."""
        return dict(sorted(Counter(kind for kind, _key in self._those(is_back)).items()))

    def _those(self, is_back: bool) -> frozenset[Record]:
        return self.back if is_back else self.moved & self.staying


def parting_of(merge: FactoryMerge) -> Parting:
    """What would go back if the two were split now; writes nothing."""
    found = _Found(merge)
    staying = those_that_stay(found.moved | found.others, found.ties, found.touched)
    return Parting(frozenset(found.moved), staying)


class _Found:
    """The records that a merge moved, what ties them, and which of them somebody has touched since."""

    def __init__(self, merge: FactoryMerge) -> None:
        self.merge = merge
        self.moved: set[Record] = set()
        self.others: set[Record] = set()
        self.ties: set[tuple[Record, Record]] = set()
        self.touched: set[Record] = set()
        self.cycles = {int(key) for key in self._changed(Cycle)}
        self.moved |= {_record(Cycle, key) for key in self.cycles}
        self._of_cycles()
        self._items()
        self._messages()
        self._committees()
        self.moved |= {_record(model, int(key)) for model in OF_TRAINING for key in self._changed(model)}
        self._by_values()
        self._by_the_log()

    def _changed(self, model) -> dict[str, dict[str, list]]:
        return self.merge.changes.get(model._meta.label_lower, {})

    def _of_cycles(self) -> None:
        for model, path in OF_A_CYCLE.items():
            rows = model.objects.filter(pk__in=self._changed(model))
            for key, cycle in rows.values_list("pk", path):
                record = _record(model, key)
                self.moved.add(record)
                if cycle in self.cycles:
                    self.ties.add((record, _record(Cycle, cycle)))

    def _items(self) -> None:
        """Items that moved, and those of the survivor that took something over."""
        changed = self._changed(PlanItem)
        moved = {int(key) for key, fields in changed.items() if fields["plan_id"][0] != fields["plan_id"][1]}
        self.moved |= {_record(PlanItem, key) for key in moved}
        self.others |= {_record(PlanItem, int(key)) for key in changed if int(key) not in moved}
        rows = PlanItem.objects.filter(pk__in=changed).values_list("pk", "lineage_root")
        lines: dict[str, list[int]] = {}
        for key, line in rows:
            self._tie_to_cycle(key, changed[str(key)]["cycle_id"][0])
            for other in lines.setdefault(line, []) if line else ():
                self.ties.add((_record(PlanItem, key), _record(PlanItem, other)))
            lines.setdefault(line, []).append(key)
        self._parts(set(map(int, changed)))

    def _parts(self, items: set[int]) -> None:
        """What hangs on an item is its own; what was taken over ties the item to the one that took it."""
        for model in OF_AN_ITEM:
            changed = self._changed(model)
            owners = dict(model.objects.filter(pk__in=changed).values_list("pk", "item_id"))
            for key, fields in changed.items():
                record = _record(model, int(key))
                self.others.add(record)
                for item in fields.get("item_id", [owners.get(int(key))]):
                    self.ties.add((record, _record(PlanItem, item)))
        was = {int(key): fields["item_id"][0] for key, fields in self._changed(ItemFinding).items()}
        links = ItemFinding.objects.filter(item__in=items).values_list("pk", "item_id", "finding__assessment__cycle_id")
        for key, item, cycle in links:
            self._tie_to_cycle(was.get(key, item), cycle)

    def _tie_to_cycle(self, item: int, cycle: int | None) -> None:
        if cycle in self.cycles:
            self.ties.add((_record(PlanItem, item), _record(Cycle, cycle)))

    def _messages(self) -> None:
        for key, fields in self._changed(ThreadMessage).items():
            record = _record(ThreadMessage, int(key))
            (self.moved if fields["plan_id"][0] != fields["plan_id"][1] else self.others).add(record)
            item, cycle = fields["item_id"][0], fields["cycle_id"][0]
            if item is not None:
                self.ties.add((record, _record(PlanItem, item)))
            elif cycle in self.cycles:
                self.ties.add((record, _record(Cycle, cycle)))

    def _committees(self) -> None:
        changed = {int(key) for key in self._changed(Committee)}
        self.moved |= {_record(Committee, key) for key in changed}
        for model in OF_A_COMMITTEE:
            rows = model.objects.filter(pk__in=self._changed(model)).values_list("pk", "committee_id")
            self.others |= {_record(model, key) for key, _committee in rows}
            self.ties |= {(_record(model, key), _record(Committee, committee)) for key, committee in rows}

    def _by_values(self) -> None:
        """Touched is what no longer says what the merge made it say."""
        labels = {label for label, _key in self.moved | self.others}
        for label in labels:
            changed = self.merge.changes.get(label, {})
            now = values_now(label, changed)
            for key, fields in changed.items():
                row = now.get(key)
                if row is None or any(row[name] != after for name, (_before, after) in fields.items()):
                    self.touched.add((label, int(key)))

    def _by_the_log(self) -> None:
        """Touched is what a person has worked on since, as the log tells."""
        entries = _entries_since(self.merge)
        for cycle in entries.filter(cycle__in=self.cycles).values_list("cycle_id", flat=True):
            self.touched.add(_record(Cycle, cycle))
        for cycle in entries.filter(assessment__cycle__in=self.cycles).values_list("assessment__cycle_id", flat=True):
            self.touched.add(_record(Cycle, cycle))
        abouts = set(entries.values_list("about", flat=True))
        for model in (*OF_A_CYCLE, Cycle, PlanItem, Committee):
            ids = [key for label, key in self.moved | self.others if label == model._meta.label_lower]
            for key, ref in model.objects.filter(pk__in=ids).values_list("pk", "ref"):
                if f"{model._meta.label_lower}:{ref}" in abouts:
                    self.touched.add(_record(model, key))
        if any(about.startswith("committees.") for about in abouts):
            self.touched |= {record for record in self.moved if record[0] == Committee._meta.label_lower}


def _record(model, key: int) -> Record:
    return model._meta.label_lower, key


def _entries_since(merge: FactoryMerge) -> QuerySet[Entry]:
    """What people have done with the survivor since the merge."""
    both = (merge.survivor_id, merge.duplicate_id)
    of_the_merge = Entry.objects.filter(factory__in=both, step=Step.FACTORY_MERGED, at=merge.merged_at)
    last = of_the_merge.order_by("-pk").values_list("pk", flat=True).first() or 0
    return Entry.objects.filter(factory__in=both, pk__gt=last, actor__isnull=False)


# --- taking it back -------------------------------------------------------


def _part(merge: FactoryMerge, parting: Parting) -> dict[str, int]:
    """Everything that goes back does; returns the cycles that do: ref → old number."""
    survivor, duplicate = merge.survivor, merge.duplicate
    duplicate.merged_into, duplicate.status = None, merge.status_before
    duplicate.status_reason = merge.reason_before
    duplicate.save(update_fields=["merged_into", "status", "status_reason"])
    _lead_back(merge)
    _put_back_rows(merge, parting)
    cycles = Cycle.objects.filter(pk__in=parting.ids(Cycle))
    for model, path in OF_A_CYCLE.items():
        # By their cycle, so that what came into being by itself since, such as a report that is due, goes along.
        model.objects.filter(**{f"{path}__in": cycles.values("pk"), "factory": survivor}).update(factory=duplicate)
    items = PlanItem.objects.filter(pk__in=parting.ids(PlanItem))
    for plan in {item.plan_id for item in items}:
        ThreadMessage.objects.filter(item__in=items.filter(plan=plan)).update(plan=plan)
    part_results(survivor=survivor, duplicate=duplicate)
    _part_people(merge, parting.ids(Committee, is_back=False))
    _part_buyers(merge, list(cycles))
    _tell_imports(merge)
    return {cycle.ref: cycle.number for cycle in cycles}


def _put_back_rows(merge: FactoryMerge, parting: Parting) -> None:
    going = parting.back | {record for record in _all_changed(merge) if record not in parting.moved | parting.staying}
    # Cycles and items first: what hangs on them follows.
    first = (Cycle, PlanItem, *OF_AN_ITEM, ThreadMessage, *OF_A_CYCLE, Committee, *OF_A_COMMITTEE, *OF_TRAINING)
    for model in first:
        label = model._meta.label_lower
        for key, fields in merge.changes.get(label, {}).items():
            if (label, int(key)) in going:
                put_back(label, key, fields)


def _all_changed(merge: FactoryMerge) -> set[Record]:
    return {(label, int(key)) for label, rows in merge.changes.items() for key in rows}


def _lead_back(merge: FactoryMerge) -> None:
    """What was merged into the duplicate before leads to it again."""
    before = merge.changes.get(Factory._meta.label_lower, {})
    led = [int(key) for key, fields in before.items() if fields["merged_into_id"][0] == merge.duplicate_id]
    Factory.objects.filter(pk__in=led, merged_into=merge.survivor, status=FactoryStatus.MERGED).update(
        merged_into=merge.duplicate
    )


def _part_people(merge: FactoryMerge, staying: list[int]) -> None:
    """Who stood towards the duplicate does again; whom the merge let in at the survivor is out. Who is still invited
    is invited to the duplicate."""
    changed = merge.changes.get(Standing._meta.label_lower, {})
    now = values_now(Standing._meta.label_lower, changed)
    held = Standing.objects.filter(factory=merge.duplicate, holder__isnull=False)
    for standing in held.filter(pk__in=changed):
        key = str(standing.pk)
        if now[key]["ends_at"] == changed[key]["ends_at"][1]:
            put_back(Standing._meta.label_lower, key, changed[key])
    let_in = Standing.objects.active().filter(
        pk__in=merge.created.get(Standing._meta.label_lower, []), factory=merge.survivor, holder__isnull=False
    )
    # A committee that stays keeps its members.
    seated = Member.objects.filter(committee__in=staying, left_on=None, person__isnull=False)
    let_in.exclude(holder__in=seated.values("person")).update(ends_at=clock.now())
    invited = merge.changes.get(Invitation._meta.label_lower, {})
    Invitation.objects.filter(pk__in=invited, factory=merge.survivor, accepted_at=None).update(factory=merge.duplicate)


def _part_buyers(merge: FactoryMerge, cycles: list[Cycle]) -> None:
    """The consents that the merge ended hold again; what buyers read is written anew on both sides."""
    label = Consent._meta.label_lower
    changed = merge.changes.get(label, {})
    now = values_now(label, changed)
    for key, fields in changed.items():
        if all(now[key][name] == after for name, (_before, after) in fields.items()):
            put_back(label, key, fields)
    end_standing(role=Role.BUYER_OFFICER, holder=None, factory=merge.survivor, cycle__in=cycles)
    for buyer in Buyer.objects.filter(consents__factory__in=(merge.survivor, merge.duplicate)).distinct():
        refresh_buyer(merge.survivor, buyer)
        refresh_buyer(merge.duplicate, buyer)


def _give_back_profile(merge: FactoryMerge) -> list[str]:
    """What the survivor's profile took over and nobody has corrected since is empty again; returns the fields."""
    now = profile_of(merge.survivor)
    same = {name: before for name, (before, after) in merge.profile.items() if _same(now[name], after)}
    return take_over_profile(factory=merge.survivor, profile=same)


def _same(now, after) -> bool:
    return (str(now) if isinstance(now, Decimal) else now) == after


def _tell_imports(merge: FactoryMerge) -> None:
    """A row of an import that was called the same factory is another one after all."""
    rows = ImportRow.objects.filter(factory=merge.duplicate, outcome=Outcome.MERGED)
    rows.update(outcome=Outcome.REGISTERED, decision=Decision.ANOTHER)
