"""Sessions of courses, and who is registered for them."""

import secrets
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from evenweave.access.enums import Shared
from evenweave.access.scope import Paths, PermittedQuerySet
from evenweave.enrolment.models import Invoice
from evenweave.organisations.models import Buyer, Factory
from evenweave.toolkit import clock
from evenweave.toolkit.refs import ALPHABET, RefField
from evenweave.training.enums import (
    NotCharged,
    Noted,
    Post,
    RegistrationState,
    SeminarState,
    SessionState,
    Sex,
    Stage,
)

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
    held_at = models.DateTimeField(null=True, blank=True, help_text="when it was closed")

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


def new_certificate_code() -> str:
    """A random verification code: 104 bits, as the reports have them; says nothing about the certificate."""
    return secrets.token_hex(13).upper()


class Attendance(models.Model):
    """A participant was there on a day."""

    registration = models.ForeignKey(Registration, models.PROTECT, related_name="attendances")
    on = models.DateField()
    noted = models.CharField(max_length=10, choices=Noted)
    noted_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="+", help_text="nobody when by code"
    )
    noted_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["registration", "on"], name="attendance_once_a_day")]

    def __str__(self) -> str:
        return f"{self.registration} on {self.on}"


class Evaluation(models.Model):
    """What a participant answered before or after. Read by nobody: it only counts into a session's outcome."""

    registration = models.ForeignKey(Registration, models.PROTECT, related_name="evaluations")
    stage = models.CharField(max_length=8, choices=Stage)
    right = models.PositiveSmallIntegerField()
    asked = models.PositiveSmallIntegerField()
    satisfied = models.PositiveSmallIntegerField(null=True, blank=True, help_text="1 to 5, after the course")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["registration", "stage"], name="evaluation_once_a_stage"),
            models.CheckConstraint(condition=Q(right__lte=F("asked")), name="evaluation_right_within_asked"),
            models.CheckConstraint(
                condition=Q(satisfied__isnull=True) | Q(satisfied__range=(1, 5)), name="evaluation_satisfied_1_to_5"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage} of {self.registration}"


class Certificate(models.Model):
    """A participant was there on as many days as the course asks for. Its PDF is its StoredFile."""

    ref = RefField()
    registration = models.OneToOneField(Registration, models.PROTECT, related_name="certificate")
    code = models.CharField(max_length=26, unique=True, default=new_certificate_code, editable=False)
    issued_on = models.DateField()
    issued_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    objects = PermittedQuerySet.as_manager()
    access = Paths(
        factory="registration__factory_id", programme="registration__session__programme", always=Shared.FACTORY
    )

    def __str__(self) -> str:
        return f"certificate {self.ref}"

    def get_absolute_url(self) -> str:
        return reverse("factory_training", args=[self.registration.factory.ref])


class Charge(models.Model):
    """What a session cost a factory: its invoice, or why there is none."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="charges")
    factory = models.ForeignKey(Factory, models.PROTECT, related_name="+")
    invoice = models.OneToOneField(Invoice, models.PROTECT, null=True, blank=True, related_name="+")
    not_charged = models.CharField(max_length=20, choices=NotCharged, blank=True)

    objects = PermittedQuerySet.as_manager()
    access = Paths(factory="factory_id", programme="session__programme", always=Shared.FACTORY)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "factory"], name="charge_once_a_session"),
            models.CheckConstraint(
                condition=Q(invoice__isnull=False, not_charged="") | (Q(invoice__isnull=True) & ~Q(not_charged="")),
                name="charge_invoice_or_why_none",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session} for {self.factory}"


class Seminar(models.Model):
    """Factories and buyers of a programme learn from each other for a day."""

    ref = RefField()
    programme = models.CharField(max_length=8)
    title = models.CharField(max_length=200)
    on = models.DateField()
    place = models.CharField(max_length=200)
    seats = models.PositiveSmallIntegerField()
    agenda = models.TextField(help_text="one point a line")
    speakers = models.TextField(blank=True, help_text="one a line: name, and what they are")
    summary = models.TextField(blank=True, help_text="what was heard: input, good practice, challenges")
    language = models.CharField(max_length=8)
    state = models.CharField(max_length=10, choices=SeminarState, default=SeminarState.PLANNED)
    cancelled_reason = models.CharField(max_length=500, blank=True)
    planned_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    planned_at = models.DateTimeField(default=clock.now)

    objects = PermittedQuerySet.as_manager()
    # It reaches factories and buyers through its programme: queries.seminars.seminars_for.
    access = Paths(programme="programme", always=Shared.FACTORY)

    class Meta:
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=SeminarState.values), name="seminar_state_known"),
            models.CheckConstraint(condition=Q(seats__gte=1), name="seminar_has_seats"),
        ]
        indexes = [models.Index(fields=["programme", "on"], name="seminar_programme_day")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("seminar", args=[self.ref])


class Guest(models.Model):
    """A factory or a buyer comes to a seminar with some people. Read by itself and the programme alone: buyers do not
    learn of each other."""

    ref = RefField()
    seminar = models.ForeignKey(Seminar, models.PROTECT, related_name="guests")
    factory = models.ForeignKey(Factory, models.PROTECT, null=True, blank=True, related_name="+")
    buyer = models.ForeignKey(Buyer, models.PROTECT, null=True, blank=True, related_name="+")
    people = models.PositiveSmallIntegerField()
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    objects = PermittedQuerySet.as_manager()
    access = Paths(
        factory="factory_id", buyer="buyer_id", programme="seminar__programme", always=Shared.BUYERS
    )

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["seminar", "factory"], name="guest_factory_once"),
            models.UniqueConstraint(fields=["seminar", "buyer"], name="guest_buyer_once"),
            models.CheckConstraint(
                condition=Q(factory__isnull=False, buyer__isnull=True) | Q(factory__isnull=True, buyer__isnull=False),
                name="guest_one_of_both",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.factory or self.buyer} at {self.seminar}"

    def get_absolute_url(self) -> str:
        return self.seminar.get_absolute_url()


class Practice(models.Model):
    """Something that worked in one factory, told so that others can do it. In the library only while it is published
    and the factory's consent stands."""

    ref = RefField()
    factory = models.ForeignKey(Factory, models.PROTECT, related_name="practices")
    seminar = models.ForeignKey(Seminar, models.PROTECT, null=True, blank=True, related_name="practices")
    title = models.CharField(max_length=200)
    course = models.CharField(max_length=60, blank=True, help_text="key of the course it belongs to")
    problem = models.TextField()
    done = models.TextField()
    result = models.TextField()
    language = models.CharField(max_length=8)
    written_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=clock.now)
    published_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)

    objects = PermittedQuerySet.as_manager()
    # The factory, its coach and those who lead; everybody else reads it in the library: queries.practices.library.
    access = Paths(factory="factory_id", programme="factory__programme", always=Shared.FACTORY)

    class Meta:
        ordering = ["-written_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("practice", args=[self.ref])


class PracticeConsent(models.Model):
    """A line of the ledger: the factory lets this text be read by others, with or without its name, from when until
    when. Nobody changes the text while it stands."""

    practice = models.ForeignKey(Practice, models.PROTECT, related_name="consents")
    is_named = models.BooleanField()
    text_version = models.CharField(max_length=20)
    given_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=clock.now)
    revoked_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-given_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["practice"], condition=Q(revoked_at__isnull=True), name="practice_consent_once_open"
            ),
        ]

    def __str__(self) -> str:
        return f"consent to {self.practice}"


class Passed(models.Model):
    """A factory's own trainer, certified here, has trained workers on a day. No worker is named."""

    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="passed")
    on = models.DateField()
    women = models.PositiveSmallIntegerField()
    men = models.PositiveSmallIntegerField()
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(women__gt=0) | Q(men__gt=0), name="passed_to_somebody"),
            models.UniqueConstraint(fields=["certificate", "on"], name="passed_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.certificate} on {self.on}"
