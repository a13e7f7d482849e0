"""Invoices: gap-free numbers, never edited; no price list in force, no price, and the reason is kept."""

from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from evenweave.access.enums import Action, Shared
from evenweave.activity.services import Log, step
from evenweave.activity.steps import Step
from evenweave.enrolment.models import Cycle, Invoice, InvoiceCounter
from evenweave.notifications.services import notify
from evenweave.people.models import Person
from evenweave.programmes.queries import local_today
from evenweave.programmes.rules import NoPriceError, Rules
from evenweave.toolkit import clock
from evenweave.toolkit.refusals import Refused


def issue_invoice(
    *, issuer: str, lines: list[dict], currency: str, on: date, payment_days: int, by: Person | None, log: Log,
    factory=None, buyer=None, cycle: Cycle | None = None,
) -> Invoice:
    """Draw the next number of the issuer's year and issue. Inside a step. `lines`: text, quantity, unit_price, amount."""
    invoice = Invoice.objects.create(
        issuer=issuer, year=on.year, number=_next_number(issuer, on.year), factory=factory, buyer=buyer, cycle=cycle,
        currency=currency, lines=lines, total=sum((Decimal(line["amount"]) for line in lines), Decimal(0)),
        issued_on=on, due_on=on + timedelta(days=payment_days),
    )
    log.record(
        Step.INVOICE_ISSUED, about=invoice, by=by, factory=factory, programme=issuer, cycle=cycle,
        sharing=Shared.STAFF, payload={"number": str(invoice), "total": str(invoice.total), "currency": currency},
    )
    notify("invoice.issued", about=invoice)
    return invoice


def _next_number(issuer: str, year: int) -> int:
    """The row is locked until the invoice's transaction ends, so that a number is neither skipped nor used twice."""
    InvoiceCounter.objects.bulk_create([InvoiceCounter(issuer=issuer, year=year)], ignore_conflicts=True)
    counter = InvoiceCounter.objects.select_for_update().get(issuer=issuer, year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return counter.last


def invoice_cycle(cycle: Cycle, rules: Rules, *, by: Person, log: Log) -> Invoice | None:
    """The factory's invoice for a year; None where no price list in force holds a price."""
    try:
        price = rules.factory_price(cycle.package, cycle.sector, cycle.factory.workers_total or 0)
    except NoPriceError:
        return None
    text = _("%(package)s, cycle %(number)s") % {"package": cycle.get_package_display(), "number": cycle.number}
    return issue_invoice(
        issuer=cycle.programme, currency=rules.factory_prices.currency, on=cycle.starts_on, by=by, log=log,
        payment_days=rules.factory_prices.payment_days, factory=cycle.factory, cycle=cycle,
        lines=[{"text": text, "quantity": 1, "unit_price": str(price), "amount": str(price)}],
    )


def settle_invoice(*, invoice_ref: str, paid_on: date, by: Person) -> Invoice:
    """The money has come. A buyer's credits count from now on, and open what they were spent on."""
    from evenweave.enrolment.services.sharing import refresh_purchase

    with step() as log:
        invoice = Invoice.objects.one_for(by, Action.INVOICE_SETTLE, ref=invoice_ref)
        _refuse_settling(invoice, paid_on)
        invoice.paid_on = paid_on
        invoice.save(update_fields=["paid_on"])
        log.record(
            Step.INVOICE_PAID, about=invoice, by=by, factory=invoice.factory, programme=invoice.issuer,
            cycle=invoice.cycle, sharing=Shared.STAFF, payload={"paid_on": paid_on.isoformat()},
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
        lines = [
            {"text": reason, "quantity": -1, "unit_price": str(invoice.total), "amount": str(-invoice.total)}
        ]
        note = Invoice.objects.create(
            issuer=invoice.issuer, year=today.year, number=_next_number(invoice.issuer, today.year),
            factory=invoice.factory, buyer=invoice.buyer, cycle=invoice.cycle, credits=invoice, lines=lines,
            currency=invoice.currency, total=-invoice.total, issued_on=today, due_on=today,
        )
        log.record(
            Step.INVOICE_CREDITED, about=note, by=by, factory=invoice.factory, programme=invoice.issuer,
            sharing=Shared.STAFF, payload={"of": str(invoice), "reason": reason},
        )
    return note
