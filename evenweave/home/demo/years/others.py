"""The hero's neighbours, the factories that are being assessed these days, and all the others."""

from datetime import date, timedelta

from evenweave.assessments.models import Assessment
from evenweave.assessments.services import replying
from evenweave.enrolment.services import give_consent
from evenweave.home.demo import acts
from evenweave.home.demo.people import Company, bring_along
from evenweave.home.demo.telling import Days, Story
from evenweave.home.demo.years import steps
from evenweave.organisations.models import Factory
from evenweave.people.models import Person
from evenweave.questionnaires.queries import compiled
from evenweave.reports.services.progress import escalate_overdue
from evenweave.reports.services.releasing import release_report
from evenweave.toolkit import clock


def neighbour(company: Company, days: Days) -> Story:
    """Tonle Garment: one report, and a progress report that is overdue."""
    troubles = company.texts.troubles[4:17]
    yield days.on(2026, 3, 2)
    factory = steps.register(company, "tonle-garment")
    bring_along(company, "tonle-garment", factory)
    yield days.on(2026, 5, 4)
    cycle = acts.enter(company, factory, clock.now().date())
    yield days.on(2026, 8, 3)
    assessment = acts.plan(company, cycle, (clock.now() + timedelta(days=14)).date())
    yield from _report(company, days, assessment, troubles, (2026, 8, 18), company["other-factory"])
    yield days.on(2026, 11, 10)
    escalate_overdue.func()


def _report(company: Company, days: Days, assessment: Assessment, troubles, on: tuple[int, int, int],
            manager: Person) -> Story:
    """Visit, review, reply and release within four weeks of a day."""
    start = days.on(*on, 15)
    yield from _visit_to_reply(company, assessment, troubles, start, manager)
    yield start + timedelta(days=16)
    release_report(assessment_ref=assessment.ref, by=company.manager)


def _visit_to_reply(company: Company, assessment: Assessment, troubles, start, manager: Person) -> Story:
    yield start
    year = "first" if compiled(assessment.tool_id).version < "2025" else "second"
    assessment = steps.assess(company, assessment, troubles, year, assessment.factory_id)
    yield start + timedelta(days=3)
    acts.hand_in(company, assessment)
    yield start + timedelta(days=8)
    acts.approve(company, assessment)
    yield start + timedelta(days=13)
    acts.answer_findings(assessment, steps.replies(assessment, troubles), manager)


class Ordinary:
    """Another factory of a programme: two assessments, a plan that moves, progress reports in time. What it does when
    follows from its number in the programme."""

    def __init__(self, company: Company, days: Days, key: str, number: int) -> None:
        self.company, self.days, self.key, self.number = company, days, key, number
        self.texts = company.texts
        self.factory: Factory | None = None

    @property
    def manager(self) -> Person:
        return self.company[f"{self.key}:factory_manager"]

    @property
    def sides(self) -> tuple[Person, Person]:
        return self.manager, self.company[f"{self.key}:worker_representative"]

    @property
    def helper(self) -> str:
        """Who checks what is done: the factory's coach, else the team leader."""
        return "coach" if self.key in self.texts.coached else "team-leader"

    def enters(self) -> Story:
        yield self.days.on(2024, 8, 1 + self.number)
        self.factory = steps.register(self.company, self.key)
        bring_along(self.company, self.key, self.factory)

    def year(self, year: int, troubles, share: float) -> Story:
        """From the cycle's first day to its last progress report. `share`: of the open items, what is done."""
        company, days, number = self.company, self.days, self.number
        opens_on, plans_on, visited_on = {
            1: (days.on(2024, 9, 2 + number), days.on(2024, 10, 1 + number), (2024, 10, 15 + number % 12)),
            2: (days.on(2025, 9, 3 + number), days.on(2025, 10, 2 + number), (2025, 10, 16 + number % 12)),
        }[year]
        yield opens_on
        cycle = acts.enter(company, self.factory, clock.now().date())
        self._shares(cycle, year)
        yield plans_on
        assessment = acts.plan(company, cycle, (clock.now() + timedelta(days=14)).date())
        yield from _report(company, days, assessment, troubles, visited_on, self.manager)
        yield from self._plan(year, cycle, steps.by_root(assessment, troubles), share)

    def _plan(self, year: int, cycle, by_root: dict, share: float) -> Story:
        company, days = self.company, self.days
        begun_on, told_on, check_after, last_on, first_words = {
            1: (days.on(2024, 11, 25), days.on(2024, 11, 28), 6, days.on(2025, 6, 30), "first_year_1"),
            2: (days.on(2025, 11, 24), days.on(2025, 12, 1), 7, days.on(2026, 6, 29), "second_year_1"),
        }[year]
        words = self.texts.story["progress"]
        done_on = days.on(2024 + year, 1 + self.number % 6, 3 + self.number)
        yield begun_on
        steps.start_plan(self.factory, by_root, self.sides)
        yield told_on
        steps.progress(self.factory, 1, cycle, words[first_words], self.manager)
        yield done_on
        steps.finish_some(company, self.factory, by_root, self.sides, share)
        yield done_on + timedelta(days=check_after)
        steps.check(company, self.factory, by=self.helper)
        yield last_on
        steps.progress(self.factory, 2, cycle, words["first_year_2"], company[self.helper])

    def _shares(self, cycle, year: int) -> None:
        """What the factory's customers in the programme may read: `shares_with`, and those of them that pay."""
        known = self.texts.factories[self.key]
        for buyer in known.get("shares_with", ()) if year == 1 else ():
            give_consent(factory_ref=self.factory.ref, buyer_ref=self.company.buyers[buyer].ref, by=self.manager)
        for buyer in known.get("paid_by", ()):
            officer = self.company.officer_of(buyer)
            steps.buy(self.company, officer, buyer, 1)
            steps.spend(self.company, cycle, {officer: buyer})

    def third_year(self) -> Story:
        """A third cycle, and as far as its assessment has come today: `planned` ahead, or waiting for `release`."""
        now = self.texts.factories[self.key].get("now")
        if now is None:
            return
        company, days = self.company, self.days
        yield days.on(2026, 9, 7)
        cycle = acts.enter(company, self.factory, clock.now().date())
        yield days.on(2026, 10, 12)
        if now == "planned":
            acts.plan(company, cycle, days.ahead(16))
            return
        start = days.on(2026, 11, 3, 15)
        troubles = self.texts.found_by(3, self.number)
        assessment = acts.plan(company, cycle, start.date())
        yield from _visit_to_reply(company, assessment, troubles, start, self.manager)


def ordinary(company: Company, days: Days, key: str, number: int) -> Story:
    """Two whole years, and a third where the factory's file says that one has begun."""
    one = Ordinary(company, days, key, number)
    yield from one.enters()
    yield from one.year(1, company.texts.found_by(1, number), 0.3 + 0.1 * (number % 5))
    yield from one.year(2, company.texts.found_by(2, number), 0.2 + 0.15 * (number % 4))
    yield from one.third_year()


def under_way(company: Company, days: Days, key: str, until: str) -> Story:
    """A factory whose assessment is going on these days; `until`: visiting, review, reply or release."""
    troubles = company.texts.troubles[3::6]
    yield days.on(2026, 8, 17)
    factory = steps.register(company, key)
    bring_along(company, key, factory)
    yield days.on(2026, 9, 7)
    cycle = acts.enter(company, factory, clock.now().date())
    yield days.on(2026, 10, 26)
    first_day = days.on(2026, 11, {"visiting": 20, "review": 16, "reply": 9, "release": 3}[until], 15)
    assessment = acts.plan(company, cycle, first_day.date())
    if until == "release":
        yield from _visit_to_reply(company, assessment, troubles, first_day, company[f"{key}:factory_manager"])
        return
    yield first_day
    share = 0.55 if until == "visiting" else 1.0
    assessment = steps.assess(company, assessment, troubles, "second", factory.pk, share=share, seed=factory.pk)
    if until == "visiting":
        yield from _danger(company, assessment, first_day)
        return
    yield first_day + timedelta(days=3)
    acts.hand_in(company, assessment)
    if until == "review":
        return
    yield first_day + timedelta(days=8)
    acts.approve(company, assessment)
    assessment.refresh_from_db()
    yield first_day + timedelta(days=10)
    _ask_for_days(company, assessment, assessment.reply_due_on + timedelta(days=5), company[f"{key}:factory_manager"])


def _danger(company: Company, assessment: Assessment, first_day) -> Story:
    """What the assessors see cannot wait for a report."""
    yield first_day + timedelta(hours=1)
    case = steps.open_case(company, "open", assessment_ref=assessment.ref, factory=assessment.factory)
    yield first_day + timedelta(hours=2)
    steps.take(company, case, "open", "tell_manager")


def _ask_for_days(company: Company, assessment: Assessment, until_on: date, manager: Person) -> None:
    reason = company.texts.story["extension"]["reason"]
    replying.ask_extension(ref=assessment.ref, until_on=until_on, by=manager, reason=reason)
