"""The content in numbers, as `evenweave content check --json` prints it."""

from typing import Any

from evenweave.questionnaires.rules.checking import Report
from evenweave.questionnaires.rules.source import Source
from evenweave.questionnaires.rules.tool import Tool


def summary(source: Source, report: Report) -> dict[str, Any]:
    """Counts of the newest tool of each country, every compiled tool, and the errors as lines of text."""
    newest = _newest(report.tools)
    clusters = {cluster.key for tool in newest.values() for cluster in tool.clusters}
    points = {key for tool in newest.values() for key in tool.points}
    return {
        "clusters": len(clusters),
        "compliance_points": len(points),
        "scored_questions": len({q.id for tool in newest.values() for q in tool.scored}),
        "fact_questions": len({q.id for tool in newest.values() for q in tool.facts}),
        "programmes": len(source.programmes),
        "national_layers": len({layer.key for layer in source.layers}),
        "questions_by_country": {code: len(tool.questions) for code, tool in newest.items()},
        "tools": sorted({version.key for version in source.versions.values() if not version.is_layer}),
        "languages": sorted({language for tool in report.tools for language in tool.languages}),
        "compiled": [_tool_row(tool) for tool in report.tools],
        "errors": [str(fault) for fault in report.faults],
    }


def _newest(tools: tuple[Tool, ...]) -> dict[str, Tool]:
    found: dict[str, Tool] = {}
    for tool in sorted(tools, key=lambda tool: tool.in_force_from):
        found[tool.programme_code] = tool
    return found


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
