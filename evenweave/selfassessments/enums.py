"""Words of the self-assessment."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SelfState(TextChoices):
    OPEN = "open", _("Each side answers")
    COMPARED = "compared", _("Both sides compare")
    HANDED_IN = "handed_in", _("Handed in")


class Match(TextChoices):
    """How the answers of the two sides stand beside each other."""

    SAME = "same", _("Both say the same")
    DIFFERS = "differs", _("They differ")
    SETTLED = "settled", _("Agreed afterwards")
    ONE_SIDE = "one_side", _("Only one side answered")
    NOBODY = "nobody", _("Nobody answered")
