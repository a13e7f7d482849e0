"""Findings that a reader could not tell apart.

Within one compiled tool no two findings are near copies, nor within the global tool before any country's layer: a
question that every country replaces stands in no other. Between countries two may be, but only where both questions
descend from the same global one, as when two layers put their own wording in its place: then it is one idea, and a
comparison between the countries counts it as one. Wordings that never stand in one tool are not compared otherwise."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from evenweave.questionnaires.rules.checking.faults import Fault
from evenweave.questionnaires.rules.checking.questions import records
from evenweave.questionnaires.rules.source import Source
from evenweave.questionnaires.rules.tool import Question, Tool

NEAR_COPY = 90  # token_sort_ratio, blanks and numbers left out


@dataclass
class _Wording:
    """One finding's text, with the compiled tools it stands in."""

    question: Question
    plain: str
    tools: set[str] = field(default_factory=set)
    layers: set[str] = field(default_factory=set)


def near_copies(source: Source, tools: Iterable[Tool]) -> Iterator[Fault]:
    """Every pair that the rule above forbids, told at the second id in the order of the alphabet."""
    from rapidfuzz import fuzz, process

    wordings = _wordings(tools)
    plain = [wording.plain for wording in wordings]
    ratios = process.cdist(plain, plain, scorer=fuzz.token_sort_ratio, score_cutoff=NEAR_COPY)
    files = {record["id"]: file.path for name in sorted(source.versions)
             for file, record in records(source.versions[name])}
    for row, column in zip(*ratios.nonzero(), strict=True):
        if row < column and (why := _forbidden(wordings[row], wordings[column])) is not None:
            one, other = wordings[row].question.id, wordings[column].question.id
            yield Fault(files[other], f"{other}: its finding is nearly that of {one}{why} "
                                      f"({ratios[row, column]:.0f} of 100 alike)")


def _wordings(tools: Iterable[Tool]) -> list[_Wording]:
    found: dict[tuple[str, str], _Wording] = {}
    for tool in tools:
        for question in tool.scored:
            plain = plain_finding(question.finding())
            wording = found.setdefault((question.id, plain), _Wording(question, plain))
            wording.tools.add(tool.label)
            wording.layers.add(tool.layer)
    return [found[name] for name in sorted(found)]


def plain_finding(finding: str) -> str:
    """A finding without its blanks, numbers and marks, in small letters."""
    return " ".join(re.sub(r"[\d_]+|[^\w\s]", " ", finding).casefold().split())


def _forbidden(one: _Wording, other: _Wording) -> str | None:
    """None where the pair may read alike, else what to add to the complaint."""
    if one.question.id == other.question.id:
        return None
    if one.tools & other.tools:
        return ""
    if one.layers & other.layers:
        return None  # an older and a newer wording of one country, which never meet
    is_one_idea = not _line(one.question).isdisjoint(_line(other.question))
    return None if is_one_idea else ", of another country, and no global question has both in its place"


def _line(question: Question) -> set[str]:
    """The question and all it descends from: elsewhere a global one stands beside what replaces it here."""
    return {question.id, *question.ancestors}
