"""Words for assessments, answers, replies and zero-tolerance cases."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AssessmentState(TextChoices):
    PLANNED = "planned", _("Planned")
    IN_PROGRESS = "in_progress", _("In progress")
    IN_REVIEW = "in_review", _("In review")
    RETURNED = "returned", _("Returned with comments")
    WITH_FACTORY = "with_factory", _("With the factory for reply")
    REPLIED = "replied", _("Replied, ready for release")
    RELEASED = "released", _("Released")


class Mode(TextChoices):
    ONSITE = "onsite", _("On site")
    VIRTUAL = "virtual", _("Virtual")
    HYBRID = "hybrid", _("Hybrid")


class Extent(TextChoices):
    FULL = "full", _("All questions")
    SHORT = "short", _("Publicly reported questions only")


class Field(TextChoices):
    """What can be said about one question; each is a field of the change log."""

    ANSWER = "answer", _("Answer")
    EXPLANATION = "explanation", _("Explanation")
    FINDING = "finding", _("Finding text with its blanks filled")
    SERIOUSNESS = "seriousness", _("Seriousness")
    NOTE = "note", _("Private note of the assessors")


class Seriousness(TextChoices):
    MINOR = "minor", _("Minor")
    MAJOR = "major", _("Major")
    GRAVE = "grave", _("Grave")


class TaskStatus(TextChoices):
    NOT_STARTED = "not_started", _("Not started")
    IN_PROGRESS = "in_progress", _("In progress")
    NEEDS_EVIDENCE = "needs_evidence", _("Needs evidence")
    DONE = "done", _("Done")


class Lack(TextChoices):
    """Why a question keeps an assessment from being submitted."""

    ANSWER = "answer", _("not answered")
    EXPLANATION = "explanation", _("the explanation is missing")
    BLANKS = "blanks", _("the finding's sentence has empty blanks")
    CONFLICT = "conflict", _("two answers differ; choose one")


class Position(TextChoices):
    AGREES = "agrees", _("Agrees")
    PARTLY = "partly", _("Agrees in part")
    DISAGREES = "disagrees", _("Disagrees")


class Decision(TextChoices):
    WAITING = "waiting", _("Waiting")
    GRANTED = "granted", _("Granted")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn: the replies were sent before a decision")


class CaseState(TextChoices):
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")
