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


class Noted(TextChoices):
    """How it is known that somebody was there."""

    BY_CODE = "by_code", _("With the code on the participant's phone")
    BY_LIST = "by_list", _("On the trainer's list")


class Stage(TextChoices):
    """When a participant answers the questions of a course."""

    BEFORE = "before", _("Before the course")
    AFTER = "after", _("After the course")


class NotCharged(TextChoices):
    """Why a factory gets no invoice for a session."""

    INSIDE_THE_FEE = "inside_the_fee", _("Inside the fee of the factory's package")
    NO_PRICE = "no_price", _("No price list is in force")


class SeminarState(TextChoices):
    PLANNED = "planned", _("Planned")
    HELD = "held", _("Held")
    CANCELLED = "cancelled", _("Cancelled")
