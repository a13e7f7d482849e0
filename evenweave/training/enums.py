"""Words of the training."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CourseKind(TextChoices):
    OFF_THE_SHELF = "off_the_shelf", _("Off the shelf")
    CUSTOM = "custom", _("Made to measure")


class Sex(TextChoices):
    WOMAN = "woman", _("Woman")
    MAN = "man", _("Man")
    NOT_SAID = "not_said", _("Not said")


class Post(TextChoices):
    """What a participant is at the factory."""

    WORKER = "worker", _("Worker")
    SUPERVISOR = "supervisor", _("Supervisor")
    MANAGER = "manager", _("Manager")


class SessionState(TextChoices):
    PLANNED = "planned", _("Planned")
    HELD = "held", _("Held")
    CANCELLED = "cancelled", _("Cancelled")


class RegistrationState(TextChoices):
    BOOKED = "booked", pgettext_lazy("training", "Has a seat")
    WAITING = "waiting", _("On the waiting list")
    CANCELLED = "cancelled", _("Cancelled")
