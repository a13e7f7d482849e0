"""Loading records inside a step, and writing its line in the log, the same way for every service."""

from datetime import date

from django.db import models
from django.http import Http404
from django.utils.translation import gettext as _

from evenweave.access.enums import Action, Shared
from evenweave.activity.services import Log
from evenweave.activity.steps import Step
from evenweave.committees.models import Candidate, Committee, Election, Meeting, Member
from evenweave.improvement.queries import ties_of, today_of
from evenweave.organisations.models import Factory
from evenweave.people.models import Person
from evenweave.programmes.queries import rules_on
from evenweave.programmes.rules import CommitteeRules
from evenweave.toolkit.refusals import Refused


def locked_committee(by: Person, ref: str) -> Committee:
    """The committee with its factory, locked: its lock is what numbers meetings and elections."""
    return Committee.objects.select_related("factory").filter(ended_on=None).one_for(by, Action.COMMITTEE_EDIT, ref=ref)


def locked[M: (Meeting, Election, Member)](model: type[M], by: Person, ref: str) -> M:
    return model.objects.select_related("committee__factory").one_for(by, Action.COMMITTEE_EDIT, ref=ref)


def locked_candidate(by: Person, ref: str) -> Candidate:
    return Candidate.objects.select_related("election__committee__factory").one_for(
        by, Action.COMMITTEE_EDIT, ref=ref
    )


def asked_of(committee: Committee, day: date | None = None) -> CommitteeRules:
    """What the programme asks of this committee on the day, by default today."""
    return rules_on(committee.factory.programme, day or today_of(committee.factory)).committee


def next_number(records: models.QuerySet) -> int:
    return (records.aggregate(last=models.Max("number"))["last"] or 0) + 1


def person_of(factory: Factory, ref: str) -> Person | None:
    """The account, if it stands towards this factory; Http404 for another one's."""
    if not ref:
        return None
    found = Person.objects.filter(ref=ref, standings__factory=factory).distinct().first()
    if found is None:
        raise Http404
    return found


def side_word(by: Person, factory: Factory) -> str:
    """The side the person speaks for at this factory; "" for a coach and for who would speak for both."""
    side = ties_of(by, factory).side
    return side.value if side else ""


def own_side_only(by: Person, factory: Factory, side: str) -> None:
    """Each side looks after its own seats; a coach, who is of neither, may do it for both."""
    if side_word(by, factory) not in {"", side}:
        raise Refused(_("Each side looks after its own seats. The coach may do it for both."))


def required(text: str, field: str, words: str) -> str:
    """The text without outer blanks. Raises Refused with `words` when nothing is left."""
    tidy = text.strip()
    if not tidy:
        raise Refused(words, field=field)
    return tidy


def not_after_today(day: date, committee: Committee, field: str) -> None:
    if day > today_of(committee.factory):
        raise Refused(_("Choose today or a day before."), field=field)


def record(log: Log, step: Step, about: models.Model, committee: Committee, by: Person | None, **payload) -> None:
    """One line in the factory's log, which its people, its coach and the programme read."""
    log.record(step, about=about, by=by, sharing=Shared.FACTORY, factory=committee.factory, payload=payload)
