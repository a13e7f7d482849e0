"""What this room adds to the pages of others."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evenweave.enrolment.queries import Coverage, coverage_for
from evenweave.programmes.sections import Section
from evenweave.toolkit.parts import Fact


def coverage_section(person, programme: str) -> Section | None:
    """How much of the country's registry takes part, on the page of a mandatory programme."""
    found = coverage_for(person, programme)
    return None if found is None else section_of(found)


def section_of(found: Coverage) -> Section:
    title = _("Coverage of the registry")
    if found.share is None:
        return Section(title, _("No factory has a registry number yet, so there is nothing to count against. "
                                "Import the registry's list with its numbers."))
    percent = number_format(round(found.share * 100, 1), 1)
    sentence = ngettext(
        "%(enrolled)s of %(registered)s registered factory is in a cycle today: %(percent)s %%.",
        "%(enrolled)s of %(registered)s registered factories are in a cycle today: %(percent)s %%.",
        found.registered,
    ) % {"enrolled": found.enrolled, "registered": found.registered, "percent": percent}
    if found.unlisted:
        sentence += " " + ngettext(
            "%(n)s more is in a cycle and has no registry number.",
            "%(n)s more are in a cycle and have no registry number.",
            found.unlisted,
        ) % {"n": found.unlisted}
    facts = (
        Fact(_("Registered"), found.registered),
        Fact(_("In a cycle"), found.enrolled),
        Fact(_("Share"), _("%(percent)s %%") % {"percent": percent}),
    )
    return Section(title, sentence, facts)
