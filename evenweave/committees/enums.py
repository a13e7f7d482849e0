"""Words of the committees."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Sex(TextChoices):
    WOMAN = "woman", _("Woman")
    MAN = "man", _("Man")
    NOT_SAID = "not_said", _("Not said")


class Seated(TextChoices):
    """How a member came to the seat."""

    ELECTED = "elected", _("Elected")
    NAMED = "named", _("Named by management")
    BY_UNION = "by_union", _("Named by a union")
    TAKEN_OVER = "taken_over", _("Member from before")


class ElectionState(TextChoices):
    NOMINATING = "nominating", _("Nominations open")
    TIED = "tied", _("Counted, a tie is open")
    HELD = "held", _("Held")
    CALLED_OFF = "called_off", _("Called off")


class MeetingState(TextChoices):
    PLANNED = "planned", _("Planned")
    OPEN = "open", _("In session")
    CLOSED = "closed", _("Minutes to sign")
    SIGNED = "signed", _("Signed by both sides")
    CALLED_OFF = "called_off", _("Called off")


class PointSource(TextChoices):
    """Why a point stands on an agenda."""

    LATE = "late", _("Late")
    NEW = "new", _("New finding")
    DISAGREED = "disagreed", _("The sides disagree")
    DUE = "due", _("Due soon")
    TO_AGREE = "to_agree", _("Waits for an answer")
    SEATS = "seats", _("Seats and terms")
    OWN = "own", _("Asked for by a member")


class Signing(TextChoices):
    SIGNS = "signs", _("Signs")
    OBJECTS = "objects", _("Signs, and disagrees in part")


class Lack(TextChoices):
    """What a committee's seats lack against the programme's rules."""

    TOO_FEW = "too_few", _("too few members")
    TOO_MANY = "too_many", _("too many members")
    NOT_EQUAL = "not_equal", _("the sides are not equal")
    TOO_FEW_WOMEN = "too_few_women", _("too few women among the workers' seats")
    TOO_FEW_MEN = "too_few_men", _("too few men among the workers' seats")
    UNION = "union", _("a union has no seat")
    NOT_ELECTED = "not_elected", _("a worker member was not elected")
    NO_CHAIR = "no_chair", _("nobody is in the chair")
    TERM_OVER = "term_over", _("a term is over")


class Sign(TextChoices):
    """What the health of a committee is read from."""

    MEETS = "meets", _("Meets on time")
    QUORATE = "quorate", _("Can decide")
    WORKER_ITEMS = "worker_items", _("What workers raised is done")
    BALANCE = "balance", _("Seats are as they should be")


class Verdict(TextChoices):
    GOOD = "good", _("Good")
    WATCH = "watch", _("To watch")
    BAD = "bad", _("Not good")
    UNKNOWN = "unknown", _("Too early to say")
