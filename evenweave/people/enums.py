"""Words for people."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AccreditedAs(TextChoices):
    """What somebody of the staff is accredited for."""

    ASSESSOR = "assessor", _("Assessor")
    REVIEWER = "reviewer", _("Quality reviewer")
    TRAINER = "trainer", _("Trainer")
