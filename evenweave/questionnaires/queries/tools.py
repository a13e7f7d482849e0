"""The compiled tools of the database, as frozen objects."""

import functools
from datetime import date

from evenweave.questionnaires.models import CompiledTool, ToolContent
from evenweave.questionnaires.rules import Tool, tool_from_json


class NoToolInForceError(LookupError):
    """No version of a tool is in force for this programme on this day."""


def compiled(tool: int | str) -> Tool:
    """The tool of a CompiledTool's pk (one light query) or of a content hash (none, once known to the process).

    Raises CompiledTool.DoesNotExist or ToolContent.DoesNotExist."""
    if isinstance(tool, str):
        return _by_hash(tool)
    return _by_hash(CompiledTool.objects.values_list("content_hash", flat=True).get(pk=tool))


@functools.lru_cache(maxsize=64)  # under a megabyte each: eight countries, several versions
def _by_hash(content_hash: str) -> Tool:
    # A hash names one content for ever, so nothing ever has to be taken out of this cache.
    return tool_from_json(ToolContent.objects.values_list("canonical", flat=True).get(pk=content_hash))


def tool_in_force(programme_code: str, day: date) -> CompiledTool:
    """The version that assessments of the programme use on that day. Raises NoToolInForceError."""
    found = (
        CompiledTool.objects.filter(programme=programme_code, in_force_from__lte=day)
        .order_by("-in_force_from", "-version")
        .first()
    )
    if found is None:
        raise NoToolInForceError(f"no tool is in force for {programme_code} on {day}")
    return found


def tools_of(programme_code: str) -> list[CompiledTool]:
    """Every version loaded for the programme, the oldest first."""
    return list(CompiledTool.objects.filter(programme=programme_code).order_by("in_force_from", "version"))


def is_content_loaded() -> bool:
    """Whether assessments can be planned at all."""
    return CompiledTool.objects.exists()
