"""Reports and progress reports as a person may read them."""

import json
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from evenweave.access.enums import Action, Role
from evenweave.access.models import Standing
from evenweave.access.scope import permitted
from evenweave.assessments.enums import AssessmentState
from evenweave.assessments.models import Assessment, Photo, ZeroToleranceCase
from evenweave.assessments.queries import Evidence
from evenweave.enrolment.models import Cycle
from evenweave.improvement.models import Plan, PlanItem
from evenweave.organisations.models import Buyer, Factory
from evenweave.people.models import Person
from evenweave.programmes.queries import local_today
from evenweave.reports.enums import Author, ProgressState, ReportState
from evenweave.reports.facts import Facts
from evenweave.reports.models import DocumentFile, ProgressReport, Report
from evenweave.toolkit.files import files_of_many


def reports_for(person: Person, factory: Factory | None = None) -> QuerySet[Report]:
    """The reports in force that a person may read, the newest first; those of one factory, if given."""
    found = Report.objects.permitted(person, Action.REPORT_VIEW).filter(state=ReportState.CURRENT)
    if factory is not None:
        found = found.filter(factory=factory)
    return found.select_related("factory", "cycle").defer("facts").order_by("-released_at", "-pk")


def report_for(person: Person, ref: str, action: Action = Action.REPORT_VIEW) -> Report | None:
    """One version, in force or superseded."""
    found = permitted(person, action, Report.objects.filter(ref=ref))
    return found.select_related("factory", "cycle", "assessment", "released_by").first()


def facts_of(record: Report | ProgressReport) -> Facts:
    return json.loads(record.facts)


def versions_of(person: Person, report: Report) -> list[Report]:
    """All versions of the same report that the person may read, the newest first."""
    found = Report.objects.permitted(person, Action.REPORT_VIEW).filter(assessment=report.assessment_id)
    return list(found.defer("facts").order_by("-version"))


def files_of(record: Report | ProgressReport) -> list[DocumentFile]:
    """The files there are, sheets last; empty while they are being made."""
    return list(record.files.select_related("stored").order_by("kind", "pk"))


def paying_buyers(cycle: Cycle) -> list[Buyer]:
    """The buyers that the factory has consented to and that have paid for the cycle, by name."""
    ties = Standing.objects.active().filter(holder=None, role=Role.BUYER_OFFICER, cycle=cycle)
    return list(Buyer.objects.filter(pk__in=ties.values("buyer_id")).order_by("name"))


def buyers_without_payment(cycle: Cycle) -> list[Buyer]:
    """The buyers that the factory has consented to, and that have not paid for this cycle."""
    ties = Standing.objects.active().filter(holder=None, role=Role.BUYER_OFFICER, factory=cycle.factory_id)
    paid = ties.filter(cycle=cycle).values("buyer_id")
    return list(Buyer.objects.filter(pk__in=ties.values("buyer_id")).exclude(pk__in=paid).order_by("name"))


def plan_items_of(person: Person, cycle: Cycle) -> int:
    """How many items of the plan hang on this cycle, as far as the person sees them."""
    return permitted(person, Action.PLAN_VIEW, PlanItem.objects.filter(cycle=cycle, withdrawn_at=None)).count()


def photos_of(person: Person, report: Report) -> dict[str, list[Evidence]]:
    """The photos of the report's findings by question, with the file of each. Three queries at most."""
    found = permitted(person, Action.REPORT_VIEW, Photo.objects.filter(assessment=report.assessment_id))
    questions = [finding["question_id"] for finding in facts_of(report)["findings"]]
    rows = list(found.filter(withdrawn_at=None, question_id__in=questions).order_by("taken_at", "pk"))
    files = files_of_many(rows)
    by_question: dict[str, list[Evidence]] = {}
    for row in rows:
        by_question.setdefault(row.question_id, []).append(Evidence(row, next(iter(files[row.pk]), None)))
    return by_question


def may_open_plan(person: Person, factory: Factory) -> bool:
    return permitted(person, Action.PLAN_VIEW, Plan.objects.filter(factory=factory)).exists()


def may_amend(person: Person, report: Report) -> bool:
    is_current = report.state == ReportState.CURRENT
    return is_current and permitted(person, Action.REPORT_AMEND, Report.objects.filter(pk=report.pk)).exists()


def may_write(person: Person, progress: ProgressReport) -> bool:
    """Whether the person is the author that a progress report waits for."""
    if progress.state != ProgressState.DUE:
        return False
    action = Action.PROGRESS_WRITE if progress.author == Author.FACTORY else Action.PROGRESS_EVALUATE
    return permitted(person, action, ProgressReport.objects.filter(pk=progress.pk)).exists()


def to_release(person: Person) -> QuerySet[Assessment]:
    """Assessments whose replies are in."""
    found = Assessment.objects.permitted(person, Action.REPORT_RELEASE).filter(state=AssessmentState.REPLIED)
    return found.select_related("factory", "cycle").order_by("replied_at", "pk")


def assessment_to_release(person: Person, ref: str) -> Assessment | None:
    """An assessment that has been sent to its factory, whether its report can be released yet or not."""
    sent = (AssessmentState.WITH_FACTORY, AssessmentState.REPLIED, AssessmentState.RELEASED)
    found = Assessment.objects.permitted(person, Action.REPORT_RELEASE).filter(ref=ref, state__in=sent)
    return found.select_related("factory", "cycle").first()


def current_report_of(person: Person, assessment: Assessment) -> Report | None:
    found = Report.objects.permitted(person, Action.REPORT_VIEW).filter(assessment=assessment)
    return found.filter(state=ReportState.CURRENT).first()


def open_cases(person: Person, assessment: Assessment) -> int:
    """Zero-tolerance cases of this assessment that are still open, for those who may know."""
    cases = ZeroToleranceCase.objects.permitted(person, Action.ZERO_TOLERANCE_VIEW)
    return cases.filter(assessment=assessment, closed_at=None).count()


def progress_for(person: Person, factory: Factory | None = None) -> QuerySet[ProgressReport]:
    """The progress reports that a person may see: due ones first, the earliest day first."""
    found = ProgressReport.objects.permitted(person, Action.PROGRESS_VIEW)
    if factory is not None:
        found = found.filter(factory=factory)
    return found.select_related("factory", "cycle").defer("facts").order_by("state", "due_on", "pk")


def progress_report_for(person: Person, ref: str, action: Action = Action.PROGRESS_VIEW) -> ProgressReport | None:
    found = permitted(person, action, ProgressReport.objects.filter(ref=ref))
    return found.select_related("factory", "cycle", "sent_by").first()


def progress_of_cycle(person: Person, cycle: Cycle) -> list[ProgressReport]:
    found = ProgressReport.objects.permitted(person, Action.PROGRESS_VIEW).filter(cycle=cycle)
    return list(found.defer("facts").order_by("number"))


def due_for(person: Person, until: date) -> list[ProgressReport]:
    """What the person has to write, due up to a day: the factory its own, the programme its evaluation."""
    own = permitted(person, Action.PROGRESS_WRITE, _due(until).filter(author=Author.FACTORY))
    evaluation = permitted(person, Action.PROGRESS_EVALUATE, _due(until).filter(author=Author.PROGRAMME))
    return [*own[:MOST_DUE], *evaluation[:MOST_DUE]]


def overdue_for(person: Person, today: date) -> list[ProgressReport]:
    """Reports of factories that are late, for the staff who follow them."""
    late = ProgressReport.objects.filter(
        due_on__lt=today, state=ProgressState.DUE, author=Author.FACTORY
    ).select_related("factory", "cycle").order_by("due_on", "pk")
    return list(permitted(person, Action.PROGRESS_EVALUATE, late)[:MOST_DUE])


MOST_DUE = 50


def _due(until: date) -> QuerySet[ProgressReport]:
    found = ProgressReport.objects.filter(state=ProgressState.DUE, due_on__lte=until)
    return found.select_related("factory", "cycle").order_by("due_on", "pk")


@dataclass(frozen=True)
class Verified:
    """What the verification page says of a code: nothing about whose report it is."""

    is_current: bool
    version: int
    made_on: date
    files: list[DocumentFile]
    facts_hash: str
    newer_version: int | None = None
    newer_on: date | None = None


def verified(code: str) -> Verified | None:
    """The document behind a code, for anybody who holds it; None for a code that was never printed."""
    report = Report.objects.filter(code=code).defer("facts").first()
    if report is not None:
        return _verified_report(report)
    progress = ProgressReport.objects.filter(code=code, state=ProgressState.SENT).defer("facts").first()
    if progress is None:
        return None
    return Verified(
        is_current=True, version=1, made_on=local_today(progress.programme, progress.sent_at),
        files=files_of(progress), facts_hash=progress.facts_hash,
    )


def _verified_report(report: Report) -> Verified:
    current = Report.objects.filter(assessment=report.assessment_id, state=ReportState.CURRENT).defer("facts").get()
    newer = current if current.pk != report.pk else None
    return Verified(
        is_current=newer is None, version=report.version, made_on=local_today(report.programme, report.released_at),
        files=files_of(report), facts_hash=report.facts_hash,
        newer_version=newer.version if newer else None,
        newer_on=local_today(newer.programme, newer.released_at) if newer else None,
    )
