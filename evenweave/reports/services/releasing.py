"""The release: what staff and the factory worked on becomes a report, in one transaction."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _

from evenweave.access.enums import Action, Shared
from evenweave.activity.services import step
from evenweave.activity.steps import Step
from evenweave.assessments.enums import AssessmentState, Decision
from evenweave.assessments.models import Assessment, Finding, Photo
from evenweave.assessments.rules import may_move
from evenweave.assessments.services.replying import close_replies
from evenweave.enrolment.models import Cycle
from evenweave.enrolment.services import anchor_steps, finish_step
from evenweave.improvement.services import adopt_findings
from evenweave.indicators.services import record_result
from evenweave.people.models import Person
from evenweave.programmes.queries import calendar, local_today, rules_on
from evenweave.programmes.rules import ProgressReportRule, due_on
from evenweave.reports.facts import AssessmentReportFacts, canonical, check, facts_hash
from evenweave.reports.models import ProgressReport, Report
from evenweave.reports.queries.gathering import (
    SOURCE_LANGUAGE,
    Material,
    Version,
    assessment_facts,
    counted_answers,
    material_of,
    typed,
)
from evenweave.reports.services.files import ask_for_report_files
from evenweave.toolkit import clock
from evenweave.toolkit.files import open_by
from evenweave.toolkit.refs import new_ref
from evenweave.toolkit.refusals import Refused

RELEASE_ANCHOR = "report_released"
RELEASE_STEPS = ("report_release", "buyers_open")
CYCLE_ANCHOR = "cycle_start"


def release_report(*, assessment_ref: str, by: Person, strengths: Sequence[str] = ()) -> Report:
    """The report is there for the factory and for every buyer with consent and a paid cycle, its findings stand in
    the plan, and the country's rates count it. Nothing of this can be taken back, only amended. The files follow in
    a job, and the notices with them. `strengths`: what works well, a sentence each, in the language of `by`."""
    with step() as log:
        assessment = _to_release(assessment_ref, by)
        now = clock.now()
        today = local_today(assessment.programme, now)
        material = material_of(assessment, today)
        count_answers(material, now)
        report, findings = _freeze(material, today, by, strengths)
        adopt_findings(assessment=assessment, findings=findings, at=now, by=by)
        _open_to_buyers(assessment, findings, now)
        _move_cycle(assessment.cycle, today)
        log.record(
            Step.REPORT_RELEASED, about=report, by=by, sharing=Shared.BUYERS, factory=assessment.factory,
            assessment=assessment, cycle=assessment.cycle,
            payload={"version": report.version, "facts": report.facts_hash, "findings": len(findings)},
        )
        ask_for_report_files(report)
    return report


def _to_release(ref: str, by: Person) -> Assessment:
    """The assessment, locked, when its replies are in or its window has closed."""
    assessment = Assessment.objects.one_for(by, Action.REPORT_RELEASE, ref=ref)
    if window_has_passed(assessment):
        close_replies(ref=assessment.ref, by=None)
        assessment.refresh_from_db()
    if not may_move(assessment.state, AssessmentState.RELEASED):
        raise Refused(why_not(assessment))
    return assessment


def window_has_passed(assessment: Assessment) -> bool:
    """Whether the factory's window is over, though nobody closed it, and no request for more time waits."""
    if assessment.state != AssessmentState.WITH_FACTORY:
        return False
    if local_today(assessment.programme, clock.now()) <= assessment.reply_due_on:
        return False
    return not assessment.extensions.filter(decision=Decision.WAITING).exists()


def why_not(assessment: Assessment) -> str:
    """Why the report cannot be released, for the person who tries."""
    if assessment.state == AssessmentState.RELEASED:
        return _("This report has been released already.")
    if assessment.state != AssessmentState.WITH_FACTORY:
        return _("Nothing has been sent to the factory yet. The report follows its reply.")
    if assessment.extensions.filter(decision=Decision.WAITING).exists():
        return _("The factory asks for more time to reply. Answer its request first.")
    return _("The factory can still reply. The report can be released once it has, or when its window has closed.")


def count_answers(material: Material, at: datetime) -> None:
    """Count the answers as they stand; before the facts are gathered, so that the country of the report holds them."""
    record_result(
        assessment=material.assessment, tool=material.tool, answers=counted_answers(material), at=at
    )


def _freeze(material: Material, today: date, by: Person, strengths: Sequence[str]) -> tuple[Report, list[Finding]]:
    assessment = material.assessment
    refs = {draft.question.id: new_ref() for draft in material.drafts}
    report = Report(
        assessment=assessment, factory=assessment.factory, cycle=assessment.cycle, programme=assessment.programme,
        version=1, released_by=by, sharing=Shared.BUYERS, released_at=clock.now(),
    )
    said = [sentence for text in strengths if (sentence := typed(text, by.language))]
    facts = assessment_facts(material, Version(report.ref, report.version, today), refs, said)
    freeze(report, facts)
    return report, _write_findings(material, facts, refs)


def freeze(report: Report, facts: AssessmentReportFacts) -> None:
    """Write the report with its facts as canonical text and their hash. Raises ValueError for facts not whole."""
    check(facts)
    report.facts = canonical(facts).decode()
    report.facts_hash = facts_hash(facts)
    report.save(force_insert=True)


def _write_findings(
    material: Material, facts: AssessmentReportFacts, refs: Mapping[str, str]
) -> list[Finding]:
    assessment = material.assessment
    drafts = {draft.question.id: draft for draft in material.drafts}
    return Finding.objects.bulk_create(
        Finding(
            ref=refs[fact["question_id"]],
            assessment=assessment,
            factory=assessment.factory,
            cycle=assessment.cycle,
            programme=assessment.programme,
            tool_id=assessment.tool_id,
            question_id=fact["question_id"],
            lineage_root=drafts[fact["question_id"]].question.lineage_root,
            cluster=fact["cluster"],
            point=fact["point"],
            change_id=drafts[fact["question_id"]].change_id,
            text=fact["text"][SOURCE_LANGUAGE],
            explanation=fact["explanation"]["text"] if fact["explanation"] else "",
            language=SOURCE_LANGUAGE,
            seriousness=fact["seriousness"],
            is_public=fact["is_public"],
            is_zero_tolerance=fact["is_zero_tolerance"],
        )
        for fact in facts["findings"]
    )


def _open_to_buyers(assessment: Assessment, findings: Sequence[Finding], now: datetime) -> None:
    """The assessment has travelled as far as its report, and the photos of its findings with it."""
    assessment.state = AssessmentState.RELEASED
    assessment.sharing = Shared.BUYERS
    assessment.released_at = now
    assessment.save(update_fields=["state", "sharing", "released_at"])
    photos = Photo.objects.filter(
        assessment=assessment, withdrawn_at=None, question_id__in=[finding.question_id for finding in findings]
    )
    photos.update(sharing=Shared.BUYERS)
    open_by(list(photos), Action.REPORT_VIEW)


def _move_cycle(cycle: Cycle, today: date) -> None:
    for key in RELEASE_STEPS:
        finish_step(cycle=cycle, step_key=key, on=today)
    anchor_steps(cycle=cycle, anchor_key=RELEASE_ANCHOR, on=today)
    for rule in progress_rules(cycle):
        ProgressReport.objects.get_or_create(
            cycle=cycle, number=rule.number,
            defaults={
                "factory": cycle.factory, "programme": cycle.programme, "author": rule.author,
                "due_on": _due(cycle, rule, today),
            },
        )


def progress_rules(cycle: Cycle) -> Sequence[ProgressReportRule]:
    """The progress reports of a cycle by the service model it began with."""
    model = rules_on(cycle.programme, cycle.starts_on).model_named(cycle.service_model)
    return model.progress_reports(cycle.package)


def _due(cycle: Cycle, rule: ProgressReportRule, released_on: date) -> date:
    """Its day by the rule; a report released later than that cannot have been due before."""
    anchor = cycle.starts_on if rule.anchor == CYCLE_ANCHOR else released_on
    return max(due_on(rule, anchor, calendar(cycle.programme)) or released_on, released_on)
