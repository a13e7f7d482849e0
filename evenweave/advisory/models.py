"""Visits of a coach, what was worked on, what each side says of it; how far a factory's dialogue has come.

A visit hangs on its factory through the cycle alone, so that it moves with the cycle when a duplicate is merged."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from evenweave.access.enums import Shared
from evenweave.access.scope import Paths, PermittedQuerySet
from evenweave.advisory.enums import DialogueProgress, VisitMode, VisitState
from evenweave.enrolment.models import Cycle
from evenweave.improvement.enums import Side
from evenweave.improvement.models import ItemAction, PlanItem
from evenweave.toolkit import clock
from evenweave.toolkit.refs import RefField

PERSON = settings.AUTH_USER_MODEL


class Visit(models.Model):
    """A coach comes to the factory, or calls. Announced, unlike an assessment: the factory knows the day."""

    ref = RefField()
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="visits")
    coach = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    mode = models.CharField(max_length=10, choices=VisitMode, default=VisitMode.ON_SITE)
    state = models.CharField(max_length=10, choices=VisitState, default=VisitState.PLANNED)
    day_on = models.DateField(help_text="planned; of a held visit the day it was held")
    managers = models.PositiveSmallIntegerField(null=True, blank=True)
    workers = models.PositiveSmallIntegerField(null=True, blank=True)
    women = models.PositiveSmallIntegerField(null=True, blank=True, help_text="of all who took part")
    who = models.CharField(max_length=300, blank=True, help_text="posts, not names")
    note = models.TextField(blank=True)
    language = models.CharField(max_length=8, default="en")
    cancelled_reason = models.TextField(blank=True)
    logged_at = models.DateTimeField(null=True, blank=True)
    planned_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    planned_at = models.DateTimeField(default=clock.now)

    objects = PermittedQuerySet.as_manager()
    access = Paths(factory="cycle__factory_id", programme="cycle__programme", cycle="cycle_id", always=Shared.FACTORY)

    class Meta:
        ordering = ["day_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=VisitState.values), name="visit_state_known"),
            models.CheckConstraint(
                condition=~Q(state="held") | Q(managers__isnull=False, workers__isnull=False, women__isnull=False),
                name="visit_held_says_who",
            ),
        ]
        indexes = [
            models.Index(fields=["coach", "day_on"], name="visit_coach_day"),
            models.Index(fields=["day_on"], condition=Q(state="planned"), name="visit_planned_day"),
        ]

    def __str__(self) -> str:
        return f"visit {self.ref}"

    def get_absolute_url(self) -> str:
        return reverse("visit", args=[self.ref])


class VisitWork(models.Model):
    """One plan item that the visit worked on. The advice stands here; what is to be done stands in the plan."""

    ref = RefField()
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="works")
    item = models.ForeignKey(PlanItem, models.PROTECT, related_name="visit_works")
    advice = models.TextField(blank=True)
    language = models.CharField(max_length=8, default="en")
    next_step = models.ForeignKey(ItemAction, models.SET_NULL, null=True, blank=True, related_name="+")
    fishbone = models.JSONField(default=dict, blank=True, help_text="{cause: [text, …]}")

    objects = PermittedQuerySet.as_manager()
    access = Paths(
        factory="visit__cycle__factory_id", programme="visit__cycle__programme", cycle="visit__cycle_id",
        always=Shared.FACTORY,
    )

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["visit", "item"], name="visit_work_once")]

    def __str__(self) -> str:
        return f"{self.visit}: {self.item}"


class VisitPhoto(models.Model):
    """What was seen on a visit. The image is its StoredFile."""

    ref = RefField()
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="photos")
    caption = models.CharField(max_length=300)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    objects = PermittedQuerySet.as_manager()
    access = VisitWork.access

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.caption


class VisitWord(models.Model):
    """A side of the factory says whether that is what was agreed. Never changed: a new one follows."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="words")
    side = models.CharField(max_length=12, choices=Side)
    is_as_agreed = models.BooleanField()
    text = models.TextField(blank=True)
    language = models.CharField(max_length=8)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    objects = PermittedQuerySet.as_manager()
    access = VisitWork.access

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.side}: {self.visit}"


class DialogueScore(models.Model):
    """How far the two sides have come in a cycle, as the coach sees it. The newest of a cycle counts."""

    ref = RefField()
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="dialogue_scores")
    progress = models.CharField(max_length=10, choices=DialogueProgress)
    reason = models.TextField()
    language = models.CharField(max_length=8)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    objects = PermittedQuerySet.as_manager()
    access = Paths(factory="cycle__factory_id", programme="cycle__programme", cycle="cycle_id", always=Shared.FACTORY)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.cycle}: {self.progress}"
