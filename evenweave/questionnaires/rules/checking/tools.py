"""The compiled tool as a whole."""

from collections.abc import Iterator, Mapping
from typing import Any

from evenweave.questionnaires.enums import SOURCE_LANGUAGE, Scope
from evenweave.questionnaires.rules.answering import ids_in, questions_in_scope
from evenweave.questionnaires.rules.checking.faults import Fault
from evenweave.questionnaires.rules.checking.lineage import asked_and_retired
from evenweave.questionnaires.rules.checking.questions import records
from evenweave.questionnaires.rules.source import Source
from evenweave.questionnaires.rules.tool import Tool

BLANK = "__"
NEEDED_TAGS = frozenset({"public", "zero-tolerance", "committee"})
KEPT_TAGS = frozenset({"zero-tolerance", "committee"})


def tool_faults(tool: Tool, source: Source) -> Iterator[Fault]:
    """What is wrong with one country's whole questionnaire, wherever its parts stand."""
    where = f"tools/{tool.layer}/{tool.layer_version}"
    for said in (
        *_uncovered(tool),
        *_condition_faults(tool),
        *_tag_faults(tool, source),
        *_critical_faults(tool),
        *_language_faults(tool, _promises(source, tool)),
        *_orphaned_words(tool, source),
        *_blank_faults(tool),
        *_untranslated(tool),
        *_short_faults(tool),
    ):
        yield Fault(where, said)


def global_faults(tool: Tool) -> Iterator[Fault]:
    """What is wrong with the tool before any country's layer, in whose place a country may put what is right."""
    for said in (*_uncovered(tool), *_condition_faults(tool), *_blank_faults(tool), *_untranslated(tool)):
        yield Fault(f"tools/{tool.key}/{tool.version}", said)


def _uncovered(tool: Tool) -> Iterator[str]:
    covered = {question.point for question in tool.scored}
    yield from (f"the point '{key}' has no scored question" for key in tool.points if key not in covered)


def _condition_faults(tool: Tool) -> Iterator[str]:
    asks = {q.id: ids_in(q.visible_if) for q in tool.questions if q.visible_if}
    for qid, others in asks.items():
        for other in sorted(others):
            if not tool.has(other):
                yield f"{qid}: visible_if asks for '{other}', which this version does not ask"
        if _reaches(qid, qid, asks, set()):
            yield f"{qid}: visible_if goes round in a circle"


def _reaches(start: str, goal: str, asks: Mapping[str, set[str]], seen: set[str]) -> bool:
    for other in asks.get(start, ()):
        if other == goal:
            return True
        if other not in seen:
            seen.add(other)
            if _reaches(other, goal, asks, seen):
                return True
    return False


def _short_faults(tool: Tool) -> Iterator[str]:
    """A short assessment asks facts and public questions: a public one may not wait for another that is not asked."""
    asked = {question.id for question in questions_in_scope(tool, Scope.SHORT)}
    for question in tool.public:
        for other in sorted(ids_in(question.visible_if) - asked if question.visible_if else ()):
            yield f"{question.id}: is public but waits for '{other}', which a short assessment does not ask"


def _blank_faults(tool: Tool) -> Iterator[str]:
    """A finding has its blanks in every language, or the assessor's numbers get lost."""
    for question in tool.scored:
        blanks = question.finding().count(BLANK)
        for language, words in question.texts.items():
            if words.finding and words.finding.count(BLANK) != blanks:
                yield f"{question.id}: its finding has {blanks} blanks, in '{language}' {words.finding.count(BLANK)}"


def _tag_faults(tool: Tool, source: Source) -> Iterator[str]:
    """Every country has each of the lists that are made of tags, and a question that takes a global one's place keeps
    what the programme promises everywhere: the zero-tolerance steps and the committee's talk."""
    tags = {tag for question in tool.scored for tag in question.tags}
    for tag in sorted(NEEDED_TAGS - tags):
        yield f"no question is tagged {tag}"
    below = {record["id"]: record for version in source.chain(tool.key, tool.version) for _, record in records(version)}
    for question in tool.scored:
        stood = below.get(question.global_id)
        if stood is None or question.global_id not in question.ancestors:
            continue
        for tag in sorted(KEPT_TAGS & set(stood.get("tags") or ()) - question.tags):
            yield f"{question.id}: takes the place of {question.global_id}, which is tagged {tag}, and is not"


def _untranslated(tool: Tool) -> Iterator[str]:
    for question in tool.questions:
        for language, words in question.texts.items():
            if language != SOURCE_LANGUAGE and words.text == question.text():
                yield f"{question.id}: its words in '{language}' are the English ones"


def _critical_faults(tool: Tool) -> Iterator[str]:
    covered = {int(tag.partition(":")[2]) for q in tool.scored for tag in q.tags if tag.startswith("critical:")}
    for number, title in tool.critical_issues.items():
        if number not in covered:
            yield f"critical issue {number} ({title}) has no question tagged critical:{number}"
    for number in sorted(covered - set(tool.critical_issues)):
        yield f"critical:{number} is not in the country's list of critical issues"


def _promises(source: Source, tool: Tool) -> Mapping[str, Mapping[str, Any]]:
    chain = source.chain(tool.layer, tool.layer_version)
    return next((v.head.data["languages"] for v in reversed(chain) if "languages" in v.head.data), {})


def _language_faults(tool: Tool, promises: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for language, promise in promises.items():
        if promise["titles"]:
            yield from _title_faults(tool, language)
        wanted = {"none": (), "public": tool.public, "all": tool.questions}[promise["questions"]]
        for question in wanted:
            words = question.texts.get(language)
            if words is None or (question.is_scored and not words.finding):
                yield f"{question.id}: text and finding are promised in '{language}' and missing"
            elif promise["review"] == "unreviewed-draft" and not words.is_draft:
                yield f"{question.id}: the words in '{language}' are not marked as an unreviewed draft"


def _title_faults(tool: Tool, language: str) -> Iterator[str]:
    for cluster in tool.clusters:
        if language not in cluster.titles:
            yield f"the cluster '{cluster.key}' has no title in '{language}'"
    for point in tool.points.values():
        if language not in point.titles:
            yield f"the point '{point.key}' has no title in '{language}'"
    for group, titles in tool.fact_groups.items():
        if language not in titles:
            yield f"the fact group '{group}' has no title in '{language}'"


def _orphaned_words(tool: Tool, source: Source) -> Iterator[str]:
    """Translations of what this version's own folder, or the tool's, does not have."""
    for key, version in ((tool.key, tool.version), (tool.layer, tool.layer_version)):
        for file in source.version(key, version).languages:
            if file.data["language"] == SOURCE_LANGUAGE:
                yield f"{file.path}: English stands in the questions themselves"
            for qid in file.data.get("questions") or {}:
                if not tool.has(qid) and not _replaced(source, tool, qid):
                    yield f"{file.path}: translates '{qid}', which this version does not ask"
            for name, known in (("clusters", {c.key for c in tool.clusters}), ("points", set(tool.points)),
                                ("groups", set(tool.fact_groups))):
                for unknown in sorted(set(file.data.get(name) or {}) - known):
                    yield f"{file.path}: {name} has no '{unknown}'"


def _replaced(source: Source, tool: Tool, qid: str) -> bool:
    """A global question that this country puts another in place of, or does not ask."""
    asked, _ = asked_and_retired(source.chain(tool.key, tool.version))
    return qid in asked
