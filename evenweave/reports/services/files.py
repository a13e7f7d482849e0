"""The files of a report: made from its frozen facts by a job, once, and announced when they are there."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db import models
from django.tasks import task
from django.tasks.base import TaskContext
from django.urls import reverse
from django.utils.text import slugify

from evenweave.access.enums import Action
from evenweave.notifications.services import address, notify
from evenweave.reports.enums import FileKind
from evenweave.reports.facts import Facts
from evenweave.reports.models import DocumentFile, ProgressReport, Report
from evenweave.toolkit.files import store_file
from evenweave.toolkit.jobs.running import completing, enqueue_once, report_progress

SHEET_LANGUAGE = "en"
TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
type Key = tuple[str, str]  # language, kind


@dataclass(frozen=True)
class Making:
    """How the files of one kind of record are made."""

    pdf: Callable[..., bytes]
    xlsx: Callable[..., bytes]


def ask_for_report_files(report: Report) -> None:
    """Inside the step that made the report: the job exists when, and only when, the step holds."""
    enqueue_once(render_report, f"files of report {report.ref}", report.ref)


def ask_for_progress_files(progress: ProgressReport) -> None:
    enqueue_once(render_progress, f"files of progress report {progress.ref}", progress.ref)


@task(takes_context=True, queue_name="documents")
def render_report(context: TaskContext, ref: str) -> None:
    """Make what is missing of the report's files, then tell its readers. Done twice, it is done once."""
    report = Report.objects.select_related("factory").get(ref=ref)
    facts = json.loads(report.facts)
    kind = "report.released" if report.version == 1 else "report.amended"
    name = f"report-{slugify(facts['factory']['name'])}-cycle-{facts['cycle_number']}-v{report.version}"
    _finish(context, report, facts, _report_making(), name, Action.REPORT_VIEW, kind)


@task(takes_context=True, queue_name="documents")
def render_progress(context: TaskContext, ref: str) -> None:
    """The same for a progress report that was sent."""
    progress = ProgressReport.objects.select_related("factory").get(ref=ref)
    facts = json.loads(progress.facts)
    name = f"progress-{progress.number}-{slugify(facts['factory']['name'])}-cycle-{facts['cycle_number']}"
    _finish(context, progress, facts, _progress_making(), name, Action.PROGRESS_VIEW, "progress.sent")


def _report_making() -> Making:
    from evenweave.reports.rendering import assessment_pdf, findings_xlsx  # heavy, and only the worker makes files

    return Making(assessment_pdf, findings_xlsx)


def _progress_making() -> Making:
    from evenweave.reports.rendering import progress_pdf, progress_xlsx

    return Making(progress_pdf, progress_xlsx)


def _finish(
    context: TaskContext, record: Report | ProgressReport, facts: Facts, making: Making, name: str, action: Action,
    notice: str,
) -> None:
    made = _make_missing(context, record, facts, making)
    with completing(context):
        if not made:
            return
        known = _known(record)
        for (language, kind), content in made.items():
            if (language, kind) not in known:
                _keep(record, language, FileKind(kind), content, f"{name}-{language}.{kind}", action)
        notify(notice, about=record)


def _known(record: models.Model) -> set[Key]:
    return {(one.language, one.kind) for one in record.files.all()}


def _make_missing(context: TaskContext, record, facts: Facts, making: Making) -> Mapping[Key, bytes]:
    """The bytes of each file that is not there, made outside any transaction."""
    known, verify_url = _known(record), address(reverse("verify", args=[record.code]))
    made: dict[Key, bytes] = {}
    languages = facts["languages"]
    for place, language in enumerate(languages):
        if (language, FileKind.PDF) not in known:
            made[language, FileKind.PDF] = making.pdf(facts, language, verify_url=verify_url, code=record.code)
        report_progress(context, (place + 1) / (len(languages) + 1))
    if (SHEET_LANGUAGE, FileKind.XLSX) not in known:
        made[SHEET_LANGUAGE, FileKind.XLSX] = making.xlsx(facts)
    return made


def _keep(record, language: str, kind: FileKind, content: bytes, name: str, action: Action) -> None:
    stored = store_file(content=content, name=name, content_type=TYPES[kind], owner=record, action=action)
    owner = {"report": record} if isinstance(record, Report) else {"progress": record}
    DocumentFile.objects.create(**owner, language=language, kind=kind, stored=stored)
