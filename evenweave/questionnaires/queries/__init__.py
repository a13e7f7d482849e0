"""Reads: content as files, and the compiled tools of the database."""

from evenweave.questionnaires.queries.files import (
    PROGRAMME_DEFAULTS,
    PROGRAMME_SOURCES,
    digest_of_files,
    read_schemas,
    read_source,
)
from evenweave.questionnaires.queries.tools import (
    NoToolInForceError,
    compiled,
    is_content_loaded,
    tool_in_force,
    tools_of,
)

__all__ = [
    "PROGRAMME_DEFAULTS",
    "PROGRAMME_SOURCES",
    "NoToolInForceError",
    "compiled",
    "digest_of_files",
    "is_content_loaded",
    "read_schemas",
    "read_source",
    "tool_in_force",
    "tools_of",
]
