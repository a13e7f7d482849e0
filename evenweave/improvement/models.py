"""The one improvement plan of a factory, its items, what is written about them, and the shared thread.

What every reader of an item may see stands on the item. Causes, actions, days, answers and proof are records of
their own, shared with buyers only once the factory has shared them (`Plan.details_sharing`)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from evenweave.access.enums import Role, Shared
from evenweave.access.scope import Paths, PermittedQuerySet
from evenweave.assessments.models import Finding
from evenweave.enrolment.models import Cycle
from evenweave.improvement.enums import Agreement, ItemOrigin, ItemSource, ItemStatus, Side, Verification
from evenweave.improvement.rules import State
from evenweave.organisations.models import Buyer, Factory
from evenweave.questionnaires.models import CompiledTool
from evenweave.toolkit import clock
from evenweave.toolkit.refs import RefField

PERSON = settings.AUTH_USER_MODEL

DETAIL = Paths(
    factory="item__plan__factory_id", programme="item__plan__factory__programme", cycle="item__cycle_id",
    sharing="item__plan__details_sharing",
)


class Plan(models.Model):
    """One factory, one plan: the database allows no second."""

    ref = RefField()
    factory = models.OneToOneField(Factory, models.PROTECT, related_name="plan")
    opened_at = models.DateTimeField(default=clock.now)
    details_sharing = models.PositiveSmallIntegerField(
        choices=Shared, default=Shared.FACTORY, help_text="how far causes, actions and proof have travelled"
    )
    details_shared_at = models.DateTimeField(null=True, blank=True)

    objects = PermittedQuerySet.as_manager()
    access = Paths(
        factory="factory_id", programme="factory__programme", needs_payment=True, always=Shared.BUYERS
    )

    def __str__(self) -> str:
        return f"plan of {self.factory}"

    def get_absolute_url(self) -> str:
        return reverse("plan", args=[self.factory.ref])


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
    management = models.CharField(max_length=10, choices=Agreement, default=Agreement.NOT_YET)
    workers = models.CharField(max_length=10, choices=Agreement, default=Agreement.NOT_YET)
    verification = models.CharField(max_length=12, choices=Verification, default=Verification.NOT_NEEDED)
    added_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="+",
        help_text="who found it, when no assessment did",
    )
    origin = models.CharField(
        max_length=20, choices=ItemOrigin, blank=True, help_text="out of what the factory's own item came"
    )
    origin_label = models.CharField(max_length=60, blank=True, help_text="generic label of the record it came out of")
    opened_at = models.DateTimeField(default=clock.now)
    completed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.TextField(blank=True)
    changed_at = models.DateTimeField(default=clock.now)
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
            models.CheckConstraint(condition=Q(status__in=ItemStatus.values), name="plan_item_status_known"),
            models.CheckConstraint(
                condition=Q(verification__in=Verification.values), name="plan_item_verification_known"
            ),
            models.CheckConstraint(
                condition=~Q(verification__in=["asked", "verified"]) | Q(status="completed"),
                name="plan_item_checked_when_completed",
            ),
        ]
        indexes = [
            models.Index(fields=["plan", "status"], name="plan_item_status"),
            models.Index(fields=["verification"], condition=Q(verification="asked"), name="plan_item_check_asked"),
        ]

    def __str__(self) -> str:
        return f"item {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("plan_item", args=[self.ref])

    @property
    def state(self) -> State:
        return State(self.status, self.management, self.workers, self.verification)

    def take(self, state: State) -> list[str]:
        """Put a state on the row; returns the names of the fields to save."""
        for name, value in state.as_json().items():
            setattr(self, name, value)
        return list(state.as_json())


class ItemDetail(models.Model):
    """Why it happens and what is done about it, as the factory wrote it."""

    item = models.OneToOneField(PlanItem, models.CASCADE, related_name="detail")
    immediate_action = models.TextField(blank=True)
    whys = models.JSONField(default=list, blank=True, help_text="[[why, because], …], at most five")
    root_cause = models.TextField(blank=True)
    language = models.CharField(max_length=8, default="en")
    due_on = models.DateField(null=True, blank=True, help_text="earliest due day among its open actions")
    revision = models.PositiveIntegerField(default=1, help_text="counts edits, so that two editors notice each other")
    changed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    changed_at = models.DateTimeField(default=clock.now)

    objects = PermittedQuerySet.as_manager()
    access = DETAIL

    class Meta:
        indexes = [models.Index(fields=["due_on"], name="item_detail_due")]

    def __str__(self) -> str:
        return f"detail of {self.item_id}"


class ItemFinding(models.Model):
    """Which findings, over the years, one item answers to."""

    item = models.ForeignKey(PlanItem, models.CASCADE, related_name="item_findings")
    finding = models.OneToOneField(Finding, models.PROTECT, related_name="item_finding")
    reopened_from = models.JSONField(
        null=True, blank=True, help_text="the completed state that this finding undid, should it be withdrawn"
    )

    def __str__(self) -> str:
        return f"{self.item}: {self.finding_id}"


class SideAnswer(models.Model):
    """A side agreed or disagreed, and why. Answers are never changed: a new one follows."""

    item = models.ForeignKey(PlanItem, models.CASCADE, related_name="answers")
    side = models.CharField(max_length=12, choices=Side)
    position = models.CharField(max_length=10, choices=Agreement)
    reason = models.TextField(blank=True)
    language = models.CharField(max_length=8)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    objects = PermittedQuerySet.as_manager()
    access = DETAIL

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.side}: {self.position}"


class ItemCheck(models.Model):
    """The programme was asked whether a publicly reported item is remedied, and what it decided."""

    item = models.ForeignKey(PlanItem, models.CASCADE, related_name="checks")
    asked_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    is_accepted = models.BooleanField(null=True, blank=True)
    reason = models.TextField(blank=True)
    decided_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = PermittedQuerySet.as_manager()
    access = DETAIL

    class Meta:
        ordering = ["asked_at", "pk"]

    def __str__(self) -> str:
        return f"check of {self.item_id}"


class ItemAction(models.Model):
    """Something somebody at the factory will do by a day."""

    ref = RefField()
    item = models.ForeignKey(PlanItem, models.CASCADE, related_name="actions")
    text = models.TextField()
    language = models.CharField(max_length=8, default="en")
    owner_name = models.CharField(max_length=120)
    owner_side = models.CharField(max_length=12, choices=Side)
    due_on = models.DateField()
    done_on = models.DateField(null=True, blank=True)

    objects = PermittedQuerySet.as_manager()
    access = DETAIL

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
    access = DETAIL

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.note or self.ref


class ThreadMessage(models.Model):
    """A word in the one thread that the factory, the programme and its authorised, paid buyers share.

    `sharing` is what its writer was told when writing, and stays. `cycle` follows that of its item; a message about
    the whole plan belongs to the cycle in which it was written."""

    ref = RefField()
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="messages")
    item = models.ForeignKey(PlanItem, models.PROTECT, null=True, blank=True, related_name="messages")
    cycle = models.ForeignKey(Cycle, models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    role = models.CharField(max_length=30, choices=Role, blank=True, help_text="in which the writer wrote")
    buyer = models.ForeignKey(Buyer, models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField()
    language = models.CharField(max_length=8)
    at = models.DateTimeField(default=clock.now)
    sharing = models.PositiveSmallIntegerField(choices=Shared, default=Shared.FACTORY)

    objects = PermittedQuerySet.as_manager()
    access = Paths(
        factory="plan__factory_id", programme="plan__factory__programme", cycle="cycle_id", sharing="sharing"
    )

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.text[:60]
