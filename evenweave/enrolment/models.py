"""Cycles and their steps, invoices, buyers' prepaid credits."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from evenweave.access.enums import Shared
from evenweave.access.scope import Paths, PermittedQuerySet
from evenweave.enrolment.enums import CycleState, Package, StepOwner
from evenweave.organisations.enums import Sector
from evenweave.organisations.models import Buyer, Factory
from evenweave.programmes.models import RulesVersion
from evenweave.toolkit import clock
from evenweave.toolkit.refs import RefField


class Cycle(models.Model):
    """One year of service for one factory, numbered 1, 2, 3 …"""

    ref = RefField()
    factory = models.ForeignKey(Factory, models.PROTECT, related_name="cycles")
    programme = models.CharField(max_length=8)
    number = models.PositiveSmallIntegerField()
    sector = models.CharField(max_length=20, choices=Sector)
    package = models.CharField(max_length=30, choices=Package)
    service_model = models.CharField(max_length=30)
    starts_on = models.DateField()
    ends_on = models.DateField()
    state = models.CharField(max_length=10, choices=CycleState, default=CycleState.OPEN)
    # The rules it was enrolled under; unknown for cycles older than the first load of rules.
    rules_version = models.ForeignKey(RulesVersion, models.PROTECT, null=True, blank=True, related_name="+")

    objects = PermittedQuerySet.as_manager()
    access = Paths(factory="factory_id", programme="programme", cycle="id", always=Shared.BUYERS)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["factory", "number"], name="cycle_number_once"),
            models.CheckConstraint(condition=Q(ends_on__gt=models.F("starts_on")), name="cycle_ends_after_start"),
        ]
        indexes = [models.Index(fields=["programme", "state"], name="cycle_programme_state")]

    def __str__(self) -> str:
        return f"{self.factory}, cycle {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("cycle_page", args=[self.ref])


class CycleStep(models.Model):
    """One step of the service model with its due day. The step of an unannounced assessment, and every day that
    would betray it, is shared with staff alone until the assessment itself has been."""

    ref = RefField()
    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="steps")
    key = models.CharField(max_length=40)
    order = models.PositiveSmallIntegerField()
    owner = models.CharField(max_length=20, choices=StepOwner)
    due_on = models.DateField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)
    sharing = models.PositiveSmallIntegerField(choices=Shared, default=Shared.FACTORY)

    objects = PermittedQuerySet.as_manager()
    access = Paths(factory="cycle__factory_id", programme="cycle__programme", cycle="cycle_id", sharing="sharing")

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["cycle", "key"], name="cycle_step_once")]
        indexes = [models.Index(fields=["due_on"], condition=Q(done_on__isnull=True), name="cycle_step_open_due")]

    def __str__(self) -> str:
        return f"{self.cycle}: {self.key}"


class InvoiceCounter(models.Model):
    """The last number of an issuer's year, locked when a number is drawn: no gaps."""

    issuer = models.CharField(max_length=8)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issuer", "year"], name="invoice_counter_once")]

    def __str__(self) -> str:
        return f"{self.issuer} {self.year}: {self.last}"


class Invoice(models.Model):
    """An invoice or, with `credits`, the credit note that takes one back. Never edited."""

    ref = RefField()
    issuer = models.CharField(max_length=8)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    factory = models.ForeignKey(Factory, models.PROTECT, null=True, blank=True, related_name="invoices")
    buyer = models.ForeignKey(Buyer, models.PROTECT, null=True, blank=True, related_name="invoices")
    cycle = models.ForeignKey(Cycle, models.PROTECT, null=True, blank=True, related_name="invoices")
    credits = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="credit_note")
    currency = models.CharField(max_length=3)
    lines = models.JSONField(help_text="[{text, quantity, unit_price, amount}], money as text")
    total = models.DecimalField(max_digits=12, decimal_places=2)
    issued_on = models.DateField()
    due_on = models.DateField()
    paid_on = models.DateField(null=True, blank=True)

    objects = PermittedQuerySet.as_manager()
    access = Paths(factory="factory_id", programme="issuer", buyer="buyer_id", always=Shared.BUYERS)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "year", "number"], name="invoice_number_once"),
            models.CheckConstraint(
                condition=Q(factory__isnull=False, buyer__isnull=True) | Q(factory__isnull=True, buyer__isnull=False),
                name="invoice_one_payer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.issuer}-{self.year}-{self.number:05d}"

    def get_absolute_url(self) -> str:
        return reverse("invoice_page", args=[self.ref])


class CreditPurchase(models.Model):
    """Credits a buyer bought in one go, at the price of its tier (DOMAIN 4). They count once the invoice is paid."""

    ref = RefField()
    buyer = models.ForeignKey(Buyer, models.PROTECT, related_name="purchases")
    programme = models.CharField(max_length=8)
    quantity = models.PositiveSmallIntegerField()
    unit_price = models.DecimalField(max_digits=10, decimal_places=2)
    currency = models.CharField(max_length=3)
    invoice = models.OneToOneField(Invoice, models.PROTECT, related_name="purchase")
    bought_at = models.DateTimeField(default=clock.now)
    bought_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = PermittedQuerySet.as_manager()
    access = Paths(buyer="buyer_id", programme="programme", always=Shared.BUYERS)

    def __str__(self) -> str:
        return f"{self.quantity} credits of {self.buyer}"


class CreditSpent(models.Model):
    """One credit: one buyer, one cycle of one factory; its report and two progress reports."""

    ref = RefField()
    purchase = models.ForeignKey(CreditPurchase, models.PROTECT, related_name="spent")
    buyer = models.ForeignKey(Buyer, models.PROTECT, related_name="credits_spent")
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="credits")
    spent_at = models.DateTimeField(default=clock.now)
    spent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = PermittedQuerySet.as_manager()
    access = Paths(buyer="buyer_id", programme="cycle__programme", always=Shared.BUYERS)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["buyer", "cycle"], name="credit_once_a_cycle")]

    def __str__(self) -> str:
        return f"{self.buyer} for {self.cycle}"
