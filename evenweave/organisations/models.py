"""Factories, buyers, and what a factory has consented to."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from evenweave.access.enums import Shared
from evenweave.access.scope import Paths, PermittedQuerySet
from evenweave.organisations.enums import BuyerKind, FactoryStatus, Sector
from evenweave.toolkit import clock
from evenweave.toolkit.refs import RefField


class FactoryQuerySet(PermittedQuerySet):
    def active(self) -> "FactoryQuerySet":
        return self.filter(status=FactoryStatus.ACTIVE)


class Factory(models.Model):
    """A workplace, enrolled or not; never deleted. One record, one plan, many buyers. Fields: DOMAIN 1.3."""

    ref = RefField()
    programme = models.CharField(_("country programme"), max_length=8)
    name = models.CharField(_("name"), max_length=200)
    address = models.CharField(_("address"), max_length=200, blank=True)
    address_more = models.CharField(_("address, second line"), max_length=200, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    region = models.CharField(_("province or region"), max_length=100, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=20, blank=True)
    country = models.CharField(_("country"), max_length=2)
    latitude = models.DecimalField(_("latitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    workers_total = models.PositiveIntegerField(_("workers"), null=True, blank=True)
    workers_female = models.PositiveIntegerField(_("women among the workers"), null=True, blank=True)
    workers_male = models.PositiveIntegerField(_("men among the workers"), null=True, blank=True)
    year_operations_began = models.PositiveSmallIntegerField(
        _("year operations began"), null=True, blank=True,
        validators=[MinValueValidator(1850), MaxValueValidator(2100)],
    )
    products = models.CharField(_("main products"), max_length=300, blank=True)
    owner_name = models.CharField(_("owner's legal name"), max_length=200, blank=True)
    owner_address = models.CharField(_("owner's address"), max_length=300, blank=True)
    owner_contact = models.CharField(_("owner's contact person"), max_length=120, blank=True)
    owner_phone = models.CharField(_("owner's phone"), max_length=40, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    os_id = models.CharField(_("OS ID"), max_length=40, blank=True)
    registry_id = models.CharField(_("national registry number"), max_length=60, blank=True)
    has_dormitory = models.BooleanField(_("houses workers in a dormitory"), default=False)
    is_invented = models.BooleanField(default=False, help_text="part of a demo programme, not a real business")
    status = models.CharField(max_length=20, choices=FactoryStatus, default=FactoryStatus.ACTIVE)
    status_reason = models.CharField(max_length=300, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="duplicates")
    match_key = models.CharField(max_length=300, blank=True, editable=False, help_text="rules.match_key")
    search_key = models.CharField(max_length=500, blank=True, editable=False, help_text="rules.search_key; sorts too")
    revision = models.PositiveIntegerField(default=1, help_text="counts corrections, so that two people notice")
    registered_at = models.DateTimeField(default=clock.now)

    objects = FactoryQuerySet.as_manager()
    access = Paths(factory="id", programme="programme", always=Shared.BUYERS)

    class Meta:
        verbose_name_plural = "factories"
        indexes = [
            models.Index(fields=["programme", "name"], name="factory_programme_name"),
            models.Index(fields=["os_id"], name="factory_os_id"),
            # The lists: for the whole house and for a programme, by name and by place.
            models.Index(fields=["search_key"], name="factory_by_name"),
            models.Index(fields=["city", "search_key"], name="factory_by_place"),
            models.Index(fields=["programme", "search_key"], name="factory_programme_by_name"),
            models.Index(fields=["programme", "city", "search_key"], name="factory_programme_by_place"),
            models.Index(fields=["programme", "region"], name="factory_programme_region"),
            models.Index(fields=["programme", "match_key"], name="factory_matched"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(workers_total__isnull=True) | Q(workers_female__isnull=True)
                | Q(workers_total__gte=F("workers_female")),
                name="factory_women_within_total",
            ),
            models.CheckConstraint(
                condition=Q(status=FactoryStatus.MERGED, merged_into__isnull=False)
                | (~Q(status=FactoryStatus.MERGED) & Q(merged_into__isnull=True)),
                name="factory_merged_says_into_which",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("factory_page", args=[self.ref])

    @property
    def place(self) -> str:
        """City and province, as they follow a name."""
        return ", ".join(filter(None, dict.fromkeys((self.city, self.region))))


class FactorySector(models.Model):
    """A sector a factory works in, with dates: sectors are a set that changes."""

    factory = models.ForeignKey(Factory, models.CASCADE, related_name="sectors")
    sector = models.CharField(max_length=20, choices=Sector)
    from_on = models.DateField(null=True, blank=True)
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["factory", "sector"], condition=Q(until_on__isnull=True),
                                    name="factory_sector_once_open"),
        ]

    def __str__(self) -> str:
        return f"{self.factory}: {self.sector}"


class FactoryContact(models.Model):
    """A person to call at a factory (DOMAIN 1.3: two of them on the form)."""

    factory = models.ForeignKey(Factory, models.CASCADE, related_name="contacts")
    name = models.CharField(_("contact's name"), max_length=120)
    job_title = models.CharField(_("job title"), max_length=120, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)

    def __str__(self) -> str:
        return self.name


class FactoryCustomer(models.Model):
    """A main buyer as the factory itself names it; no claim by the buyer and no consent."""

    factory = models.ForeignKey(Factory, models.CASCADE, related_name="customers")
    name = models.CharField(_("buyer's name"), max_length=120)
    years = models.PositiveSmallIntegerField(_("years of relationship"), null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Buyer(models.Model):
    """A brand, retailer or agent that buys from factories."""

    ref = RefField()
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=BuyerKind, default=BuyerKind.PARTICIPANT)
    may_be_named = models.BooleanField(_("agrees to be named to other buyers"), default=False)
    is_invented = models.BooleanField(default=False)

    objects = PermittedQuerySet.as_manager()
    access = Paths(buyer="id", always=Shared.BUYERS)

    def __str__(self) -> str:
        return self.name


class Consent(models.Model):
    """One line of the consent ledger: which factory allowed which buyer what, by which text, from when to when."""

    ref = RefField()
    factory = models.ForeignKey(Factory, models.PROTECT, related_name="consents")
    buyer = models.ForeignKey(Buyer, models.PROTECT, related_name="consents")
    what = models.CharField(max_length=40, default="reports_and_plan")
    text_version = models.CharField(max_length=20)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=clock.now)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    objects = PermittedQuerySet.as_manager()
    access = Paths(factory="factory_id", programme="factory__programme", always=Shared.FACTORY)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["factory", "buyer", "what"], condition=Q(revoked_at__isnull=True),
                                    name="consent_once_open"),
        ]

    def __str__(self) -> str:
        return f"{self.factory} to {self.buyer}"
