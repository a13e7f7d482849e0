"""A filled-in workbook becomes answers of one's own side: all of it, or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from evenweave.assessments.services import ledger
from evenweave.assessments.services.ledger import Said
from evenweave.assessments.services.recording import checked_value
from evenweave.people.models import Person
from evenweave.questionnaires.queries import compiled
from evenweave.selfassessments.services.answering import ledger_of, open_sheet
from evenweave.selfassessments.workbook import kept_apart, unchanged
from evenweave.toolkit import clock


@dataclass(frozen=True)
class Taken:
    """What became of a workbook: cells that said something new, cells that said what stood there, and fields on which
    two people of the side differ now."""

    new: int
    unchanged: int
    conflicts: int


def take_workbook(*, ref: str, said: Mapping[str, Mapping[str, Said]], by: Person) -> Taken:
    """`said`: a reading without faults (`workbook.read(...).said`). A cell drawn from an answer that a colleague has
    changed since leaves a conflict for the side to settle; nothing is overwritten, nothing is half saved."""
    with transaction.atomic():
        sheet = open_sheet(ref, by)
        tool = compiled(sheet.self_assessment.tool_id)
        log = ledger_of(sheet)
        kept = ledger.kept_states(log, said)
        fresh: dict[str, dict[str, Said]] = {}
        for question_id, fields in said.items():
            for name, one in fields.items():
                state = kept.get(question_id, {}).get(name)
                if state is None or not unchanged(one, state):
                    fresh.setdefault(question_id, {})[name] = one
        states = ledger.take_table(log, tool, fresh, by, checked_value) if fresh else {}
        if sheet.begun_at is None:
            sheet.begun_at = clock.now()
            sheet.save(update_fields=["begun_at"])
    count = sum(len(fields) for fields in said.values())
    new = sum(len(fields) for fields in fresh.values())
    return Taken(new, count - new, kept_apart(state for fields in states.values() for state in fields.values()))
