"""What a compiled tool is and what its answers mean. Plain Python: no Django, no clock, no database."""

from evenweave.questionnaires.rules.answering import (
    Missing,
    condition_holds,
    is_answered,
    is_noncompliant,
    missing,
    needs_explanation,
    outcome,
    questions_in_scope,
    visible_questions,
)
from evenweave.questionnaires.rules.compiling import compile_all, compile_tool
from evenweave.questionnaires.rules.lineage import LineageStep, earlier_questions, lineage_between
from evenweave.questionnaires.rules.source import ContentError, Document, Source, Version
from evenweave.questionnaires.rules.tool import (
    Cluster,
    LawReference,
    Point,
    Question,
    QuestionText,
    Tool,
    canonical_json,
    content_hash,
    tool_from_json,
)

__all__ = [
    "Cluster",
    "ContentError",
    "Document",
    "LawReference",
    "LineageStep",
    "Missing",
    "Point",
    "Question",
    "QuestionText",
    "Source",
    "Tool",
    "Version",
    "canonical_json",
    "compile_all",
    "compile_tool",
    "condition_holds",
    "content_hash",
    "earlier_questions",
    "is_answered",
    "is_noncompliant",
    "lineage_between",
    "missing",
    "needs_explanation",
    "outcome",
    "questions_in_scope",
    "tool_from_json",
    "visible_questions",
]
