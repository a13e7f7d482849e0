"""Words of the improvement plan."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ItemStatus(TextChoices):
    PENDING = "pending", _("Pending")
    IN_PROGRESS = "in_progress", _("In progress")
    COMPLETED = "completed", _("Completed")


class ItemSource(TextChoices):
    FINDING = "finding", _("Finding of an assessment")
    SELF_FOUND = "self_found", _("Found by the factory")


class Agreement(TextChoices):
    NOT_YET = "not_yet", _("Has not answered yet")
    AGREES = "agrees", _("Agrees")
    DISAGREES = "disagrees", _("Disagrees")


class Side(TextChoices):
    MANAGEMENT = "management", _("Management")
    WORKERS = "workers", _("Workers")


class Verification(TextChoices):
    NOT_NEEDED = "not_needed", _("No check needed")
    NEEDED = "needed", _("Check needed when done")
    ASKED = "asked", _("Waiting for check")
    VERIFIED = "verified", _("Verified")
    REFUSED = "refused", _("Not accepted")


class Lane(TextChoices):
    """The board's five columns, derived from status, agreement and verification."""

    TO_AGREE = "to_agree", _("To agree")
    AGREED = "agreed", _("Agreed")
    DOING = "doing", _("Doing")
    WAITING = "waiting", _("Done, waiting for check")
    VERIFIED = "verified", _("Done and verified")
