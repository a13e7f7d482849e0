"""Words for cycles, packages, invoices."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Package(TextChoices):
    ASSESSMENT = "assessment", _("Assessment alone")
    ASSESSMENT_AND_ADVISORY = "assessment_and_advisory", _("Assessment and advisory, one year")
    ADVISORY = "advisory", _("Advisory alone")


class CycleState(TextChoices):
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


class StepOwner(TextChoices):
    FACTORY = "factory", _("The factory")
    PROGRAMME = "programme", _("The programme")
