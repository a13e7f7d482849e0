"""Reads of seminars and of the library of good practice, for a person."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from evenweave.access.enums import Action
from evenweave.access.scope import may_ever
from evenweave.organisations.models import Buyer, Factory
from evenweave.organisations.queries import programmes_for
from evenweave.people.models import Person
from evenweave.training.models import Guest, Practice, PracticeConsent, Seminar

MOST_WORDS = 8


def seminars_for(person: Person, action: Action = Action.SEMINAR_VIEW) -> QuerySet[Seminar]:
    """The seminars of the programmes that the person's factories, buyers or posts lead to."""
    return Seminar.objects.filter(programme__in=programmes_for(person, action)).order_by("on", "pk")


def guests_for(person: Person, seminar: Seminar) -> QuerySet[Guest]:
    """Who comes: the own factory or buyer, and everybody for those who plan it."""
    return Guest.objects.permitted(person, Action.SEMINAR_JOIN).filter(seminar=seminar).select_related(
        "factory", "buyer"
    )


def all_guests_for(person: Person, seminar: Seminar) -> QuerySet[Guest]:
    return Guest.objects.permitted(person, Action.SEMINAR_PLAN).filter(seminar=seminar).select_related(
        "factory", "buyer"
    )


def people_coming(seminar: Seminar) -> int:
    return seminar.guests.aggregate(all=Sum("people"))["all"] or 0


def who_can_come(person: Person, seminar: Seminar) -> list[Factory | Buyer]:
    """The factories and buyers for which the person can say that they come. A buyer's officer speaks for the buyer,
    never for a factory that has consented."""
    # Who may consent for a factory speaks for it.
    factories = Factory.objects.permitted(person, Action.PRACTICE_CONSENT).active().filter(programme=seminar.programme)
    buyers = Buyer.objects.permitted(person, Action.SEMINAR_JOIN)
    return [*factories.order_by("name"), *buyers.order_by("name")]


# Good practice


@dataclass(frozen=True, slots=True)
class Told:
    """A good practice as a reader gets it: `who` is the factory's name where it may be named, else ""."""

    practice: Practice
    who: str


def _standing() -> QuerySet[PracticeConsent]:
    return PracticeConsent.objects.filter(practice=OuterRef("pk"), revoked_at=None)


def library(person: Person, words: str = "", course: str = "") -> QuerySet[Practice]:
    """What may be read by everybody who learns here: published, and its factory's consent stands this moment. All
    words must occur."""
    if not may_ever(person, Action.SEMINAR_VIEW):
        return Practice.objects.none()
    found = Practice.objects.filter(Exists(_standing()), published_at__isnull=False)
    found = found.annotate(is_named=Exists(_standing().filter(is_named=True))).select_related("factory")
    if course:
        found = found.filter(course=course)
    for word in words.split()[:MOST_WORDS]:
        named = Q(is_named=True, factory__name__icontains=word)
        found = found.filter(
            Q(title__icontains=word) | Q(problem__icontains=word) | Q(done__icontains=word)
            | Q(result__icontains=word) | named
        )
    return found.order_by("-published_at", "-pk")


def told(practices: Iterable[Practice]) -> list[Told]:
    """Of practices out of the library."""
    return [Told(one, one.factory.name if one.is_named else "") for one in practices]


def drafts_for(person: Person) -> QuerySet[Practice]:
    """Every practice that the person works on, published or not."""
    found = Practice.objects.permitted(person, Action.PRACTICE_WRITE).select_related("factory", "written_by")
    return found.annotate(is_named=Exists(_standing().filter(is_named=True)), has_consent=Exists(_standing()))


def consent_of(practice: Practice) -> PracticeConsent | None:
    """The consent that stands; None when none was given, or it was withdrawn."""
    return practice.consents.filter(revoked_at=None).select_related("given_by").first()


def waiting_for_consent(person: Person) -> QuerySet[Practice]:
    return Practice.objects.permitted(person, Action.PRACTICE_CONSENT).exclude(Exists(_standing())).filter(
        published_at=None
    )


def waiting_for_publication(person: Person) -> QuerySet[Practice]:
    return Practice.objects.permitted(person, Action.PRACTICE_PUBLISH).filter(Exists(_standing()), published_at=None)


def may_write_for(person: Person, factory: Factory) -> bool:
    return Factory.objects.permitted(person, Action.PRACTICE_WRITE).filter(pk=factory.pk).exists()


def practices_to(person: Person, action: Action) -> QuerySet[Practice]:
    return Practice.objects.permitted(person, action).select_related("factory")


def may(person: Person, action: Action, practice: Practice) -> bool:
    return practices_to(person, action).filter(pk=practice.pk).exists()
