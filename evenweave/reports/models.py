"""Released reports, progress reports, and their files."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from evenweave.access.enums import Shared
from evenweave.access.scope import Paths, PermittedQuerySet
from evenweave.assessments.models import Assessment
from evenweave.enrolment.models import Cycle
from evenweave.organisations.models import Factory
from evenweave.reports.enums import Author, FileKind, ProgressState, ReportState
from evenweave.toolkit import clock
from evenweave.toolkit.models import StoredFile
from evenweave.toolkit.refs import RefField

PERSON = settings.AUTH_USER_MODEL


def new_code() -> str:
    """A random verification code: 100 bits, read aloud in groups; says nothing about the report."""
    return secrets.token_hex(13).upper()


class Report(models.Model):
    """One version of an assessment report: facts frozen as canonical JSON with their hash."""

    ref = RefField()
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="reports")
    factory = models.ForeignKey(Factory, models.PROTECT, related_name="reports")
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="reports")
    programme = models.CharField(max_length=8)
    version = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=ReportState, default=ReportState.CURRENT)
    facts = models.TextField()
    facts_hash = models.CharField(max_length=64)
    code = models.CharField(max_length=26, unique=True, default=new_code)
    reason = models.TextField(blank=True)
    changes = models.JSONField(default=list, help_text="what this version changed, for people")
    released_at = models.DateTimeField(default=clock.now)
    released_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    sharing = models.PositiveSmallIntegerField(choices=Shared, default=Shared.BUYERS)

    objects = PermittedQuerySet.as_manager()
    access = Paths(
        factory="factory_id", programme="programme", assessment="assessment_id", cycle="cycle_id", sharing="sharing"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "version"], name="report_version_once"),
            models.UniqueConstraint(fields=["assessment"], condition=Q(state="current"), name="report_one_current"),
        ]
        indexes = [models.Index(fields=["factory", "-released_at"], name="report_factory")]

    def __str__(self) -> str:
        return f"report {self.ref}, version {self.version}"

    def get_absolute_url(self) -> str:
        return reverse("report", args=[self.ref])


class ProgressReport(models.Model):
    """The first or second progress report of a cycle; sending it freezes the updated plan."""

    ref = RefField()
    factory = models.ForeignKey(Factory, models.PROTECT, related_name="progress_reports")
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="progress_reports")
    programme = models.CharField(max_length=8)
    number = models.PositiveSmallIntegerField()
    author = models.CharField(max_length=12, choices=Author)
    due_on = models.DateField()
    state = models.CharField(max_length=8, choices=ProgressState, default=ProgressState.DUE)
    overview = models.TextField(blank=True)
    dialogue = models.TextField(blank=True)
    learning = models.TextField(blank=True)
    language = models.CharField(max_length=8, default="en")
    facts = models.TextField(blank=True)
    facts_hash = models.CharField(max_length=64, blank=True)
    code = models.CharField(max_length=26, unique=True, default=new_code)
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    reminded_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    sharing = models.PositiveSmallIntegerField(choices=Shared, default=Shared.FACTORY)

    objects = PermittedQuerySet.as_manager()
    access = Paths(factory="factory_id", programme="programme", cycle="cycle_id", sharing="sharing")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cycle", "number"], name="progress_number_once")]
        indexes = [models.Index(fields=["due_on"], condition=Q(state="due"), name="progress_due")]

    def __str__(self) -> str:
        return f"progress report {self.number} of {self.cycle}"

    def get_absolute_url(self) -> str:
        return reverse("progress_report", args=[self.ref])


class DocumentFile(models.Model):
    """One canonical file per language and kind, the same for all its readers."""

    report = models.ForeignKey(Report, models.PROTECT, null=True, blank=True, related_name="files")
    progress = models.ForeignKey(ProgressReport, models.PROTECT, null=True, blank=True, related_name="files")
    language = models.CharField(max_length=8)
    kind = models.CharField(max_length=4, choices=FileKind)
    stored = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(report__isnull=False, progress__isnull=True)
                | Q(report__isnull=True, progress__isnull=False),
                name="document_of_one_record",
            ),
            models.UniqueConstraint(fields=["report", "language", "kind"], name="document_once_a_report"),
            models.UniqueConstraint(fields=["progress", "language", "kind"], name="document_once_a_progress"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} in {self.language}"
