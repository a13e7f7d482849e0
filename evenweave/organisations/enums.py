"""Words for factories and buyers."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Sector(TextChoices):
    APPAREL = "apparel", _("Apparel")
    FOOTWEAR = "footwear", _("Footwear")


class FactoryStatus(TextChoices):
    ACTIVE = "active", _("Active")
    CLOSED = "closed", pgettext_lazy("factory", "Closed")
    MERGED = "merged", _("Merged into another record")
    WITHDRAWN = "withdrawn", _("Registered by mistake")


class BuyerKind(TextChoices):
    PARTICIPANT = "participant", _("Participant")
    PARTNER = "partner", _("Partner")
