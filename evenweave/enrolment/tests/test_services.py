"""Cycles with their days, gap-free invoices, consents and credits made effective."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.http import Http404

from evenweave.access.enums import Action, Role, Shared
from evenweave.access.scope import permitted
from evenweave.access.services import give_standing
from evenweave.activity.services import verify_log
from evenweave.enrolment import services
from evenweave.enrolment.models import CreditSpent, Cycle, CycleStep, Invoice
from evenweave.enrolment.queries import steps_for
from evenweave.notifications.models import Notice
from evenweave.organisations.models import Factory
from evenweave.toolkit import clock
from evenweave.toolkit.refusals import Refused
from tests import builders

START = date(2024, 10, 1)
MORNING = datetime(2024, 10, 1, 3, 0, tzinfo=UTC)


@pytest.fixture
def at_start():
    with clock.at(MORNING):
        yield


def enter(cast, factory=None, starts_on=START, package="assessment_and_advisory", sector="apparel", advisors=()):
    return services.open_cycle(
        factory_ref=(factory or cast.factory).ref, package=package, sector=sector, starts_on=starts_on,
        advisors=list(advisors), by=cast.programme_manager,
    )


@pytest.mark.usefixtures("at_start")
class TestCycle:
    def test_steps_that_would_betray_the_assessment_are_the_staffs(self, cast):
        cycle = enter(cast)
        assert set(CycleStep.objects.filter(sharing=Shared.STAFF).values_list("key", flat=True)) == {
            "assessment", "draft", "reply", "report_release", "gateway",
        }
        shown = {line.key for line in steps_for(cast.manager, cycle)}
        assert not shown & {"assessment", "draft", "reply", "report_release", "gateway"}
        assert {"register", "progress_1", "progress_2", "renewal"} <= shown

    def test_due_days_count_from_the_start_and_later_from_what_happened(self, cast):
        cycle = enter(cast)
        days = dict(cycle.steps.values_list("key", "due_on"))
        assert days["progress_2"] == date(2025, 8, 1)
        assert days["renewal"] == date(2025, 10, 1)
        assert days["progress_1"] is None
        services.anchor_steps(cycle=cycle, anchor_key="report_released", on=date(2025, 2, 3))
        assert cycle.steps.get(key="progress_1").due_on == date(2025, 3, 5)

    def test_with_the_draft_the_factory_learns_of_its_assessment(self, cast):
        cycle = enter(cast)
        services.anchor_steps(cycle=cycle, anchor_key="assessment", on=date(2025, 1, 15))
        assert "report_release" not in {line.key for line in steps_for(cast.manager, cycle)}
        services.anchor_steps(cycle=cycle, anchor_key="draft_sent", on=date(2025, 1, 31))
        shown = {line.key: line.due_on for line in steps_for(cast.manager, cycle)}
        assert shown["report_release"] == date(2025, 2, 12)
        assert "gateway" not in shown

    def test_what_is_not_sold_is_refused_and_changes_nothing(self, cast):
        with pytest.raises(Refused) as refusal:
            enter(cast, sector="footwear")
        assert refusal.value.field == "sector"
        cast.factory.sectors.create(sector="footwear")
        with pytest.raises(Refused) as refusal:
            enter(cast, sector="footwear", package="assessment")
        assert refusal.value.field == "package"
        assert (Cycle.objects.count(), Invoice.objects.count()) == (0, 0)

    def test_a_refusal_names_the_rule_its_day_and_its_source(self, cast):
        def refused(programme: str, on: date, **more) -> tuple:
            Factory.objects.filter(pk=cast.factory.pk).update(programme=programme)
            give_standing(role=Role.PROGRAMME_MANAGER, holder=cast.programme_manager, programme=programme)
            with pytest.raises(Refused) as refusal:
                enter(cast, starts_on=on, **more)
            return refusal.value.field, refusal.value.message

        assert refused("BD", date(2014, 6, 30)) == (
            "starts_on", "The programme is not known to serve factories on that day (in force from 1 July 2014; "
            "source: SEED).")
        assert refused("VN", START, package="assessment") == (
            "package", "Assessment and advisory are sold only together, as a yearly package (known to be in force on "
            "1 January 2014; when it began is not recorded; source: SEED).")
        field, message = refused("MM", START)
        assert (field, "serves no factories" in message) == (None, True)
        cast.factory.sectors.create(sector="footwear")
        assert refused("LS", START, sector="footwear")[0] == "sector"
        assert refused("KH", date(2013, 12, 31))[0] == "starts_on"
        assert Cycle.objects.count() == 0
        Factory.objects.filter(pk=cast.factory.pk).update(programme="BD")
        assert enter(cast, starts_on=date(2014, 7, 1)).service_model == "2014"

    def test_a_second_cycle_waits_for_the_end_of_the_first(self, cast):
        enter(cast)
        with pytest.raises(Refused):
            enter(cast, starts_on=date(2025, 9, 30))
        second = enter(cast, starts_on=date(2025, 10, 1))
        assert (second.number, Cycle.objects.get(number=1).state) == (2, "closed")

    def test_only_the_programme_manager_opens_a_cycle(self, cast):
        for key, person in cast.people.items():
            if key in {"programme_manager", "anonymous"}:
                continue
            with pytest.raises(Http404):
                services.open_cycle(
                    factory_ref=cast.factory.ref, package="assessment", sector="apparel", starts_on=START, advisors=[],
                    by=person,
                )

    def test_the_coach_comes_from_the_programmes_staff(self, cast):
        enter(cast, advisors=[cast.assessor])
        assert permitted(cast.assessor, Action.FACTORY_PROFILE, Factory.objects.all()).get() == cast.factory
        with pytest.raises(Refused):
            enter(cast, factory=cast.other_factory, advisors=[cast.manager])


    def test_an_assessor_at_work_there_cannot_become_the_coach(self, cast):
        first = enter(cast)
        builders.an_assessment(first, planner=cast.programme_manager, assessors=(cast.assessor,))
        with pytest.raises(Refused, match="Choose another person"):
            enter(cast, starts_on=date(2025, 10, 1), advisors=[cast.assessor])
        enter(cast, starts_on=date(2025, 10, 1), advisors=[cast.coach])


@pytest.mark.usefixtures("at_start")
class TestInvoices:
    def test_the_price_is_that_of_the_list_in_force_and_the_size(self, cast):
        Factory.objects.filter(pk=cast.factory.pk).update(workers_total=501)
        assert enter(cast).invoices.get().total == Decimal("2050.00")

    def test_no_list_in_force_no_invoice(self, cast):
        with clock.at(datetime(2023, 5, 1, tzinfo=UTC)):
            assert not enter(cast, starts_on=date(2023, 5, 1)).invoices.exists()

    def test_numbers_run_without_gaps_per_issuer_and_year(self, cast):
        enter(cast)
        enter(cast, factory=cast.other_factory)
        with pytest.raises(Refused):
            enter(cast, sector="footwear")
        services.buy_credits(buyer_ref=cast.nordlys.ref, programme="KH", quantity=1, by=cast.buyer)
        assert [str(invoice) for invoice in Invoice.objects.order_by("number")] == [
            "KH-2024-00001", "KH-2024-00002", "KH-2024-00003",
        ]

    def test_credits_are_bought_of_a_programme_that_serves_factories(self, cast):
        with pytest.raises(Refused, match="serves no factories") as refusal:
            services.buy_credits(buyer_ref=cast.nordlys.ref, programme="MM", quantity=1, by=cast.buyer)
        assert refusal.value.field == "programme"
        assert not Invoice.objects.exists()

    def test_a_credit_note_takes_an_invoice_back_once(self, cast):
        invoice = enter(cast).invoices.get()
        note = services.credit_invoice(invoice_ref=invoice.ref, reason="Wrong size", by=cast.programme_manager)
        assert (note.total, note.credits) == (-invoice.total, invoice)
        with pytest.raises(Refused):
            services.credit_invoice(invoice_ref=invoice.ref, reason="Again", by=cast.programme_manager)
        with pytest.raises(Refused):
            services.settle_invoice(invoice_ref=invoice.ref, paid_on=START, by=cast.programme_manager)


def read_by(person) -> set[int]:
    return set(permitted(person, Action.CYCLE_VIEW, Cycle.objects.all()).values_list("number", flat=True))


@pytest.mark.usefixtures("at_start")
class TestBuyers:
    def pay(self, cast, quantity=1):
        purchase = services.buy_credits(buyer_ref=cast.nordlys.ref, programme="KH", quantity=quantity, by=cast.buyer)
        services.settle_invoice(invoice_ref=purchase.invoice.ref, paid_on=START, by=cast.programme_manager)
        return purchase

    @pytest.mark.parametrize(
        ("quantity", "each"),
        [(1, "1400.00"), (9, "1400.00"), (10, "1300.00"), (20, "1300.00"), (21, "1200.00"), (40, "1200.00"),
         (41, "1100.00"), (60, "1100.00"), (61, "1000.00")],
    )
    def test_the_price_of_a_credit_by_tier(self, cast, quantity, each):
        purchase = services.buy_credits(buyer_ref=cast.nordlys.ref, programme="KH", quantity=quantity, by=cast.buyer)
        assert purchase.unit_price == Decimal(each)
        assert purchase.invoice.total == quantity * Decimal(each)

    def test_consent_alone_shows_that_the_factory_takes_part(self, cast):
        enter(cast)
        services.give_consent(factory_ref=cast.factory.ref, buyer_ref=cast.nordlys.ref, by=cast.manager)
        assert permitted(cast.buyer, Action.FACTORY_VIEW, Factory.objects.all()).get() == cast.factory
        assert read_by(cast.buyer) == set()

    def test_consent_and_a_paid_credit_open_that_cycle_and_no_other(self, cast):
        first = enter(cast)
        enter(cast, starts_on=date(2025, 10, 1))
        self.pay(cast)
        services.give_consent(factory_ref=cast.factory.ref, buyer_ref=cast.nordlys.ref, by=cast.manager)
        services.spend_credit(buyer_ref=cast.nordlys.ref, cycle_ref=first.ref, by=cast.buyer)
        assert read_by(cast.buyer) == {1}
        assert read_by(cast.unpaid_buyer) == set()

    def test_a_revoked_consent_closes_and_a_new_one_opens_what_was_paid(self, cast):
        cycle = enter(cast)
        self.pay(cast)
        both = {"factory_ref": cast.factory.ref, "buyer_ref": cast.nordlys.ref, "by": cast.manager}
        services.give_consent(**both)
        services.spend_credit(buyer_ref=cast.nordlys.ref, cycle_ref=cycle.ref, by=cast.buyer)
        services.revoke_consent(**both, reason="No orders any more")
        assert read_by(cast.buyer) == set()
        assert not permitted(cast.buyer, Action.FACTORY_VIEW, Factory.objects.all()).exists()
        services.give_consent(**both)
        assert read_by(cast.buyer) == {1}

    def test_no_credit_no_cycle(self, cast):
        cycle = enter(cast)
        services.give_consent(factory_ref=cast.factory.ref, buyer_ref=cast.nordlys.ref, by=cast.manager)
        services.buy_credits(buyer_ref=cast.nordlys.ref, programme="KH", quantity=5, by=cast.buyer)
        with pytest.raises(Refused, match="no paid credit left"):
            services.spend_credit(buyer_ref=cast.nordlys.ref, cycle_ref=cycle.ref, by=cast.buyer)
        self.pay(cast)
        services.spend_credit(buyer_ref=cast.nordlys.ref, cycle_ref=cycle.ref, by=cast.buyer)
        with pytest.raises(Refused, match="already paid"):
            services.spend_credit(buyer_ref=cast.nordlys.ref, cycle_ref=cycle.ref, by=cast.buyer)
        assert CreditSpent.objects.count() == 1

    def test_a_buyer_spends_its_own_credits_only(self, cast):
        with pytest.raises(Http404):
            services.buy_credits(buyer_ref=cast.nordlys.ref, programme="KH", quantity=1, by=cast.stranger_buyer)

    def test_only_the_buyer_concerned_is_told(self, cast):
        services.give_consent(factory_ref=cast.factory.ref, buyer_ref=cast.costa.ref, by=cast.manager)
        services.give_consent(factory_ref=cast.factory.ref, buyer_ref=cast.nordlys.ref, by=cast.manager)
        told = Notice.objects.filter(kind="access.granted").values_list("person__name", flat=True)
        assert sorted(told) == ["Bruno Costa", "Lena Berg"]

    def test_only_the_manager_decides_for_the_factory(self, cast):
        for key in ("worker", "other_manager", "coach", "programme_manager", "buyer", "nobody"):
            with pytest.raises(Http404):
                services.give_consent(factory_ref=cast.factory.ref, buyer_ref=cast.nordlys.ref, by=cast.people[key])

    def test_every_step_is_in_the_log(self, cast):
        enter(cast)
        self.pay(cast)
        assert verify_log() == []


def test_the_builders_ties_are_those_the_services_write(cast):
    """The cast's tests tie buyers by hand; this holds the hand to the service."""
    with clock.at(MORNING):
        services.give_consent(factory_ref=cast.factory.ref, buyer_ref=cast.nordlys.ref, by=cast.manager)
    builders.consented(cast.costa, cast.factory)
    fields = ("role", "holder", "factory", "cycle", "programme", "assessment", "ends_at")
    ties = cast.nordlys, cast.costa
    from evenweave.access.models import Standing

    one, other = (Standing.objects.filter(buyer=buyer, holder=None).values(*fields).get() for buyer in ties)
    assert one == other
