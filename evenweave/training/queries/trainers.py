"""Who trained whom: the programme's trainers, the factories' own trainers they trained, and whom those trained."""

from dataclasses import dataclass, field

from django.db.models import QuerySet

from evenweave.access.enums import Action
from evenweave.people.models import Person
from evenweave.training.models import Certificate
from evenweave.training.queries.courses import courses


@dataclass(frozen=True, slots=True)
class OwnTrainer:
    """A factory's own trainer, and how many workers she has reached."""

    certificate: Certificate
    days: int
    women: int
    men: int


@dataclass(slots=True)
class Branch:
    """One of the programme's trainers, and the trainers she made."""

    trainer: Person
    own: list[OwnTrainer] = field(default_factory=list)

    @property
    def reached(self) -> int:
        return sum(one.women + one.men for one in self.own)


def own_trainers(person: Person, action: Action = Action.TRAINING_PEOPLE) -> QuerySet[Certificate]:
    """The certificates of trainers' courses that the person may act on."""
    keys = [course.key for course in courses() if course.trains_trainers]
    return Certificate.objects.permitted(person, action).filter(registration__session__course__in=keys).select_related(
        "registration__factory", "registration__session__trainer"
    )


def tree_for(person: Person) -> list[Branch]:
    """By the name of the programme's trainer, then of the factory. Two queries."""
    branches: dict[int, Branch] = {}
    found = own_trainers(person).prefetch_related("passed").order_by(
        "registration__session__trainer__name", "registration__factory__name", "registration__name"
    )
    for certificate in found:
        trainer = certificate.registration.session.trainer
        passed = certificate.passed.all()
        branches.setdefault(trainer.pk, Branch(trainer)).own.append(OwnTrainer(
            certificate, len(passed), sum(one.women for one in passed), sum(one.men for one in passed)
        ))
    return list(branches.values())
