"""Sessions of courses, and who is registered for them."""

import secrets
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from evenweave.access.enums import Shared
from evenweave.access.scope import Paths, PermittedQuerySet
from evenweave.organisations.models import Factory
from evenweave.toolkit import clock
from evenweave.toolkit.refs import ALPHABET, RefField
from evenweave.training.enums import Post, RegistrationState, SessionState, Sex

PERSON = settings.AUTH_USER_MODEL
CODE_LENGTH = 6


def new_code() -> str:
    """What a participant types to say "I am here"; read aloud easily, known to nobody else."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


class Session(models.Model):
    """A course held once. Open to every factory of its programme, or closed: for one factory alone."""

    ref = RefField()
    course = models.CharField(max_length=60, help_text="key of the course in the catalogue")
    programme = models.CharField(max_length=8)
    language = models.CharField(max_length=8)
    place = models.CharField(max_length=200)
    days = models.JSONField(help_text="the days it is held on, ISO dates in their order")
    first_on = models.DateField()
    last_on = models.DateField()
    capacity = models.PositiveSmallIntegerField()
    trainer = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    closed_to = models.ForeignKey(Factory, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=SessionState, default=SessionState.PLANNED)
    cancelled_reason = models.CharField(max_length=500, blank=True)
    last_number = models.PositiveIntegerField(default=0, help_text="of its registrations; drawn under the row's lock")
    planned_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    planned_at = models.DateTimeField(default=clock.now)

    objects = PermittedQuerySet.as_manager()
    # An open session reaches factories and buyers through its programme: queries.sessions_for.
    access = Paths(programme="programme", factory="closed_to_id", always=Shared.FACTORY)

    class Meta:
        ordering = ["first_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=SessionState.values), name="session_state_known"),
            models.CheckConstraint(condition=Q(capacity__gte=1), name="session_has_seats"),
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="session_days_in_order"),
        ]
        indexes = [models.Index(fields=["programme", "first_on"], name="session_programme_day")]

    def __str__(self) -> str:
        return f"session {self.ref}"

    def get_absolute_url(self) -> str:
        return reverse("training_session", args=[self.ref])

    @property
    def dates(self) -> list[date]:
        return [date.fromisoformat(day) for day in self.days]


class Registration(models.Model):
    """One person of a factory for one session: with a seat, or waiting in the order of the numbers."""

    ref = RefField()
    session = models.ForeignKey(Session, models.PROTECT, related_name="registrations")
    factory = models.ForeignKey(Factory, models.PROTECT, related_name="training_registrations")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=120)
    name_key = models.CharField(max_length=120, editable=False, help_text="rules.name_key")
    sex = models.CharField(max_length=10, choices=Sex)
    post = models.CharField(max_length=12, choices=Post)
    state = models.CharField(max_length=10, choices=RegistrationState)
    code = models.CharField(max_length=CODE_LENGTH, default=new_code, editable=False)
    registered_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    registered_at = models.DateTimeField(default=clock.now)
    moved_up_at = models.DateTimeField(null=True, blank=True, help_text="when a seat came free")
    cancelled_at = models.DateTimeField(null=True, blank=True)

    objects = PermittedQuerySet.as_manager()
    access = Paths(factory="factory_id", programme="session__programme", always=Shared.FACTORY)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RegistrationState.values), name="registration_state_known"),
            models.UniqueConstraint(fields=["session", "number"], name="registration_number_once"),
            models.UniqueConstraint(fields=["session", "code"], name="registration_code_once"),
            models.UniqueConstraint(
                fields=["session", "factory", "name_key"], condition=~Q(state="cancelled"),
                name="registration_name_once",
            ),
        ]
        indexes = [models.Index(fields=["session", "state", "number"], name="registration_queue")]

    def __str__(self) -> str:
        return f"registration {self.ref}"

    def get_absolute_url(self) -> str:
        return self.session.get_absolute_url()
