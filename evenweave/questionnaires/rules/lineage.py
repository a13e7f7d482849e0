"""Where a question comes from: roots that an improvement plan hangs on, and steps between two versions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evenweave.questionnaires.enums import SOURCE_LANGUAGE, LineageKind
from evenweave.questionnaires.rules.source import Version

if TYPE_CHECKING:
    from evenweave.questionnaires.rules.tool import Question, Tool


@dataclass(frozen=True, slots=True)
class LineageStep:
    """One change between two tool versions: which ids became which."""

    kind: LineageKind
    old_ids: tuple[str, ...]
    new_ids: tuple[str, ...]


def ancestry(versions: Iterable[Version]) -> dict[str, list[str]]:
    """Question id → the ids it takes over from, over all versions given. A national question that replaces a
    global one descends from it."""
    parents: dict[str, set[str]] = {}
    for version in versions:
        for file in version.questions:
            for record in file.data.get("questions") or ():
                known = parents.setdefault(record["id"], set())
                known.update(record.get("replaces") or ())
                if record.get("replaces_global"):
                    known.add(record["replaces_global"])
    return {qid: sorted(known - {qid}) for qid, known in parents.items()}


def roots_of(question_id: str, lineage: Mapping[str, list[str]], _seen: frozenset[str] = frozenset()) -> list[str]:
    """The first ids of a question's lineage. The canonical one comes first: the root of the first, in the order
    of the alphabet, of those it replaces. The others follow sorted."""
    parents = [parent for parent in lineage.get(question_id, ()) if parent not in _seen]
    if not parents:
        return [question_id]
    found = [roots_of(parent, lineage, _seen | {question_id}) for parent in parents]
    canonical = found[0][0]
    return [canonical, *sorted({root for roots in found for root in roots} - {canonical})]


def ancestors_of(question_id: str, lineage: Mapping[str, list[str]]) -> list[str]:
    """Every id that a question descends from, sorted: what it replaces, what those replaced, and so on."""
    found: set[str] = set()
    waiting = [question_id]
    while waiting:
        parents = [parent for parent in lineage.get(waiting.pop(), ()) if parent not in found | {question_id}]
        found.update(parents)
        waiting += parents
    return sorted(found)


def lineage_between(old: "Tool", new: "Tool") -> list[LineageStep]:
    """How the scored questions of one version became those of another, in the new version's order, then what
    was retired. Works between the versions of one tool, and between countries' layers by their shared roots."""
    before = {question.id: question for question in old.scored}
    fresh = {q.id: _taken_over(q, old, new) for q in new.scored if q.id not in before}
    steps, explained = [], set()
    for question in new.scored:
        if question.id in before:
            same = _says_the_same(before[question.id], question)
            kind = LineageKind.SAME if same else LineageKind.REWORDED
            steps.append(LineageStep(kind, (question.id,), (question.id,)))
        elif question.id not in explained:
            steps.append(_fresh_step(question.id, fresh))
            explained.update(steps[-1].new_ids)
    taken = {old_id for step in steps for old_id in step.old_ids}
    return steps + [LineageStep(LineageKind.RETIRED, (qid,), ()) for qid in before if qid not in taken]


def earlier_questions(question: "Question", old: "Tool") -> tuple["Question", ...]:
    """The questions of an older version whose answers stand beside this one: itself, else those it descends from."""
    if old.has(question.id):
        return (old.question(question.id),)
    return tuple(other for other in old.questions if _descends(question, other))


def _descends(question: "Question", other: "Question") -> bool:
    """From the other itself, or from the global question that the other stood in for."""
    stood_for = other.global_id if other.global_id in other.ancestors else other.id
    return not {other.id, stood_for}.isdisjoint(question.ancestors)


def _taken_over(question: "Question", old: "Tool", new: "Tool") -> tuple[str, ...]:
    """The old ids that a fresh question takes over from: its ancestors that were asked, and are no more."""
    return tuple(other.id for other in earlier_questions(question, old) if not new.has(other.id))


def _fresh_step(question_id: str, fresh: Mapping[str, tuple[str, ...]]) -> LineageStep:
    old_ids = fresh[question_id]
    if not old_ids:
        return LineageStep(LineageKind.NEW, (), (question_id,))
    if len(old_ids) > 1:
        return LineageStep(LineageKind.MERGED, old_ids, (question_id,))
    parts = tuple(qid for qid, sources in fresh.items() if sources == old_ids)
    return LineageStep(LineageKind.SPLIT if len(parts) > 1 else LineageKind.REPLACED, old_ids, parts)


def _says_the_same(one: "Question", other: "Question") -> bool:
    def said(question: "Question") -> tuple[str, str, str]:
        return question.text(SOURCE_LANGUAGE), question.finding(SOURCE_LANGUAGE), question.noncompliant_answer

    return said(one) == said(other)
