"""Reads for a person: cycles, invoices, consents, credits, and what waits."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet
from django.utils.translation import get_language

from evenweave.access.enums import Action
from evenweave.access.scope import permitted
from evenweave.enrolment.enums import StepOwner
from evenweave.enrolment.models import CreditPurchase, Cycle, CycleStep, Invoice
from evenweave.organisations.models import Buyer, Consent, Factory
from evenweave.people.models import Person
from evenweave.programmes.queries import rules_on
from evenweave.programmes.rules import words


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
    """One paid purchase and what is left of it."""

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
    """A factory's or the programme's invoices; a buyer's own come with their credits."""
    return (
        (
            permitted(person, Action.INVOICE_VIEW, Invoice.objects.all())
            | permitted(person, Action.CREDIT_VIEW, Invoice.objects.all())
        )
        .select_related("factory", "buyer", "cycle")
        .order_by("-issued_on", "-pk")
    )


def buyers_of(person: Person) -> QuerySet[Buyer]:
    """The buyers whose credits the person may see."""
    return Buyer.objects.permitted(person, Action.CREDIT_VIEW).order_by("name")


def purchases_of(person: Person, buyer: Buyer) -> QuerySet[CreditPurchase]:
    return (
        CreditPurchase.objects.permitted(person, Action.CREDIT_VIEW)
        .filter(buyer=buyer)
        .select_related("invoice")
        .annotate(spent_count=Count("spent"))
        .order_by("-bought_at")
    )


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


def cycles_to_pay(person: Person, buyer: Buyer) -> QuerySet[Cycle]:
    """Cycles of factories that share with the buyer and that it has not paid for."""
    consented = Consent.objects.filter(buyer=buyer, revoked_at=None).values("factory_id")
    return (
        Cycle.objects.filter(factory_id__in=consented)
        .exclude(credits__buyer=buyer)
        .select_related("factory")
        .order_by("-starts_on")
    )
