"""A factory is on record twice: one record goes on with everything, the other leads to it."""

from typing import Any

from django.db.models import Max
from django.http import Http404
from django.utils.translation import gettext as _

from evenweave.access.enums import Action, Role, Shared
from evenweave.access.models import Standing
from evenweave.access.services import end_standing, give_standing
from evenweave.activity.services import step
from evenweave.activity.steps import Step
from evenweave.assessments.models import Assessment, Finding, ZeroToleranceCase
from evenweave.committees.services import merge_committees
from evenweave.enrolment.models import Cycle, Invoice
from evenweave.enrolment.services.sharing import refresh_buyer
from evenweave.exchange.models import FactoryMerge
from evenweave.exchange.rules.cells import jsonable
from evenweave.exchange.services.merge_records import watching
from evenweave.improvement.services import merge_plans
from evenweave.indicators.services import join_results
from evenweave.organisations.enums import FactoryStatus
from evenweave.organisations.models import Buyer, Factory
from evenweave.organisations.rules import PLAIN_FIELDS
from evenweave.organisations.services import profile_of, take_over_profile
from evenweave.people.models import Invitation, Person
from evenweave.reports.models import ProgressReport, Report
from evenweave.toolkit import clock
from evenweave.toolkit.refusals import Refused
from evenweave.training.services import merge_training

# Rows that hang on the factory itself; those of a cycle or a plan go with it.
MOVED = (Assessment, Finding, ZeroToleranceCase, Report, ProgressReport, Invoice)
PERSONAL = (
    Role.FACTORY_MANAGER, Role.MANAGEMENT_REPRESENTATIVE, Role.WORKER_REPRESENTATIVE, Role.ADVISOR
)
WORKER_FIELDS = ("workers_total", "workers_female", "workers_male")


def merge_factories(*, survivor_ref: str, duplicate_ref: str, by: Person) -> Factory:
    """Everything of the duplicate is the survivor's from now on: cycles under new numbers, assessments, reports, plan
    items, invoices, people. It is written down row by row, so that the two can be split again. What the survivor's
    profile leaves empty is taken over. Consents are never united: a buyer keeps what it paid for, and reads it only
    with the survivor's own consent. Returns the survivor."""
    with step() as log:
        survivor, duplicate = _both(survivor_ref, duplicate_ref, by)
        merge = FactoryMerge(
            programme=survivor.programme, survivor=survivor, duplicate=duplicate, merged_by=by,
            status_before=duplicate.status, reason_before=duplicate.status_reason,
        )
        before = profile_of(survivor)
        with watching(survivor, duplicate) as watch:
            taken_over = take_over_profile(factory=survivor, profile=missing_in(survivor, duplicate))
            numbers = _move_everything(survivor, duplicate, by)
        merge.changes, merge.created = watch.changes, watch.created
        merge.profile = jsonable_profile({name: [before[name], profile_of(survivor)[name]] for name in taken_over})
        merge.save()
        said = {"duplicate": duplicate.ref, "survivor": survivor.ref, "cycles": numbers, "profile": taken_over}
        for factory in (survivor, duplicate):
            log.record(
                Step.FACTORY_MERGED, about=factory, by=by, factory=factory, sharing=Shared.FACTORY, payload=said,
                at=merge.merged_at,
            )
    return survivor


def _move_everything(survivor: Factory, duplicate: Factory, by: Person) -> dict[str, int]:
    buyers = _end_buyers(duplicate, by, survivor)
    numbers = _move_cycles(survivor, duplicate)
    for model in MOVED:
        model.objects.filter(factory=duplicate).update(factory=survivor)
    join_results(survivor=survivor, duplicate=duplicate)
    merge_plans(survivor=survivor, duplicate=duplicate, by=by)
    merge_committees(survivor=survivor, duplicate=duplicate, by=by)
    merge_training(survivor=survivor, duplicate=duplicate)
    _move_people(survivor, duplicate)
    for buyer in buyers:
        refresh_buyer(survivor, buyer)
    _point_at(survivor, duplicate)
    return numbers


def jsonable_profile(changed: dict[str, list]) -> dict[str, list]:
    """The fields of a profile before and after, as JSON keeps them."""
    return {name: [jsonable(value) for value in both] for name, both in changed.items()}


def _both(survivor_ref: str, duplicate_ref: str, by: Person) -> tuple[Factory, Factory]:
    """Both records, locked in one order, so that two merges never wait for each other crosswise."""
    if survivor_ref == duplicate_ref:
        raise Refused(_("Choose two different records."))
    locked = {
        ref: Factory.objects.one_for(by, Action.FACTORY_MERGE, ref=ref)
        for ref in sorted((survivor_ref, duplicate_ref))
    }
    survivor, duplicate = locked[survivor_ref], locked[duplicate_ref]
    if any(factory.status in (FactoryStatus.MERGED, FactoryStatus.WITHDRAWN) for factory in locked.values()):
        raise Http404
    if survivor.programme != duplicate.programme:
        raise Refused(_("The two records belong to different country programmes."))
    if survivor.status == FactoryStatus.CLOSED and duplicate.status == FactoryStatus.ACTIVE:
        raise Refused(_("The record that stays is closed, the other is not. Keep the other one."))
    return survivor, duplicate


def missing_in(survivor: Factory, duplicate: Factory) -> dict[str, Any]:
    """What the survivor's profile leaves empty and the duplicate's knows; the three numbers of workers together or
    not at all. Sectors are joined."""
    ours, theirs = profile_of(survivor), profile_of(duplicate)
    names = [name for name in (*PLAIN_FIELDS, "contacts", "customers") if name not in WORKER_FIELDS]
    taken = {name: theirs[name] for name in names if _is_empty(ours[name]) and not _is_empty(theirs[name])}
    if ("latitude" in taken) != ("longitude" in taken):
        taken = {name: value for name, value in taken.items() if name not in ("latitude", "longitude")}
    if all(ours[name] is None for name in WORKER_FIELDS) and theirs["workers_total"] is not None:
        taken |= {name: theirs[name] for name in WORKER_FIELDS}
    if new := set(theirs["sectors"]) - set(ours["sectors"]):
        taken["sectors"] = sorted(new | set(ours["sectors"]))
    return taken


def _is_empty(value: Any) -> bool:
    return value in (None, "", [], False)


def _end_buyers(duplicate: Factory, by: Person, survivor: Factory) -> list[Buyer]:
    """No buyer reads anything by the duplicate's consents any more; returns those that paid for something there."""
    reason = _("Merged into another record: %(ref)s") % {"ref": survivor.ref}
    duplicate.consents.filter(revoked_at=None).update(revoked_at=clock.now(), revoked_by=by, reason=reason)
    end_standing(role=Role.BUYER_OFFICER, holder=None, factory=duplicate)
    return list(Buyer.objects.filter(credits_spent__cycle__factory=duplicate).distinct())


def _move_cycles(survivor: Factory, duplicate: Factory) -> dict[str, int]:
    """The survivor's cycles keep their numbers, the others get the next ones. Returns ref → new number."""
    last = survivor.cycles.aggregate(last=Max("number"))["last"] or 0
    numbers = {}
    for number, cycle in enumerate(Cycle.objects.filter(factory=duplicate).order_by("number"), start=last + 1):
        cycle.factory, cycle.number = survivor, number
        cycle.save(update_fields=["factory", "number"])
        numbers[cycle.ref] = number
    return numbers


def _move_people(survivor: Factory, duplicate: Factory) -> None:
    """Managers, representatives and coaches of the duplicate stand towards the survivor; who is still invited, too."""
    held = Standing.objects.active().filter(factory=duplicate, holder__isnull=False, role__in=PERSONAL)
    for standing in list(held.select_related("holder")):
        give_standing(
            role=Role(standing.role), holder=standing.holder, factory=survivor, until=standing.ends_at
        )
        end_standing(role=Role(standing.role), holder=standing.holder, factory=duplicate)
    Invitation.objects.filter(factory=duplicate, accepted_at=None).update(factory=survivor)


def _point_at(survivor: Factory, duplicate: Factory) -> None:
    """The duplicate, and whatever was merged into it before, leads to the survivor."""
    duplicate.duplicates.update(merged_into=survivor)
    duplicate.status, duplicate.status_reason, duplicate.merged_into = FactoryStatus.MERGED, "", survivor
    duplicate.save(update_fields=["status", "status_reason", "merged_into"])
