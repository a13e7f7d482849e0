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


class Break(TextChoices):
    """What a change of the rules does to a running cycle."""

    NOT_SOLD = "not_sold", _("What it bought is not sold")
    MODEL_GONE = "model_gone", _("Its service model is not there")
    STEP_GONE = "step_gone", _("A step still to come is taken away")
    STEP_ADDED = "step_added", _("A step is added")
    STEP_MOVED = "step_moved", _("A step still to come has another day, owner or number")
