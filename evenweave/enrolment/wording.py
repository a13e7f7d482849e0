"""What would break for a cycle, in words."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from evenweave.enrolment.enums import Break
from evenweave.enrolment.rules import Broken
from evenweave.programmes.rules import words
from evenweave.programmes.wording import said


def broken_in_words(broken: Broken) -> str:
    """One line: what breaks, and of which step or by which rule."""
    label = str(Break(broken.kind).label)
    if broken.reason is not None:
        return _("%(what)s: %(rule)s") % {"what": label, "rule": said(broken.reason).sentence}
    if broken.step:
        title = words(broken.title, get_language() or "en") if broken.title else broken.step
        return _("%(what)s: %(step)s") % {"what": label, "step": title}
    return label
