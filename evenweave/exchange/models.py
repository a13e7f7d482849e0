"""Lists of factories on their way in."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from evenweave.access.enums import Shared
from evenweave.access.scope import Paths, PermittedQuerySet
from evenweave.exchange.enums import BatchState, Decision, Outcome, Verdict
from evenweave.organisations.enums import FactoryStatus
from evenweave.organisations.models import Factory
from evenweave.toolkit import clock
from evenweave.toolkit.refs import RefField

PERSON = settings.AUTH_USER_MODEL


class ImportBatch(models.Model):
    """One file with factories, from its upload to its undoing."""

    ref = RefField()
    programme = models.CharField(max_length=8)
    filename = models.CharField(max_length=200)
    headings = models.JSONField(help_text="[heading], in the order of the file")
    samples = models.JSONField(default=list, help_text="[[up to three cells of the column as text]], in that order")
    mapping = models.JSONField(default=dict, help_text="{heading: field}; a heading that is absent is not read")
    state = models.CharField(max_length=12, choices=BatchState, default=BatchState.MAPPING)
    job_id = models.CharField(max_length=64, blank=True, help_text="of the work under way, when it is long")
    checks = models.PositiveIntegerField(default=0, help_text="how often its rows were checked; the newest counts")
    opened_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(default=clock.now)
    committed_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = PermittedQuerySet.as_manager()
    access = Paths(programme="programme", always=Shared.STAFF)

    class Meta:
        indexes = [models.Index(fields=["programme", "-opened_at"], name="import_programme")]

    def __str__(self) -> str:
        return self.filename


class ImportTable(models.Model):
    """The cells of the file, kept until its rows have been checked for the last time."""

    batch = models.OneToOneField(ImportBatch, models.CASCADE, related_name="table")
    rows = models.JSONField(help_text="[[row number, [cell]]]")

    def __str__(self) -> str:
        return f"cells of {self.batch_id}"


class ImportRow(models.Model):
    """One row of the file: what it says, what is wrong with it, and what became of it."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(help_text="as the spreadsheet counts")
    cells = models.JSONField(help_text="{field: cell as text}")
    profile = models.JSONField(help_text="what can be used, as organisations.services takes it")
    faults = models.JSONField(default=dict, help_text="{field: [key, what the sentence needs]}")
    warnings = models.JSONField(default=dict, help_text="{field: [key, what the sentence needs]}")
    verdict = models.CharField(max_length=10, choices=Verdict)
    match = models.ForeignKey(Factory, models.PROTECT, null=True, blank=True, related_name="+")
    like_row = models.PositiveIntegerField(null=True, blank=True, help_text="the earlier row that it resembles")
    match_score = models.PositiveSmallIntegerField(null=True, blank=True)
    decision = models.CharField(
        max_length=10, choices=Decision, blank=True, help_text="what a person said about a possible duplicate"
    )
    decided_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    factory = models.ForeignKey(Factory, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="import_row_once")]
        indexes = [
            models.Index(fields=["batch", "verdict"], name="import_row_verdict"),
            models.Index(fields=["batch", "outcome"], name="import_row_outcome"),
            # What waits for a person, over all imports.
            models.Index(
                fields=["batch"], condition=Q(verdict=Verdict.POSSIBLE, decision="", outcome=Outcome.REGISTERED),
                name="import_row_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"row {self.number} of {self.batch_id}"


class FactoryMerge(models.Model):
    """A merge of two records, with everything that it changed, so that it can be taken back."""

    ref = RefField()
    programme = models.CharField(max_length=8)
    survivor = models.ForeignKey(Factory, models.PROTECT, related_name="+")
    duplicate = models.ForeignKey(Factory, models.PROTECT, related_name="+")
    merged_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    merged_at = models.DateTimeField(default=clock.now)
    status_before = models.CharField(max_length=20, choices=FactoryStatus)
    reason_before = models.CharField(max_length=300, blank=True)
    changes = models.JSONField(default=dict, help_text='{"room.model": {id: {field: [before, after]}}}')
    created = models.JSONField(default=dict, help_text='{"room.model": [id]}')
    profile = models.JSONField(default=dict, help_text="{field of the survivor's profile: [before, after]}")
    split_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    split_at = models.DateTimeField(null=True, blank=True)

    objects = PermittedQuerySet.as_manager()
    access = Paths(programme="programme", always=Shared.STAFF)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["duplicate"], condition=Q(split_at=None), name="factory_merged_once"),
        ]

    def __str__(self) -> str:
        return f"{self.duplicate_id} into {self.survivor_id}"
