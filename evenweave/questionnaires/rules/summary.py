"""The content in numbers, as `evenweave content check --json` prints it."""

from typing import Any

from evenweave.questionnaires.rules.checking import KnownLaw, Report, known_law
from evenweave.questionnaires.rules.source import Source
from evenweave.questionnaires.rules.tool import Question, Tool


def summary(source: Source, report: Report) -> dict[str, Any]:
    """Counts of the newest tool of each country, every compiled tool, and the errors as lines of text.

    `scored_questions` and `fact_questions` count each id once over all countries; `questions_by_country` counts the
    scored questions that a factory there is asked, facts left out, and `national_provisions_by_country` those of them
    that rest on a provision of that country's law with the page where it was read."""
    newest = _newest(report.tools)
    known = known_law(source)
    clusters = {cluster.key for tool in newest.values() for cluster in tool.clusters}
    points = {key for tool in newest.values() for key in tool.points}
    return {
        "clusters": len(clusters),
        "compliance_points": len(points),
        "scored_questions": len({q.id for tool in newest.values() for q in tool.scored}),
        "fact_questions": len({q.id for tool in newest.values() for q in tool.facts}),
        "programmes": len(source.programmes),
        "courses": len(source.courses),
        "national_layers": len({layer.key for layer in source.layers}),
        "questions_by_country": {code: len(tool.scored) for code, tool in newest.items()},
        "national_provisions_by_country": {
            code: sum(_rests_on_a_provision(question, known) for question in tool.scored)
            for code, tool in newest.items()
        },
        "tools": sorted({version.key for version in source.versions.values() if not version.is_layer}),
        "languages": sorted({language for tool in report.tools for language in tool.languages}),
        "compiled": [_tool_row(tool) for tool in report.tools],
        "errors": [str(fault) for fault in report.faults],
    }


def _newest(tools: tuple[Tool, ...]) -> dict[str, Tool]:
    found: dict[str, Tool] = {}
    for tool in sorted(tools, key=lambda tool: (tool.programme_code, tool.in_force_from)):
        found[tool.programme_code] = tool
    return found


def _rests_on_a_provision(question: Question, known: KnownLaw) -> bool:
    return any(known.is_national(ref.instrument) and ref.provision and ref.source for ref in question.law)


def _tool_row(tool: Tool) -> dict[str, Any]:
    return {
        "label": tool.label, "programme": tool.programme_code, "in_force_from": tool.in_force_from,
        "scored": len(tool.scored), "facts": len(tool.facts), "public": len(tool.public),
        "zero_tolerance": sum(q.is_zero_tolerance for q in tool.scored),
        "committee": sum(q.is_for_committee for q in tool.scored),
        "critical_issues": len({q.critical_issue for q in tool.scored} - {None}),
        "without_national_source": sum(q.law_note != "" for q in tool.scored),
        "translated": {language: sum(language in q.texts for q in tool.questions)
                       for language in tool.languages if language != "en"},
        "content_hash": tool.content_hash,
    }
