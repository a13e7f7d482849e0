"""What a country's layer owes: the themes that only that country asks, and the values that come with them."""

from collections.abc import Iterator, Mapping
from typing import Any

from evenweave.questionnaires.rules.checking.faults import Fault
from evenweave.questionnaires.rules.checking.law import values_of
from evenweave.questionnaires.rules.checking.questions import records
from evenweave.questionnaires.rules.source import Document, Source
from evenweave.questionnaires.rules.tool import Tool


def theme_faults(source: Source, tools: tuple[Tool, ...]) -> Iterator[Fault]:
    """Themes nobody knows, and national themes or values that a country's layer does not carry."""
    for document in source.national_themes:
        yield from _unknown_themes(source, document)
        for tool in tools:
            if tool.key == document.data["tool"]:
                where = f"tools/{tool.layer}/{tool.layer_version}"
                yield from (Fault(where, said) for said in _owed(document, tool))
        for country in sorted({tool.programme_code for tool in tools if tool.key == document.data["tool"]}):
            yield from _owed_values(source, document, country)


def _unknown_themes(source: Source, document: Document) -> Iterator[Fault]:
    highest = document.data["highest_theme"]
    for version in source.versions.values():
        for file, record in records(version):
            for number in record.get("themes") or ():
                if number > highest:
                    yield Fault(file.path, f"{record['id']}: there is no theme {number}")


def _national(document: Document, country: str) -> Iterator[Mapping[str, Any]]:
    return (theme for theme in document.data["themes"] if country in theme["countries"])


def _owed(document: Document, tool: Tool) -> Iterator[str]:
    own = {number for question in tool.questions if question.id.startswith(f"{tool.programme_code}-")
           for number in question.themes}
    for theme in _national(document, tool.programme_code):
        if theme["theme"] not in own:
            yield f"the national theme {theme['theme']} ({theme['key']}) has no question of this layer"


def _owed_values(source: Source, document: Document, country: str) -> Iterator[Fault]:
    there = values_of(source, country)
    for theme in _national(document, country):
        for key in theme["countries"][country]:
            if key not in there:
                yield Fault(document.path, f"{theme['key']}: content/law has no value '{key}' of {country}")
