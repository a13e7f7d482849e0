"""Words of imports."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class BatchState(TextChoices):
    MAPPING = "mapping", _("Columns to be confirmed")
    CHECKING = "checking", _("Being checked")
    PREVIEW = "preview", _("To be looked through")
    COMMITTING = "committing", _("Being registered")
    COMMITTED = "committed", _("Registered")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")


class Verdict(TextChoices):
    NEW = "new", _("New")
    KNOWN = "known", _("Registered already")
    REPEATED = "repeated", _("Repeats an earlier row")
    POSSIBLE = "possible", _("Perhaps registered already")
    FAULTY = "faulty", _("To be corrected in the file")


class Decision(TextChoices):
    SAME = "same", _("The same factory")
    ANOTHER = "another", _("Another factory")


class Outcome(TextChoices):
    REGISTERED = "registered", _("Registered")
    MATCHED = "matched", _("Known already")
    MERGED = "merged", _("Merged into the factory that it is")
    WITHDRAWN = "withdrawn", _("Withdrawn again")
    KEPT = "kept", _("Kept: somebody has worked on it")
