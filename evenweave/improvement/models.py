"""The one improvement plan of a factory, its items, actions, evidence and shared thread."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from evenweave.access.enums import Shared
from evenweave.access.scope import Paths, PermittedQuerySet
from evenweave.assessments.models import Finding
from evenweave.enrolment.models import Cycle
from evenweave.improvement.enums import Agreement, ItemSource, ItemStatus, Side, Verification
from evenweave.organisations.models import Buyer, Factory
from evenweave.questionnaires.models import CompiledTool
from evenweave.toolkit import clock
from evenweave.toolkit.refs import RefField

PERSON = settings.AUTH_USER_MODEL


class Plan(models.Model):
    """One factory, one plan: the database allows no second."""

    ref = RefField()
    factory = models.OneToOneField(Factory, models.PROTECT, related_name="plan")
    opened_at = models.DateTimeField(default=clock.now)
    details_shared_at = models.DateTimeField(null=True, blank=True)

    objects = PermittedQuerySet.as_manager()
    access = Paths(
        factory="factory_id", programme="factory__programme", needs_payment=True, always=Shared.BUYERS
    )

    def __str__(self) -> str:
        return f"plan of {self.factory}"


class PlanItem(models.Model):
    """One issue to remedy. A later finding of the same lineage attaches to it and reopens it."""

    ref = RefField()
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="items")
    number = models.PositiveIntegerField()
    source = models.CharField(max_length=20, choices=ItemSource)
    tool = models.ForeignKey(CompiledTool, models.PROTECT, null=True, blank=True, related_name="+")
    question_id = models.CharField(max_length=20, blank=True)
    lineage_root = models.CharField(max_length=20, blank=True)
    cluster = models.CharField(max_length=40, blank=True)
    point = models.CharField(max_length=60, blank=True)
    title = models.TextField()
    language = models.CharField(max_length=8, default="en")
    cycle = models.ForeignKey(
        Cycle, models.PROTECT, null=True, blank=True, related_name="+", help_text="of the latest finding"
    )
    is_public = models.BooleanField(default=False)
    status = models.CharField(max_length=20, choices=ItemStatus, default=ItemStatus.PENDING)
    immediate_action = models.TextField(blank=True)
    whys = models.JSONField(default=list, blank=True)
    root_cause = models.TextField(blank=True)
    management = models.CharField(max_length=10, choices=Agreement, default=Agreement.NOT_YET)
    management_reason = models.TextField(blank=True)
    workers = models.CharField(max_length=10, choices=Agreement, default=Agreement.NOT_YET)
    workers_reason = models.TextField(blank=True)
    verification = models.CharField(max_length=12, choices=Verification, default=Verification.NOT_NEEDED)
    verification_reason = models.TextField(blank=True)
    verified_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField(null=True, blank=True, help_text="earliest due day among its open actions")
    opened_at = models.DateTimeField(default=clock.now)
    completed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.TextField(blank=True)
    changed_at = models.DateTimeField(default=clock.now)
    revision = models.PositiveIntegerField(default=1, help_text="counts edits, so that two editors notice each other")
    sharing = models.PositiveSmallIntegerField(choices=Shared, default=Shared.FACTORY)

    objects = PermittedQuerySet.as_manager()
    access = Paths(
        factory="plan__factory_id", programme="plan__factory__programme", cycle="cycle_id", sharing="sharing"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="plan_item_number_once"),
            models.UniqueConstraint(
                fields=["plan", "lineage_root"], condition=Q(withdrawn_at__isnull=True) & ~Q(lineage_root=""),
                name="plan_item_one_open_a_lineage",
            ),
        ]
        indexes = [models.Index(fields=["plan", "status"], name="plan_item_status")]

    def __str__(self) -> str:
        return f"item {self.number}"


class ItemFinding(models.Model):
    """Which findings, over the years, one item answers to."""

    item = models.ForeignKey(PlanItem, models.CASCADE, related_name="item_findings")
    finding = models.OneToOneField(Finding, models.PROTECT, related_name="item_finding")

    def __str__(self) -> str:
        return f"{self.item}: {self.finding_id}"


class ItemAction(models.Model):
    """Something somebody at the factory will do by a day."""

    ref = RefField()
    item = models.ForeignKey(PlanItem, models.CASCADE, related_name="actions")
    text = models.TextField()
    owner_name = models.CharField(max_length=120)
    owner_side = models.CharField(max_length=12, choices=Side)
    due_on = models.DateField()
    done_on = models.DateField(null=True, blank=True)

    objects = PermittedQuerySet.as_manager()
    access = Paths(
        factory="item__plan__factory_id", programme="item__plan__factory__programme", cycle="item__cycle_id",
        sharing="item__sharing",
    )

    class Meta:
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return self.text[:60]


class ItemEvidence(models.Model):
    """A photo that shows what was done (or how it was before). The image is its StoredFile."""

    ref = RefField()
    item = models.ForeignKey(PlanItem, models.CASCADE, related_name="evidence")
    note = models.CharField(max_length=300, blank=True)
    is_before = models.BooleanField(default=False)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    objects = PermittedQuerySet.as_manager()
    access = Paths(
        factory="item__plan__factory_id", programme="item__plan__factory__programme", cycle="item__cycle_id",
        sharing="item__sharing",
    )

    def __str__(self) -> str:
        return self.note or self.ref


class ThreadMessage(models.Model):
    """A word in the one thread that the factory, the programme and its authorised, paid buyers share."""

    ref = RefField()
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="messages")
    item = models.ForeignKey(PlanItem, models.PROTECT, null=True, blank=True, related_name="messages")
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    buyer = models.ForeignKey(Buyer, models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField()
    language = models.CharField(max_length=8)
    at = models.DateTimeField(default=clock.now)

    objects = PermittedQuerySet.as_manager()
    access = Paths(
        factory="plan__factory_id", programme="plan__factory__programme", needs_payment=True, always=Shared.BUYERS
    )

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return self.text[:60]
