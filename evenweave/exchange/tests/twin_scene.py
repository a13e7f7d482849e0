"""A factory on record twice, for the tests of merging and splitting."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from evenweave.access.enums import Action, Role
from evenweave.access.models import Standing
from evenweave.assessments.models import Assessment, ZeroToleranceCase
from evenweave.enrolment.models import CreditPurchase, CreditSpent, Cycle, Invoice
from evenweave.exchange.services import merge_factories
from evenweave.improvement.tests import scene
from evenweave.indicators.models import FactoryResult
from evenweave.organisations.models import Buyer, Consent, Factory
from evenweave.people.models import Invitation
from evenweave.reports.models import ProgressReport, Report
from evenweave.toolkit import clock
from tests import builders
from tests.cast import Cast

NOW = datetime(2026, 6, 1, tzinfo=UTC)


@dataclass
class Twins:
    cast: Cast
    survivor: Factory
    duplicate: Factory
    cycle: Cycle
    moved: Cycle
    assessments: tuple[Assessment, Assessment]
    secret: Assessment


def make_twins(cast: Cast) -> Twins:
    """Mekong Stitch and its duplicate, each with a cycle, a released assessment, findings of EX-1 on both sides and
    EX-4 on the duplicate's alone, results, reports, buyers. Costa has paid for the duplicate's cycle only and has the
    duplicate's consent only; Nordlys has both consents and has paid both cycles."""
    survivor = cast.factory
    duplicate = builders.a_factory("Mekong Stich", address="Street 2", os_id="KH2020011ABCDEF")
    tool, _second = scene.tools()
    cycle, moved = builders.a_cycle(survivor), builders.a_cycle(duplicate, starts_on=date(2025, 5, 5))
    first, other = scene.released(cast, cycle, tool), scene.released(cast, moved, tool)
    scene.adopted(cast, first, "EX-1", "EX-2")
    scene.adopted(cast, other, "EX-1", "EX-4")
    _results(first, other)
    for assessment in (first, other):
        _reports(assessment, cast)
    for buyer, factory in ((cast.nordlys, survivor), (cast.nordlys, duplicate), (cast.costa, duplicate)):
        Consent.objects.create(factory=factory, buyer=buyer, text_version="1", given_by=cast.manager)
        builders.consented(buyer, factory)
    for buyer, paid in ((cast.nordlys, cycle), (cast.nordlys, moved), (cast.costa, moved)):
        _paid(buyer, paid, cast)
        builders.paid(buyer, paid)
    Standing.objects.create(
        holder=cast.other_manager, role=Role.FACTORY_MANAGER, factory=duplicate, starts_at=builders.LONG_AGO
    )
    Invitation.objects.create(
        token_hash="x", name="New", role=Role.WORKER_REPRESENTATIVE, factory=duplicate,
        invited_by=cast.programme_manager, expires_at=NOW + timedelta(days=9),
    )
    ZeroToleranceCase.objects.create(
        factory=duplicate, programme="KH", issue="child_labour", description="x", opened_by=cast.coach
    )
    # The secret lies in the duplicate's second cycle, whose number the survivor has not reached.
    later = builders.a_cycle(duplicate, 2, starts_on=date(2026, 5, 5))
    secret = builders.an_assessment(later, tool=tool, planner=cast.programme_manager, assessors=(cast.assessor,))
    return Twins(cast, survivor, duplicate, cycle, moved, (first, other), secret)


def _results(first: Assessment, other: Assessment) -> None:
    for assessment, found in ((first, {"a": True, "b": False}), (other, {"a": True, "c": True})):
        FactoryResult.objects.create(
            assessment=assessment, factory=assessment.factory, programme="KH", cycle_number=1, points_assessed=2,
            points_noncompliant=sum(found.values()), findings=2, public_findings=1, points=found,
            released_at=scene.FIRST_DAY,
        )


def _reports(assessment: Assessment, cast: Cast) -> None:
    shared = {"factory": assessment.factory, "cycle": assessment.cycle, "programme": "KH"}
    Report.objects.create(
        assessment=assessment, version=1, facts="{}", facts_hash="0", released_by=cast.programme_manager, **shared
    )
    ProgressReport.objects.create(number=1, author="factory", due_on=date(2026, 7, 1), **shared)


def _paid(buyer: Buyer, cycle: Cycle, cast: Cast) -> CreditSpent:
    number = Invoice.objects.count() + 1
    invoice = Invoice.objects.create(
        issuer="KH", year=2026, number=number, buyer=buyer, currency="USD", lines=[], total=1,
        issued_on=date(2026, 1, 1), due_on=date(2026, 2, 1), paid_on=date(2026, 1, 5),
    )
    purchase = CreditPurchase.objects.create(
        buyer=buyer, programme="KH", quantity=1, unit_price=1, currency="USD", invoice=invoice, bought_by=cast.buyer
    )
    return CreditSpent.objects.create(purchase=purchase, buyer=buyer, cycle=cycle, spent_by=cast.buyer)


def merge(twins: Twins, by=None) -> Factory:
    with clock.at(NOW):
        return merge_factories(
            survivor_ref=twins.survivor.ref, duplicate_ref=twins.duplicate.ref, by=by or twins.cast.programme_manager
        )


def readers_of(record, action: Action, *people) -> set[str]:
    kind = type(record)
    return {person.name for person in people if kind.objects.permitted(person, action).filter(pk=record.pk).exists()}
