"""One side fills in its sheet, and gives it. Everything here acts on the sheet of the person's own side: no argument
can name the other one."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evenweave.access.enums import Action, Shared
from evenweave.activity.services import step
from evenweave.activity.steps import Step
from evenweave.assessments.enums import Field
from evenweave.assessments.rules import Change, FieldState, Value
from evenweave.assessments.services import ledger
from evenweave.assessments.services.ledger import Ledger, Said
from evenweave.assessments.services.recording import checked_value
from evenweave.notifications.services import notify
from evenweave.people.models import Person
from evenweave.questionnaires.queries import compiled
from evenweave.questionnaires.rules import Question
from evenweave.selfassessments import rules
from evenweave.selfassessments.enums import SelfState
from evenweave.selfassessments.models import SelfAssessment, SideAnswer, SideBasis, SideChange, SideSheet
from evenweave.selfassessments.queries import demands_of, own_sheet
from evenweave.selfassessments.queries.sheets import LAST_TIME, last_time, sheet_now
from evenweave.selfassessments.services.opening import record
from evenweave.toolkit import clock
from evenweave.toolkit.refusals import Refused
from evenweave.toolkit.uuid7 import uuid7

FIELDS = (Field.ANSWER, Field.EXPLANATION)


@dataclass(frozen=True)
class Answered:
    """A question of the own sheet after a save."""

    sheet: SideSheet
    question: Question
    states: Mapping[str, FieldState]


def begin(*, ref: str, by: Person) -> SideSheet:
    """The person's side starts: what it said last time, or both agreed on, stands in its sheet as the first answer of
    each question, marked as taken over until somebody looks at it. Begun once."""
    with transaction.atomic():
        sheet = open_sheet(ref, by)
        if sheet.begun_at is None:
            sheet.begun_at = clock.now()
            sheet.save(update_fields=["begun_at"])
            _take_over(sheet, by)
    return sheet


def _take_over(sheet: SideSheet, by: Person) -> None:
    tool = compiled(sheet.self_assessment.tool_id)
    now = clock.now()
    changes = []
    for question_id, last in last_time(sheet, tool).items():
        for name, value in ((Field.ANSWER, last.answer), (Field.EXPLANATION, last.explanation)):
            if value not in (None, "") and _fits(tool.question(question_id), name, value):
                changes.append(Change(uuid7(), question_id, name, value, frozenset(), now, LAST_TIME))
    if changes:
        ledger.take_in(ledger_of(sheet), tool, changes, by, checked_value, {})


def _fits(question: Question, name: str, value: Value) -> bool:
    """Whether an old answer can be said to the newer question, whose kind may have changed."""
    try:
        checked_value(question, name, value)
    except Refused:
        return False
    return True


def answer(*, ref: str, question_id: str, said: Mapping[str, Said], by: Person) -> Answered:
    """Take in what a page says about one question (fields ANSWER and EXPLANATION): only what differs from what the
    page was drawn from. Two people of one side who did not see each other's answer leave a conflict."""
    with transaction.atomic():
        sheet = open_sheet(ref, by)
        tool = compiled(sheet.self_assessment.tool_id)
        own = {name: one for name, one in said.items() if name in FIELDS}
        kept = ledger.take_said(ledger_of(sheet), tool, question_id, own, by, checked_value)
    return Answered(sheet, tool.question(question_id), kept)


def settle_own(
    *, ref: str, question_id: str, field: str, chosen: UUID, heads: frozenset[UUID], change_id: UUID, by: Person
) -> FieldState:
    """End a conflict between two people of one side."""
    with transaction.atomic():
        sheet = open_sheet(ref, by)
        tool = compiled(sheet.self_assessment.tool_id)
        return ledger.settle_on(
            ledger_of(sheet), tool, (question_id, field), chosen, heads, change_id, by, checked_value
        )


def give(*, ref: str, by: Person) -> SideSheet:
    """The side's answers are final. Refused below the programme's share, and while two of the side differ. With the
    second side both sheets open to both sides, the coach and the programme, at the same moment."""
    with step() as log:
        sheet = open_sheet(ref, by)
        found = sheet.self_assessment
        _refuse_too_early(sheet)
        sheet.given_at, sheet.given_by = clock.now(), by
        sheet.save(update_fields=["given_at", "given_by"])
        record(log, Step.SELF_ASSESSMENT_GIVEN, found, by, side=str(sheet.side))
        if found.sheets.filter(given_at=None).exists():
            notify("self_assessment.given", about=found, except_for=by)
        else:
            found.sheets.update(sharing=Shared.FACTORY)
            found.state, found.compared_at = SelfState.COMPARED, clock.now()
            found.save(update_fields=["state", "compared_at"])
            notify("self_assessment.compared", about=found, except_for=by)
    return sheet


def _refuse_too_early(sheet: SideSheet) -> None:
    now = sheet_now(sheet)
    if now.conflicts:
        raise Refused(ngettext(
            "Two of you answered one question differently. Choose one first.",
            "Two of you answered %(count)s questions differently. Choose one answer each first.", len(now.conflicts),
        ) % {"count": len(now.conflicts)})
    least = demands_of(sheet.self_assessment.cycle).answered_share
    if not now.answered:
        raise Refused(_("Nothing is answered yet."))
    if not rules.is_enough(now.share, least):
        count = rules.still_needed(len(now.lines), now.answered, least)
        raise Refused(ngettext(
            "One more answer is needed before you can give them: the programme asks for %(share)s %% of all questions.",
            "%(count)s more answers are needed before you can give them: the programme asks for %(share)s %% of all "
            "questions.", count,
        ) % {"count": count, "share": round(least * 100)})


def open_sheet(ref: str, by: Person) -> SideSheet:
    """The own sheet, while answers can change. The self-assessment is locked, so that two sides that give at the same
    moment follow each other."""
    found = SelfAssessment.objects.select_related("cycle__factory").one_for(by, Action.SELF_ASSESSMENT_ANSWER, ref=ref)
    sheet = own_sheet(by, found)
    sheet.self_assessment = found
    if sheet.given_at is not None:
        raise Refused(_("Your side has given its answers. They stay as they are; what both agree on later is added."))
    return sheet


def ledger_of(sheet: SideSheet) -> Ledger:
    return Ledger(sheet, "sheet", SideChange, SideBasis, SideAnswer)
