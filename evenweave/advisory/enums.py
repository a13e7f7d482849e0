"""Words of the advisory visits."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class VisitState(TextChoices):
    PLANNED = "planned", _("Planned")
    HELD = "held", _("Held")
    CANCELLED = "cancelled", _("Cancelled")


class VisitMode(TextChoices):
    ON_SITE = "on_site", _("At the factory")
    VIRTUAL = "virtual", _("By video or telephone")


class Posture(TextChoices):
    """How a coach stands towards the factory: it hands over a little more each year (DOMAIN 1.4)."""

    GUIDE = "guide", _("Guide: build trust, set up the committee and the plan")
    COACH = "coach", _("Coach: more training, the factory leads its own work")
    CONSULTANT = "consultant", _("Consultant: answer what the factory asks")


class Clash(TextChoices):
    """Why a day is a bad one for a visit. A planner is told; the day stays hers to choose."""

    WEEKEND = "weekend", _("not a working day")
    HOLIDAY = "holiday", _("a public holiday")
    FULL_DAY = "full_day", _("the coach has two visits that day")
    FAR_APART = "far_apart", _("the coach is in another province that day")
    FULL_WEEK = "full_week", _("the coach has four visits that week")


class Cause(TextChoices):
    """The bones of a fishbone drawing."""

    PEOPLE = "people", _("People")
    METHODS = "methods", _("Ways of working")
    MACHINES = "machines", _("Machines and tools")
    MATERIALS = "materials", _("Materials")
    MEASURES = "measures", _("Records and measures")
    SURROUNDINGS = "surroundings", _("Place and surroundings")


class DialogueProgress(TextChoices):
    """How far the two sides of a factory have come in talking to each other, once a cycle (DOMAIN 1.4, step 11)."""

    ON_TRACK = "on_track", _("On track")
    MODERATE = "moderate", _("Moderate progress")
    NONE = "none", _("No progress")
