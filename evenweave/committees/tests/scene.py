"""Mekong Stitch's committee, for the tests of this room: four of management, four elected by the workers.

Chan Sopheap (the manager) and Keo Sreymom (the worker representative) of the cast are members with accounts."""

from datetime import UTC, date, datetime, time

from evenweave.committees import services
from evenweave.committees.models import Candidate, Committee, Election, Meeting, Member
from evenweave.committees.rules import Ballots
from evenweave.toolkit import clock
from tests.cast import Cast

FORMED = date(2025, 3, 3)
POLLED = datetime(2025, 3, 20, 3, tzinfo=UTC)
MET = datetime(2026, 11, 20, 3, tzinfo=UTC)  # ten in the morning in Phnom Penh

MANAGEMENT = [
    ("Chan Sopheap", "man", "Factory manager"), ("Pich Kunthea", "woman", "Human resources"),
    ("Chhim Bora", "man", "Maintenance"), ("Keo Vanna", "woman", "Safety officer"),
]
# Name, sex, post, union, votes.
STOOD = [
    ("Keo Sreymom", "woman", "Line 4", "", 320), ("Nhem Pisey", "woman", "Packing", "Union A", 280),
    ("Ros Sophea", "woman", "Line 11", "Union B", 250), ("Touch Veasna", "man", "Cutting", "", 210),
    ("Som Dara", "man", "Washing", "", 90),
]


def at(year: int, month: int, day: int, hour: int = 3) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


def formed(cast: Cast) -> Committee:
    """The committee with management's seats; the workers have none yet. The clock stood on 3 March 2025."""
    cast.factory.workers_total, cast.factory.workers_female = 1000, 800
    cast.factory.save()
    with clock.at(at(2025, 3, 3)):
        committee = services.form_committee(
            factory_ref=cast.factory.ref, formed_on=FORMED, unions=["Union A", "Union B"], by=cast.manager
        )
        for name, sex, post in MANAGEMENT:
            member = services.add_member(
                committee_ref=committee.ref, side="management", name=name, sex=sex, post=post, seated="named",
                joined_on=FORMED, person_ref=cast.manager.ref if name == "Chan Sopheap" else "", by=cast.manager,
            )
            if name == "Chan Sopheap":
                services.choose_chair(ref=member.ref, by=cast.manager)
    return committee


def called(cast: Cast, committee: Committee, *, seats: int = 4) -> Election:
    """An election with everybody of STOOD standing; the clock stood on 10 March 2025."""
    with clock.at(at(2025, 3, 10)):
        election = services.call_election(
            committee_ref=committee.ref, seats=seats, marks_each=2, nominations_until_on=date(2025, 3, 15),
            polling_on=POLLED.date(), place="Canteen", by=cast.manager,
        )
        for name, sex, post, union, _votes in STOOD:
            services.nominate(
                election_ref=election.ref, name=name, sex=sex, post=post, union=union,
                nominated_by=union or f"Workers of {post}", by=cast.manager,
                person_ref=cast.worker.ref if name == "Keo Sreymom" else "",
            )
    return election


def votes_of(election: Election, **changed: int) -> dict[str, int]:
    """The votes of STOOD by ref; `changed` by the last name."""
    numbers = {name: changed.get(name.split()[1], votes) for name, _s, _p, _u, votes in STOOD}
    return {one.ref: numbers[one.name] for one in Candidate.objects.filter(election=election)}


def counted(cast: Cast, election: Election) -> Election:
    with clock.at(POLLED):
        return services.count_ballots(
            election_ref=election.ref, ballots=Ballots(1000, 700, 690, 20), votes=votes_of(election),
            observers=["Heng Vibol, coach", "Union A"], by=cast.worker,
        )


def whole(cast: Cast) -> Committee:
    committee = formed(cast)
    counted(cast, called(cast, committee))
    return committee


def planned(cast: Cast, committee: Committee, when: datetime = MET) -> Meeting:
    with clock.at(when):
        return services.plan_meeting(
            committee_ref=committee.ref, on=when.date(), starts_at=time(9, 30), place="Meeting room 2", by=cast.manager
        )


def opened(cast: Cast, committee: Committee, when: datetime = MET, *, here: int = 8) -> Meeting:
    """In session, with the first `here` of the members present (management first)."""
    meeting = planned(cast, committee, when)
    with clock.at(when):
        services.open_meeting(ref=meeting.ref, by=cast.manager)
        present = Member.objects.filter(committee=committee, left_on=None).order_by("side", "pk")[:here]
        services.note_attendance(
            meeting_ref=meeting.ref, present=[member.ref for member in present], guests="", by=cast.manager
        )
    meeting.refresh_from_db()
    return meeting
