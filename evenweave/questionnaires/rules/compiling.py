"""Compiling: a global version under a country layer's version becomes one frozen tool.

A later version's folder holds only what changed: a question with a known id takes that one's place, a new one
stands where the first of those it replaces stood, else at the end of its point. A translation is inherited only
while the words it translates are unchanged."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from evenweave.questionnaires.enums import FACTS, SOURCE_LANGUAGE
from evenweave.questionnaires.rules.lineage import ancestors_of, ancestry, roots_of
from evenweave.questionnaires.rules.source import ContentError, Source, Version
from evenweave.questionnaires.rules.tool import FORMAT, Tool, canonical_json, content_hash, tool_from_data

type Record = dict[str, Any]


@dataclass
class _Draft:
    """A version being put together: question records in order, and the words of every language."""

    questions: dict[str, Record] = field(default_factory=dict)
    texts: dict[str, dict[str, Record]] = field(default_factory=dict)  # question id → language → words
    titles: dict[str, dict[str, str]] = field(default_factory=dict)  # "point:gender" → language → title
    retired: set[str] = field(default_factory=set)


def compile_all(source: Source) -> list[Tool]:
    """Every layer version compiled. Raises ContentError."""
    return [compile_tool(source, layer.key, layer.version) for layer in source.layers]


def compile_tool(source: Source, layer_key: str, layer_version: str) -> Tool:
    """The tool that a layer's version makes. Raises ContentError."""
    data = compiled_data(source, layer_key, layer_version)
    return tool_from_data(data, content_hash(canonical_json(data)))


def compile_global(source: Source, key: str, version: str) -> Tool:
    """The tool as it is before any country's layer, with no layer and no programme. It is there to be checked: a
    question that every country puts its own in place of stands in no tool that is asked. Raises ContentError."""
    tools = source.chain(key, version)
    head = tools[-1].head.data
    clusters = _clusters(tools)
    draft = _stacked(tools)
    questions = _in_order(draft.questions.values(), clusters)
    lineage = ancestry(tools)
    data = {
        "format": FORMAT, "tool": key, "version": version, "layer": "", "layer_version": "",
        "programme": "", "issued_on": head["issued_on"], "in_force_from": "",
        "titles": {SOURCE_LANGUAGE: head["title"]},
        "clusters": _clusters_data(clusters, draft.titles),
        "fact_groups": {group["key"]: _titles(draft, "group", group) for group in _fact_groups(tools)},
        "critical_issues": {},
        "questions": [_question_data(record, draft.texts, lineage, {}) for record in questions],
    }
    return tool_from_data(data, content_hash(canonical_json(data)))


def compiled_data(source: Source, layer_key: str, layer_version: str) -> dict[str, Any]:
    """The same as plain data, ready to be written as canonical JSON."""
    layers = source.chain(layer_key, layer_version)
    head = layers[-1].head.data
    tools = source.chain(head["layer_of"]["tool"], head["layer_of"]["version"])
    clusters = _clusters(tools)
    draft = _layered(source, layers)
    questions = _in_order(draft.questions.values(), clusters)
    lineage = ancestry([*tools, *layers])
    critical_issues = {str(row["number"]): row["title"] for row in _last(layers, "critical_issues") or ()}
    return {
        "format": FORMAT,
        "tool": tools[-1].key, "version": tools[-1].version, "layer": layer_key, "layer_version": layer_version,
        "programme": head["programme"], "issued_on": head["issued_on"], "in_force_from": head["in_force_from"],
        "titles": draft.titles.get("title", {}) | {SOURCE_LANGUAGE: head["title"]},
        "clusters": _clusters_data(clusters, draft.titles),
        "fact_groups": {group["key"]: _titles(draft, "group", group) for group in _fact_groups(tools)},
        "critical_issues": critical_issues,
        "questions": [_question_data(record, draft.texts, lineage, critical_issues) for record in questions],
    }


def _last(versions: list[Version], name: str) -> Any:
    """What the newest version that speaks of it says."""
    return next((v.head.data[name] for v in reversed(versions) if name in v.head.data), None)


def _clusters(tools: list[Version]) -> list[Mapping[str, Any]]:
    clusters = _last(tools, "clusters")
    if not clusters:
        raise ContentError(tools[0].head.path, "the first version of a tool lists its clusters")
    return clusters


def _fact_groups(tools: list[Version]) -> Iterable[Mapping[str, Any]]:
    return _last(tools, "fact_groups") or ()


# Putting versions together


def _layered(source: Source, layers: list[Version]) -> _Draft:
    """The layer's questions over the tool's, version by version, so that translations age with their words."""
    draft = _Draft()
    for step, layer in enumerate(layers):
        below = layer.head.data["layer_of"]
        tool = _stacked(source.chain(below["tool"], below["version"]))
        own = _stacked(layers[: step + 1])
        merged = _merged(tool, own)
        texts = {qid: dict(words) for qid, words in tool.texts.items() if qid in merged}
        for qid, words in draft.texts.items():
            if qid in merged and _same_words(draft.questions[qid], merged[qid]):
                texts.setdefault(qid, {}).update(words)
        draft = _Draft(merged, texts, _joined(_joined(tool.titles, draft.titles), own.titles))
        _translate(draft, layer)
    return draft


def _stacked(versions: list[Version]) -> _Draft:
    """One line of versions, each over the one it is based on."""
    draft = _Draft()
    for version in versions:
        gone = version.retired
        draft.retired |= gone
        written = {record["id"]: record for record in _records(version)}
        for qid, record in written.items():
            _place(draft, qid, record, gone)
        for qid in gone - set(written):
            draft.questions.pop(qid, None)
        _translate(draft, version)
    return draft


def _records(version: Version) -> Iterable[Record]:
    for file in version.questions:
        for record in file.data.get("questions") or ():
            cluster = FACTS if record["kind"] == "fact" else file.data["cluster"]
            yield {**record, "cluster": cluster, "file": file.path}


def _place(draft: _Draft, qid: str, record: Record, retired: set[str]) -> None:
    before = draft.questions.get(qid)
    if before is not None:
        if not _same_words(before, record):
            draft.texts.pop(qid, None)
        kept = {name: before[name] for name in ("replaces_global", "maps_to") if name in before}
        draft.questions[qid] = {**kept, **record}
        return
    stood = [other for other in draft.questions if other in record.get("replaces", ())]
    draft.questions[qid] = record
    if stood:
        _move_before(draft.questions, qid, stood[0])


def _move_before(questions: dict[str, Record], qid: str, other: str) -> None:
    order = [name for name in questions if name != qid]
    order.insert(order.index(other), qid)
    rows = dict(questions)
    questions.clear()
    questions.update((name, rows[name]) for name in order)


def _merged(tool: _Draft, layer: _Draft) -> dict[str, Record]:
    """Global questions with the country's put in their place, behind them, or at the end."""
    replaced = {record["replaces_global"]: qid for qid, record in layer.questions.items()
                if record.get("replaces_global")}
    behind: dict[str, list[str]] = {}
    for qid, record in layer.questions.items():
        mapped = record.get("maps_to")
        if mapped in tool.questions and not record.get("replaces_global"):
            behind.setdefault(mapped, []).append(qid)
    merged: dict[str, Record] = {}
    for gid, record in tool.questions.items():
        if gid in replaced:
            merged[replaced[gid]] = layer.questions[replaced[gid]]
        elif gid not in layer.retired:
            merged[gid] = record
        for qid in behind.get(gid, ()):
            merged[qid] = layer.questions[qid]
    for qid, record in layer.questions.items():
        merged.setdefault(qid, record)
    return merged


def _in_order(records: Iterable[Record], clusters: list[Mapping[str, Any]]) -> list[Record]:
    """Facts first, then by cluster and point; within a point the order stays as it was put together."""
    places = {(FACTS, ""): (0, 0)}
    for number, cluster in enumerate(clusters, start=1):
        for place, point in enumerate(cluster["points"], start=1):
            places[cluster["key"], point["key"]] = (number, place)
    try:
        return sorted(records, key=lambda record: places[record["cluster"], record.get("point", "")])
    except KeyError as error:
        cluster, point = error.args[0]
        culprit = next(r for r in records if (r["cluster"], r.get("point", "")) == (cluster, point))
        raise ContentError(culprit["file"], f"{culprit['id']}: no point '{point}' in '{cluster}'") from None


# Words


def _same_words(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return (one["text"], one.get("finding")) == (other["text"], other.get("finding"))


def _translate(draft: _Draft, version: Version) -> None:
    for file in version.languages:
        data = file.data
        language, is_draft = data["language"], data["review"] != "reviewed"
        if title := data.get("title"):
            draft.titles.setdefault("title", {})[language] = title
        for part, name in (("clusters", "cluster"), ("points", "point"), ("groups", "group")):
            for key, words in (data.get(part) or {}).items():
                draft.titles.setdefault(f"{name}:{key}", {})[language] = words
        for qid, words in (data.get("questions") or {}).items():
            draft.texts.setdefault(qid, {})[language] = _words(words, is_draft=is_draft)


def _words(words: Mapping[str, Any], *, is_draft: bool = False) -> Record:
    return {"text": words["text"], "finding": words.get("finding", ""),
            "look_for": list(words.get("look_for", ())), "is_draft": is_draft}


def _joined(below: dict[str, dict[str, str]], above: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    return {key: {**below.get(key, {}), **above.get(key, {})} for key in below | above}


def _titles(draft: _Draft, name: str, row: Mapping[str, Any]) -> dict[str, str]:
    return draft.titles.get(f"{name}:{row['key']}", {}) | {SOURCE_LANGUAGE: row["title"]}


def _clusters_data(clusters: list[Mapping[str, Any]], titles: dict[str, dict[str, str]]) -> list[Record]:
    draft = _Draft(titles=titles)
    order = 0
    rows = []
    for number, cluster in enumerate(clusters, start=1):
        points = []
        for point in cluster["points"]:
            order += 1
            points.append({"key": point["key"], "order": order, "titles": _titles(draft, "point", point),
                           "merges": list(point.get("merges", ()))})
        rows.append({"key": cluster["key"], "order": number, "titles": _titles(draft, "cluster", cluster),
                     "points": points})
    return rows


def _tags(record: Record, critical_issues: Mapping[str, str], *, is_national: bool) -> list[str]:
    """A global question points into the list of critical issues of those countries alone that have one."""
    tags = sorted(record.get("tags") or ())
    if is_national or critical_issues:
        return tags
    return [tag for tag in tags if not tag.startswith("critical:")]


def _question_data(record: Record, texts: Mapping[str, Record], lineage: Mapping[str, list[str]],
                   critical_issues: Mapping[str, str]) -> Record:
    is_national = "replaces_global" in record or "maps_to" in record or "maps_to_point" in record
    return {
        "id": record["id"], "kind": record["kind"], "cluster": record["cluster"], "point": record.get("point", ""),
        "texts": texts.get(record["id"], {}) | {SOURCE_LANGUAGE: _words(record)},
        "roots": roots_of(record["id"], lineage), "ancestors": ancestors_of(record["id"], lineage),
        "noncompliant_answer": record.get("noncompliant_answer", ""),
        "law": [{"instrument": ref["instrument"], "provision": ref.get("provision", ""),
                 "source": ref.get("source", "")} for ref in record.get("law") or ()],
        "law_note": record.get("law_note", ""),
        "tags": _tags(record, critical_issues, is_national=is_national),
        "global_id": (record.get("replaces_global") or record.get("maps_to") or "") if is_national else record["id"],
        "visible_if": record.get("visible_if"),
        "themes": list(record.get("themes") or ()),
        "external_refs": [dict(ref) for ref in record.get("external_refs") or ()],
        "answer": record.get("answer", ""), "unit": record.get("unit", ""), "group": record.get("group", ""),
    }
