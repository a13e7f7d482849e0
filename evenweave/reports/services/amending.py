"""An amendment: a new version that says what it changes. Nothing of the old one is edited."""

import json
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from evenweave.access.enums import Action, Shared
from evenweave.activity.services import step
from evenweave.activity.steps import Step
from evenweave.assessments.models import Finding, FindingWithdrawal
from evenweave.improvement.services import correct_finding, withdraw_finding
from evenweave.people.models import Person
from evenweave.programmes.queries import local_today
from evenweave.reports.enums import ReportState
from evenweave.reports.facts import Facts
from evenweave.reports.models import Report
from evenweave.reports.queries.gathering import SOURCE_LANGUAGE, material_of
from evenweave.reports.rules import Correction, NewVersion, amended
from evenweave.reports.services.files import ask_for_report_files
from evenweave.reports.services.releasing import count_answers, freeze
from evenweave.toolkit import clock
from evenweave.toolkit.refusals import Refused


def amend_report(
    *, report_ref: str, withdrawn: Iterable[str], corrected: Mapping[str, Correction | str], reason: str, by: Person
) -> Report:
    """A new version is in force: without the `withdrawn` findings (their plan items close with them and the rates
    count their questions as met) and with the words `corrected` (a bare text replaces the finding's sentence), both by
    the reference of a finding. Reason and corrected words are in English. The old version stays readable as
    superseded; its files verify as such."""
    changes = {ref: _correction(words) for ref, words in corrected.items()}
    with step() as log:
        old = Report.objects.one_for(by, Action.REPORT_AMEND, ref=report_ref)
        facts = json.loads(old.facts)
        gone = _refuse_what_changes_nothing(old, facts, list(dict.fromkeys(withdrawn)), changes, reason)
        now = clock.now()
        today = local_today(old.programme, now)
        new = Report(
            assessment=old.assessment, factory=old.factory, cycle=old.cycle, programme=old.programme,
            version=old.version + 1, reason=reason.strip(), released_by=by, released_at=now, sharing=old.sharing,
        )
        version = NewVersion(new.ref, today, new.reason, SOURCE_LANGUAGE)
        new_facts = amended(facts, version, withdrawn=gone, corrected=changes)
        new.changes = new_facts["report"]["amendment"]["changes"]
        if not new.changes:
            raise Refused(_("Nothing would change. Take a finding back, or correct its words."))
        Report.objects.filter(pk=old.pk).update(state=ReportState.SUPERSEDED)
        freeze(new, new_facts)
        if gone:
            _take_back(old, gone, new.reason, by)
        _rename_items(old, changes, by)
        log.record(
            Step.REPORT_AMENDED, about=new, by=by, sharing=Shared.BUYERS, factory=old.factory,
            assessment=old.assessment, cycle=old.cycle,
            payload={"version": new.version, "facts": new.facts_hash, "withdrawn": gone, "corrected": sorted(changes)},
        )
        ask_for_report_files(new)
    return new


def _correction(words: Correction | str) -> Correction:
    return Correction(text=words) if isinstance(words, str) else words


def _refuse_what_changes_nothing(
    old: Report, facts: Facts, withdrawn: list[str], corrected: Mapping[str, Correction], reason: str
) -> list[str]:
    """The references to withdraw, when everything asked for can be done."""
    if old.state != ReportState.CURRENT:
        raise Refused(_("This version has been superseded. Amend the one in force."))
    known = {finding["ref"] for finding in facts["findings"]}
    if not known.issuperset(withdrawn) or not known.issuperset(corrected):
        raise Refused(_("One of these findings is not in this report."))
    if not set(withdrawn).isdisjoint(corrected):
        raise Refused(_("A finding that is taken back has no words to correct."))
    if any(words.text is not None and not words.text.strip() for words in corrected.values()):
        raise Refused(_("A finding needs its sentence. To remove it, take it back."))
    if not reason.strip():
        raise Refused(_("Say why. Everyone who may read the report reads the reason."), field="reason")
    return withdrawn


def _take_back(old: Report, refs: list[str], reason: str, by: Person) -> None:
    """The findings stay as rows; a withdrawal stands beside each, and the rates follow."""
    findings = list(Finding.objects.filter(assessment=old.assessment, ref__in=refs).order_by("pk"))
    for finding in findings:
        FindingWithdrawal.objects.create(finding=finding, reason=reason, by=by)
        withdraw_finding(finding=finding, reason=reason, by=by)
    released_at = old.assessment.released_at
    count_answers(material_of(old.assessment, local_today(old.programme, released_at)), released_at)


def _rename_items(old: Report, changes: Mapping[str, Correction], by: Person) -> None:
    """The plan's items say what the report in force says."""
    texts = {ref: words.text for ref, words in changes.items() if words.text is not None}
    for finding in Finding.objects.filter(assessment=old.assessment, ref__in=texts).order_by("pk"):
        correct_finding(finding=finding, text=texts[finding.ref].strip(), language=SOURCE_LANGUAGE, by=by)
