"""What a programme's rules are: frozen objects, each with where it comes from. Money is Decimal."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

type Words = Mapping[str, str]  # language → words; English is always there


def words(texts: Words, language: str) -> str:
    """The words in a language, else in English."""
    return texts.get(language) or texts["en"]


class NoPriceError(LookupError):
    """No price list in force holds a price for this. `reason` is a key: "no_list", "no_line", "no_training_price"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Provenance:
    """Since when a rule applies, where it was read, and how sure it is: stated, partly or assumed.

    `valid_from` None with `known_on`: in force on that day; when it began is not recorded."""

    valid_from: date | None
    sources: tuple[str, ...]
    confidence: str
    note: str = ""
    known_on: date | None = None

    @property
    def counts_from(self) -> date | None:
        """The first day on which the rule is known to hold."""
        return self.valid_from or self.known_on


@dataclass(frozen=True, slots=True)
class Opening:
    """From when on factories are served. No day at all: planned, and nothing is sold. `until`: the first day after."""

    provenance: Provenance
    until: date | None = None

    def status(self, day: date) -> str:
        """planned, starting, running or ended."""
        first = self.provenance.counts_from
        if first is None:
            return "planned"
        if day < first:
            return "starting"
        return "ended" if self.until is not None and day >= self.until else "running"


@dataclass(frozen=True, slots=True)
class Milestone:
    """Something that happened, or is to, on the way to a programme. `when`: a year, a month or a day, as recorded.
    kind: framework, aim, study or use."""

    kind: str
    when: str
    title: Words
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Participation:
    """kind: mandatory or voluntary."""

    kind: str
    reason: Words
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Sector:
    key: str
    valid_from: date | None
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Package:
    """key: assessment, advisory or assessment_and_advisory."""

    key: str
    sectors: tuple[str, ...]
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Training:
    is_sold_separately: bool
    is_open_to_non_members: bool
    days_inside_the_fee: bool
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Count:
    """How often a step happens. applies_to: all, first_cycle or later_cycles."""

    applies_to: str
    unit: str
    at_least: int | None = None
    at_most: int | None = None

    def fits(self, cycle_number: int) -> bool:
        return self.applies_to == "all" or (self.applies_to == "first_cycle") == (cycle_number == 1)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a cycle. `anchor` ("" for none): cycle_start, assessment, draft_sent or report_released.
    `is_secret`: its day is known to staff alone until it has passed. `owner`: factory or programme."""

    key: str
    order: int
    title: Words
    owner: str
    provenance: Provenance
    anchor: str = ""
    days: int | None = None
    months: int | None = None
    day_kind: str = "calendar"
    packages: frozenset[str] = frozenset()
    is_secret: bool = False
    shown_to_factory: bool = True
    progress_report: int | None = None
    counts: tuple[Count, ...] = ()

    def belongs_to(self, package: str) -> bool:
        return not self.packages or package in self.packages

    def count_for(self, cycle_number: int) -> Count | None:
        """How often in this cycle, where the model says so."""
        return next((count for count in self.counts if count.fits(cycle_number)), None)


@dataclass(frozen=True, slots=True)
class ProgressReportRule:
    """A progress report of the cycle: its number, who writes it, and when it is due (an offset, see due_on)."""

    number: int
    author: str
    step_key: str
    anchor: str
    days: int | None
    months: int | None
    day_kind: str


@dataclass(frozen=True, slots=True)
class AssessmentForm:
    """How an assessment is done: people × days, the modes and extents the programme allows."""

    people: int
    days: int
    modes: tuple[str, ...]
    extents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SelfAssessment:
    answered_share: float
    needs_whole_profile: bool
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class ServiceModel:
    """One generation of the service model, for some sectors."""

    key: str
    title: Words
    sectors: tuple[str, ...]
    assessment: AssessmentForm
    steps: tuple[Step, ...]
    provenance: Provenance
    self_assessment: SelfAssessment | None = None
    preparation_months: int | None = None

    def steps_for(self, package: str) -> tuple[Step, ...]:
        """The steps of a cycle with this package, in order."""
        return tuple(step for step in self.steps if step.belongs_to(package))

    def step(self, key: str) -> Step:
        """Raises KeyError."""
        for step in self.steps:
            if step.key == key:
                return step
        raise KeyError(key)

    def progress_reports(self, package: str) -> tuple[ProgressReportRule, ...]:
        """The progress reports of a cycle with this package, by number."""
        rules = (
            ProgressReportRule(step.progress_report, step.owner, step.key, step.anchor, step.days, step.months,
                               step.day_kind)
            for step in self.steps_for(package) if step.progress_report is not None
        )
        return tuple(sorted(rules, key=lambda rule: rule.number))


@dataclass(frozen=True, slots=True)
class Extension:
    most_requests: int
    most_days: int
    day_kind: str


@dataclass(frozen=True, slots=True)
class ReplyWindow:
    """How long the factory may answer draft findings."""

    days: int
    day_kind: str
    extension: Extension
    provenance: Provenance
    months: int | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """So many days after something."""

    days: int
    day_kind: str
    provenance: Provenance
    months: int | None = None


@dataclass(frozen=True, slots=True)
class CreditTier:
    """From this many credits bought at once, each costs `price`."""

    at_least: int
    price: Decimal


@dataclass(frozen=True, slots=True)
class CreditPrices:
    currency: str
    tiers: tuple[CreditTier, ...]
    is_demo: bool
    provenance: Provenance

    def price_of_one(self, quantity: int) -> Decimal:
        """What each of `quantity` credits costs. Raises ValueError below one."""
        if quantity < 1:
            raise ValueError("at least one credit is bought")
        return max((tier for tier in self.tiers if tier.at_least <= quantity), key=lambda tier: tier.at_least).price


@dataclass(frozen=True, slots=True)
class PriceLine:
    """`workers_up_to` None: any number above the other lines. Empty `sectors`: all."""

    package: str
    price: Decimal
    workers_up_to: int | None = None
    sectors: tuple[str, ...] = ()

    def fits(self, package: str, sector: str, workers: int) -> bool:
        return (
            self.package == package and (not self.sectors or sector in self.sectors)
            and (self.workers_up_to is None or workers <= self.workers_up_to)
        )


@dataclass(frozen=True, slots=True)
class FactoryPrices:
    """What a factory pays for a year, by package and size. `is_demo`: invented, and to be shown as such."""

    currency: str
    payment_days: int
    lines: tuple[PriceLine, ...]
    is_demo: bool
    provenance: Provenance

    def price_of(self, package: str, sector: str, workers: int) -> Decimal:
        """Raises NoPriceError("no_line")."""
        fitting = [line for line in self.lines if line.fits(package, sector, workers)]
        if not fitting:
            raise NoPriceError("no_line")
        return min(fitting, key=lambda line: (line.workers_up_to is None, line.workers_up_to or 0)).price


@dataclass(frozen=True, slots=True)
class ZeroToleranceIssue:
    key: str
    title: Words


@dataclass(frozen=True, slots=True)
class CaseDuty:
    """One duty of the protocol: within `hours` of opening the case or, with `after`, of another duty.
    `informs`: roles that may see the case from this duty on."""

    key: str
    order: int
    title: Words
    hours: int
    after: str
    informs: tuple[str, ...]
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class ZeroTolerance:
    """The protocol: what opens a case, who is told at once and who later, and the clock."""

    issues: tuple[ZeroToleranceIssue, ...]
    audience: tuple[str, ...]
    informed_later: tuple[str, ...]
    duties: tuple[CaseDuty, ...]
    provenance: Provenance

    def issue(self, key: str) -> ZeroToleranceIssue:
        """Raises KeyError."""
        for issue in self.issues:
            if issue.key == key:
                return issue
        raise KeyError(key)

    def deadlines(self, opened_at: datetime, done: Mapping[str, datetime] | None = None) -> dict[str, datetime]:
        """Duty key → its latest moment. A duty that follows another counts from when that was done (`done`), else
        from when it is due."""
        done = done or {}
        due: dict[str, datetime] = {}
        for duty in self.duties:
            base = opened_at if duty.after == "opened" else done.get(duty.after, due.get(duty.after, opened_at))
            due[duty.key] = base + timedelta(hours=duty.hours)
        return due


@dataclass(frozen=True, slots=True)
class CommitteeRules:
    most_members: int
    has_equal_sides: bool
    are_workers_elected: bool
    meets_every_days: int
    follows_gender_of_workforce: bool
    provenance: Provenance
    least_members: int = 2
    # None: the programme sets no term.
    term_years: int | None = None
    has_seat_for_each_union: bool = False
    # Of the seats of each side, rounded up.
    quorum_percent: int = 51


@dataclass(frozen=True, slots=True)
class AdvisorRules:
    """Whether a factory's coach may assess it, and after how many cycles another takes over (None: never).
    `needs_accreditation`: the tasks (assessor, reviewer, trainer) that nobody takes without one."""

    may_assess_own_factory: bool
    rotate_after_cycles: int | None
    provenance: Provenance
    needs_accreditation: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class LowCompliance:
    least_assessments: int
    requirements: int
    standard_deviations: float


@dataclass(frozen=True, slots=True)
class PublicReporting:
    """Questions with `tag` become public, of factories with at least so many assessments."""

    tag: str
    least_assessments: int
    is_factory_named: bool
    provenance: Provenance
    low_compliance: LowCompliance | None = None


@dataclass(frozen=True, slots=True)
class ExtraService:
    """Something else the programme offers. `address`: its page, "" for none."""

    key: str
    title: Words
    provenance: Provenance
    address: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """What readers should know of a rule; it decides nothing. `about`: the name of the rule."""

    about: str
    text: Words
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day set otherwise than the calendar has it."""

    day: date
    is_holiday: bool
    name: str
    source: str


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything that holds for a programme on one day."""

    code: str
    day: date
    name: Words
    opening: Opening
    time_zone: str
    currency: str
    spoken_languages: tuple[str, ...]
    report_languages: tuple[str, ...]
    calendar_country: str
    weekend: frozenset[int]
    calendar_overrides: tuple[Holiday, ...]
    participation: Participation | None
    sectors: tuple[Sector, ...]
    packages: tuple[Package, ...]
    service_models: tuple[ServiceModel, ...]
    reply: ReplyWindow
    report_deadline: Deadline
    zero_tolerance: ZeroTolerance
    committee: CommitteeRules
    public_reporting: PublicReporting
    advisors: AdvisorRules
    training: Training | None = None
    buyer_credits: CreditPrices | None = None
    factory_prices: FactoryPrices | None = None
    extra_services: tuple[ExtraService, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    remarks: tuple[Remark, ...] = ()
    provenance: Mapping[str, Provenance] = field(default_factory=dict)

    @property
    def status(self) -> str:
        """planned, starting, running or ended, on this day."""
        return self.opening.status(self.day)

    @property
    def is_mandatory(self) -> bool:
        return self.participation is not None and self.participation.kind == "mandatory"

    @property
    def sells_credits(self) -> bool:
        """Whether a buyer can prepay cycles here: factories are served, and a price list is in force."""
        return self.status == "running" and self.buyer_credits is not None

    def packages_for(self, sector: str) -> tuple[str, ...]:
        """What a factory of that sector may buy."""
        return tuple(package.key for package in self.packages if sector in package.sectors)

    def service_model(self, sector: str) -> ServiceModel:
        """The model in force for a sector. Raises KeyError when the programme does not serve it."""
        for model in self.service_models:
            if sector in model.sectors:
                return model
        raise KeyError(sector)

    def model_named(self, key: str) -> ServiceModel:
        """Raises KeyError. A cycle keeps the model it began with: ask the rules of the day it started."""
        for model in self.service_models:
            if model.key == key:
                return model
        raise KeyError(key)

    def factory_price(self, package: str, sector: str, workers: int) -> Decimal:
        """What a factory pays for a year. Raises NoPriceError with the reason."""
        if self.factory_prices is None:
            raise NoPriceError("no_list")
        return self.factory_prices.price_of(package, sector, workers)

    def credit_price(self, quantity: int) -> Decimal:
        """What each credit costs when so many are bought. Raises NoPriceError, or ValueError below one."""
        if self.buyer_credits is None:
            raise NoPriceError("no_list")
        return self.buyer_credits.price_of_one(quantity)
