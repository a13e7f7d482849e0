"""Mekong Stitch: two whole years, and a third that has begun."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from evenweave.assessments.models import Assessment, ZeroToleranceCase
from evenweave.assessments.services import cases, replying, reviewing
from evenweave.enrolment.models import Cycle
from evenweave.enrolment.services import give_consent, revoke_consent
from evenweave.exchange.services import merge_factories
from evenweave.home.demo import acts
from evenweave.home.demo.people import Company, bring_along
from evenweave.home.demo.telling import Days, Story
from evenweave.home.demo.texts import Trouble
from evenweave.home.demo.years import steps
from evenweave.improvement import services as plans
from evenweave.improvement.models import PlanItem
from evenweave.organisations.models import Factory
from evenweave.people.models import Person
from evenweave.questionnaires.queries import compiled
from evenweave.reports.models import Report
from evenweave.reports.services.amending import amend_report
from evenweave.reports.services.progress import escalate_overdue
from evenweave.reports.services.releasing import release_report
from evenweave.toolkit import clock

PAYERS = {"buyer": "nordlys", "buyer-revoked": "roth"}


@dataclass
class Hero:
    """The factory as its story goes on: who acts in it and what the parts of the story hand to one another."""

    company: Company
    days: Days
    factory: Factory
    talk: Iterator[None] = field(init=False)
    case: ZeroToleranceCase | None = None

    def __post_init__(self) -> None:
        self.talk = _talk(self)

    @property
    def story(self) -> dict:
        return self.company.texts.story

    @property
    def manager(self) -> Person:
        return self.company["factory-manager"]

    @property
    def worker(self) -> Person:
        return self.company["worker-representative"]

    @property
    def sides(self) -> tuple[Person, Person]:
        return self.manager, self.worker

    def found_in(self, year: int) -> list[Trouble]:
        """What was found there in its first or second year, in its own words."""
        return [one.told_of_the_hero(year) for one in self.company.texts.troubles if year in one.at_the_hero]


def hero(company: Company, days: Days) -> Story:
    """All of it, in order."""
    yield days.on(2024, 9, 16)
    factory = steps.register(company, "mekong-stitch")
    bring_along(company, "mekong-stitch", factory)
    one = Hero(company, days, factory)
    yield from _enters(one)
    yield from _first_assessment(one)
    yield from _first_plan(one)
    yield from _second_assessment(one)
    yield from _second_reply(one)
    yield from _second_plan(one)
    yield from _third_year(one)


def _enters(one: Hero) -> Story:
    """The first cycle: every buyer has consent, two of the three pay."""
    yield one.days.on(2024, 10, 7)
    cycle = acts.enter(one.company, one.factory, clock.now().date())
    yield one.days.on(2024, 10, 14)
    for buyer in one.company.buyers.values():
        give_consent(factory_ref=one.factory.ref, buyer_ref=buyer.ref, by=one.manager)
    yield one.days.on(2024, 10, 21)
    steps.buy(one.company, "buyer", "nordlys", 12)
    steps.buy(one.company, "buyer-revoked", "roth", 3)
    steps.spend(one.company, cycle, PAYERS)


def _first_assessment(one: Hero) -> Story:
    company, days, first = one.company, one.days, one.found_in(1)
    yield days.on(2024, 11, 18)
    assessment = acts.plan(company, _cycle(one), (clock.now() + timedelta(days=14)).date())
    yield days.on(2024, 12, 3, 16)
    assessment = steps.assess(company, assessment, first, "first", 0)
    for question_id in _public_questions(assessment, first)[:2]:
        photo = company.texts.photos["exit-blocked"]
        acts.photograph(assessment, question_id, photo, "Building B, first floor", company["second-assessor"])
    yield days.on(2024, 12, 6)
    acts.hand_in(company, assessment)
    yield days.on(2024, 12, 12)
    acts.approve(company, assessment)
    yield days.on(2024, 12, 18)
    acts.answer_findings(assessment, steps.replies(assessment, first), one.manager)
    yield days.on(2024, 12, 20)
    release_report(assessment_ref=assessment.ref, by=company.manager)


def _first_plan(one: Hero) -> Story:
    """From the first report to the second cycle: the plan, an amendment, a duplicate that is merged."""
    company, days, factory = one.company, one.days, one.factory
    assessment, cycle = _latest(one), _cycle(one)
    first = steps.by_root(assessment, one.found_in(1))
    yield days.on(2025, 1, 8)
    steps.start_plan(factory, first, one.sides)
    yield days.on(2025, 1, 14)
    _disagree(one, one.story["disagreement"])
    yield days.on(2025, 1, 16)
    steps.progress(factory, 1, cycle, one.story["progress"]["first_year_1"], one.manager)
    yield days.on(2025, 1, 21)
    next(one.talk)
    yield days.on(2025, 1, 23)
    next(one.talk)
    yield days.on(2025, 2, 11)
    _amend(company, Report.objects.get(assessment=assessment), one.story["amendment"])
    yield days.on(2025, 3, 26)
    steps.finish_some(company, factory, first, one.sides, 0.45)
    yield days.on(2025, 4, 2)
    steps.check(company, factory, refused=one.story["check_refusal"])
    next(one.talk)
    yield days.on(2025, 4, 14)
    duplicate = steps.register(company, "mekong-stitch-old")
    yield days.on(2025, 5, 12)
    merge_factories(survivor_ref=factory.ref, duplicate_ref=duplicate.ref, by=company.manager)
    yield days.on(2025, 6, 4)
    for row in one.story["self_found"]:
        plans.add_self_found(
            factory_ref=factory.ref, title=row["title"], question_id=row.get("question") or "", by=one.worker
        )
    yield days.on(2025, 7, 15)
    steps.finish_some(company, factory, first, one.sides, 0.85)
    yield days.on(2025, 7, 22)
    steps.check(company, factory)
    yield days.on(2025, 8, 4)
    steps.progress(factory, 2, cycle, one.story["progress"]["first_year_2"], company["coach"])


def _second_assessment(one: Hero) -> Story:
    """The second cycle up to the draft report: a case is opened on the day of the visit, the draft comes back once."""
    company, days, second = one.company, one.days, one.found_in(2)
    yield days.on(2025, 10, 7)
    cycle = acts.enter(company, one.factory, clock.now().date())
    steps.spend(company, cycle, PAYERS)
    yield days.on(2025, 11, 24)
    assessment = acts.plan(company, cycle, (clock.now() + timedelta(days=14)).date())
    yield days.on(2025, 12, 8, 11, 20)
    one.case = steps.open_case(company, "closed", assessment_ref=None, factory=one.factory)
    yield days.on(2025, 12, 8, 15)
    steps.take(company, one.case, "closed", "tell_manager")
    yield days.on(2025, 12, 8, 17)
    steps.take(company, one.case, "closed", "inform_ministry")
    yield days.on(2025, 12, 9, 16)
    steps.take(company, one.case, "closed", "ask_investigation")
    assessment = steps.assess(company, assessment, second, "second", 1)
    _note(assessment, one.story["notes"], company["assessor"])
    yield days.on(2025, 12, 11)
    steps.take(company, one.case, "closed", "agree_action_plan")
    yield days.on(2025, 12, 12)
    acts.hand_in(company, assessment)
    yield days.on(2025, 12, 15)
    for row in one.story["review_comments"]:
        reviewing.comment(ref=assessment.ref, question_id=row["question"], text=row["text"], by=company["reviewer"])
    reviewing.return_to_assessors(ref=assessment.ref, by=company["reviewer"])
    yield days.on(2025, 12, 16)
    for comment in assessment.comments.all():
        reviewing.resolve_comment(comment_ref=comment.ref, by=company["assessor"])
    acts.hand_in(company, assessment)


def _second_reply(one: Hero) -> Story:
    """The factory asks for more days, answers, and the second report is released."""
    company, days, second, assessment = one.company, one.days, one.found_in(2), _latest(one)
    yield days.on(2025, 12, 17)
    acts.approve(company, assessment)
    yield days.on(2025, 12, 19)
    assessment.refresh_from_db()
    request = replying.ask_extension(
        ref=assessment.ref,
        until_on=assessment.reply_due_on + timedelta(days=6),
        reason=one.story["extension"]["reason"],
        by=one.manager,
    )
    yield days.on(2025, 12, 20)
    reason = one.story["extension"]["decision_reason"]
    replying.decide_extension(extension_ref=request.ref, granted=True, reason=reason, by=company["team-leader"])
    yield days.on(2025, 12, 26)
    acts.answer_findings(assessment, steps.replies(assessment, second), one.manager)
    yield days.on(2025, 12, 30)
    release_report(assessment_ref=assessment.ref, by=company.manager)


def _second_plan(one: Hero) -> Story:
    """The plan goes on, the case is closed, a buyer loses its consent, a progress report is late."""
    company, days, factory = one.company, one.days, one.factory
    assessment, cycle = _latest(one), _cycle(one)
    second = steps.by_root(assessment, one.found_in(2))
    yield days.on(2026, 1, 14)
    steps.start_plan(factory, second, one.sides)
    yield days.on(2026, 1, 27)
    steps.progress(factory, 1, cycle, one.story["progress"]["second_year_1"], one.manager)
    yield days.on(2026, 2, 3)
    outcome = one.story["zero_tolerance"]["closed"]["outcome"]
    cases.close_case(case_ref=one.case.ref, outcome=outcome, by=company.manager)
    yield days.on(2026, 3, 16)
    roth = company.buyers["roth"]
    revoke_consent(factory_ref=factory.ref, buyer_ref=roth.ref, reason=one.story["revoke_reason"], by=one.manager)
    yield days.on(2026, 4, 21)
    next(one.talk)
    steps.finish_some(company, factory, second, one.sides, 0.4)
    yield days.on(2026, 4, 28)
    steps.check(company, factory)
    next(one.talk)
    yield days.on(2026, 8, 10)
    escalate_overdue.func()
    steps.finish_some(company, factory, second, one.sides, 0.8)
    yield days.on(2026, 9, 2)
    next(one.talk)


def _third_year(one: Hero) -> Story:
    """A third cycle has begun, and an assessment that nobody in the factory knows of is planned."""
    yield one.days.on(2026, 10, 7)
    cycle = acts.enter(one.company, one.factory, clock.now().date())
    yield one.days.on(2026, 11, 16)
    acts.plan(one.company, cycle, one.days.ahead(23))


def _cycle(one: Hero) -> Cycle:
    return Cycle.objects.filter(factory=one.factory).latest("number")


def _latest(one: Hero) -> Assessment:
    return Assessment.objects.filter(factory=one.factory).latest("cycle__number")


def _public_questions(assessment: Assessment, troubles: Sequence[Trouble]) -> list[str]:
    tool = compiled(assessment.tool_id)
    ids = [trouble.question_ids[tool.version] for trouble in troubles if tool.version in trouble.question_ids]
    return [question_id for question_id in ids if tool.question(question_id).is_public]


def _talk(one: Hero) -> Iterator[None]:
    """The shared thread, one message at a time."""
    faces = {"manager": "factory-manager", "worker": "worker-representative"}
    for row in one.story["thread"]:
        by = one.company[faces.get(row["who"], row["who"])]
        plans.write_message(plan_ref=one.factory.plan.ref, text=row["text"], by=by, language="en")
        yield


def _amend(company: Company, report: Report, told: dict) -> None:
    findings = {finding.question_id: finding for finding in report.assessment.findings.all()}
    amend_report(
        report_ref=report.ref,
        withdrawn=[findings[told["withdrawn_question"]].ref],
        corrected={findings[told["corrected_question"]].ref: told["corrected_text"]},
        reason=told["reason"],
        by=company.manager,
    )


def _disagree(one: Hero, told: dict) -> None:
    """One side does not agree with an item; the reason stays beside it."""
    item = PlanItem.objects.get(plan__factory=one.factory, question_id=told["question"], withdrawn_at=None)
    person = one.worker if told["side"] == "workers" else one.manager
    plans.answer_agreement(ref=item.ref, position="disagrees", reason=told["reason"], by=person)


def _note(assessment: Assessment, notes: Sequence[dict], by: Person) -> None:
    """Private notes of the assessors: no reader of the report sees them."""
    acts.write_notes(assessment, {row["question"]: row["text"] for row in notes}, by)
