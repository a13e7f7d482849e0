"""A side's sheet as an Excel workbook, and what a filled-in one says: one row a question.

Words and headings are read in every language of the house, whoever filled the workbook in. A hidden column carries
the changes that the workbook was drawn from, so that what a colleague says in the meantime is noticed."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from evenweave.assessments.enums import Field
from evenweave.assessments.rules import FieldState, Value
from evenweave.assessments.services.ledger import Said
from evenweave.assessments.services.recording import checked_value
from evenweave.improvement.enums import Side
from evenweave.questionnaires.enums import Answer
from evenweave.questionnaires.queries import compiled
from evenweave.questionnaires.rules import Question, Tool
from evenweave.selfassessments.models import SelfAssessment
from evenweave.selfassessments.queries.comparing import Comparison
from evenweave.selfassessments.queries.sheets import LastTime, SheetNow
from evenweave.toolkit import clock
from evenweave.toolkit.refusals import Refused
from evenweave.toolkit.sheets import Column, Limits, Pick, Sheet, column_name, read_table, write_workbook
from evenweave.toolkit.uuid7 import uuid7

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LIMITS = Limits(size=5 * 1024 * 1024, rows=2_000, columns=20, cells=40_000)
# The columns, in order; which of them people type in.
NUMBER, CLUSTER, QUESTION, TOGETHER, LAST, ANSWER, WORDS, BASES = range(8)
TYPED = {ANSWER: Field.ANSWER, WORDS: Field.EXPLANATION}
FIELDS = (Field.ANSWER, Field.EXPLANATION)

type Cell = str | int | float | bool | None


def headings() -> list[str]:
    return [
        _("Number"), _("Cluster"), _("Question"), _("To discuss together"), _("Last time"), _("Answer"),
        _("In your words"), _("Do not change this column"),
    ]


def answer_words() -> dict[Answer, str]:
    """As a factory says it of itself."""
    return {
        Answer.YES: _("Yes"), Answer.NO: _("No"), Answer.NOT_APPLICABLE: _("Does not apply"),
        Answer.UNABLE: _("We do not know"),
    }


def words_for(question: Question) -> tuple[str, ...]:
    """The words a cell may take; none for figures and free text."""
    known = answer_words()
    if question.is_scored:
        return tuple(known.values())
    return (known[Answer.YES], known[Answer.NO]) if question.answer == "yes_no" else ()


def answer_word(question: Question, value: Any) -> str:
    """An answer as people read it; "" for none."""
    if value is None:
        return ""
    if value in list(Answer) and (question.is_scored or question.answer == "yes_no"):
        return answer_words()[Answer(value)]
    return f"{value} {question.unit}".strip()


def written(now: SheetNow, *, factory: str, language: str) -> bytes:
    """The workbook of a sheet as it stands, in the reader's language."""
    columns = [
        Column(title, width, is_input=place in TYPED, is_hidden=place == BASES)
        for place, (title, width) in enumerate(zip(headings(), (10, 26, 60, 14, 16, 18, 46, 10), strict=True))
    ]
    rows = [
        _row(line.question, line.fields, line.last, cluster.title, language)
        for cluster in now.clusters for line in cluster.lines
    ]
    side = now.sheet.get_side_display()
    about = [
        (_("Factory"), factory), (_("Side"), side), (_("Questionnaire"), now.tool.label),
        (_("How to fill it in"), _(
            "Fill in the coloured columns of the first sheet, then send the file back on the page of the "
            "self-assessment. An empty cell leaves the answer as it is."
        )),
        (_("Who may see it"), _("Self-reported. Only your own side, until both sides have given their answers.")),
    ]
    return write_workbook(
        [
            Sheet(_("Self-assessment"), columns, rows, freeze="D2", is_protected=True),
            Sheet(_("Read me"), [Column(_("What"), 24), Column(_("Words"), 90)], about, autofilter=False),
        ],
        title=f"{_('Self-assessment')} · {factory} · {side}", created_at=clock.now(),
    )


def _row(
    question: Question, fields: Mapping[str, FieldState], last: LastTime | None, cluster: str, language: str
) -> list[Any]:
    said = {name: fields.get(name, FieldState()) for name in FIELDS}
    value = said[Field.ANSWER].value
    shown: Any = answer_word(question, value) if words_for(question) else value
    if words_for(question) or question.answer == "number":
        shown = Pick(shown, words_for(question))
    return [
        question.id, cluster, question.text(language), _("Yes") if question.is_for_committee else "",
        answer_word(last.question, last.answer) if last else "", shown, said[Field.EXPLANATION].value,
        "|".join(",".join(str(head) for head in said[name].heads) for name in FIELDS),
    ]


def compared(comparison: Comparison, *, factory: str, language: str) -> bytes:
    """Both sides beside each other, for the committee's table: one row a question."""
    titles = [
        (_("Number"), 10), (_("Cluster"), 26), (_("Question"), 60), (_("To discuss together"), 14),
        (_("How they stand"), 18), (str(Side.MANAGEMENT.label), 16), (_("In management's words"), 40),
        (str(Side.WORKERS.label), 16), (_("In the workers' words"), 40), (_("Agreed by both sides"), 16),
    ]
    rows = [
        [
            pair.question.id, comparison.titles[pair.question.cluster], pair.question.text(language),
            _("Yes") if pair.question.is_for_committee else "", str(pair.compared.match.label),
            answer_word(pair.question, pair.compared.management), pair.words.get(Side.MANAGEMENT, ""),
            answer_word(pair.question, pair.compared.workers), pair.words.get(Side.WORKERS, ""),
            answer_word(pair.question, pair.compared.settled),
        ]
        for pair in comparison.pairs
    ]
    about = [
        (_("Factory"), factory), (_("Questionnaire"), comparison.tool.label),
        (_("Who may see it"), _("Self-reported. The factory, its coach and the programme; never a buyer.")),
    ]
    return write_workbook(
        [
            Sheet(_("Both sides compared"), [Column(*one) for one in titles], rows, freeze="D2"),
            Sheet(_("Read me"), [Column(_("What"), 24), Column(_("Words"), 90)], about, autofilter=False),
        ],
        title=f"{_('Both sides compared')} · {factory}", created_at=clock.now(),
    )


@dataclass(frozen=True)
class Fault:
    """A cell that cannot be taken. `key`: the name under which a correction comes back."""

    key: str
    place: str
    question_id: str
    heading: str
    typed: str
    message: str


@dataclass
class Reading:
    """What a workbook says. `typed`: question id → field → the cell as it was typed, for all rows, faulty ones too;
    `bases`: question id → field → the changes it was drawn from. With a fault nothing is taken."""

    typed: dict[str, dict[str, Cell]] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    bases: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    said: dict[str, dict[str, Said]] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> str:
        """All that was typed, so that a page can bring it back with the corrections."""
        return json.dumps({"typed": self.typed, "places": self.places, "bases": self.bases, "columns": self.columns})


def read(file: IO[bytes], filename: str, now: SheetNow) -> Reading:
    """Raises Refused for a file that is no such workbook as a whole; faults of single cells stand in the reading."""
    table = read_table(file, filename, limits=LIMITS, field="file")
    places = _columns(table.headings)
    found = Reading(columns={
        name: column_name(places[place] + 1) for place, name in TYPED.items()
    } | {"number": column_name(places[NUMBER] + 1)})
    for row in table.rows:
        number = _text(row.cells[places[NUMBER]])
        if number in found.typed:
            found.faults.append(_row_fault(found, row.number, number, _("This question stands in two rows.")))
            continue
        if number not in now.lines and not now.tool.has(number):
            found.faults.append(_row_fault(found, row.number, number, _("There is no such question.")))
            continue
        found.typed[number] = {name: _plain(row.cells[places[place]]) for place, name in TYPED.items()}
        found.places[number] = row.number
        found.bases[number] = _bases(_text(row.cells[places[BASES]]))
    if not found.typed and not found.faults:
        raise Refused(_("The workbook has no rows. Take it out again and fill it in."), field="file")
    _understand(found, now)
    return found


def read_again(text: str, corrections: Mapping[str, str], now: SheetNow) -> Reading:
    """The same from what a page brought back, with some cells typed anew. Raises Refused when it is not ours."""
    try:
        data = json.loads(text)
        found = Reading(
            typed={str(key): {name: _plain(row[name]) for name in FIELDS} for key, row in data["typed"].items()},
            places={str(key): int(number) for key, number in data["places"].items()},
            bases={
                str(key): {name: [str(UUID(head)) for head in row.get(name, [])] for name in FIELDS}
                for key, row in data["bases"].items()
            },
            columns={str(key): str(name)[:3] for key, name in data["columns"].items()},
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        raise Refused(_("This page is out of date. Send the workbook again.")) from None
    for key, value in corrections.items():
        question_id, _dot, name = key.rpartition(".")
        if question_id in found.typed and name in FIELDS:
            found.typed[question_id][name] = value.strip() or None
    _understand(found, now)
    return found


def _columns(given: Sequence[str]) -> dict[int, int]:
    """Column of ours → its place in the file, in whichever of our languages the headings are."""
    for code, _name in settings.LANGUAGES:
        with override(code):
            own = [" ".join(heading.split()) for heading in headings()]
        if set(own) <= set(given):
            return {place: given.index(heading) for place, heading in enumerate(own)}
    raise Refused(
        _("This is not the workbook of a self-assessment: a heading is missing. Take it out again and fill that in."),
        field="file",
    )


def _row_fault(found: Reading, row: int, number: str, message: str) -> Fault:
    return Fault("", f"{found.columns['number']}{row}", number, _("Number"), number, message)


def _understand(found: Reading, now: SheetNow) -> None:
    """What the typed cells say, as changes; every cell that says nothing we know becomes a fault."""
    known = _words_known()
    for question_id, cells in found.typed.items():
        if not now.tool.has(question_id):
            continue
        question = now.tool.question(question_id)
        for name, typed in cells.items():
            if typed is None:
                continue
            try:
                value = checked_value(question, name, _value(question, name, typed, known))
            except Refused as refused:
                found.faults.append(_fault(found, question, name, typed, refused.message))
            else:
                heads = frozenset(UUID(head) for head in found.bases.get(question_id, {}).get(name, []))
                found.said.setdefault(question_id, {})[name] = Said(uuid7(), value, heads)


def _value(question: Question, name: str, typed: Cell, known: Mapping[str, Answer]) -> Value:
    if name != Field.ANSWER:
        return str(typed).strip()
    if not words_for(question):
        return typed if question.answer == "number" else str(typed)
    answer = known.get(str(typed).strip().casefold())
    if answer is None or (not question.is_scored and answer not in (Answer.YES, Answer.NO)):
        raise Refused(_("Write one of: %(words)s.") % {"words": ", ".join(words_for(question))})
    return answer.value


def _words_known() -> dict[str, Answer]:
    """Every word for an answer, in every language of the house."""
    known = {answer.value.casefold(): answer for answer in Answer}
    for code, _name in settings.LANGUAGES:
        with override(code):
            known |= {word.casefold(): answer for answer, word in answer_words().items()}
    return known


def _fault(found: Reading, question: Question, name: str, typed: Cell, message: str) -> Fault:
    titles = dict(zip(TYPED.values(), (headings()[place] for place in TYPED), strict=True))
    place = f"{found.columns.get(name, '')}{found.places.get(question.id, '')}"
    return Fault(f"{question.id}.{name}", place, question.id, titles[Field(name)], str(typed), message)


def _bases(text: str) -> dict[str, list[str]]:
    """The changes named in the hidden column; a column that somebody wrote in names none."""
    parts = text.split("|") if text else []
    try:
        heads = [[str(UUID(head)) for head in part.split(",") if head] for part in parts]
    except ValueError:
        return {}
    return {name.value: part for name, part in zip(FIELDS, heads, strict=False)}


def _plain(value: Any) -> Cell:
    if value is None or isinstance(value, str | int | float | bool):
        return value if value != "" else None
    return str(value)


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()


def tool_of(found: SelfAssessment) -> Tool:
    return compiled(found.tool_id)


def unchanged(said: Said, state: FieldState) -> bool:
    """Whether the cell says what stands there already, however old the workbook is."""
    return not state.is_conflict and str(said.value) == str(state.value)


def kept_apart(states: Iterable[FieldState]) -> int:
    return sum(state.is_conflict for state in states)
