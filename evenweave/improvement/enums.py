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


class ItemOrigin(TextChoices):
    """What an item came out of, beside an assessment or somebody's own eyes."""

    COMMITTEE = "committee", _("Decision of the committee")
    SELF_ASSESSMENT = "self_assessment", _("Self-assessment, self-reported")


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
    """The board's five columns, derived from status, agreement and verification. What nobody has to check stands in
    the last one as the factory's own word."""

    TO_AGREE = "to_agree", _("To agree")
    AGREED = "agreed", _("Agreed")
    DOING = "doing", _("Doing")
    WAITING = "waiting", _("Done, waiting for check")
    VERIFIED = "verified", _("Done or verified")


class Lack(TextChoices):
    """Why an item cannot be called done yet."""

    ANSWER_OF_MANAGEMENT = "answer_of_management", _("management has not answered")
    ANSWER_OF_WORKERS = "answer_of_workers", _("the workers' side has not answered")
    ACTION = "action", _("nothing is written about what was done")
    OPEN_ACTION = "open_action", _("an action is not finished")
