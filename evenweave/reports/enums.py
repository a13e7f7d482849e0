"""Words of reports."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ReportState(TextChoices):
    CURRENT = "current", _("In force")
    SUPERSEDED = "superseded", _("Superseded by a newer version")


class ProgressState(TextChoices):
    DUE = "due", _("Due")
    SENT = "sent", _("Sent")


class Author(TextChoices):
    FACTORY = "factory", _("The factory")
    PROGRAMME = "programme", _("The programme")


class FileKind(TextChoices):
    PDF = "pdf", "PDF"
    XLSX = "xlsx", "Excel"
