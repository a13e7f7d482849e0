"""Small summaries written when a report is released, so that pages never count the portfolio."""

from django.db import models

from evenweave.access.enums import Shared
from evenweave.access.scope import Paths, PermittedQuerySet
from evenweave.assessments.models import Assessment
from evenweave.organisations.models import Factory
from evenweave.questionnaires.models import CompiledTool


class PackedAnswers(models.Model):
    """The scored answers of a released assessment, one byte a question in the order of its tool."""

    assessment = models.OneToOneField(Assessment, models.PROTECT, related_name="packed")
    tool = models.ForeignKey(CompiledTool, models.PROTECT, related_name="+")
    vector = models.BinaryField()
    released_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"answers of {self.assessment}"


class FactoryResult(models.Model):
    """Points of one released assessment: the factory's rate, and which of its assessments is the latest."""

    assessment = models.OneToOneField(Assessment, models.PROTECT, related_name="result")
    factory = models.ForeignKey(Factory, models.PROTECT, related_name="results")
    programme = models.CharField(max_length=8)
    cycle_number = models.PositiveSmallIntegerField()
    points_assessed = models.PositiveSmallIntegerField()
    points_noncompliant = models.PositiveSmallIntegerField()
    findings = models.PositiveSmallIntegerField()
    public_findings = models.PositiveSmallIntegerField()
    points = models.JSONField(help_text="{point key: true when non-compliant}; a point not assessed is absent")
    clusters = models.JSONField(default=dict, help_text="{cluster key: [non-compliant points, points assessed]}")
    is_latest = models.BooleanField(default=True)
    released_at = models.DateTimeField()

    objects = PermittedQuerySet.as_manager()
    access = Paths(
        factory="factory_id",
        programme="programme",
        cycle="assessment__cycle_id",
        assessment="assessment_id",
        always=Shared.BUYERS,
    )

    class Meta:
        indexes = [models.Index(fields=["programme", "is_latest"], name="result_programme_latest")]
        constraints = [
            models.UniqueConstraint(fields=["factory"], condition=models.Q(is_latest=True), name="result_one_latest")
        ]

    def __str__(self) -> str:
        return f"result of {self.assessment}"


class PointTally(models.Model):
    """Over the latest assessments of a programme: factories assessed on a point, and those with a finding in it."""

    programme = models.CharField(max_length=8)
    point = models.CharField(max_length=60)
    assessed = models.PositiveIntegerField(default=0)
    noncompliant = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "point"], name="tally_once")]

    def __str__(self) -> str:
        return f"{self.programme} {self.point}"


class ClusterTally(models.Model):
    """Over the latest assessments of a programme: factories assessed in a cluster, and the sum of their rates there.

    The sum is kept in `rules.SHARES` parts of a whole, so that adding and taking out leave no trace of rounding."""

    programme = models.CharField(max_length=8)
    cluster = models.CharField(max_length=40)
    factories = models.PositiveIntegerField(default=0)
    shares = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "cluster"], name="cluster_tally_once")]

    def __str__(self) -> str:
        return f"{self.programme} {self.cluster}"
