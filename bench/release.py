"""The release of a whole report: every question of the country's tool answered, one in eight with a finding, in the
second year of a factory whose first findings already stand in its plan."""

import json
import statistics
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from bench.registry import TIMES, Row, benchmark, milliseconds

BAR_MS = 250
ONE_IN = 8
FIRST_YEAR, SECOND_YEAR = date(2024, 10, 1), date(2025, 10, 6)
BATCH = 200


@benchmark("release")
def release() -> Iterator[Row]:
    """From the manager's click to the commit; the same rows written bare, in one transaction, beside it."""
    from evenweave.config.commandline import start_django

    start_django()
    from evenweave.reports.models import Report
    from evenweave.reports.services.releasing import release_report
    from evenweave.toolkit import clock
    from tests import builders
    from tests.cast import introduce

    cast = introduce()
    ours, bare = [], []
    questions = findings = 0
    for turn in range(TIMES + 1):
        factory = builders.a_factory(f"Factory {turn}")
        for number, starts_on in ((1, FIRST_YEAR), (2, SECOND_YEAR)):
            cycle = builders.a_cycle(factory, number, starts_on=starts_on, service_model="2021")
            assessment, moment = ready_to_release(cast, cycle, spread=number)
            with clock.at(moment):
                took = milliseconds(
                    lambda ref=assessment.ref: release_report(assessment_ref=ref, by=cast.programme_manager)
                )
        if turn:  # the first loads what a process loads once
            ours.append(took)
            report = Report.objects.get(assessment=assessment)
            bare.append(_bare(report))
            facts = json.loads(report.facts)
            questions, findings = facts["assessment"]["questions_asked"], len(facts["findings"])
    size = f"{questions} questions, {findings} findings"
    yield Row("release of a report", size, statistics.median(ours), "ms", bar=BAR_MS, limit=statistics.median(bare))


def ready_to_release(cast, cycle, *, spread: int = 1) -> tuple:
    """An assessment with every visible question answered and its replies in, and a moment to release it. `spread`
    moves the findings, so that some are found again and some are new."""
    from evenweave.assessments.models import Assessment
    from evenweave.assessments.services import answering, planning, replying, reviewing, submitting
    from evenweave.toolkit import clock

    first = datetime.combine(cycle.starts_on, datetime.min.time(), UTC) + timedelta(days=60, hours=3)
    with clock.at(first):
        ref = planning.plan_assessment(
            cycle_ref=cycle.ref, window_from=first.date(), window_until=first.date() + timedelta(days=20),
            by=cast.programme_manager,
        ).ref
        planning.assign_assessment(
            ref=ref, day_on=first.date() + timedelta(days=5), assessors=[cast.assessor, cast.second_assessor],
            reviewer=cast.reviewer, by=cast.team_leader,
        )
    with clock.at(first + timedelta(days=5)):
        answering.start(ref=ref, by=cast.assessor)
        answer_everything(ref, cast, spread)
    with clock.at(first + timedelta(days=6)):
        submitting.submit(ref=ref, by=cast.assessor)
    with clock.at(first + timedelta(days=8)):
        reviewing.approve(ref=ref, by=cast.reviewer)
    with clock.at(first + timedelta(days=9)):
        replying.close_replies(ref=ref, by=None)
    return Assessment.objects.get(ref=ref), first + timedelta(days=12)


def answer_everything(ref: str, cast, spread: int) -> None:
    """Until no visible question is without an answer: an answer may show further questions."""
    from evenweave.assessments.models import Assessment
    from evenweave.assessments.services import answering
    from evenweave.questionnaires.queries import compiled
    from evenweave.questionnaires.rules import visible_questions

    assessment = Assessment.objects.get(ref=ref)
    tool = compiled(assessment.tool_id)
    answers: dict[str, object] = {}
    while new := [q for q in visible_questions(tool, answers, assessment.extent) if q.id not in answers]:
        changes: list = []
        for question in new:
            answers[question.id] = _answer(question, spread)
            changes += _changes(question, answers[question.id])
        for start in range(0, len(changes), BATCH):
            answering.record_changes(ref=ref, changes=changes[start : start + BATCH], by=cast.assessor)


def _answer(question, spread: int) -> object:
    if not question.is_scored:
        return {"number": 40 + question.order, "yes_no": "yes"}.get(question.answer, "As the managers said.")
    if question.order % ONE_IN == spread % 3 and not question.is_zero_tolerance:
        return question.noncompliant_answer
    return "yes" if question.noncompliant_answer == "no" else "no"


def _changes(question, answer: object) -> Iterator:
    from evenweave.assessments.rules import Change, blanks_in
    from evenweave.toolkit import clock
    from evenweave.toolkit.uuid7 import uuid7

    now = clock.now()
    said = {"answer": answer}
    if question.is_scored and answer == question.noncompliant_answer:
        said["explanation"] = "Seen in the sewing hall on the first morning; two supervisors said why. " * 3
        said["seriousness"] = ("minor", "major", "grave")[question.order % 3]
        if blanks := blanks_in(question.finding()):
            said["finding"] = ["3"] * blanks
    for field, value in said.items():
        yield Change(uuid7(now), question.id, field, value, frozenset(), now)


def _bare(report) -> float:
    """One transaction of the database alone: the facts, and a row of text for each finding and plan item."""
    from django.db import connection, transaction

    findings = json.loads(report.facts)["findings"]
    rows = [(finding["ref"], json.dumps(finding)) for finding in findings] * 2 + [(report.ref, report.facts)]

    def write() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany("INSERT INTO bench_bare (ref, content) VALUES (%s, %s)", rows)

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_bare (ref TEXT, content TEXT)")
    return milliseconds(write)
