"""What this room adds to the pages of others."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evenweave.access.enums import Action
from evenweave.enrolment.queries import BrokenCycle, Coverage, coverage_for, may_in_programme
from evenweave.enrolment.wording import broken_in_words
from evenweave.programmes.queries import rules_today
from evenweave.programmes.sections import Section
from evenweave.toolkit.parts import Fact, Link


def coverage_section(person, programme: str) -> Section | None:
    """How much of the country's registry takes part, on the page of a mandatory programme."""
    found = coverage_for(person, programme)
    return None if found is None else section_of(found)


def rules_section(person, programme: str) -> Section | None:
    """The way to what a change of the rules would break, where cycles can run."""
    if rules_today(programme).participation is None or not may_in_programme(person, Action.RULES_COMPARE, programme):
        return None
    link = Link(_("Compare the rules"), reverse("rule_changes", args=[programme]))
    sentence = _("See which running cycles it would break, before it is loaded.")
    return Section(_("A change of the rules"), sentence, (), link)


@dataclass(frozen=True)
class BrokenLine:
    """A running cycle, since when, and what would break for it."""

    href: str
    factory: str
    cycle: int
    starts_on: date
    broken: list[str]


def broken_lines(found: list[BrokenCycle]) -> list[BrokenLine]:
    return [
        BrokenLine(each.cycle.get_absolute_url(), each.cycle.factory.name, each.cycle.number, each.cycle.starts_on,
                   [broken_in_words(one) for one in each.broken])
        for each in found
    ]


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
        Fact(_("Share of the registry"), _("%(percent)s %%") % {"percent": percent}),
    )
    return Section(title, sentence, facts)
