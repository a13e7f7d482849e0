"""Compiled versions of the compliance assessment tool."""

from django.db import models

from evenweave.toolkit import clock


class CompiledTool(models.Model):
    """Global version + country layer + content hash: what is frozen, sent to devices and packed."""

    key = models.CharField(max_length=40)
    programme = models.CharField(max_length=8)
    version = models.CharField(max_length=20)
    content_hash = models.CharField(max_length=64, unique=True)
    compiled = models.JSONField()
    in_force_from = models.DateField()
    loaded_at = models.DateTimeField(default=clock.now)
    frozen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["programme", "in_force_from"], name="tool_programme_day")]

    def __str__(self) -> str:
        return f"{self.key} {self.version} ({self.programme})"
