"""Draft findings, the factory's replies to them, and what was answered a year ago."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from evenweave.assessments.enums import AssessmentState, Field
from evenweave.assessments.models import Assessment, CurrentAnswer, Finding, Photo, Reply
from evenweave.assessments.queries.sheet import NOTHING_SAID, states_of
from evenweave.assessments.rules import States, answers_in, filled, sentence_language
from evenweave.questionnaires.queries import compiled
from evenweave.questionnaires.rules import Question, Tool, is_noncompliant, visible_questions
from evenweave.toolkit.files import files_of_many
from evenweave.toolkit.models import StoredFile

WRITTEN_IN = "written in"  # beside the fields of an answer: the language its finding's blanks were filled in


@dataclass(frozen=True)
class Evidence:
    """A photo with the file that is served. What the assessors noted for themselves is never part of it."""

    photo: Photo
    file: StoredFile | None


@dataclass(frozen=True)
class DraftFinding:
    """One non-compliant answer with what makes it stand. `change_id`: the answer's change it rests on; `language`:
    that of the sentence in `text`."""

    question: Question
    text: str
    explanation: str
    seriousness: str
    change_id: UUID
    photos: Sequence[Evidence] = ()
    reply: Reply | None = None
    reply_files: Sequence[StoredFile] = ()
    language: str = "en"

    @property
    def is_draft_translation(self) -> bool:
        return self.question.is_draft(self.language)


def noncompliant_questions(assessment: Assessment, states: States) -> list[Question]:
    tool = compiled(assessment.tool_id)
    answers = answers_in(states)
    return [
        question
        for question in visible_questions(tool, answers, assessment.extent)
        if is_noncompliant(question, answers.get(question.id))
    ]


def finding_questions(assessment: Assessment) -> list[str]:
    """The ids of the questions with a draft finding, in the order of asking."""
    return [question.id for question in noncompliant_questions(assessment, states_of(assessment))]


def draft_findings(assessment: Assessment, language: str = "en") -> list[DraftFinding]:
    """The findings as they stand now, with photos and replies, in a fixed number of queries."""
    states = states_of(assessment)
    photos = _photos(assessment)
    replies = {reply.question_id: reply for reply in Reply.objects.filter(assessment=assessment).select_related("by")}
    files = files_of_many(list(replies.values()))
    found = []
    for question in noncompliant_questions(assessment, states):
        reply = replies.get(question.id)
        said = states.get((question.id, Field.FINDING), NOTHING_SAID)
        spoken = sentence_language(question, language, said.value, said.written_in)
        found.append(DraftFinding(
            question=question,
            text=filled(question.finding(spoken), said.value),
            language=spoken,
            explanation=_value(states, question, Field.EXPLANATION) or "",
            seriousness=_value(states, question, Field.SERIOUSNESS) or "",
            change_id=states[question.id, Field.ANSWER].heads[0],
            photos=photos.get(question.id, ()),
            reply=reply,
            reply_files=files[reply.pk] if reply is not None else (),
        ))
    return found


def _value(states: States, question: Question, name: Field):
    state = states.get((question.id, name))
    return state.value if state is not None else None


def _photos(assessment: Assessment) -> dict[str, list[Evidence]]:
    rows = list(Photo.objects.filter(assessment=assessment, withdrawn_at=None).order_by("taken_at", "pk"))
    files = files_of_many(rows)
    found: dict[str, list[Evidence]] = {}
    for row in rows:
        found.setdefault(row.question_id, []).append(Evidence(row, next(iter(files[row.pk]), None)))
    return found


def evidence_of(assessment: Assessment, question_id: str) -> list[Evidence]:
    """The photos of one question. Two queries."""
    rows = list(
        Photo.objects.filter(assessment=assessment, question_id=question_id, withdrawn_at=None)
        .order_by("taken_at", "pk")
    )
    files = files_of_many(rows)
    return [Evidence(row, next(iter(files[row.pk]), None)) for row in rows]


@dataclass(frozen=True)
class LastAnswer:
    """What the same question, or those it comes from, was answered in the assessment before.

    Of several (a merged question) the one with a finding counts. `was_withdrawn`: an amendment took it back."""

    question: Question
    answer: object
    was_finding: bool
    text: str
    explanation: str
    released_on: date
    was_withdrawn: bool = False
    language: str = "en"

    @property
    def is_draft_translation(self) -> bool:
        return bool(self.text) and self.question.is_draft(self.language)


def previous_assessment(assessment: Assessment) -> Assessment | None:
    """The factory's last released assessment before this one."""
    before = Assessment.objects.filter(factory_id=assessment.factory_id, state=AssessmentState.RELEASED)
    if assessment.released_at is not None:
        before = before.filter(released_at__lt=assessment.released_at)
    return before.exclude(pk=assessment.pk).order_by("-released_at").first()


def last_answers(
    assessment: Assessment, question_ids: Sequence[str] | None = None, language: str = "en"
) -> dict[str, LastAnswer]:
    """Question id → last year's answer, found by lineage across tool versions. Five queries at most."""
    before = previous_assessment(assessment)
    if before is None:
        return {}
    return released_answers(before, compiled(assessment.tool_id), question_ids, language)


def released_answers(
    before: Assessment, now: Tool, question_ids: Sequence[str] | None = None, language: str = "en"
) -> dict[str, LastAnswer]:
    """Question id of the tool `now` → what a released assessment answered there, by lineage. Four queries."""
    then = compiled(before.tool_id)
    wanted = now.questions if question_ids is None else [now.question(one) for one in question_ids]
    origins = {
        question.id: {origin.id for root in question.roots for origin in then.questions_from(root)}
        for question in wanted
    }
    said = _said(before, set().union(*origins.values()) if question_ids is not None else None)
    withdrawn = set(
        Finding.objects.filter(assessment=before, withdrawal__isnull=False).values_list("question_id", flat=True)
    )
    found = {}
    for question_id, ids in origins.items():
        answers = [
            _last(then.question(one), said.get(one, {}), before, language, was_withdrawn=one in withdrawn)
            for one in sorted(ids, key=lambda one: then.question(one).order) if said.get(one, {}).get(Field.ANSWER)
        ]
        if answers:
            found[question_id] = max(answers, key=lambda one: one.was_finding)
    return found


def _said(before: Assessment, question_ids: set[str] | None) -> Mapping[str, dict]:
    rows = CurrentAnswer.objects.filter(
        assessment=before, field__in=[Field.ANSWER, Field.FINDING, Field.EXPLANATION]
    )
    if question_ids is not None:
        rows = rows.filter(question_id__in=question_ids)
    said: dict[str, dict] = {}
    for question_id, name, value, spoken in rows.values_list("question_id", "field", "value", "changed_by__language"):
        said.setdefault(question_id, {})[name] = value
        if name == Field.FINDING:
            said[question_id][WRITTEN_IN] = spoken or "en"
    return said


def _last(question: Question, said: dict, before: Assessment, language: str, *, was_withdrawn: bool) -> LastAnswer:
    was_finding = is_noncompliant(question, said[Field.ANSWER])
    blanks = said.get(Field.FINDING)
    spoken = sentence_language(question, language, blanks, said.get(WRITTEN_IN, "en"))
    return LastAnswer(
        question=question, answer=said[Field.ANSWER], was_finding=was_finding,
        text=filled(question.finding(spoken), blanks) if was_finding else "", language=spoken,
        explanation=said.get(Field.EXPLANATION) or "", released_on=before.released_at.date(),
        was_withdrawn=was_withdrawn,
    )
