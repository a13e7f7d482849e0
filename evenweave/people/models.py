"""People: one account each, with e-mail and phone both optional and unique."""

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from evenweave.access.enums import Role, Shared
from evenweave.access.scope import Paths, PermittedQuerySet
from evenweave.people.enums import AccreditedAs
from evenweave.people.rules import Span
from evenweave.toolkit import clock
from evenweave.toolkit.refs import RefField


class PersonManager(BaseUserManager):
    def create_user(self, *, name: str, email: str | None = None, password: str | None = None, **fields) -> "Person":
        person = self.model(name=name, email=self.normalize_email(email) or None, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """An account. What the person may do is in their standings, never here."""

    ref = RefField()
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail"), null=True, blank=True, unique=True)
    phone = models.CharField(_("phone"), max_length=20, null=True, blank=True, unique=True)
    language = models.CharField(_("language"), max_length=8, default="en")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=clock.now)
    erased_at = models.DateTimeField(null=True, blank=True)
    digest_muted = models.BooleanField(default=False)

    objects = PersonManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def reads_in(self) -> str:
        """The language the house speaks to them: their own where it has words in it, else English. What they type is in
        their own all the same."""
        return self.language if self.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE

    # What django.contrib.auth's context processor and allauth ask of an account; nobody is a Django superuser.
    is_staff = False
    is_superuser = False

    def has_perm(self, perm, obj=None) -> bool:
        return False

    def has_module_perms(self, app_label) -> bool:
        return False


class Invitation(models.Model):
    """A person is asked in; the standing is written when they accept."""

    ref = RefField()
    token_hash = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    role = models.CharField(max_length=30, choices=Role)
    factory = models.ForeignKey("organisations.Factory", models.PROTECT, null=True, blank=True, related_name="+")
    buyer = models.ForeignKey("organisations.Buyer", models.PROTECT, null=True, blank=True, related_name="+")
    programme = models.CharField(max_length=8, blank=True)
    invited_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    objects = PermittedQuerySet.as_manager()
    access = Paths(factory="factory_id", buyer="buyer_id", programme="programme", always=Shared.BUYERS)

    def __str__(self) -> str:
        return f"invitation of {self.name}"


class SignInCode(models.Model):
    """One attempt to sign in with a phone number, or one printed code. Holds keyed hashes, never a code or a number.

    An attempt with a number that nobody has is kept, too, so that it looks and counts like any other."""

    ref = RefField()
    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="+")
    phone_hash = models.CharField(max_length=64, blank=True)
    is_printed = models.BooleanField(default=False)
    code_hash = models.CharField(max_length=64, blank=True, help_text="empty until the code was made")
    made_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    printed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["phone_hash", "made_at"], name="code_by_phone"),
            models.Index(fields=["person", "is_printed"], name="code_by_person"),
        ]

    def __str__(self) -> str:
        return f"code {self.ref}"


class Accreditation(models.Model):
    """Somebody of a programme's staff was trained and found able: for what, from when, until when."""

    ref = RefField()
    person = models.ForeignKey(Person, models.PROTECT, related_name="accreditations")
    programme = models.CharField(max_length=8)
    accredited_as = models.CharField(max_length=12, choices=AccreditedAs)
    given_on = models.DateField()
    until_on = models.DateField()
    ground = models.CharField(max_length=500, help_text="the training, who looked on, how it was tested")
    given_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=500, blank=True)

    objects = PermittedQuerySet.as_manager()
    access = Paths(programme="programme", always=Shared.STAFF)

    class Meta:
        ordering = ["until_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(accredited_as__in=AccreditedAs.values), name="accreditation_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(until_on__gte=models.F("given_on")), name="accreditation_ends_after_start"
            ),
        ]
        indexes = [models.Index(fields=["person", "accredited_as"], name="accreditation_person")]

    def __str__(self) -> str:
        return f"{self.person} as {self.accredited_as}"

    @property
    def span(self) -> Span:
        return Span(self.given_on, self.until_on, self.withdrawn_on)
