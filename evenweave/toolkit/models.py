"""What this installation is, its stored files, and its background work."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models

from evenweave.toolkit import clock
from evenweave.toolkit.jobs.models import Job, PeriodicTick, WorkerHeartbeat
from evenweave.toolkit.refs import RefField

__all__ = ["Installation", "Job", "PeriodicTick", "StoredFile", "WorkerHeartbeat"]


class Installation(models.Model):
    """One row: made by the first start. A demo database says so itself and stays one."""

    is_demo = models.BooleanField()
    made_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return "demo" if self.is_demo else "installation"


class StoredFile(models.Model):
    """A file on the storage. Whoever may take `action` on its owner may open it; nobody else."""

    ref = RefField()
    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveIntegerField()
    content_type = models.CharField(max_length=100)
    name = models.CharField(max_length=200)
    path = models.CharField(max_length=300)
    action = models.CharField(max_length=40)
    owner_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    owner_id = models.PositiveBigIntegerField()
    owner = GenericForeignKey("owner_type", "owner_id")
    stored_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    stored_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["owner_type", "owner_id"], name="storedfile_owner")]

    def __str__(self) -> str:
        return self.name
