"""The log: entries in chains, their erasable payloads, the heads of the chains, daily anchors."""

from django.conf import settings
from django.db import models

from evenweave.toolkit.refs import RefField


class ChainHead(models.Model):
    """The last entry of one chain; locked as the last statement of a transaction."""

    chain = models.CharField(max_length=40, unique=True)
    number = models.PositiveIntegerField(default=0)
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.chain} at {self.number}"


class Entry(models.Model):
    """One step taken. Holds ids and a salted hash only, so that a person can be erased and the chain still verifies."""

    ref = RefField()
    chain = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    step = models.CharField(max_length=40)
    about = models.CharField(max_length=60)
    factory = models.ForeignKey("organisations.Factory", models.PROTECT, null=True, related_name="+")
    programme = models.CharField(max_length=8, blank=True)
    assessment = models.ForeignKey("assessments.Assessment", models.PROTECT, null=True, related_name="+")
    cycle = models.ForeignKey("enrolment.Cycle", models.PROTECT, null=True, related_name="+")
    sharing = models.PositiveSmallIntegerField()
    payload_hash = models.CharField(max_length=64)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "number"], name="entry_number_in_chain")]
        indexes = [
            models.Index(fields=["factory", "-at"], name="entry_factory"),
            models.Index(fields=["programme", "-at"], name="entry_programme"),
            models.Index(fields=["about", "-at"], name="entry_about"),
        ]

    def __str__(self) -> str:
        return f"{self.chain}#{self.number} {self.step}"


class Payload(models.Model):
    """What a step carried, in words; blanked when a person in it is erased."""

    entry = models.OneToOneField(Entry, models.CASCADE, related_name="payload")
    salt = models.CharField(max_length=32)
    content = models.JSONField(null=True)

    def __str__(self) -> str:
        return f"payload of {self.entry_id}"


class Anchor(models.Model):
    """One hash a day over the heads of all chains: prints, mails or publishes the state of the whole log."""

    on = models.DateField(unique=True)
    chains = models.PositiveIntegerField()
    hash = models.CharField(max_length=64)
    heads = models.JSONField()

    def __str__(self) -> str:
        return f"anchor of {self.on}"
