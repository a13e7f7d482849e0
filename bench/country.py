"""The country beside a report: every other factory's latest answers, over both versions of the tool."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime

from bench.registry import TIMES, Row, benchmark, median, milliseconds

PROGRAMME, CYCLES = "KH", 6
FEW, FACTORIES = 200, 2000
BAR_MS = 100
MOMENT = datetime(2025, 9, 1, tzinfo=UTC)


@benchmark("country comparison")
def country_comparison() -> Iterator[Row]:
    """What a release asks of the country: each point, cluster and question over all other factories. Limit: the same
    answers only fetched from the database."""
    from evenweave.config.commandline import start_django

    start_django()
    from evenweave.indicators.models import FactoryResult
    from evenweave.indicators.queries import country_beside
    from evenweave.questionnaires.queries import compiled

    counts = []
    for size in (FEW, FACTORIES):
        _fill_up_to(size)
        ours = FactoryResult.objects.filter(is_latest=True).select_related("assessment").earliest("pk").assessment
        tool = compiled(ours.tool_id)
        country = country_beside(ours, tool)
        counts.append(_queries(lambda ours=ours, tool=tool: country_beside(ours, tool)))
        if not all(others.n for others in country.questions.values()) or len(country.questions) != len(tool.scored):
            raise RuntimeError("a question without others: both versions are to be in the country")
    took = median(lambda: milliseconds(lambda: country_beside(ours, tool)), TIMES)
    size = f"{FACTORIES} factories, {CYCLES} cycles, {len(tool.scored)} questions"
    bare = median(lambda: milliseconds(_fetch), TIMES)
    yield Row("country beside a report", size, took, "ms", bar=BAR_MS, limit=bare)
    yield Row("country beside a report, queries", f"{FACTORIES} factories", counts[1], "queries", bar=counts[0],
              limit=counts[0])


def _fetch() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT packed.vector FROM indicators_packedanswers packed JOIN indicators_factoryresult result"
            " ON result.assessment_id = packed.assessment_id WHERE result.programme = %s AND result.is_latest",
            [PROGRAMME],
        )
        cursor.fetchall()


def _queries(work) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        work()
    return len(queries)


def _fill_up_to(size: int) -> None:
    """Factories with six released assessments each: the older version of the tool first, and in every second factory
    to the last."""
    from django.db import connection, transaction

    from evenweave.organisations.models import Factory
    from evenweave.questionnaires.queries import tools_of

    tools = tools_of(PROGRAMME)
    with transaction.atomic():
        have = Factory.objects.count()
        factories = Factory.objects.bulk_create(
            Factory(name=f"Factory {number}", programme=PROGRAMME, country=PROGRAMME, is_invented=True)
            for number in range(have, size)
        )
        for number in range(1, CYCLES + 1):
            is_new = number == CYCLES
            _add_cycle(number, [(factory, tools[-1] if is_new and factory.pk % 2 else tools[0])
                                for factory in factories])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _add_cycle(number: int, factories: list[tuple]) -> None:
    from evenweave.assessments.models import Assessment
    from evenweave.enrolment.models import Cycle
    from evenweave.indicators.models import FactoryResult, PackedAnswers

    cycles = Cycle.objects.bulk_create(
        Cycle(factory=factory, programme=PROGRAMME, number=number, sector="apparel", package="assessment_and_advisory",
              service_model="2021", starts_on=date(2019 + number, 1, 7), ends_on=date(2020 + number, 1, 6))
        for factory, _tool in factories
    )
    assessments = Assessment.objects.bulk_create(
        Assessment(factory=cycle.factory, cycle=cycle, programme=PROGRAMME, tool=tool, state="released",
                   released_at=MOMENT)
        for cycle, (_factory, tool) in zip(cycles, factories, strict=True)
    )
    draw = random.Random(number)
    widths = {tool.pk: _width(tool) for _factory, tool in factories}
    PackedAnswers.objects.bulk_create(
        PackedAnswers(assessment=one, tool_id=one.tool_id, released_at=MOMENT,
                      vector=bytes(draw.choices((0, 1, 2, 3), (1, 6, 2, 1), k=widths[one.tool_id])))
        for one in assessments
    )
    FactoryResult.objects.bulk_create(
        FactoryResult(assessment=one, factory=one.factory, programme=PROGRAMME, cycle_number=number, points_assessed=0,
                      points_noncompliant=0, findings=0, public_findings=0, points={}, is_latest=number == CYCLES,
                      released_at=MOMENT)
        for one in assessments
    )


def _width(tool) -> int:
    from evenweave.questionnaires.queries import compiled

    return len(compiled(tool.pk).scored)
