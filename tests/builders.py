"""Plain functions that make rows for tests, in the state a test asks for."""

from datetime import UTC, date, datetime, timedelta

from evenweave.access.enums import Role, Shared
from evenweave.access.models import Standing
from evenweave.assessments.enums import AssessmentState
from evenweave.assessments.models import Assessment, AssessmentPlan
from evenweave.enrolment.enums import Package
from evenweave.enrolment.models import Cycle
from evenweave.improvement.models import Plan
from evenweave.organisations.models import Buyer, Factory, FactorySector
from evenweave.organisations.services import rewrite_keys
from evenweave.people.models import Person
from evenweave.questionnaires.models import CompiledTool

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
SECRET_DAY = date(2027, 3, 17)
PASSWORD = "a long password for tests"


def a_person(name: str = "Test Person", key: str | None = None, **fields) -> Person:
    email = f"{(key or name).lower().replace(' ', '.').replace('_', '.')}@example.org"
    return Person.objects.create_user(name=name, email=email, password=PASSWORD, **fields)


def a_factory(name: str = "A Factory", *, programme: str = "KH", **fields) -> Factory:
    factory = Factory.objects.create(
        name=name,
        programme=programme,
        country=fields.pop("country", "KH"),
        city=fields.pop("city", "Phnom Penh"),
        is_invented=True,
        **fields,
    )
    rewrite_keys(factory)
    factory.save(update_fields=["search_key", "match_key"])
    FactorySector.objects.create(factory=factory, sector="apparel")
    return factory


def a_buyer(name: str = "A Buyer", **fields) -> Buyer:
    return Buyer.objects.create(name=name, is_invented=True, **fields)


def a_cycle(factory: Factory, number: int = 1, *, starts_on: date = date(2025, 11, 3), **fields) -> Cycle:
    return Cycle.objects.create(
        factory=factory,
        programme=factory.programme,
        number=number,
        sector="apparel",
        package=fields.pop("package", Package.ASSESSMENT_AND_ADVISORY),
        service_model=fields.pop("service_model", "2014"),
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=364),
        **fields,
    )


def consented(buyer: Buyer, factory: Factory) -> Standing:
    """The buyer's tie to a factory that has consented."""
    return Standing.objects.create(buyer=buyer, factory=factory, role=Role.BUYER_OFFICER, starts_at=LONG_AGO)


def paid(buyer: Buyer, cycle: Cycle) -> Standing:
    """The buyer's tie to a cycle that is consented to and paid."""
    return Standing.objects.create(
        buyer=buyer, factory=cycle.factory, cycle=cycle, role=Role.BUYER_OFFICER, starts_at=LONG_AGO
    )


def a_tool(version: str = "test-1", *, programme: str = "KH") -> CompiledTool:
    """A row that names a version; its content is only there for tests that load one."""
    tool, _ = CompiledTool.objects.get_or_create(
        key="garment", programme=programme, version=version,
        defaults={"content_hash": f"{version:0>64}"[-64:], "in_force_from": date(2024, 1, 1)},
    )
    return tool


def an_assessment(
    cycle: Cycle,
    *,
    tool: CompiledTool | None = None,
    planner: Person,
    assessors: tuple[Person, ...] = (),
    reviewer: Person | None = None,
    state: AssessmentState = AssessmentState.PLANNED,
    sharing: Shared = Shared.STAFF,
    day_on: date = SECRET_DAY,
) -> Assessment:
    """An assessment with its secret plan and the standings of those who work on it."""
    assessment = Assessment.objects.create(
        factory=cycle.factory,
        cycle=cycle,
        programme=cycle.programme,
        tool=tool or a_tool(),
        state=state,
        sharing=sharing,
    )
    AssessmentPlan.objects.create(
        assessment=assessment,
        window_from=day_on - timedelta(days=6),
        window_until=day_on + timedelta(days=6),
        day_on=day_on,
        planned_by=planner,
    )
    for person in assessors:
        Standing.objects.create(holder=person, role=Role.ASSESSOR, assessment=assessment, starts_at=LONG_AGO)
    if reviewer is not None:
        Standing.objects.create(holder=reviewer, role=Role.REVIEWER, assessment=assessment, starts_at=LONG_AGO)
    return assessment


def a_plan(factory: Factory) -> Plan:
    return Plan.objects.create(factory=factory)
