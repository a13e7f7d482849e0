"""What an assessment is allowed to do next, what its change log says, what it still lacks. Plain Python."""

from evenweave.assessments.rules.changes import (
    Change,
    FieldState,
    Value,
    heads_after,
    heads_of,
    is_same,
    replayed,
    state_of,
)
from evenweave.assessments.rules.completeness import (
    Missing,
    States,
    answers_in,
    blanks_in,
    filled,
    holds_words,
    lacks,
    missing,
    pieces,
    sentence_language,
    status_of,
)
from evenweave.assessments.rules.states import TRANSITIONS, is_secret, may_move, takes_answers

__all__ = [
    "TRANSITIONS",
    "Change",
    "FieldState",
    "Missing",
    "States",
    "Value",
    "answers_in",
    "blanks_in",
    "filled",
    "heads_after",
    "heads_of",
    "holds_words",
    "is_same",
    "is_secret",
    "lacks",
    "may_move",
    "missing",
    "pieces",
    "replayed",
    "sentence_language",
    "state_of",
    "status_of",
    "takes_answers",
]
