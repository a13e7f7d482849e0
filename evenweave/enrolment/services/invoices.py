"""Invoices: gap-free numbers, never edited; no price list in force, no price, and the reason is kept."""

from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from evenweave.access.enums import Shared
from evenweave.activity.services import Log
from evenweave.activity.steps import Step
from evenweave.enrolment.models import Cycle, Invoice, InvoiceCounter
from evenweave.notifications.services import notify
from evenweave.people.models import Person
from evenweave.programmes.rules import NoPriceError, Rules


def issue_invoice(
    *,
    issuer: str,
    lines: list[dict],
    currency: str,
    on: date,
    payment_days: int,
    by: Person | None,
    log: Log,
    factory=None,
    buyer=None,
    cycle: Cycle | None = None,
) -> Invoice:
    """Draw the next number of the issuer's year and issue. Inside a step. `lines`: text, quantity, unit_price,
    amount, money as text."""
    invoice = Invoice.objects.create(
        issuer=issuer,
        year=on.year,
        number=next_number(issuer, on.year),
        factory=factory,
        buyer=buyer,
        cycle=cycle,
        currency=currency,
        lines=lines,
        total=sum((Decimal(line["amount"]) for line in lines), Decimal(0)),
        issued_on=on,
        due_on=on + timedelta(days=payment_days),
    )
    log.record(
        Step.INVOICE_ISSUED,
        about=invoice,
        by=by,
        factory=factory,
        programme=issuer,
        cycle=cycle,
        sharing=Shared.STAFF,
        payload={"number": str(invoice), "total": str(invoice.total), "currency": currency},
    )
    notify("invoice.issued", about=invoice)
    return invoice


def next_number(issuer: str, year: int) -> int:
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
        issuer=cycle.programme,
        currency=rules.factory_prices.currency,
        on=cycle.starts_on,
        by=by,
        log=log,
        payment_days=rules.factory_prices.payment_days,
        factory=cycle.factory,
        cycle=cycle,
        lines=[{"text": text, "quantity": 1, "unit_price": str(price), "amount": str(price)}],
    )
