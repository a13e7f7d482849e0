"""Notices: what a person was told, where it leads, and whether the mail went out."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from evenweave.toolkit import clock
from evenweave.toolkit.refs import RefField


class Notice(models.Model):
    """One line for one person. Holds a label of the record, never its content; permission is asked again when it is
    shown or mailed."""

    ref = RefField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=40)
    about = models.CharField(max_length=60)
    at = models.DateTimeField(default=clock.now)
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True, help_text="the reader may no longer open the record")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "about"], condition=Q(read_at__isnull=True), name="notice_once_unread"
            ),
        ]
        indexes = [models.Index(fields=["person", "-at"], name="notice_person")]

    def __str__(self) -> str:
        return f"{self.kind} for {self.person_id}"
