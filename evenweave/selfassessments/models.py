"""A factory's self-assessment: two sheets, one a side, each with its own log of answers; then what both agree on.

A self-assessment is no assessment: no report, no finding and no rate ever reads these rows. It hangs on its factory
through the cycle alone, so that it moves with the cycle when a duplicate is merged. A side's sheet stays with that
side until both have given theirs: until then `SideSheet.sharing` is below what any role may read."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from evenweave.access.enums import Shared
from evenweave.access.scope import Paths, PermittedQuerySet
from evenweave.assessments.enums import Field
from evenweave.enrolment.models import Cycle
from evenweave.improvement.enums import Side
from evenweave.questionnaires.models import CompiledTool
from evenweave.selfassessments.enums import SelfState
from evenweave.toolkit import clock
from evenweave.toolkit.refs import RefField

PERSON = settings.AUTH_USER_MODEL


class SelfAssessment(models.Model):
    """One a cycle. What it says stands on its sheets; how far it is, its readers may know from the start."""

    ref = RefField()
    cycle = models.OneToOneField(Cycle, models.PROTECT, related_name="self_assessment")
    tool = models.ForeignKey(CompiledTool, models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=SelfState, default=SelfState.OPEN)
    opened_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=clock.now)
    compared_at = models.DateTimeField(null=True, blank=True)
    handed_in_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    handed_in_at = models.DateTimeField(null=True, blank=True)

    objects = PermittedQuerySet.as_manager()
    access = Paths(factory="cycle__factory_id", programme="cycle__programme", cycle="cycle_id", always=Shared.FACTORY)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=SelfState.values), name="self_assessment_state_known"),
        ]

    def __str__(self) -> str:
        return f"self-assessment {self.ref}"

    def get_absolute_url(self) -> str:
        return reverse("self_assessment", args=[self.ref])


class SideSheet(models.Model):
    """What one side says. Nobody but that side reads it before both have given theirs."""

    ref = RefField()
    self_assessment = models.ForeignKey(SelfAssessment, models.PROTECT, related_name="sheets")
    side = models.CharField(max_length=12, choices=Side)
    begun_at = models.DateTimeField(null=True, blank=True)
    given_at = models.DateTimeField(null=True, blank=True)
    given_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    sharing = models.PositiveSmallIntegerField(choices=Shared, default=Shared.STAFF)

    objects = PermittedQuerySet.as_manager()
    access = Paths(
        factory="self_assessment__cycle__factory_id", programme="self_assessment__cycle__programme",
        cycle="self_assessment__cycle_id", sharing="sharing",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["self_assessment", "side"], name="side_sheet_once"),
            models.CheckConstraint(
                condition=Q(sharing=Shared.STAFF) | Q(given_at__isnull=False), name="side_sheet_read_once_given"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.side}: {self.self_assessment}"


class SideChange(models.Model):
    """One tap, append-only, as in an assessment."""

    id = models.UUIDField(primary_key=True)
    sheet = models.ForeignKey(SideSheet, models.PROTECT, related_name="changes")
    question_id = models.CharField(max_length=20)
    field = models.CharField(max_length=20, choices=Field)
    value = models.JSONField(null=True)
    author = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    device = models.CharField(max_length=40, blank=True, help_text="last time, workbook; empty: a browser")
    made_at = models.DateTimeField()
    received_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["sheet", "question_id", "field"], name="side_change_field")]

    def __str__(self) -> str:
        return f"{self.question_id}.{self.field}"


class SideBasis(models.Model):
    """A change stands on others."""

    change = models.ForeignKey(SideChange, models.CASCADE, related_name="basis")
    based_on = models.UUIDField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["change", "based_on"], name="side_basis_once")]

    def __str__(self) -> str:
        return f"{self.change_id} on {self.based_on}"


class SideAnswer(models.Model):
    """The state of one field, kept as changes arrive."""

    sheet = models.ForeignKey(SideSheet, models.CASCADE, related_name="answers")
    question_id = models.CharField(max_length=20)
    field = models.CharField(max_length=20, choices=Field)
    heads = models.JSONField(help_text="ids of the changes no other change is based on, sorted")
    value = models.JSONField(null=True)
    is_conflict = models.BooleanField(default=False)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sheet", "question_id", "field"], name="side_answer_once")
        ]

    def __str__(self) -> str:
        return f"{self.question_id}.{self.field}"


class Proposal(models.Model):
    """An answer one side proposes as the factory's. It counts once somebody of the other side has agreed; the newest
    of a question counts, none is ever rewritten."""

    ref = RefField()
    self_assessment = models.ForeignKey(SelfAssessment, models.PROTECT, related_name="proposals")
    question_id = models.CharField(max_length=20)
    answer = models.JSONField()
    text = models.TextField(blank=True)
    language = models.CharField(max_length=8, default="en")
    side = models.CharField(max_length=12, choices=Side)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    agreed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    agreed_at = models.DateTimeField(null=True, blank=True)

    objects = PermittedQuerySet.as_manager()
    access = Paths(
        factory="self_assessment__cycle__factory_id", programme="self_assessment__cycle__programme",
        cycle="self_assessment__cycle_id", always=Shared.FACTORY,
    )

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["self_assessment", "question_id"], name="proposal_question")]

    def __str__(self) -> str:
        return f"{self.question_id}: {self.answer}"
