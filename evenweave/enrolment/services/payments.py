"""When money comes, and when an invoice is taken back."""

from datetime import date

from django.utils.translation import gettext as _

from evenweave.access.enums import Action, Shared
from evenweave.activity.services import step
from evenweave.activity.steps import Step
from evenweave.enrolment.models import Invoice
from evenweave.enrolment.services.invoices import next_number
from evenweave.enrolment.services.sharing import refresh_purchase
from evenweave.people.models import Person
from evenweave.programmes.queries import local_today
from evenweave.toolkit import clock
from evenweave.toolkit.refusals import Refused


def settle_invoice(*, invoice_ref: str, paid_on: date, by: Person) -> Invoice:
    """The money has come. A buyer's credits count from now on, and open what they were spent on."""
    with step() as log:
        invoice = Invoice.objects.one_for(by, Action.INVOICE_SETTLE, ref=invoice_ref)
        _refuse_settling(invoice, paid_on)
        invoice.paid_on = paid_on
        invoice.save(update_fields=["paid_on"])
        log.record(
            Step.INVOICE_PAID,
            about=invoice,
            by=by,
            factory=invoice.factory,
            programme=invoice.issuer,
            cycle=invoice.cycle,
            sharing=Shared.STAFF,
            payload={"paid_on": paid_on.isoformat()},
        )
        refresh_purchase(invoice)
    return invoice


def _refuse_settling(invoice: Invoice, paid_on: date) -> None:
    if invoice.paid_on is not None:
        raise Refused(_("This invoice is already paid."))
    if invoice.credits_id is not None or hasattr(invoice, "credit_note"):
        raise Refused(_("This invoice was credited; there is nothing to pay."))
    if paid_on > local_today(invoice.issuer, clock.now()):
        raise Refused(_("Enter today or an earlier day."), field="paid_on")
    if paid_on < invoice.issued_on:
        raise Refused(
            _("The invoice is of %(day)s. Enter that day or a later one.") % {"day": invoice.issued_on.isoformat()},
            field="paid_on",
        )


def credit_invoice(*, invoice_ref: str, reason: str, by: Person) -> Invoice:
    """Take an unpaid invoice back by a credit note of its own number; the invoice itself is never edited."""
    with step() as log:
        invoice = Invoice.objects.one_for(by, Action.INVOICE_SETTLE, ref=invoice_ref)
        _refuse_settling(invoice, invoice.issued_on)
        today = local_today(invoice.issuer, clock.now())
        lines = [{"text": reason, "quantity": -1, "unit_price": str(invoice.total), "amount": str(-invoice.total)}]
        note = Invoice.objects.create(
            issuer=invoice.issuer,
            year=today.year,
            number=next_number(invoice.issuer, today.year),
            factory=invoice.factory,
            buyer=invoice.buyer,
            cycle=invoice.cycle,
            credits=invoice,
            lines=lines,
            currency=invoice.currency,
            total=-invoice.total,
            issued_on=today,
            due_on=today,
        )
        log.record(
            Step.INVOICE_CREDITED,
            about=note,
            by=by,
            factory=invoice.factory,
            programme=invoice.issuer,
            sharing=Shared.STAFF,
            payload={"of": str(invoice), "reason": reason},
        )
    return note
