"""One world with something at every place, for tests that look at all places at once.

Mekong Stitch has a year behind it: assessed, released to Nordlys (consented and paid) but not to Costa Moda
(consented, not paid) nor to Roth & Cie (neither), working on its plan, one progress report sent, one due. It is in its
second cycle now, and `plan_the_secret` plans its second assessment for SECRET_DAY.

Four more factories stand in the very same hands (same manager, worker representative, coach and buyers), each with
an assessment at another stage, so that nothing but the stage decides who sees it:

| field | factory | its assessment |
|---|---|---|
| started | Mekong Stitch 2 | in progress, with a photo and a zero-tolerance case that only staff know |
| in_review | Mekong Stitch 3 | in review, with a comment |
| with_factory | Mekong Stitch 4 | with the factory, which has replied once and asks for more time |
| replied | Mekong Stitch 5 | replied, ready for release |
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO

from django.db import transaction
from django.test import Client, override_settings

from evenweave.access.enums import Role
from evenweave.access.services import give_standing
from evenweave.advisory import services as advisory
from evenweave.advisory.models import Visit, VisitWork
from evenweave.assessments.enums import Position
from evenweave.assessments.models import Assessment, Photo, ReviewComment, ZeroToleranceCase
from evenweave.assessments.services import answering, cases, planning, replying, reviewing, submitting
from evenweave.assessments.tests.pictures import a_picture
from evenweave.assessments.tests.scene import COMPLETE, a_change, a_small_tool
from evenweave.committees import services as committees
from evenweave.committees.tests import scene as tables
from evenweave.enrolment import services as enrolment
from evenweave.enrolment.models import Cycle, Invoice
from evenweave.exchange.models import FactoryMerge, ImportBatch
from evenweave.exchange.services import merge_factories, read_factory_list
from evenweave.improvement import services as improvement
from evenweave.improvement.models import ItemAction, ItemDetail, Plan, PlanItem
from evenweave.organisations.models import Factory
from evenweave.people.models import Accreditation
from evenweave.people.services import invite
from evenweave.reports.models import ProgressReport, Report
from evenweave.reports.services.progress import send_progress
from evenweave.reports.services.releasing import release_report
from evenweave.selfassessments import services as selfassessments
from evenweave.selfassessments.models import SelfAssessment
from evenweave.selfassessments.tests.scene import a_whole_profile, fresh
from evenweave.toolkit import clock
from evenweave.toolkit.jobs.worker import perform_due
from evenweave.training import services as training
from evenweave.training.models import Certificate, Practice, Registration, Seminar, Session
from tests import builders
from tests.cast import Cast, introduce

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)  # a Tuesday, 10:00 in Phnom Penh
SECRET_DAY = date(2027, 3, 17)
SECRET_WINDOW = (date(2027, 3, 8), date(2027, 3, 26))
# Whom the cases are about: nobody but the programme's leaders and who wrote the name down may ever read it.
PROTECTED = "Phally Sokunthearoth"
PROTECTED_OF_INFORMED = "Vannak Rithisenchey"
PRIVATE_NOTE = COMPLETE["SH-01", "note"]
# What each side says of Mekong Stitch 2, where one side has not given its answers yet.
MANAGEMENT_WORDS = "October payroll waits unsigned"
WORKERS_WORDS = "east gate chained on Saturday"


@dataclass
class World:
    cast: Cast
    cycle: Cycle
    second_cycle: Cycle
    released: Assessment
    report: Report
    plan: Plan
    found_item: PlanItem
    own_item: PlanItem
    action: ItemAction
    sent: ProgressReport
    due: ProgressReport
    started: Assessment
    in_review: Assessment
    with_factory: Assessment
    replied: Assessment
    kept_case: ZeroToleranceCase
    informed_case: ZeroToleranceCase
    batch: ImportBatch
    held_visit: Visit
    visit_work: VisitWork
    coming_visit: Visit
    near_self: SelfAssessment
    open_self: SelfAssessment
    both_self: SelfAssessment
    planned: Assessment | None = None
    stages: dict[str, Factory] = field(default_factory=dict)
    folder: object = None  # where its files are
    mails: list[str] = field(default_factory=list)  # sent while it was built, once a test keeps them
    token: str = ""  # of an open invitation, once one was sent
    committee: dict[str, object] = field(default_factory=dict)  # its records by name, once a test asks for them
    to_write: ProgressReport | None = None  # one that is the factory's to write, once a test asks for it
    merge: FactoryMerge | None = None  # of two records that could be split again, once a test asks for it

    @property
    def comment(self) -> ReviewComment:
        return ReviewComment.objects.get(assessment=self.in_review)

    @property
    def photo(self) -> Photo:
        return Photo.objects.get(assessment=self.started)

    @property
    def coming_session(self) -> Session:
        return Session.objects.get(course="supervisory-skills")

    @property
    def own_session(self) -> Session:
        return Session.objects.get(course="productivity")

    @property
    def seminar(self) -> Seminar:
        return Seminar.objects.get()

    @property
    def shared_practice(self) -> Practice:
        return Practice.objects.get(title="Shade over the roof")

    @property
    def draft_practice(self) -> Practice:
        return Practice.objects.get(title="Water at every line")

    @property
    def held_session(self) -> Session:
        return Session.objects.get(course="rights-and-responsibilities")

    @property
    def certificate(self) -> Certificate:
        return Certificate.objects.get(registration__session=self.held_session)

    @property
    def own_trainer(self) -> Certificate:
        return Certificate.objects.get(registration__session__course="workers-induction")

    @property
    def accreditation(self) -> Accreditation:
        return Accreditation.objects.get()

    @property
    def registration(self) -> Registration:
        return Registration.objects.filter(session=self.coming_session, factory=self.cast.factory).earliest("number")

    @property
    def factory_invoice(self) -> Invoice:
        return Invoice.objects.filter(factory=self.cast.factory).earliest("pk")

    @property
    def buyer_invoice(self) -> Invoice:
        return Invoice.objects.filter(buyer=self.cast.nordlys).earliest("pk")


def build() -> World:
    """The world on the morning of NOW, all background work done; the second assessment is not planned yet."""
    cast = introduce()
    a_small_tool()
    cycle = _first_year(cast)
    near = _self_assessed(cast, cast.factory, at(2025, 11, 5))
    released, report = _released(cast, cycle)
    plan, found, own, action = _worked_on(cast)
    with clock.at(at(2025, 12, 22)):
        sent = send_progress(
            progress_ref=ProgressReport.objects.get(cycle=cycle, number=1).ref, overview="Six exits are free.",
            dialogue="The committee met twice.", learning="Two supervisors were trained.", by=cast.manager,
        )
    with clock.at(at(2026, 11, 4)):
        second = _enter(cast, cast.factory, date(2026, 11, 4))
    stages = _at_every_stage(cast)
    kept, informed = _cases(cast, stages["started"])
    with clock.at(NOW):
        perform_due()
    held, coming = _visits(cast, cycle, second, found)
    both = _self_assessed(cast, cast.factory, at(2026, 11, 6))
    opened = _self_assessed(cast, stages["started"].factory, at(2026, 11, 20), MANAGEMENT_WORDS, WORKERS_WORDS)
    _sessions(cast)
    _held_session(cast)
    _shared_learning(cast)
    return World(
        cast, cycle, second, _again(released), report, plan, _again(found), _again(own), _again(action), _again(sent),
        ProgressReport.objects.get(cycle=cycle, number=2), **{name: _again(one) for name, one in stages.items()},
        kept_case=_again(kept), informed_case=_again(informed), batch=_batch(cast),
        near_self=near, open_self=opened, both_self=both,
        held_visit=_again(held), visit_work=held.works.get(), coming_visit=_again(coming),
        stages={name: one.factory for name, one in stages.items()},
    )


def plan_the_secret(world: World) -> Assessment:
    """Mekong Stitch's second assessment: the window by the programme manager, pair and day by the team leader."""
    cast = world.cast
    with clock.at(NOW):
        world.planned = _planned(cast, world.second_cycle, SECRET_WINDOW, SECRET_DAY)
        perform_due()
    return world.planned


NOWHERE = "zzzzzzzzzzzz"


def plan_nothing(world: World) -> None:
    """For walks through a world without the second assessment: addresses that name it lead nowhere."""
    world.planned = Assessment(ref=NOWHERE)


def complete(world: World) -> World:
    """What the table of addresses needs besides: an open invitation, a progress report that is to be written, and two
    records that were merged."""
    cast = world.cast
    with clock.at(NOW):
        _invitation, world.token = invite(
            name="New Person", email="new@example.org", role=Role.WORKER_REPRESENTATIVE, by=cast.manager,
            factory=cast.factory,
        )
        world.to_write = ProgressReport.objects.create(
            factory=cast.factory, cycle=world.cycle, programme="KH", number=3, author="factory", due_on=NOW.date()
        )
        world.merge = _merged(cast)
    world.committee = _committee(cast)
    return world


def _committee(cast: Cast) -> dict[str, object]:
    """Mekong Stitch's committee: an election under way, minutes to sign, a meeting in session, one that is planned."""
    committee = tables.whole(cast)
    # A term that ended in the secret month would be found as if it were the secret.
    committee.members.exclude(term_ends_on=None).update(term_ends_on=date(2027, 6, 30))
    to_sign = tables.opened(cast, committee, at(2026, 10, 20))
    with clock.at(at(2026, 10, 20)):
        committees.close_minutes(meeting_ref=to_sign.ref, ended_at=time(11, 0), remarks="", by=cast.manager)
    in_session = tables.opened(cast, committee, NOW)
    planned = tables.planned(cast, committee, NOW)
    with clock.at(NOW):
        point = committees.add_point(meeting_ref=in_session.ref, title="Fans on line 4", by=cast.worker)
        decision = committees.decide(
            point_ref=point.ref, text="Two fans a line", owner_name="Keo Vanna", owner_side="management",
            due_on=date(2026, 12, 15), by=cast.manager,
        )
        election = committees.call_election(
            committee_ref=committee.ref, seats=2, marks_each=1, nominations_until_on=NOW.date(),
            polling_on=NOW.date(), place="Canteen", by=cast.worker,
        )
        candidate = committees.nominate(
            election_ref=election.ref, name="Touch Veasna", sex="man", nominated_by="Cutting", by=cast.worker
        )
        token = committees.renew_feed(by=cast.worker)
        perform_due()
    return {
        "committee": committee, "member": committee.members.get(name="Nhem Pisey"), "to_sign": to_sign,
        "in_session": in_session, "planned": planned, "point": point, "decision": decision, "election": election,
        "candidate": candidate, "token": token,
    }


def _merged(cast: Cast) -> FactoryMerge:
    stays, goes = (builders.a_factory(name, city="Kampot") for name in ("Kampot Sewing", "Kampot Sewings"))
    merge_factories(survivor_ref=stays.ref, duplicate_ref=goes.ref, by=cast.programme_manager)
    return FactoryMerge.objects.get(duplicate=goes)


def at(year: int, month: int, day: int, hour: int = 3) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


def _again(record):
    record.refresh_from_db()
    return record


def _enter(cast: Cast, factory: Factory, starts_on: date) -> Cycle:
    return enrolment.open_cycle(
        factory_ref=factory.ref, package="assessment_and_advisory", sector="apparel", starts_on=starts_on,
        advisors=[cast.coach], by=cast.programme_manager,
    )


def _visits(cast: Cast, cycle: Cycle, second: Cycle, found: PlanItem) -> tuple[Visit, Visit]:
    """One visit of the first year, logged; one of the second year, to come."""
    with clock.at(at(2026, 2, 10)):
        held = advisory.plan_visit(
            cycle_ref=cycle.ref, day_on=date(2026, 2, 10), coach_ref=cast.coach.ref, by=cast.team_leader
        )
        advisory.log_visit(
            ref=held.ref, held_on=date(2026, 2, 10), mode="on_site", took_part=advisory.TookPart(2, 3, 3),
            works=[advisory.Work(item_ref=found.ref, advice="Walk the exits every morning.")], by=cast.coach,
        )
        advisory.add_visit_photo(ref=held.ref, file=a_picture("teal"), caption="West stair", by=cast.coach)
    with clock.at(at(2026, 11, 5)):
        coming = advisory.plan_visit(
            cycle_ref=second.ref, day_on=date(2026, 12, 8), coach_ref=cast.coach.ref, by=cast.coach
        )
    return held, coming


def _sessions(cast: Cast) -> None:
    """A session to come, full: two of Mekong Stitch have seats, somebody of another factory waits. Another one is
    for Mekong Stitch alone."""
    with clock.at(at(2026, 11, 10)):
        coming = training.plan_session(
            course_key="supervisory-skills", programme="KH", days=[date(2026, 12, 8), date(2026, 12, 9)], capacity=2,
            place="Phnom Penh", language="km", trainer_ref=cast.coach.ref, by=cast.team_leader,
        )
        training.plan_session(
            course_key="productivity", programme="KH", days=[date(2026, 12, 15), date(2026, 12, 16)], capacity=5,
            place="At the factory", language="km", trainer_ref=cast.assessor.ref, closed_to_ref=cast.factory.ref,
            by=cast.programme_manager,
        )
        for factory, person, names in (
            (cast.factory, cast.manager, ("Ouk Pisey", "Tith Rachana")),
            (cast.other_factory, cast.other_manager, ("Yim Sovan",)),
        ):
            training.register(
                session_ref=coming.ref, factory_ref=factory.ref, by=person,
                people=[training.Participant(name, "woman", "worker") for name in names],
            )


def _held_session(cast: Cast) -> None:
    """A course of one day, over, with a certificate for one of Mekong Stitch."""
    with clock.at(at(2026, 11, 12)):
        session = training.plan_session(
            course_key="rights-and-responsibilities", programme="KH", days=[date(2026, 11, 13)], capacity=8,
            place="Phnom Penh", language="en", trainer_ref=cast.coach.ref, by=cast.team_leader,
        )
        (made,) = training.register(
            session_ref=session.ref, factory_ref=cast.factory.ref, by=cast.manager,
            people=[training.Participant("Ouk Pisey", "woman", "worker")],
        )
    with clock.at(at(2026, 11, 13)):
        training.note_list(ref=session.ref, on=date(2026, 11, 13), present=[made.ref], by=cast.coach)
        training.close_session(ref=session.ref, by=cast.coach)
        perform_due()
    with clock.at(at(2026, 11, 17)):
        own = training.plan_session(
            course_key="workers-induction", programme="KH", days=[date(2026, 11, 17)], capacity=8, place="Phnom Penh",
            language="en", trainer_ref=cast.coach.ref, by=cast.team_leader,
        )
        (made,) = training.register(
            session_ref=own.ref, factory_ref=cast.factory.ref, by=cast.manager,
            people=[training.Participant("Ouk Pisey", "woman", "supervisor")],
        )
        training.note_list(ref=own.ref, on=date(2026, 11, 17), present=[made.ref], by=cast.coach)
        training.close_session(ref=own.ref, by=cast.coach)
        perform_due()
        training.accredit(
            person_ref=cast.reviewer.ref, programme="KH", accredited_as="reviewer", given_on=date(2026, 1, 1),
            until_on=date(2028, 12, 31), ground="Reviewed ten reports beside a colleague.", by=cast.programme_manager,
        )
def _self_assessed(
    cast: Cast, factory: Factory, moment: datetime, management: str = "", workers: str = ""
) -> SelfAssessment:
    """Both sides say that all is well: handed in in the first year, compared in the second. With words to keep, the
    workers have given theirs and management has not."""
    answers = {"FG-01": 812, "FG-02": "no", "CL-01": "no", "CL-02": "yes", "SH-01": "yes", "SH-02": "yes"}
    with clock.at(moment):
        made = selfassessments.open_self_assessment(factory_ref=factory.ref, by=cast.manager)
        for person, words in ((cast.manager, management), (cast.worker, workers)):
            if not SelfAssessment.objects.filter(cycle__factory=factory).exclude(pk=made.pk).exists():
                selfassessments.begin(ref=made.ref, by=person)
            for question_id, value in answers.items():
                if question_id == "FG-01" and person == cast.worker:
                    continue
                said = {"answer": fresh(value)}
                if words and question_id == "SH-01":
                    said["explanation"] = fresh(words)
                selfassessments.answer(ref=made.ref, question_id=question_id, said=said, by=person)
            if not words or person == cast.worker:
                selfassessments.give(ref=made.ref, by=person)
        if moment.year == 2025:
            a_whole_profile(factory)
            selfassessments.hand_in(ref=made.ref, by=cast.manager)
    return _again(made)


def _shared_learning(cast: Cast) -> None:
    """A seminar to come; two good practices of Mekong Stitch, one published without its name, one a draft."""
    with clock.at(at(2026, 11, 16)):
        seminar = training.plan_seminar(
            programme="KH", title="Heat in summer", on=date(2026, 12, 10), place="Phnom Penh", seats=30,
            agenda="What the law says\nWhat worked", speakers="", by=cast.team_leader,
        )
        training.join_seminar(ref=seminar.ref, who_ref=cast.nordlys.ref, people=2, by=cast.buyer)
        for title in ("Shade over the roof", "Water at every line"):
            training.write_practice(
                factory_ref=cast.factory.ref, title=title, problem="It was too hot.", done="We tried something.",
                result="It is cooler.", by=cast.manager,
            )
        shown = Practice.objects.get(title="Shade over the roof")
        training.consent_to_practice(ref=shown.ref, is_named=False, by=cast.manager)
        training.publish_practice(ref=shown.ref, by=cast.team_leader)


def _open_to_buyers(cast: Cast, factory: Factory, cycle: Cycle) -> None:
    for buyer in (cast.nordlys, cast.costa):
        enrolment.give_consent(factory_ref=factory.ref, buyer_ref=buyer.ref, by=cast.manager)
    enrolment.spend_credit(buyer_ref=cast.nordlys.ref, cycle_ref=cycle.ref, by=cast.buyer)


def _first_year(cast: Cast) -> Cycle:
    with clock.at(at(2025, 11, 3)):
        cycle = _enter(cast, cast.factory, date(2025, 11, 3))
        bought = enrolment.buy_credits(buyer_ref=cast.nordlys.ref, programme="KH", quantity=12, by=cast.buyer)
        enrolment.settle_invoice(invoice_ref=bought.invoice.ref, paid_on=date(2025, 11, 3), by=cast.programme_manager)
        enrolment.buy_credits(buyer_ref=cast.costa.ref, programme="KH", quantity=1, by=cast.unpaid_buyer)
        _open_to_buyers(cast, cast.factory, cycle)
    return cycle


def _planned(cast: Cast, cycle: Cycle, window: tuple[date, date], day_on: date) -> Assessment:
    made = planning.plan_assessment(
        cycle_ref=cycle.ref, window_from=window[0], window_until=window[1], by=cast.programme_manager
    )
    return planning.assign_assessment(
        ref=made.ref, day_on=day_on, assessors=[cast.assessor, cast.second_assessor], reviewer=cast.reviewer,
        by=cast.team_leader,
    )


def _started(cast: Cast, cycle: Cycle, day: datetime) -> Assessment:
    with clock.at(day - timedelta(days=1)):
        made = _planned(cast, cycle, (day.date(), day.date()), day.date())
    with clock.at(day):
        answering.start(ref=made.ref, by=cast.assessor)
        answering.take_cluster(ref=made.ref, cluster="osh", by=cast.assessor)
        answering.add_photo(
            ref=made.ref, question_id="SH-01", file=a_picture("maroon"), caption="East door", by=cast.assessor
        )
        changes = [a_change(*place, value, at=day) for place, value in COMPLETE.items()]
        answering.record_changes(ref=made.ref, changes=changes, by=cast.assessor)
    return made


def _submitted(cast: Cast, cycle: Cycle, day: datetime) -> Assessment:
    made = _started(cast, cycle, day)
    with clock.at(day + timedelta(days=1)):
        submitting.submit(ref=made.ref, by=cast.assessor)
    return made


def _approved(cast: Cast, cycle: Cycle, day: datetime, approved_at: datetime) -> Assessment:
    made = _submitted(cast, cycle, day)
    with clock.at(approved_at):
        reviewing.approve(ref=made.ref, by=cast.reviewer)
    return made


def _reply(cast: Cast, assessment: Assessment) -> None:
    replying.reply(
        ref=assessment.ref, question_id="SH-01", position=Position.PARTLY, text="The cartons were moved at noon.",
        language="en", by=cast.manager, photos=[a_picture("olive")],
    )


def _replied(cast: Cast, cycle: Cycle, day: datetime, approved_at: datetime, replied_at: datetime) -> Assessment:
    made = _approved(cast, cycle, day, approved_at)
    with clock.at(replied_at):
        _reply(cast, made)
        replying.close_replies(ref=made.ref, by=cast.manager)
    return made


def _released(cast: Cast, cycle: Cycle) -> tuple[Assessment, Report]:
    made = _replied(cast, cycle, at(2025, 11, 18), at(2025, 11, 24), at(2025, 11, 26))
    with clock.at(at(2025, 12, 1)):
        return made, release_report(assessment_ref=made.ref, by=cast.programme_manager)


def _worked_on(cast: Cast) -> tuple[Plan, PlanItem, PlanItem, ItemAction]:
    with clock.at(at(2025, 12, 10)):
        found = PlanItem.objects.get(plan__factory=cast.factory)
        detail = ItemDetail.objects.filter(item=found).first()
        improvement.edit_item(
            ref=found.ref, immediate_action="The cartons were taken away.", whys=[("Why there?", "No other place.")],
            root_cause="The store is too small.", revision=detail.revision if detail else 1, by=cast.manager,
        )
        action = improvement.add_action(
            ref=found.ref, text="Rent a store across the street.", owner_name="Keo Vanna", owner_side="management",
            due_on=date(2026, 12, 18), by=cast.manager,
        )
        improvement.add_evidence(ref=found.ref, file=a_picture("navy"), note="Door", is_before=True, by=cast.manager)
        improvement.answer_agreement(ref=found.ref, position="agrees", by=cast.manager)
        own = improvement.add_self_found(factory_ref=cast.factory.ref, title="Lamps over line 4", by=cast.worker)
        improvement.write_message(
            plan_ref=found.plan.ref, item_ref=found.ref, text="Can the store be ready by May?", by=cast.buyer
        )
    return found.plan, found, own, action


def _at_every_stage(cast: Cast) -> dict[str, Assessment]:
    cycles = {}
    for number, name in enumerate(("started", "in_review", "with_factory", "replied"), start=2):
        factory = builders.a_factory(f"Mekong Stitch {number}")
        for person, role in (
            (cast.manager, Role.FACTORY_MANAGER), (cast.worker, Role.WORKER_REPRESENTATIVE), (cast.coach, Role.ADVISOR),
        ):
            give_standing(role=role, holder=person, factory=factory, at=builders.LONG_AGO)
        with clock.at(at(2026, 10, 5)):
            cycles[name] = _enter(cast, factory, date(2026, 10, 5))
            _open_to_buyers(cast, factory, cycles[name])
    stages = {
        "started": _started(cast, cycles["started"], at(2026, 11, 23)),
        "in_review": _submitted(cast, cycles["in_review"], at(2026, 11, 19)),
        "with_factory": _approved(cast, cycles["with_factory"], at(2026, 11, 12), at(2026, 11, 23)),
        "replied": _replied(cast, cycles["replied"], at(2026, 11, 10), at(2026, 11, 16), at(2026, 11, 18)),
    }
    with clock.at(NOW):
        reviewing.comment(
            ref=stages["in_review"].ref, question_id="SH-01", text="Say on which floor.", by=cast.reviewer
        )
        _reply(cast, stages["with_factory"])
        replying.ask_extension(
            ref=stages["with_factory"].ref, until_on=date(2026, 12, 3), reason="Our director travels.", by=cast.manager
        )
    return stages


def _cases(cast: Cast, started: Assessment) -> tuple[ZeroToleranceCase, ZeroToleranceCase]:
    with clock.at(NOW):
        kept = cases.open_case(
            assessment_ref=started.ref, issue="child_under_age", description="A girl at line 3 looked very young.",
            question_id="CL-01", protected_name=PROTECTED, protected_details="Lives with an aunt.", by=cast.assessor,
        )
        informed = cases.open_case(
            factory_ref=cast.factory.ref, issue="imminent_danger", description="The boiler leaks.",
            protected_name=PROTECTED_OF_INFORMED, by=cast.programme_manager,
        )
        for key in ("tell_manager", "inform_ministry"):
            cases.take_step(case_ref=informed.ref, key=key, note="By phone.", by=cast.programme_manager)
    return kept, informed


def _batch(cast: Cast) -> ImportBatch:
    listed = b"Name,City\nPrey Lang Knits,Takeo\nTonle Garments,Phnom Penh\n"
    with clock.at(NOW):
        return read_factory_list(
            file=BytesIO(listed), filename="factories.csv", programme="KH", by=cast.programme_manager
        )


@contextmanager
def standing(blocker, folder) -> Iterator[World]:
    """The world for as long as this is open, for fixtures of a whole module: in one transaction that is taken back,
    its files under `folder`."""
    with blocker.unblock(), override_settings(**_quick(folder)), transaction.atomic():
        world = build()
        world.folder = folder
        yield world
        transaction.set_rollback(True)


@contextmanager
def untouched(world: World, blocker, settings) -> Iterator[World]:
    """For one test: whatever it writes is taken back. `settings` is pytest-django's fixture."""
    settings.STORAGES = _quick(world.folder)["STORAGES"]
    with blocker.unblock(), transaction.atomic():
        yield world
        transaction.set_rollback(True)


def _quick(folder) -> dict:
    """What tests/fixtures.py sets for each test, and the files in one place for a module."""
    from django.conf import settings

    local = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(folder)}}
    return {
        "STORAGES": settings.STORAGES | {"default": local},
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
        "MAILERS": {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}},
    }


def clients(world: World) -> dict[str, Client]:
    """A browser for everybody by key, signed in, and one of the one who is not."""
    found = {}
    for key, person in world.cast.people.items():
        found[key] = Client()
        if person is not None:
            found[key].force_login(person)
    return found


__all__ = ["NOW", "PROTECTED", "PROTECTED_OF_INFORMED", "SECRET_DAY", "World", "build", "plan_the_secret"]
