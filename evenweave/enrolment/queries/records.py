"""Reads for a person: cycles, invoices, consents, credits, and what waits."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from evenweave.access.enums import Action, Role
from evenweave.access.models import Standing
from evenweave.access.scope import permitted
from evenweave.enrolment.enums import StepOwner
from evenweave.enrolment.models import CreditPurchase, CreditSpent, Cycle, CycleStep, Invoice
from evenweave.enrolment.rules import credits_left
from evenweave.organisations.models import Buyer, Consent, Factory
from evenweave.people.models import Person
from evenweave.programmes.queries import all_programmes, programme_names, rules_on, rules_today
from evenweave.programmes.rules import CreditPrices, words
from evenweave.toolkit.todo import Todo


@dataclass(frozen=True)
class StepLine:
    """A cycle's step in words: its title from the service model, its days."""

    key: str
    title: str
    owner: StepOwner
    due_on: date | None
    done_on: date | None


@dataclass(frozen=True)
class Held:
    """One purchase and what is left of it."""

    purchase: CreditPurchase
    left: int


def cycles_for(person: Person) -> QuerySet[Cycle]:
    return Cycle.objects.permitted(person, Action.CYCLE_VIEW).select_related("factory").order_by("-starts_on", "-pk")


def steps_for(person: Person, cycle: Cycle) -> list[StepLine]:
    """The steps of a cycle that the person may read; nothing betrays that another is missing."""
    steps = CycleStep.objects.permitted(person, Action.CYCLE_VIEW).filter(cycle=cycle)
    return [
        StepLine(step.key, step_title(cycle, step.key), StepOwner(step.owner), step.due_on, step.done_on)
        for step in steps
    ]


def step_title(cycle: Cycle, key: str) -> str:
    """What the service model in force calls a step, in the reader's language."""
    model = rules_on(cycle.programme, cycle.starts_on).model_named(cycle.service_model)
    return words(model.step(key).title, get_language() or "en")


def consents_for(person: Person, factory: Factory) -> QuerySet[Consent]:
    return (
        Consent.objects.permitted(person, Action.CONSENT_VIEW)
        .filter(factory=factory)
        .select_related("buyer", "given_by", "revoked_by")
        .order_by("-given_at")
    )


def invoices_for(person: Person) -> QuerySet[Invoice]:
    """A factory's and the programme's invoices, and a buyer's own."""
    return (
        Invoice.objects.permitted(person, Action.INVOICE_VIEW)
        .select_related("factory", "buyer", "cycle")
        .order_by("-issued_on", "-pk")
    )


def may_settle(person: Person, invoice: Invoice) -> bool:
    return permitted(person, Action.INVOICE_SETTLE, Invoice.objects.filter(pk=invoice.pk)).exists()


def buyers_of(person: Person) -> QuerySet[Buyer]:
    """The buyers whose credits the person may see: one's own, and those that bought credits of one's programme."""
    own = Buyer.objects.permitted(person, Action.CREDIT_VIEW).values("pk")
    sold = CreditPurchase.objects.permitted(person, Action.CREDIT_VIEW).values("buyer_id")
    return Buyer.objects.filter(Q(pk__in=own) | Q(pk__in=sold)).order_by("name")


def purchases_of(person: Person, buyer: Buyer) -> list[Held]:
    """Everything a buyer bought, newest first, with what is left of each; unpaid purchases count for nothing yet."""
    purchases = (
        CreditPurchase.objects.permitted(person, Action.CREDIT_VIEW)
        .filter(buyer=buyer)
        .select_related("invoice")
        .annotate(spent_count=Count("spent"))
        .order_by("-bought_at")
    )
    return [
        Held(
            purchase, credits_left([(purchase.quantity, purchase.invoice.paid_on is not None)], purchase.spent_count)
        )
        for purchase in purchases
    ]


def credits_of(buyer: Buyer, programme: str) -> list[Held]:
    """Paid purchases with something left, oldest first."""
    paid = (
        CreditPurchase.objects.filter(buyer=buyer, programme=programme, invoice__paid_on__isnull=False)
        .annotate(spent_count=Count("spent"))
        .order_by("bought_at")
    )
    return [
        Held(purchase, purchase.quantity - purchase.spent_count)
        for purchase in paid
        if purchase.quantity > purchase.spent_count
    ]


def cycles_to_pay(buyer: Buyer) -> QuerySet[Cycle]:
    """Cycles of factories that share with the buyer and that it has not paid for."""
    consented = Consent.objects.filter(buyer=buyer, revoked_at=None).values("factory_id")
    return (
        Cycle.objects.filter(factory_id__in=consented)
        .exclude(credits__buyer=buyer)
        .select_related("factory")
        .order_by("-starts_on")
    )


def spent_by(person: Person, buyer: Buyer) -> QuerySet[CreditSpent]:
    return (
        CreditSpent.objects.permitted(person, Action.CREDIT_VIEW)
        .filter(buyer=buyer)
        .select_related("cycle__factory")
        .order_by("-spent_at")
    )


def programme_of(buyer: Buyer) -> str:
    """The programme a buyer's credits are bought from unless it chooses another: where its factories are, else the
    first that sells credits."""
    known = Consent.objects.filter(buyer=buyer, revoked_at=None).values_list("factory__programme", flat=True).first()
    return known or next(iter(programmes_selling_credits()))


def programmes_selling_credits() -> dict[str, str]:
    """Code → name of every programme that serves factories today and has a price list for credits, by name."""
    rules = {code: rules_today(code) for code in all_programmes()}
    names = programme_names(get_language() or "en")
    return {code: name for code, name in names.items() if rules[code].sells_credits}


def tiers_for(programme: str) -> CreditPrices | None:
    """The price list for credits in force today, None when there is none."""
    return rules_today(programme).buyer_credits


def may_buy(person: Person, buyer: Buyer) -> bool:
    return buyers_to_buy_for(person).filter(pk=buyer.pk).exists()


def buyers_to_buy_for(person: Person) -> QuerySet[Buyer]:
    return Buyer.objects.permitted(person, Action.CREDIT_BUY)


def buyers_without_consent(factory: Factory) -> QuerySet[Buyer]:
    standing = Consent.objects.filter(factory=factory, revoked_at=None).values("buyer_id")
    return Buyer.objects.exclude(pk__in=standing).order_by("name")


def factories_to_enter(person: Person) -> QuerySet[Factory]:
    return Factory.objects.permitted(person, Action.CYCLE_OPEN)


def factories_with_cycles(person: Person) -> QuerySet[Factory]:
    """The factories whose list of cycles the person may open; a buyer needs one that is paid."""
    cycles = Cycle.objects.permitted(person, Action.CYCLE_VIEW).values("factory_id")
    return Factory.objects.filter(
        Q(pk__in=cycles) | Q(pk__in=permitted(person, Action.FACTORY_PROFILE, Factory.objects.all()).values("pk"))
    )


def factories_of_ledger(person: Person) -> QuerySet[Factory]:
    return Factory.objects.permitted(person, Action.CONSENT_VIEW)


def factories_to_share(person: Person) -> QuerySet[Factory]:
    return Factory.objects.permitted(person, Action.CONSENT_GIVE)


def may_decide_sharing(person: Person, factory: Factory) -> bool:
    return factories_to_share(person).filter(pk=factory.pk).exists()


def sectors_of(factory: Factory) -> list[str]:
    return list(factory.sectors.filter(until_on=None).values_list("sector", flat=True))


def staff_of(programme: str) -> QuerySet[Person]:
    """The programme's staff: who may coach or assess."""
    staff = Standing.objects.active().filter(role=Role.STAFF, programme=programme)
    return Person.objects.filter(is_active=True, pk__in=staff.values("holder_id"))


def coaches_of(factory: Factory) -> QuerySet[Person]:
    coaches = Standing.objects.active().filter(role=Role.ADVISOR, factory=factory)
    return Person.objects.filter(is_active=True, pk__in=coaches.values("holder_id"))


def todos(person: Person, today: date) -> list[Todo]:
    """Open steps of the person's factories, and invoices to pay; steps that other rooms turn into work are theirs."""
    invoices = Invoice.objects.permitted(person, Action.INVOICE_VIEW).filter(
        paid_on=None, credits=None, credit_note=None
    )
    own = Standing.objects.active().filter(holder=person, role=Role.FACTORY_MANAGER).values("factory_id")
    return [
        Todo(
            title=_("Invoice %(number)s is to be paid") % {"number": invoice},
            href=invoice.get_absolute_url(),
            due_on=invoice.due_on,
            meta=f"{invoice.total} {invoice.currency}",
            action=pgettext("act", "Open"),
        )
        for invoice in invoices.filter(factory_id__in=own)
    ]
