"""Summaries written when a report is released: in the release's own transaction, and without counting anyone else."""

from collections.abc import Mapping
from datetime import datetime

from evenweave.assessments.models import Assessment
from evenweave.indicators.models import FactoryResult, PackedAnswers
from evenweave.indicators.rules import Row, cluster_rates, factory_rate, point_statuses
from evenweave.indicators.rules.comparing import CODES, NOT_ASKED
from evenweave.organisations.models import Factory
from evenweave.questionnaires.enums import Outcome
from evenweave.questionnaires.rules.answering import outcome
from evenweave.questionnaires.rules.tool import Tool


def record_result(*, assessment: Assessment, tool: Tool, answers: Mapping[str, str], at: datetime) -> FactoryResult:
    """Pack the scored answers; from now on the country counts the factory by these, unless newer ones are there.

    `answers`: question id → answer as it counts (an amendment passes the corrected ones and is recorded in place)."""
    outcomes = {question.id: outcome(question, answers.get(question.id)) for question in tool.scored}
    vector = bytes(CODES.get(outcomes[question.id], NOT_ASKED) for question in tool.scored)
    PackedAnswers.objects.update_or_create(
        assessment=assessment, defaults={"tool": assessment.tool, "vector": vector, "released_at": at}
    )
    previous = FactoryResult.objects.select_for_update().filter(factory=assessment.factory_id, is_latest=True).first()
    is_latest = previous is None or previous.assessment_id <= assessment.pk
    if previous is not None and is_latest:
        FactoryResult.objects.filter(pk=previous.pk).update(is_latest=False)
    rows = _rows(assessment, tool, outcomes)
    statuses = point_statuses(rows)
    rate = factory_rate(statuses)
    result, _ = FactoryResult.objects.update_or_create(
        assessment=assessment,
        defaults={
            "factory_id": assessment.factory_id,
            "programme": assessment.programme,
            "cycle_number": assessment.cycle.number,
            "points_assessed": rate.assessed,
            "points_noncompliant": rate.noncompliant,
            "findings": sum(row.finding for row in rows),
            "public_findings": sum(row.finding for row in rows if tool.question(row.question).is_public),
            "points": statuses,
            "clusters": {
                cluster: [rate.noncompliant, rate.assessed]
                for cluster, rate in cluster_rates(statuses, {row.point: row.cluster for row in rows}).items()
            },
            "is_latest": is_latest,
            "released_at": at,
        },
    )
    return result


def _rows(assessment: Assessment, tool: Tool, outcomes: Mapping[str, Outcome | None]) -> list[Row]:
    finding = {Outcome.COMPLIANT: 0, Outcome.NONCOMPLIANT: 1}
    return [
        Row(
            factory=str(assessment.factory_id),
            assessment=assessment.pk,
            cycle=assessment.cycle.number,
            cluster=question.cluster,
            point=question.point,
            question=question.id,
            finding=finding[found],
        )
        for question in tool.scored
        if (found := outcomes[question.id]) in finding
    ]


def join_results(*, survivor: Factory, duplicate: Factory) -> None:
    """A factory was on record twice: the results become the survivor's, and the country counts it once, by its
    newest assessment. Call it when the duplicate's cycles have their new numbers."""
    both = FactoryResult.objects.select_for_update().filter(factory__in=(survivor, duplicate), is_latest=True)
    for older in sorted(both, key=lambda result: result.assessment_id)[:-1]:
        FactoryResult.objects.filter(pk=older.pk).update(is_latest=False)
    for result in FactoryResult.objects.filter(factory=duplicate).select_related("assessment__cycle"):
        result.factory, result.cycle_number = survivor, result.assessment.cycle.number
        result.save(update_fields=["factory", "cycle_number"])


def part_results(*, survivor: Factory, duplicate: Factory) -> None:
    """Two factories that were counted as one are two again: each result is its assessment's factory's, and each
    factory counts by its newest assessment. Call it when the assessments are where they belong."""
    results = FactoryResult.objects.filter(factory__in=(survivor, duplicate)).select_related("assessment__cycle")
    rows = list(results.order_by("assessment_id").select_for_update(of=("self",)))
    # None is the latest before one is said to be, so that no factory has two on the way.
    results.update(is_latest=False)
    newest = {row.assessment.factory_id: row.pk for row in rows}
    for row in rows:
        row.factory_id, row.cycle_number = row.assessment.factory_id, row.assessment.cycle.number
        row.is_latest = newest[row.factory_id] == row.pk
        row.save(update_fields=["factory", "cycle_number", "is_latest"])
