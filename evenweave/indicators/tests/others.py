"""Other factories of the country, with answers that count."""

from collections.abc import Mapping
from datetime import UTC, datetime

from evenweave.access.enums import Shared
from evenweave.assessments.enums import AssessmentState
from evenweave.assessments.models import Assessment
from evenweave.indicators.services import record_result
from evenweave.organisations.models import Factory
from evenweave.people.models import Person
from evenweave.questionnaires.models import CompiledTool
from evenweave.questionnaires.queries import compiled
from tests import builders

COUNTED = datetime(2025, 9, 1, tzinfo=UTC)


def counted(
    tool: CompiledTool, answers: Mapping[str, str], *, planner: Person, factory: Factory | None = None,
    programme: str = "KH",
) -> Assessment:
    """A released assessment with these answers: of a new factory, or the next one of a factory."""
    factory = factory or builders.a_factory(f"Factory {Factory.objects.count()}", programme=programme)
    number = Assessment.objects.filter(factory=factory).count() + 1
    assessment = builders.an_assessment(
        builders.a_cycle(factory, number, service_model="2021"), tool=tool, planner=planner,
        state=AssessmentState.RELEASED, sharing=Shared.BUYERS,
    )
    record_result(assessment=assessment, tool=compiled(tool.pk), answers=answers, at=COUNTED)
    return assessment
