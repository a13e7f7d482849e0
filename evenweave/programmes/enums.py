"""Words for programmes, their rules and what forbids a sale."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SaleRule(TextChoices):
    """Programs read these keys: none is renamed or reused."""

    COUNTRY_NOT_OPEN = "country_not_open", _("The programme serves no factories in this country")
    NOT_YET_OPEN = "not_yet_open", _("The programme is not known to serve factories on that day")
    SECTOR_NOT_COVERED = "sector_not_covered", _("The programme does not cover this sector in this country")
    PACKAGE_ONLY = "package_only", _("Assessment and advisory are sold only together, as a yearly package")
    UNKNOWN_SERVICE = "unknown_service", _("No programme sells a service of this name")


class Service(TextChoices):
    """What a factory can buy."""

    ASSESSMENT = "assessment", _("Assessment")
    ADVISORY = "advisory", _("Advisory")
    TRAINING = "training", _("Training")


class ProgrammeStatus(TextChoices):
    PLANNED = "planned", pgettext_lazy("programme", "Planned")
    STARTING = "starting", pgettext_lazy("programme", "Starting")
    RUNNING = "running", pgettext_lazy("programme", "Running")
    ENDED = "ended", pgettext_lazy("programme", "Ended")


class Participation(TextChoices):
    MANDATORY = "mandatory", _("Mandatory")
    VOLUNTARY = "voluntary", _("Voluntary")


class Confidence(TextChoices):
    """How sure a rule is."""

    STATED = "stated", _("stated by the source")
    PARTLY = "partly", _("stated in part")
    ASSUMED = "assumed", _("assumed; no source states it")


class MilestoneKind(TextChoices):
    FRAMEWORK = "framework", _("Framework")
    AIM = "aim", _("Aim")
    STUDY = "study", _("Study")
    USE = "use", _("Use of the study")
