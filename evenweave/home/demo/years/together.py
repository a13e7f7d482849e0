"""What the two sides of a factory do together beside their plan: a coach's visits, a committee, a course.

Each is a story of its own that runs beside the factory's and leaves nothing waiting for anybody."""

from collections.abc import Iterable, Iterator
from datetime import date, time, timedelta
from typing import Any

from evenweave.advisory import services as visits
from evenweave.advisory.enums import DialogueProgress, VisitMode
from evenweave.advisory.models import Visit
from evenweave.advisory.services import TookPart, Work
from evenweave.committees import services as committees
from evenweave.committees.enums import Seated, Sex
from evenweave.committees.models import Committee, Election, Meeting, Member
from evenweave.committees.rules import Ballots
from evenweave.enrolment.models import Cycle
from evenweave.enrolment.services import settle_invoice
from evenweave.home.demo.people import Company
from evenweave.home.demo.telling import Days, Story
from evenweave.improvement.enums import ItemStatus, Side
from evenweave.improvement.models import PlanItem
from evenweave.organisations.models import Factory
from evenweave.people.models import Person
from evenweave.toolkit import clock
from evenweave.training import services as training
from evenweave.training.models import Charge, Session
from evenweave.training.services import Participant

COURSE = "workplace-cooperation"
SEATS_OF_A_SIDE = 4
VISITED_ON = {1: ((2025, 2, 18), (2025, 5, 20)), 2: ((2026, 2, 17), (2026, 5, 19))}
SCORED_ON = {1: (2025, 8, 12), 2: (2026, 8, 11)}
MET_ON = ((2025, 4, 8), (2026, 11, 4))
NEXT_MEETING_IN_DAYS = 20


def together(company: Company, days: Days, key: str) -> list[Story]:
    """The stories that run beside a factory's own, as far as its country's file tells of them."""
    told = company.texts.together
    stories = []
    if key in told.get("visited", ()):
        stories.append(Visited(company, days, key).years())
    if key in told.get("committee_in", ()):
        stories.append(Meets(company, days, key).years())
    if key in told.get("course_in", ()):
        stories.append(_course(company, days, key, told["course"]))
    return stories


def _sides(company: Company, key: str) -> tuple[Person, Person]:
    return company[f"{key}:factory_manager"], company[f"{key}:worker_representative"]


def _today() -> date:
    return clock.now().date()


class Visited:
    """Two visits of the coach in each year, which both sides call as agreed, and a word on their dialogue."""

    def __init__(self, company: Company, days: Days, key: str) -> None:
        self.company, self.days, self.key = company, days, key
        self.told: dict[str, Any] = company.texts.together["visit"]

    @property
    def coach(self) -> Person:
        return self.company["coach"]

    @property
    def factory(self) -> Factory:
        return self.company.factories[self.key]

    def years(self) -> Story:
        for year in (1, 2):
            for number, on in enumerate(VISITED_ON[year]):
                yield from self._visit(year, on, VisitMode.VIRTUAL if number else VisitMode.ON_SITE)
            yield self.days.on(*SCORED_ON[year])
            progress = DialogueProgress.MODERATE if year == 1 else DialogueProgress.ON_TRACK
            reason = self.company.texts.together["dialogue"][f"year_{year}"]
            visits.score_dialogue(cycle_ref=self._cycle(year).ref, progress=progress, reason=reason, by=self.coach)

    def _visit(self, year: int, on: tuple[int, int, int], mode: VisitMode) -> Story:
        yield self.days.on(*on) - timedelta(days=10)
        visit = visits.plan_visit(
            cycle_ref=self._cycle(year).ref, day_on=_today() + timedelta(days=10), coach_ref=self.coach.ref,
            mode=mode, by=self.coach,
        )
        yield self.days.on(*on, 16)
        visits.log_visit(
            ref=visit.ref, held_on=visit.day_on, mode=mode, took_part=TookPart(2, 5, 4, self.told["who"]),
            works=self._works(), note=self.told["note"], by=self.coach,
        )
        yield self.days.on(*on) + timedelta(days=2)
        self._agree(visit)

    def _works(self) -> list[Work]:
        """The first items that are still open, each with a word of advice."""
        waiting = PlanItem.objects.filter(plan__factory=self.factory, withdrawn_at=None)
        waiting = waiting.exclude(status=ItemStatus.COMPLETED).order_by("number")
        return [Work(item_ref=item.ref, advice=word) for item, word in zip(waiting, self.told["advice"], strict=False)]

    def _agree(self, visit: Visit) -> None:
        for person in _sides(self.company, self.key):
            visits.answer_visit(ref=visit.ref, is_as_agreed=True, text="", by=person)

    def _cycle(self, year: int) -> Cycle:
        return Cycle.objects.get(factory=self.factory, number=year)


class Meets:
    """A committee: management names its members, workers elect theirs, and what is said is signed by both sides."""

    def __init__(self, company: Company, days: Days, key: str) -> None:
        self.company, self.days, self.key = company, days, key
        self.told: dict[str, Any] = company.texts.together["committee"]

    @property
    def factory(self) -> Factory:
        return self.company.factories[self.key]

    @property
    def manager(self) -> Person:
        return _sides(self.company, self.key)[0]

    @property
    def worker(self) -> Person:
        return _sides(self.company, self.key)[1]

    def years(self) -> Story:
        yield self.days.on(2025, 2, 3)
        committee = committees.form_committee(
            factory_ref=self.factory.ref, formed_on=_today(), unions=[], by=self.manager
        )
        self._name_management(committee)
        yield self.days.on(2025, 2, 6)
        election = self._call(committee)
        yield self.days.on(2025, 2, 27)
        self._count(election)
        for on, talk in zip(MET_ON, self.told["meetings"], strict=True):
            yield from self._meet(committee, on, talk)
        committees.plan_meeting(
            committee_ref=committee.ref, on=self.days.ahead(NEXT_MEETING_IN_DAYS), starts_at=time(14),
            place=self.told["place"], by=self.manager,
        )

    def _name_management(self, committee: Committee) -> None:
        rows = [(self.manager.name, self.told["manager_is"], self.told["manager_post"], self.manager.ref)]
        rows += [(name, sex, post, "") for name, sex, post in self.told["management"]]
        for name, sex, post, ref in rows[:SEATS_OF_A_SIDE]:
            member = committees.add_member(
                committee_ref=committee.ref, side=Side.MANAGEMENT, name=name, sex=Sex(sex), seated=Seated.NAMED,
                joined_on=_today(), post=post, person_ref=ref, by=self.manager,
            )
            if ref:
                committees.choose_chair(ref=member.ref, by=self.manager)

    def _call(self, committee: Committee) -> Election:
        election = committees.call_election(
            committee_ref=committee.ref, seats=SEATS_OF_A_SIDE, marks_each=2, place=self.told["place"],
            nominations_until_on=_today() + timedelta(days=14), polling_on=_today() + timedelta(days=21),
            by=self.worker,
        )
        rows = [(self.worker.name, self.told["worker_is"], self.worker.ref)]
        for name, sex, ref in rows + [(name, sex, "") for name, sex in self.told["candidates"]]:
            committees.nominate(
                election_ref=election.ref, name=name, sex=Sex(sex), nominated_by=self.told["nominated_by"],
                person_ref=ref, by=self.worker,
            )
        return election

    def _count(self, election: Election) -> None:
        """Who was nominated first has the most votes; nobody has as many as another."""
        eligible = self.factory.workers_total * 9 // 10
        handed_out = eligible * 8 // 10
        in_box = handed_out - 3
        refs = election.candidates.order_by("pk").values_list("ref", flat=True)
        votes = {ref: in_box * (9 - place) // 30 for place, ref in enumerate(refs)}
        committees.count_ballots(
            election_ref=election.ref, ballots=Ballots(eligible, handed_out, in_box, invalid=6), votes=votes,
            observers=self.told["observers"], by=self.worker,
        )

    def _meet(self, committee: Committee, on: tuple[int, int, int], talk: dict[str, str]) -> Story:
        yield self.days.on(*on) - timedelta(days=7)
        meeting = committees.plan_meeting(
            committee_ref=committee.ref, on=_today() + timedelta(days=7), starts_at=time(14), place=self.told["place"],
            by=self.manager,
        )
        point = committees.add_point(meeting_ref=meeting.ref, title=talk["point"], by=self.worker)
        yield self.days.on(*on, 15)
        committees.open_meeting(ref=meeting.ref, by=self.manager)
        present = Member.objects.filter(committee=committee, left_on=None).values_list("ref", flat=True)
        committees.note_attendance(meeting_ref=meeting.ref, present=list(present), guests="", by=self.manager)
        committees.note_point(ref=point.ref, said=talk["said"], by=self.manager)
        committees.close_minutes(meeting_ref=meeting.ref, ended_at=time(15), remarks="", by=self.manager)
        yield self.days.on(*on) + timedelta(days=1)
        text = Meeting.objects.get(pk=meeting.pk).minutes_sha256
        for person in (self.manager, self.worker):
            committees.sign_minutes(meeting_ref=meeting.ref, sha256=text, by=person)


def _course(company: Company, days: Days, key: str, told: dict[str, Any]) -> Story:
    """Two days on working together: who is on the list comes on both, and takes a certificate home."""
    yield days.on(2025, 3, 4)
    manager, coach = company.manager, company["coach"]
    session = training.plan_session(
        course_key=COURSE, programme=company.texts.programme, place=told["place"], capacity=20,
        days=[_today() + timedelta(days=14), _today() + timedelta(days=15)], language=company.texts.language,
        trainer_ref=coach.ref, by=manager,
    )
    listed = training.register(
        session_ref=session.ref, factory_ref=company.factories[key].ref, people=_participants(told["people"]),
        by=manager,
    )
    for on in (18, 19):
        yield days.on(2025, 3, on, 17)
        training.note_list(ref=session.ref, on=_today(), present=[one.ref for one in listed], by=coach)
    training.close_session(ref=session.ref, by=coach)
    yield days.on(2025, 3, 27)
    _pay(session, manager)


def _participants(rows: Iterable[tuple[str, str, str]]) -> Iterator[Participant]:
    return (Participant(name, sex, post) for name, sex, post in rows)


def _pay(session: Session, manager: Person) -> None:
    for charge in Charge.objects.filter(session=session).exclude(invoice=None).select_related("invoice"):
        settle_invoice(invoice_ref=charge.invoice.ref, paid_on=_today(), by=manager)
