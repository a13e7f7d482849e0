"""The fixed words of a questionnaire."""

from enum import StrEnum


class Answer(StrEnum):
    """What an assessor can answer to a scored question; whether that is compliant is derived, never stored."""

    YES = "yes"
    NO = "no"
    NOT_APPLICABLE = "not_applicable"
    UNABLE = "unable"


class Outcome(StrEnum):
    """What an answer means. Only the first two ever enter a rate."""

    COMPLIANT = "compliant"
    NONCOMPLIANT = "noncompliant"
    NOT_APPLICABLE = "not_applicable"
    UNABLE = "unable"


class Scope(StrEnum):
    """FULL asks everything; SHORT asks the publicly reported questions and the facts (a virtual check)."""

    FULL = "full"
    SHORT = "short"


class Kind(StrEnum):
    SCORED = "scored"
    FACT = "fact"


class Lacking(StrEnum):
    """What an assessment still lacks at a question."""

    ANSWER = "answer"
    EXPLANATION = "explanation"


class LineageKind(StrEnum):
    """How a question of a newer tool version comes from an older one."""

    SAME = "same"
    REWORDED = "reworded"
    SPLIT = "split"
    MERGED = "merged"
    REPLACED = "replaced"
    NEW = "new"
    RETIRED = "retired"


TAGS = frozenset({"public", "zero-tolerance", "committee", "differentiation"})
CRITICAL_ISSUES = range(1, 22)
NO_SOURCE = "no source found"
FACTS = "facts"
SOURCE_LANGUAGE = "en"
