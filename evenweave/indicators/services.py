"""Summaries written when a report is released: in the release's own transaction, and without counting anyone else."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import F

from evenweave.assessments.models import Assessment
from evenweave.indicators.models import ClusterTally, FactoryResult, PackedAnswers, PointTally
from evenweave.indicators.rules import Rate, Row, cluster_rates, factory_rate, in_shares, point_statuses
from evenweave.organisations.models import Factory
from evenweave.questionnaires.enums import Outcome
from evenweave.questionnaires.rules.answering import outcome
from evenweave.questionnaires.rules.tool import Tool

NOT_ASKED = 0
CODES = {Outcome.COMPLIANT: 1, Outcome.NONCOMPLIANT: 2, Outcome.NOT_APPLICABLE: 3, Outcome.UNABLE: 4}


def record_result(*, assessment: Assessment, tool: Tool, answers: Mapping[str, str], at: datetime) -> FactoryResult:
    """Pack the scored answers and move the country's tallies from the factory's former latest result to this one.

    `answers`: question id → answer as it counts (an amendment passes the corrected ones and is recorded in place)."""
    outcomes = {question.id: outcome(question, answers.get(question.id)) for question in tool.scored}
    vector = bytes(CODES.get(outcomes[question.id], NOT_ASKED) for question in tool.scored)
    PackedAnswers.objects.update_or_create(
        assessment=assessment, defaults={"tool": assessment.tool, "vector": vector, "released_at": at}
    )
    previous = FactoryResult.objects.select_for_update().filter(factory=assessment.factory_id, is_latest=True).first()
    is_latest = previous is None or previous.assessment_id <= assessment.pk
    if previous is not None and is_latest:
        _tally(previous, -1)
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
    if is_latest:
        _tally(result, +1)
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


def _tally(result: FactoryResult, sign: int) -> None:
    """Add the points of one result to the country's tallies, or take them out again; in one order, so that two
    releases never wait for each other crosswise."""
    known = set(PointTally.objects.filter(programme=result.programme).values_list("point", flat=True))
    PointTally.objects.bulk_create(
        [PointTally(programme=result.programme, point=point) for point in sorted(set(result.points) - known)],
        ignore_conflicts=True,
    )
    for is_noncompliant in (False, True):
        points = [point for point, found in result.points.items() if found is is_noncompliant]
        if points:
            rows = PointTally.objects.filter(programme=result.programme, point__in=points)
            list(rows.order_by("point").select_for_update())
            rows.update(assessed=F("assessed") + sign, noncompliant=F("noncompliant") + sign * is_noncompliant)
    _tally_clusters(result, sign)


def _tally_clusters(result: FactoryResult, sign: int) -> None:
    """The same for the mean of the factories' rates in each cluster."""
    tallies = ClusterTally.objects.filter(programme=result.programme)
    known = set(tallies.values_list("cluster", flat=True))
    ClusterTally.objects.bulk_create(
        [ClusterTally(programme=result.programme, cluster=cluster) for cluster in sorted(set(result.clusters) - known)],
        ignore_conflicts=True,
    )
    rows = list(tallies.filter(cluster__in=result.clusters).order_by("cluster").select_for_update())
    for tally in rows:
        tally.factories += sign
        tally.shares += sign * in_shares(Rate(*result.clusters[tally.cluster]))
    ClusterTally.objects.bulk_update(rows, ["factories", "shares"])


def join_results(*, survivor: Factory, duplicate: Factory) -> None:
    """A factory was on record twice: the results become the survivor's, and the country counts it once, by its
    newest assessment. Call it when the duplicate's cycles have their new numbers."""
    both = FactoryResult.objects.select_for_update().filter(factory__in=(survivor, duplicate), is_latest=True)
    for older in sorted(both, key=lambda result: result.assessment_id)[:-1]:
        _tally(older, -1)
        FactoryResult.objects.filter(pk=older.pk).update(is_latest=False)
    for result in FactoryResult.objects.filter(factory=duplicate).select_related("assessment__cycle"):
        result.factory, result.cycle_number = survivor, result.assessment.cycle.number
        result.save(update_fields=["factory", "cycle_number"])
