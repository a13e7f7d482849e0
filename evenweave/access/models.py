"""Standings: who stands in which role towards what, from when until when."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from evenweave.access.enums import SCOPE_OF, Role, Scope
from evenweave.toolkit import clock


class StandingQuerySet(models.QuerySet):
    def active(self, at=None) -> "StandingQuerySet":
        now = at or clock.now()
        return self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now), starts_at__lte=now)


class Standing(models.Model):
    """One tie of a person (or of a buyer as a whole) to a scope.

    A buyer's officer holds two kinds: `holder` + `buyer` says where she works; rows without a holder, `buyer` +
    `factory`, say what the factory has consented to, and with a `cycle` that this cycle is paid for."""

    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="standings"
    )
    role = models.CharField(max_length=30, choices=Role)
    buyer = models.ForeignKey("organisations.Buyer", models.PROTECT, null=True, blank=True, related_name="+")
    factory = models.ForeignKey("organisations.Factory", models.PROTECT, null=True, blank=True, related_name="+")
    programme = models.CharField(max_length=8, blank=True)
    assessment = models.ForeignKey("assessments.Assessment", models.CASCADE, null=True, blank=True, related_name="+")
    cycle = models.ForeignKey("enrolment.Cycle", models.CASCADE, null=True, blank=True, related_name="+")
    starts_at = models.DateTimeField(default=clock.now)
    ends_at = models.DateTimeField(null=True, blank=True)

    objects = StandingQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["holder", "role"], name="standing_holder"),
            models.Index(fields=["buyer", "factory", "cycle"], name="standing_buyer"),
            models.Index(fields=["factory", "role"], name="standing_factory"),
            models.Index(fields=["programme", "role"], name="standing_programme"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(holder__isnull=False) | (Q(buyer__isnull=False) & Q(factory__isnull=False)),
                name="standing_has_a_holder",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.holder or self.buyer} as {self.role}"

    @property
    def scope(self) -> Scope:
        return SCOPE_OF[Role(self.role)]
