"""Assessments, their secret plans, the log of answer changes, replies, findings, zero-tolerance cases."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from evenweave.access.enums import Shared
from evenweave.access.scope import Paths, PermittedQuerySet
from evenweave.assessments.enums import (
    AssessmentState,
    CaseState,
    Decision,
    Extent,
    Field,
    Mode,
    Position,
    Seriousness,
)
from evenweave.assessments.rules.states import SECRET
from evenweave.enrolment.models import Cycle
from evenweave.organisations.models import Factory
from evenweave.questionnaires.models import CompiledTool
from evenweave.toolkit import clock
from evenweave.toolkit.refs import RefField

PERSON = settings.AUTH_USER_MODEL


class Assessment(models.Model):
    """One unannounced assessment. Nothing on this row says when it will be; that is its plan's secret."""

    ref = RefField()
    factory = models.ForeignKey(Factory, models.PROTECT, related_name="assessments")
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="assessments")
    programme = models.CharField(max_length=8)
    tool = models.ForeignKey(CompiledTool, models.PROTECT, related_name="+")
    mode = models.CharField(max_length=10, choices=Mode, default=Mode.ONSITE)
    extent = models.CharField(max_length=10, choices=Extent, default=Extent.FULL)
    state = models.CharField(max_length=20, choices=AssessmentState, default=AssessmentState.PLANNED)
    sharing = models.PositiveSmallIntegerField(choices=Shared, default=Shared.STAFF)
    started_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    reply_due_on = models.DateField(null=True, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)

    objects = PermittedQuerySet.as_manager()
    access = Paths(
        factory="factory_id", programme="programme", assessment="id", cycle="cycle_id", sharing="sharing"
    )

    class Meta:
        indexes = [
            models.Index(fields=["programme", "state"], name="assessment_programme_state"),
            models.Index(fields=["factory", "-released_at"], name="assessment_factory_released"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=AssessmentState.values), name="assessment_state_known"),
            # What the factory, its coach and the ministry must not know of stays with staff, whoever writes the row.
            models.CheckConstraint(
                condition=~Q(state__in=sorted(SECRET)) | Q(sharing=Shared.STAFF), name="assessment_secret_with_staff"
            ),
        ]

    def __str__(self) -> str:
        return f"assessment {self.ref}"

    def get_absolute_url(self) -> str:
        return reverse("assessment", args=[self.ref])


class AssessmentPlan(models.Model):
    """The secret: the window by the programme manager, the day by the team leader. Staff only, for ever."""

    ref = RefField()
    assessment = models.OneToOneField(Assessment, models.CASCADE, related_name="plan")
    window_from = models.DateField()
    window_until = models.DateField()
    day_on = models.DateField(null=True, blank=True)
    planned_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    planned_at = models.DateTimeField(default=clock.now)

    objects = PermittedQuerySet.as_manager()
    access = Paths(
        programme="assessment__programme", assessment="assessment_id", always=Shared.STAFF
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(window_until__gte=models.F("window_from")), name="plan_window_in_order"),
        ]

    def __str__(self) -> str:
        return f"plan of {self.assessment}"


class ClusterOwner(models.Model):
    """Which of the two assessors takes a cluster."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="cluster_owners")
    cluster = models.CharField(max_length=40)
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assessment", "cluster"], name="cluster_owner_once")]

    def __str__(self) -> str:
        return f"{self.cluster}: {self.person}"


class AnswerChange(models.Model):
    """One tap, append-only. `id` is made on the device (UUIDv7), so a change sent twice counts once."""

    id = models.UUIDField(primary_key=True)
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="changes")
    question_id = models.CharField(max_length=20)
    field = models.CharField(max_length=20, choices=Field)
    value = models.JSONField(null=True)
    author = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    device = models.CharField(max_length=40, blank=True)
    made_at = models.DateTimeField()
    received_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["assessment", "question_id", "field"], name="change_field")]

    def __str__(self) -> str:
        return f"{self.question_id}.{self.field}"


class ChangeBasis(models.Model):
    """A change stands on others, which may not have arrived yet: hence no foreign key to them."""

    change = models.ForeignKey(AnswerChange, models.CASCADE, related_name="basis")
    based_on = models.UUIDField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["change", "based_on"], name="basis_once")]

    def __str__(self) -> str:
        return f"{self.change_id} on {self.based_on}"


class CurrentAnswer(models.Model):
    """The state of one field, kept as changes arrive: its heads, its value when they agree, else a conflict."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="answers")
    question_id = models.CharField(max_length=20)
    field = models.CharField(max_length=20, choices=Field)
    heads = models.JSONField(help_text="ids of the changes no other change is based on, sorted")
    value = models.JSONField(null=True)
    is_conflict = models.BooleanField(default=False)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "question_id", "field"], name="current_answer_once")
        ]

    def __str__(self) -> str:
        return f"{self.question_id}.{self.field}"


class Photo(models.Model):
    """A photo on a question: named by the SHA-256 of the bytes sent, served only as the re-encoded copy. Photos of
    findings travel with the assessment; all others stay with staff for ever."""

    ref = RefField()
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="photos")
    question_id = models.CharField(max_length=20)
    sha256_sent = models.CharField(max_length=64)
    caption = models.CharField(max_length=200, blank=True)
    taken_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(default=clock.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    sharing = models.PositiveSmallIntegerField(choices=Shared, default=Shared.STAFF)

    objects = PermittedQuerySet.as_manager()
    access = Paths(
        factory="assessment__factory_id", programme="assessment__programme", assessment="assessment_id",
        cycle="assessment__cycle_id", sharing="sharing",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "question_id", "sha256_sent"], name="photo_once_a_question")
        ]

    def __str__(self) -> str:
        return self.caption or self.ref


class ReviewComment(models.Model):
    """A quality reviewer's comment on one question, or on the whole with an empty question."""

    ref = RefField()
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="comments")
    question_id = models.CharField(max_length=20, blank=True)
    text = models.TextField()
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")

    objects = PermittedQuerySet.as_manager()
    access = Paths(programme="assessment__programme", assessment="assessment_id", always=Shared.STAFF)

    def __str__(self) -> str:
        return self.text[:60]


class Reply(models.Model):
    """What the factory says to one draft finding, inside its window."""

    ref = RefField()
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="replies")
    question_id = models.CharField(max_length=20)
    position = models.CharField(max_length=12, choices=Position)
    text = models.TextField(blank=True)
    language = models.CharField(max_length=8)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    objects = PermittedQuerySet.as_manager()
    access = Paths(
        factory="assessment__factory_id", programme="assessment__programme", assessment="assessment_id",
        cycle="assessment__cycle_id", sharing="assessment__sharing",
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assessment", "question_id"], name="reply_once_a_finding")]

    def __str__(self) -> str:
        return f"{self.question_id}: {self.position}"


class ExtensionRequest(models.Model):
    """The factory asks for more days to reply; staff decide, and say why."""

    ref = RefField()
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="extensions")
    until_on = models.DateField()
    reason = models.TextField()
    asked_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    decision = models.CharField(max_length=10, choices=Decision, default=Decision.WAITING)
    decision_reason = models.TextField(blank=True)
    decided_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = PermittedQuerySet.as_manager()
    access = Paths(
        factory="assessment__factory_id", programme="assessment__programme", assessment="assessment_id",
        sharing="assessment__sharing",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assessment"], condition=Q(decision="waiting"), name="extension_one_waiting"
            )
        ]

    def __str__(self) -> str:
        return f"until {self.until_on}"

    def get_absolute_url(self) -> str:
        return reverse("extension", args=[self.ref])


class Finding(models.Model):
    """A non-compliance as released: immutable. An amendment that takes one back adds a withdrawal beside it."""

    ref = RefField()
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="findings")
    factory = models.ForeignKey(Factory, models.PROTECT, related_name="findings")
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="findings")
    programme = models.CharField(max_length=8)
    tool = models.ForeignKey(CompiledTool, models.PROTECT, related_name="+")
    question_id = models.CharField(max_length=20)
    lineage_root = models.CharField(max_length=20)
    cluster = models.CharField(max_length=40)
    point = models.CharField(max_length=60)
    change_id = models.UUIDField(help_text="the answer change that the finding rests on")
    text = models.TextField()
    explanation = models.TextField(blank=True)
    language = models.CharField(max_length=8)
    seriousness = models.CharField(max_length=10, choices=Seriousness, blank=True)
    is_public = models.BooleanField(default=False)
    is_zero_tolerance = models.BooleanField(default=False)
    made_at = models.DateTimeField(default=clock.now)

    objects = PermittedQuerySet.as_manager()
    access = Paths(
        factory="factory_id", programme="programme", assessment="assessment_id", cycle="cycle_id",
        sharing="assessment__sharing",
    )

    class Meta:
        indexes = [models.Index(fields=["factory", "lineage_root"], name="finding_lineage")]

    def __str__(self) -> str:
        return self.text[:80]


class FindingWithdrawal(models.Model):
    """An amendment took a finding back; the row itself stays."""

    finding = models.OneToOneField(Finding, models.PROTECT, related_name="withdrawal")
    reason = models.TextField()
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"withdrawal of {self.finding_id}"


class ZeroToleranceCase(models.Model):
    """A suspicion of the gravest kind, with its own clock and audience, whatever the state of any report.
    Out of reach for the factory and buyers; the ministry sees it once it has been informed (sharing FACTORY)."""

    ref = RefField()
    factory = models.ForeignKey(Factory, models.PROTECT, related_name="+")
    programme = models.CharField(max_length=8)
    assessment = models.ForeignKey(Assessment, models.PROTECT, null=True, blank=True, related_name="+")
    question_id = models.CharField(max_length=20, blank=True)
    issue = models.CharField(max_length=40)
    description = models.TextField()
    opened_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=clock.now)
    state = models.CharField(max_length=10, choices=CaseState, default=CaseState.OPEN)
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.TextField(blank=True)
    sharing = models.PositiveSmallIntegerField(choices=Shared, default=Shared.STAFF)

    objects = PermittedQuerySet.as_manager()
    access = Paths(programme="programme", assessment="assessment_id", sharing="sharing")

    def __str__(self) -> str:
        return f"case {self.ref}"

    def get_absolute_url(self) -> str:
        return reverse("case", args=[self.ref])


class ProtectedPerson(models.Model):
    """Who a case is about. A row of its own, behind an action of its own; never in a log, notice or file."""

    ref = RefField()
    case = models.OneToOneField(ZeroToleranceCase, models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)
    details = models.TextField(blank=True)

    objects = PermittedQuerySet.as_manager()
    access = Paths(programme="case__programme", assessment="case__assessment_id", always=Shared.STAFF)

    def __str__(self) -> str:
        return f"protected person {self.ref}"


class CaseStep(models.Model):
    """One duty of the protocol with its clock."""

    ref = RefField()
    case = models.ForeignKey(ZeroToleranceCase, models.CASCADE, related_name="steps")
    key = models.CharField(max_length=40)
    order = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["case", "key"], name="case_step_once")]

    def __str__(self) -> str:
        return f"{self.case}: {self.key}"
