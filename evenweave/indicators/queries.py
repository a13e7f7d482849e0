"""Comparisons: this factory last time, and the country's other factories."""

from collections import defaultdict

from evenweave.assessments.models import Assessment
from evenweave.indicators.models import FactoryResult, PackedAnswers
from evenweave.indicators.rules.comparing import Comparison, Country
from evenweave.questionnaires.queries import compiled
from evenweave.questionnaires.rules import Tool


def country_beside(assessment: Assessment, tool: Tool) -> Country:
    """The latest released assessment of every other factory of the programme, by whatever version of the tool, as
    answers to what `tool` asks. The factory itself is not among them, so that it cannot be subtracted: a group of
    five is five others. One query for the answers and at most one for each version of the tool."""
    latest = FactoryResult.objects.filter(programme=assessment.programme, is_latest=True)
    others = PackedAnswers.objects.filter(
        assessment__in=latest.exclude(factory=assessment.factory_id).values("assessment")
    )
    vectors: dict[int, list[bytes]] = defaultdict(list)
    for tool_id, vector in others.values_list("tool", "vector"):
        vectors[tool_id].append(bytes(vector))
    comparison = Comparison(tool)
    for tool_id, of_version in vectors.items():
        comparison.add(compiled(tool_id), of_version)
    return comparison.country()


def previous_result(assessment: Assessment) -> FactoryResult | None:
    """The result of the factory's last released assessment before this one."""
    return (
        FactoryResult.objects.filter(factory=assessment.factory_id, assessment__lt=assessment.pk)
        .order_by("-assessment")
        .first()
    )


def results_of(factory_id: int) -> list[FactoryResult]:
    """All released results of a factory, oldest first: its trend."""
    return list(FactoryResult.objects.filter(factory=factory_id).order_by("assessment"))
