"""Who may read a factory's reports: its consents and the buyers' credits, made effective as standings.

Policy reads standings only, and this file alone writes those of buyers: one row for a consent, one more for every
cycle that is paid as long as the consent holds."""

from django.db import transaction
from django.utils.translation import gettext as _

from evenweave.access.enums import Action, Role, Shared
from evenweave.access.services import end_standing, give_standing
from evenweave.activity.services import step
from evenweave.activity.steps import Step
from evenweave.enrolment.models import CreditPurchase, CreditSpent, Cycle, Invoice
from evenweave.enrolment.queries import credits_of
from evenweave.enrolment.rules import amount
from evenweave.enrolment.services.invoices import issue_invoice
from evenweave.notifications.services import notify
from evenweave.organisations.models import Buyer, Consent, Factory
from evenweave.people.models import Person
from evenweave.programmes.queries import closed_on, local_today, rules_on
from evenweave.programmes.rules import NoPriceError
from evenweave.programmes.wording import refusal_of
from evenweave.toolkit import clock
from evenweave.toolkit.refusals import Refused

CONSENT_TEXT = "2024.1"
PAYMENT_DAYS = 30


def give_consent(*, factory_ref: str, buyer_ref: str, by: Person) -> Consent:
    """From now on the buyer knows that the factory takes part, and reads what it pays for."""
    with step() as log:
        factory = Factory.objects.one_for(by, Action.CONSENT_GIVE, ref=factory_ref)
        buyer = Buyer.objects.filter(ref=buyer_ref).first()
        if buyer is None:
            raise Refused(_("Choose a buyer from the list."), field="buyer")
        if factory.consents.filter(buyer=buyer, revoked_at=None).exists():
            raise Refused(_("This buyer already has your consent."), field="buyer")
        consent = Consent.objects.create(factory=factory, buyer=buyer, text_version=CONSENT_TEXT, given_by=by)
        refresh_buyer(factory, buyer)
        log.record(
            Step.CONSENT_GIVEN,
            about=consent,
            by=by,
            factory=factory,
            sharing=Shared.FACTORY,
            payload={"buyer": buyer.ref, "text": CONSENT_TEXT},
        )
        notify("access.granted", about=factory, buyer=buyer)
    return consent


def revoke_consent(*, factory_ref: str, buyer_ref: str, reason: str, by: Person) -> Consent:
    """The buyer reads nothing of the factory any more, what it paid for included."""
    with step() as log:
        factory = Factory.objects.one_for(by, Action.CONSENT_GIVE, ref=factory_ref)
        consent = factory.consents.select_for_update().filter(buyer__ref=buyer_ref, revoked_at=None).first()
        if consent is None:
            raise Refused(_("This buyer has no consent to withdraw."))
        consent.revoked_by, consent.revoked_at, consent.reason = by, clock.now(), reason
        consent.save(update_fields=["revoked_by", "revoked_at", "reason"])
        refresh_buyer(factory, consent.buyer)
        log.record(
            Step.CONSENT_REVOKED,
            about=consent,
            by=by,
            factory=factory,
            sharing=Shared.FACTORY,
            payload={"buyer": consent.buyer.ref, "reason": reason},
        )
    return consent


def buy_credits(*, buyer_ref: str, programme: str, quantity: int, by: Person) -> CreditPurchase:
    """An invoice for `quantity` credits at the price of their tier; they count once it is paid."""
    with step() as log:
        buyer = Buyer.objects.one_for(by, Action.CREDIT_BUY, ref=buyer_ref)
        today = local_today(programme, clock.now())
        if quantity < 1:
            raise Refused(_("Enter how many credits you want, 1 or more."), field="quantity")
        # A credit pays for a cycle, so that it is sold where and when cycles are.
        if (closed := closed_on(programme, today)) is not None:
            raise Refused(refusal_of(closed), field="programme")
        rules = rules_on(programme, today)
        try:
            price = rules.credit_price(quantity)
        except NoPriceError as fault:
            raise Refused(_("No price list for credits is in force. The programme has to publish one.")) from fault
        total = amount(quantity, price)
        text = _("Credits: one cycle of one factory each, its report and two progress reports")
        invoice = issue_invoice(
            issuer=programme,
            currency=rules.buyer_credits.currency,
            on=today,
            payment_days=PAYMENT_DAYS,
            buyer=buyer,
            by=by,
            log=log,
            lines=[{"text": text, "quantity": quantity, "unit_price": str(price), "amount": str(total)}],
        )
        purchase = CreditPurchase.objects.create(
            buyer=buyer,
            programme=programme,
            quantity=quantity,
            unit_price=price,
            invoice=invoice,
            bought_by=by,
            currency=rules.buyer_credits.currency,
        )
        log.record(
            Step.CREDITS_BOUGHT,
            about=purchase,
            by=by,
            programme=programme,
            sharing=Shared.STAFF,
            payload={"buyer": buyer.ref, "quantity": quantity},
        )
    return purchase


def spend_credit(*, buyer_ref: str, cycle_ref: str, by: Person) -> CreditSpent:
    """One credit opens one cycle of a factory that has consented: its report and both progress reports."""
    with step() as log:
        buyer = Buyer.objects.one_for(by, Action.CREDIT_BUY, ref=buyer_ref)
        cycle = Cycle.objects.select_related("factory").filter(ref=cycle_ref).first()
        consented = cycle is not None and cycle.factory.consents.filter(buyer=buyer, revoked_at=None).exists()
        if not consented:
            raise Refused(_("Choose a cycle of a factory that shares its record with you."), field="cycle")
        if buyer.credits_spent.filter(cycle=cycle).exists():
            raise Refused(_("This cycle is already paid."), field="cycle")
        purchase = next((held for held in credits_of(buyer, cycle.programme) if held.left > 0), None)
        if purchase is None:
            raise Refused(_("You have no paid credit left. Buy credits first."))
        spent = CreditSpent.objects.create(purchase=purchase.purchase, buyer=buyer, cycle=cycle, spent_by=by)
        refresh_buyer(cycle.factory, buyer)
        log.record(
            Step.CREDIT_SPENT,
            about=spent,
            by=by,
            programme=cycle.programme,
            sharing=Shared.STAFF,
            payload={"buyer": buyer.ref, "cycle": cycle.ref},
        )
    return spent


def refresh_buyer(factory: Factory, buyer: Buyer) -> None:
    """Write the buyer's standings towards a factory anew from consent and paid credits. Inside a step."""
    with transaction.atomic():
        has_consent = factory.consents.filter(buyer=buyer, revoked_at=None).exists()
        paid = set(
            CreditSpent.objects.filter(
                buyer=buyer, cycle__factory=factory, purchase__invoice__paid_on__isnull=False
            ).values_list("cycle_id", flat=True)
        )
        if not has_consent:
            end_standing(role=Role.BUYER_OFFICER, buyer=buyer, factory=factory, holder=None)
            return
        give_standing(role=Role.BUYER_OFFICER, buyer=buyer, factory=factory)
        for cycle in Cycle.objects.filter(pk__in=paid):
            give_standing(role=Role.BUYER_OFFICER, buyer=buyer, factory=factory, cycle=cycle)


def refresh_purchase(invoice: Invoice) -> None:
    """A purchase was paid: what was spent of it opens now."""
    spent = CreditSpent.objects.filter(purchase__invoice=invoice).select_related("cycle__factory", "buyer")
    for row in spent:
        refresh_buyer(row.cycle.factory, row.buyer)
