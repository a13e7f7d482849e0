"""What people do in a cycle, each act through the service that does it for real."""

import random
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

from evenweave.assessments.enums import Field
from evenweave.assessments.models import Assessment
from evenweave.assessments.rules import Change
from evenweave.assessments.services import answering, planning, replying, reviewing, submitting
from evenweave.enrolment.models import Cycle
from evenweave.enrolment.services import open_cycle, settle_invoice
from evenweave.home.demo.people import Company
from evenweave.home.demo.texts import Trouble
from evenweave.improvement import services as plans
from evenweave.improvement.enums import Agreement, ItemStatus
from evenweave.improvement.models import PlanItem
from evenweave.organisations.models import Factory
from evenweave.people.models import Person
from evenweave.questionnaires.queries import compiled
from evenweave.questionnaires.rules import visible_questions
from evenweave.questionnaires.rules.tool import Tool
from evenweave.toolkit import clock
from evenweave.toolkit.uuid7 import uuid7

BATCH = 1500
NO_TEXT_YET = 1
DAYS_IN_THE_FACTORY = 2


def enter(company: Company, factory: Factory, starts_on: date, *, package: str = "assessment_and_advisory") -> Cycle:
    """A year of service; the invoice is paid as soon as it comes."""
    sector = factory.sectors.first().sector
    cycle = open_cycle(
        factory_ref=factory.ref,
        package=package,
        sector=sector,
        starts_on=starts_on,
        by=company.manager,
        advisors=[company["coach"]] if company.is_coached(factory) else [],
    )
    for invoice in cycle.invoices.all():
        settle_invoice(invoice_ref=invoice.ref, paid_on=starts_on, by=company.manager)
    return cycle


def plan(company: Company, cycle: Cycle, day_on: date) -> Assessment:
    """Window, day, pair and reviewer: known to staff alone."""
    assessment = planning.plan_assessment(
        cycle_ref=cycle.ref,
        window_from=day_on - timedelta(days=7),
        window_until=day_on + timedelta(days=7),
        by=company.manager,
    )
    return planning.assign_assessment(
        ref=assessment.ref,
        day_on=day_on,
        assessors=[company["assessor"], company["second-assessor"]],
        reviewer=company["reviewer"],
        by=company["team-leader"],
    )


def visit(
    company: Company,
    assessment: Assessment,
    found: Mapping[str, tuple[str, str, str]],
    facts: Mapping[str, object],
    *,
    share: float = 1.0,
    seed: int = 1,
) -> Assessment:
    """Two assessors answer on site. `found`: question id → (finding, explanation, seriousness); everything else is
    met, with a few questions that do not apply. `share` of the clusters is answered; 1.0 is all of them."""
    assessment = answering.start(ref=assessment.ref, by=company["assessor"])
    tool = compiled(assessment.tool_id)
    answers = {key: value for key, value in facts.items() if tool.has(key)}
    lots = random.Random(seed)  # noqa: S311 -- which harmless questions do not apply; nothing secret hangs on it
    pair = (company["assessor"], company["second-assessor"])
    asked = visible_questions(tool, answers, assessment.extent)
    asked = asked[: int(len(asked) * share)]
    for number, assessor in enumerate(pair):
        mine = [question for index, question in enumerate(asked) if index % 2 == number]
        changes = [change for question in mine for change in _answered(question, found, answers, lots)]
        for start in range(0, len(changes), BATCH):
            answering.record_changes(ref=assessment.ref, changes=changes[start : start + BATCH], by=assessor)
    return assessment


def _answered(question, found: Mapping, answers: Mapping, lots: random.Random) -> Iterable[Change]:
    if not question.is_scored:
        yield _change(question.id, Field.ANSWER, answers.get(question.id, _quiet_fact(question)))
        return
    if question.id in found:
        text, explanation, seriousness = found[question.id]
        yield _change(question.id, Field.ANSWER, question.noncompliant_answer)
        yield _change(question.id, Field.FINDING, blanks_of(question.finding(), text))
        yield _change(question.id, Field.EXPLANATION, explanation)
        yield _change(question.id, Field.SERIOUSNESS, seriousness)
        return
    met = "no" if question.noncompliant_answer == "yes" else "yes"
    doubtful = lots.random()
    yield _change(question.id, Field.ANSWER, "not_applicable" if doubtful < 0.03 and not question.is_public else met)


def blanks_of(canned: str, written: str) -> list[str]:
    """What an assessor wrote into the blanks of a canned finding. Raises ValueError for other words around them."""
    pattern = "(.+?)".join(re.escape(part) for part in canned.split("__"))
    found = re.fullmatch(pattern, written, re.DOTALL)
    if found is None:
        raise ValueError(f"'{written}' is not '{canned}'")
    return list(found.groups())


def _quiet_fact(question) -> object:
    return {"number": 0, "yes_no": "no"}.get(question.answer, "Nothing to note.")


def _change(question_id: str, field: str, value: object) -> Change:
    return Change(uuid7(), question_id, field, value, frozenset(), clock.now())


def write_notes(assessment: Assessment, notes: Mapping[str, str], by: Person) -> None:
    changes = [_change(question_id, Field.NOTE, text) for question_id, text in notes.items()]
    answering.record_changes(ref=assessment.ref, changes=changes, by=by)


def photograph(assessment: Assessment, question_id: str, photo: Path, caption: str, by: Person) -> None:
    answering.add_photo(
        ref=assessment.ref, question_id=question_id, file=BytesIO(photo.read_bytes()), caption=caption, by=by
    )


def hand_in(company: Company, assessment: Assessment) -> None:
    assessment.refresh_from_db()
    last_day_on = assessment.started_on + timedelta(days=DAYS_IN_THE_FACTORY - 1)
    submitting.submit(ref=assessment.ref, by=company["assessor"], last_day_on=last_day_on)


def approve(company: Company, assessment: Assessment) -> None:
    reviewing.approve(ref=assessment.ref, by=company["reviewer"])


def answer_findings(assessment: Assessment, replies: Mapping[str, Mapping[str, str]], by: Person) -> None:
    """The factory answers finding by finding, then sends."""
    for question_id, said in replies.items():
        replying.reply(
            ref=assessment.ref,
            question_id=question_id,
            position=said["position"],
            text=said["text"],
            language=by.language,
            by=by,
        )
    replying.close_replies(ref=assessment.ref, by=by)


def begin(item: PlanItem, trouble: Trouble, released_on: date, by: Person) -> None:
    """What is done at once, why it came to this, and who does what by when."""
    plans.edit_item(
        ref=item.ref,
        immediate_action=trouble.immediate_action,
        root_cause=trouble.root_cause,
        revision=NO_TEXT_YET,
        whys=[(row["why"], row["because"]) for row in trouble.whys],
        by=by,
    )
    for action in trouble.actions:
        plans.add_action(
            ref=item.ref,
            text=action["text"],
            owner_name=action["owner_name"],
            owner_side=action["owner_side"],
            due_on=released_on + timedelta(days=action["days"]),
            by=by,
        )


def agree(item: PlanItem, both: Sequence[Person]) -> None:
    """Whichever side has not answered yet says yes."""
    for person, answer in zip(both, (item.management, item.workers), strict=True):
        if answer == Agreement.NOT_YET:
            plans.answer_agreement(ref=item.ref, position=Agreement.AGREES, by=person)


def finish(item: PlanItem, photo: Path | None, note: str, by: Person) -> None:
    """The item moves to done with its proof; a publicly reported one then waits for its check."""
    plans.move_item(ref=item.ref, status=ItemStatus.IN_PROGRESS, by=by)
    for action in item.actions.filter(done_on=None):
        plans.finish_action(action_ref=action.ref, done_on=clock.now().date(), by=by)
    if photo is not None:
        plans.add_evidence(ref=item.ref, file=BytesIO(photo.read_bytes()), note=note, is_before=False, by=by)
    plans.move_item(ref=item.ref, status=ItemStatus.COMPLETED, by=by)


def found_in(tool: Tool, troubles: Iterable[Trouble], variant: int) -> dict[str, tuple[str, str, str]]:
    """What assessors with this version of the tool write for these troubles: question id → its three texts."""
    version = tool.version
    return {
        trouble.question_ids[version]: (
            trouble.finding(version, variant),
            trouble.explanation(variant),
            trouble.seriousness(variant),
        )
        for trouble in troubles
        if version in trouble.question_ids and tool.has(trouble.question_ids[version])
    }
