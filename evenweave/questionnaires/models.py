"""Compiled versions of the compliance assessment tool."""

from django.db import models

from evenweave.toolkit import clock


class CompiledTool(models.Model):
    """One compiled version: a global version under a country's layer. `version` is the layer's. Its content is
    found by its hash, so that this row stays light wherever it is joined."""

    key = models.CharField(max_length=40)
    programme = models.CharField(max_length=8)
    version = models.CharField(max_length=20)
    content_hash = models.CharField(max_length=64, unique=True)
    in_force_from = models.DateField()
    loaded_at = models.DateTimeField(default=clock.now)
    frozen_at = models.DateTimeField(null=True, blank=True, help_text="first use; from then the content is fixed")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "programme", "version"], name="tool_version_once")]
        indexes = [models.Index(fields=["programme", "in_force_from"], name="tool_programme_day")]

    def __str__(self) -> str:
        return f"{self.key} {self.version} ({self.programme})"


class ToolContent(models.Model):
    """The canonical JSON whose SHA-256 is the hash. Text, not JSON: a database may not reorder it."""

    content_hash = models.CharField(max_length=64, primary_key=True)
    canonical = models.TextField()

    def __str__(self) -> str:
        return self.content_hash[:12]


class ContentLoad(models.Model):
    """A load of the content folder, with a digest of its files: an unchanged folder is not read again."""

    digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.digest[:12]} at {self.loaded_at:%Y-%m-%d %H:%M}"
