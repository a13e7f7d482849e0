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
