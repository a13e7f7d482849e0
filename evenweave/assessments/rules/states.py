"""The way of an assessment, and who of it must not know."""

from collections.abc import Mapping

from evenweave.assessments.enums import AssessmentState as S

TRANSITIONS: Mapping[S, frozenset[S]] = {
    S.PLANNED: frozenset({S.IN_PROGRESS}),
    S.IN_PROGRESS: frozenset({S.IN_REVIEW}),
    S.IN_REVIEW: frozenset({S.RETURNED, S.WITH_FACTORY}),
    S.RETURNED: frozenset({S.IN_REVIEW}),
    S.WITH_FACTORY: frozenset({S.REPLIED}),
    S.REPLIED: frozenset({S.RELEASED}),
    S.RELEASED: frozenset(),
}

# While answers may change; in any other state what a tablet still holds is refused and stays on the tablet.
ANSWERABLE = frozenset({S.IN_PROGRESS, S.RETURNED})
# The factory, its coach, buyers and the ministry must not learn that such an assessment exists.
SECRET = frozenset({S.PLANNED, S.IN_PROGRESS, S.IN_REVIEW, S.RETURNED})


def may_move(now: str, to: S) -> bool:
    return to in TRANSITIONS[S(now)]


def takes_answers(state: str) -> bool:
    return S(state) in ANSWERABLE


def is_secret(state: str) -> bool:
    """Whether everything about the assessment stays with staff."""
    return S(state) in SECRET
