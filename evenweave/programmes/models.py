"""The rules of a programme as they were loaded, so that a cycle can say by which it was enrolled."""

from django.db import models

from evenweave.toolkit import clock
from evenweave.toolkit.refs import RefField


class RulesVersion(models.Model):
    """A programme's file made whole (see rules/resolving.py), as it stood from `loaded_at` on. Never changed."""

    ref = RefField()
    programme = models.CharField(max_length=8)
    content_hash = models.CharField(max_length=64, help_text="SHA-256 of the data as canonical JSON")
    data = models.JSONField()
    loaded_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["programme", "-loaded_at"], name="rules_version_newest")]

    def __str__(self) -> str:
        return f"{self.programme} {self.content_hash[:8]}"
