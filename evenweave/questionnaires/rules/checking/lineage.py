"""Lineage without gaps: where questions come from, and where they go."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from evenweave.questionnaires.rules.checking.faults import Fault
from evenweave.questionnaires.rules.checking.questions import records
from evenweave.questionnaires.rules.source import ContentError, Source, Version


def lineage_faults(source: Source) -> Iterator[Fault]:
    """Ids used again, sources that were never asked, places that nothing maps to, versions beside the line."""
    yield from _line_faults(source)
    for version in source.versions.values():
        try:
            earlier = source.chain(version.key, version.version)[:-1]
            below = _below(source, version)
        except ContentError:
            continue  # told by compiling
        for where, said in _version_lineage(version, earlier, below):
            yield Fault(where, said)


def _line_faults(source: Source) -> Iterator[Fault]:
    """The versions of one tool or layer follow one another: one first version, each later one in force later."""
    lines: dict[str, list[Version]] = {}
    for version in source.versions.values():
        lines.setdefault(version.key, []).append(version)
    for versions in lines.values():
        first, *later = sorted(versions, key=lambda version: [int(part) for part in version.version.split(".")])
        for before, version in zip([first, *later], later, strict=False):
            if not version.based_on:
                yield Fault(version.head.path, f"is based on no earlier version, although there is {before.version}")
            begins = version.head.data.get("in_force_from", "")
            if version.is_layer and begins <= before.head.data["in_force_from"]:
                yield Fault(version.head.path, f"is in force from {begins}, no later than {before.version}")


def _below(source: Source, version: Version) -> list[Version]:
    """The versions of the global tool that a layer's version stands on."""
    if not version.is_layer:
        return []
    return source.chain(version.head.data["layer_of"]["tool"], version.head.data["layer_of"]["version"])


def _version_lineage(version: Version, earlier: list[Version], below: list[Version]) -> Iterator[tuple[str, str]]:
    asked, gone = asked_and_retired(earlier)
    asked_globally, gone_globally = asked_and_retired(below)
    for file, record in records(version):
        said = (
            *_reuse_faults(record, gone, version.retired),
            *_replaces_faults(record, asked | asked_globally, version.retired),
            *_mapping_faults(record, asked_globally | gone_globally, is_layer=version.is_layer),
        )
        for fault in said:
            yield file.path, f"{record['id']}: {fault}"
    own = {record["id"] for _, record in records(version)}
    for other in sorted(version.retired - own - asked - asked_globally):
        yield version.head.path, f"retires '{other}', which no earlier version asks"
    yield from _twice_replaced(version)


def _reuse_faults(record: Mapping[str, Any], gone: set[str], retired: set[str]) -> Iterator[str]:
    if record["id"] in gone:
        yield "was retired in an earlier version; an id is never used again"
    if record["id"] in retired:
        yield "is retired and asked in the same version"


def _replaces_faults(record: Mapping[str, Any], asked: set[str], retired: set[str]) -> Iterator[str]:
    for other in record.get("replaces") or ():
        if other not in asked:
            yield f"replaces '{other}', which no earlier version asks"
        elif other not in retired:
            yield f"replaces '{other}', which is still asked: list it under retired"


def _mapping_faults(record: Mapping[str, Any], ever_global: set[str], *, is_layer: bool) -> Iterator[str]:
    for name in ("replaces_global", "maps_to"):
        other = record.get(name)
        if other and not is_layer:
            yield f"{name} is for country layers"
        elif other and other not in ever_global:
            yield f"{name} '{other}' is no question of the tool below"
    has_place = {"replaces_global", "maps_to", "maps_to_point"} & set(record)
    if is_layer and record["kind"] == "scored" and not has_place:
        yield "a national question says maps_to, or maps_to: null and maps_to_point"
    if record.get("maps_to_point", record.get("point")) != record.get("point"):
        yield f"maps to the point '{record['maps_to_point']}' but stands in '{record['point']}'"


def asked_and_retired(versions: list[Version]) -> tuple[set[str], set[str]]:
    """What the last of these versions asks, and what was retired on the way."""
    asked: set[str] = set()
    gone: set[str] = set()
    for version in versions:
        asked |= {record["id"] for _, record in records(version)}
        asked -= version.retired
        gone |= version.retired
    return asked, gone


def _twice_replaced(version: Version) -> Iterator[tuple[str, str]]:
    counted = Counter(record.get("replaces_global") for _, record in records(version))
    for file, record in records(version):
        other = record.get("replaces_global")
        if other and counted[other] > 1:
            yield file.path, f"{record['id']}: more than one question replaces the global {other}"
