"""Loading content, and fixing a version when it is first used."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import transaction

from evenweave.questionnaires.models import CompiledTool, ContentLoad, ToolContent
from evenweave.questionnaires.queries import digest_of_files, read_source, tool_in_force
from evenweave.questionnaires.rules import ContentError, Tool, canonical_json, tool_from_json
from evenweave.questionnaires.rules.checking import form_faults
from evenweave.questionnaires.rules.compiling import compiled_data
from evenweave.questionnaires.rules.tool import FORMAT
from evenweave.toolkit import clock


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did with one version: "new", "changed", "unchanged" or "kept" (frozen in an older shape)."""

    label: str
    content_hash: str
    did: str


def load_content(folder: Path | None = None) -> list[Loaded]:
    """Compile the content folder into the database, all or nothing. An unchanged folder costs one query.

    Raises ContentError when a file is wrong, or when a version that is in use would get other content."""
    digest = digest_of_files(folder)
    last = ContentLoad.objects.order_by("-loaded_at", "-pk").first()
    if last is not None and last.digest == digest:
        return []
    source = read_source(folder)
    for fault in form_faults(source):
        raise ContentError(fault.where, fault.message)
    canonicals = [canonical_json(compiled_data(source, layer.key, layer.version)) for layer in source.layers]
    with transaction.atomic():
        loaded = [_store(canonical) for canonical in canonicals]
        ContentLoad.objects.create(digest=digest, loaded_at=clock.now())
    return loaded


def _store(canonical: str) -> Loaded:
    tool = tool_from_json(canonical)
    row = CompiledTool.objects.select_for_update().filter(**_name(tool)).first()
    did = _verdict(row, tool)
    if did in {"new", "changed"}:
        ToolContent.objects.get_or_create(pk=tool.content_hash, defaults={"canonical": canonical})
        CompiledTool.objects.update_or_create(
            **_name(tool),
            defaults={"content_hash": tool.content_hash, "in_force_from": date.fromisoformat(tool.in_force_from),
                      "loaded_at": clock.now()},
        )
    return Loaded(tool.label, tool.content_hash if did != "kept" else row.content_hash, did)


def _name(tool: Tool) -> dict[str, str]:
    return {"key": tool.key, "programme": tool.programme_code, "version": tool.layer_version}


def _verdict(row: CompiledTool | None, tool: Tool) -> str:
    if row is None:
        return "new"
    if row.content_hash == tool.content_hash:
        return "unchanged"
    if row.frozen_at is None:
        return "changed"
    stored = json.loads(ToolContent.objects.values_list("canonical", flat=True).get(pk=row.content_hash))
    if stored["format"] != FORMAT:
        return "kept"
    raise ContentError(
        f"tools/{tool.layer}/{tool.layer_version}",
        f"this version is in use since {row.frozen_at:%Y-%m-%d} and its content cannot change: write the change "
        f"into a new version that is based_on \"{tool.layer_version}\"",
    )


def take_into_use(programme_code: str, day: date) -> CompiledTool:
    """The version in force on that day, frozen from now on. Raises NoToolInForceError."""
    tool = tool_in_force(programme_code, day)
    freeze(tool)
    return tool


def freeze(tool: CompiledTool) -> None:
    """Fix a version's content from its first use on; later calls change nothing."""
    CompiledTool.objects.filter(pk=tool.pk, frozen_at__isnull=True).update(frozen_at=clock.now())
    tool.refresh_from_db(fields=["frozen_at"])
