"""What a person may take out of the committees, in three queries."""

from django.db.models import Count, Q, QuerySet

from evenweave.access.enums import Action
from evenweave.committees.models import Election, Meeting, Member
from evenweave.improvement.enums import Side
from evenweave.people.models import Person

MOST_ROWS = 50_000


def members_to_export(person: Person) -> QuerySet[Member]:
    """Everybody who has or had a seat, by factory."""
    found = Member.objects.permitted(person, Action.COMMITTEE_VIEW).select_related("committee__factory")
    return found.order_by("committee__factory__name", "side", "joined_on", "pk")[:MOST_ROWS]


def meetings_to_export(person: Person) -> QuerySet[Meeting]:
    """Every meeting with how many of each side were there (`here_management`, `here_workers`) and how many decisions
    it took (`decided`)."""
    here = {
        f"here_{side.value}": Count(
            "attendance", filter=Q(attendance__is_present=True, attendance__member__side=side), distinct=True
        )
        for side in Side
    }
    found = Meeting.objects.permitted(person, Action.COMMITTEE_VIEW).select_related("committee__factory")
    counted = found.defer("minutes").annotate(**here, decided=Count("points__decisions", distinct=True))
    return counted.order_by("committee__factory__name", "number")[:MOST_ROWS]


def elections_to_export(person: Person) -> QuerySet[Election]:
    found = Election.objects.permitted(person, Action.COMMITTEE_VIEW).select_related("committee__factory")
    return found.order_by("committee__factory__name", "number")[:MOST_ROWS]
