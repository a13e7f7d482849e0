"""What can be wrong with content. Every check yields faults; none stops at the first."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from evenweave.questionnaires.enums import CRITICAL_ISSUES, NO_SOURCE, SOURCE_LANGUAGE, TAGS, Scope
from evenweave.questionnaires.rules.answering import ids_in, questions_in_scope
from evenweave.questionnaires.rules.compiling import compile_tool
from evenweave.questionnaires.rules.source import ContentError, Document, Source, Version
from evenweave.questionnaires.rules.tool import Tool

FACT_PREFIX = "FG"
BLANK = "__"
NEAR_COPY = 90  # token_sort_ratio, blanks and numbers left out
INTERNATIONAL = re.compile(r"^(ilo|instruments)\b")


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong, where it is (a path under content/), and what to do about it in the message."""

    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of a check: the faults, and the tools that compile. `is_malformed`: only form was looked at."""

    faults: tuple[Fault, ...]
    tools: tuple[Tool, ...]
    is_malformed: bool = False

    def with_faults(self, more: Iterable[Fault]) -> "Report":
        return Report((*self.faults, *more), self.tools, self.is_malformed)


def check(source: Source) -> Report:
    """Everything that is wrong with the content. Faults of form are told alone, since the rest would be noise."""
    if faults := form_faults(source):
        return Report(tuple(faults), (), is_malformed=True)
    tools, faults = _compiled(source)
    faults += _law_faults(source)
    faults += _question_faults(source)
    faults += _lineage_faults(source)
    faults += _near_copies(source)
    for tool in tools:
        faults += _tool_faults(tool, source)
    return Report(tuple(dict.fromkeys(faults)), tuple(tools))


def form_faults(source: Source) -> list[Fault]:
    """Files that are no YAML or break their schema. Without any, compiling can fail only with ContentError."""
    unreadable = [Fault(path, message) for path, message in source.unreadable]
    return unreadable + [fault for doc in _documents(source) for fault in _form_faults(doc, source.schemas)]


def _documents(source: Source) -> Iterator[Document]:
    for version in source.versions.values():
        yield version.head
        yield from version.questions
        yield from version.languages
    yield from source.law
    yield from source.programmes
    if source.programme_defaults is not None:
        yield source.programme_defaults


# Form


def _form_faults(document: Document, schemas: Mapping[str, Any]) -> Iterator[Fault]:
    import jsonschema

    schema = schemas.get(document.kind)
    if schema is None:
        yield Fault(document.path, f"there is no schema/{document.kind}.schema.json")
        return
    validator = jsonschema.Draft202012Validator(schema, registry=_registry(schemas))
    for error in sorted(validator.iter_errors(document.data), key=lambda error: [str(p) for p in error.absolute_path]):
        yield Fault(document.path, f"{_place(document.data, error.absolute_path)}{_said(error)}")


def _registry(schemas: Mapping[str, Any]) -> Any:
    """One schema may point into another by its name: "programme#/$defs/step"."""
    from referencing import Registry, Resource

    return Registry().with_resources((name, Resource.from_contents(schema)) for name, schema in schemas.items())


def _said(error: Any) -> str:
    """The schema's complaint in words a writer can act on."""
    if "propertyNames" in error.schema_path:
        return f"'{error.instance}' does not belong here"
    if error.validator == "anyOf" and all("required" in part for part in error.schema.get("anyOf", ())):
        names = " or ".join(f"'{part['required'][0]}'" for part in error.schema["anyOf"])
        return f"needs {names}"
    message = error.message if len(error.message) < 300 else error.message[:140] + " … " + error.message[-140:]
    if isinstance(error.instance, bool):
        message += " (yes and no need quotes)"
    return message


def _place(data: Any, path: Iterable[Any]) -> str:
    """"SH-61, law 2: " instead of questions[3].law[1]."""
    words: list[str] = []
    for step in path:
        data = data[step]
        if isinstance(data, dict) and ("id" in data or "key" in data):
            words = [str(data.get("id") or data.get("key"))]
        elif isinstance(step, int):
            words.append(str(step + 1))
        else:
            words.append(str(step))
    return f"{' '.join(words)}: " if words else ""


# Compiling


def _compiled(source: Source) -> tuple[list[Tool], list[Fault]]:
    tools, faults = [], []
    for layer in source.layers:
        try:
            tools.append(compile_tool(source, layer.key, layer.version))
        except ContentError as error:
            faults.append(Fault(error.where, error.message))
    return tools, faults


# Law


def is_international(document: Document) -> bool:
    return bool(INTERNATIONAL.match(document.path.rpartition("/")[2]))


def _law_faults(source: Source) -> Iterator[Fault]:
    seen: dict[str, tuple[str, str]] = {}
    for document in source.law:
        rows = [*(document.data.get("instruments") or ()), *(document.data.get("laws") or ())]
        for row in rows:
            path, title = seen.setdefault(row["key"], (document.path, row["title"]))
            if title != row["title"]:
                yield Fault(document.path, f"{row['key']}: has another title in {path}: “{title}”")
    spans: dict[tuple[str, str, Any], tuple[str, Any]] = {}
    for document in source.law:
        country = document.path.rpartition("/")[2].partition("-")[0]
        for value in document.data.get("values") or ():
            name = (country, value["key"], value["in_force_from"])
            path, other = spans.setdefault(name, (document.path, value["value"]))
            if other != value["value"]:
                yield Fault(document.path, f"{value['key']}: is {other} from the same day in {path}")


def _known_law(source: Source) -> tuple[set[str], set[str]]:
    """Keys of international instruments, and of national laws."""
    international, national = set(), set()
    for document in source.law:
        keys = international if is_international(document) else national
        for part in ("instruments", "laws"):
            keys.update(row["key"] for row in document.data.get(part) or ())
    return international, national


# Questions, one by one


def _records(version: Version) -> Iterator[tuple[Document, Mapping[str, Any]]]:
    for file in version.questions:
        for record in file.data.get("questions") or ():
            yield file, record


def _question_faults(source: Source) -> Iterator[Fault]:
    international, national = _known_law(source)
    for version in source.versions.values():
        counted = Counter(record["id"] for _, record in _records(version))
        for file, record in _records(version):
            if counted[record["id"]] > 1:
                yield Fault(file.path, f"{record['id']}: this id is used {counted[record['id']]} times")
            for said in _record_faults(record, international, national):
                yield Fault(file.path, f"{record['id']}: {said}")
    yield from _id_faults(source)
    yield from _prefix_faults(source)


def _prefix_faults(source: Source) -> Iterator[Fault]:
    """The letters of an id are those of its cluster."""
    prefixes = {
        cluster["key"]: cluster["prefix"]
        for version in source.versions.values() for cluster in version.head.data.get("clusters") or ()
    }
    for version in source.versions.values():
        for file, record in _records(version):
            wanted = FACT_PREFIX if record["kind"] == "fact" else prefixes.get(file.data["cluster"])
            if wanted and record["id"].split("-")[-2] != wanted:
                yield Fault(file.path, f"{record['id']}: an id in '{file.data['cluster']}' is {wanted}-…")


def _record_faults(record: Mapping[str, Any], international: set[str], national: set[str]) -> Iterator[str]:
    for tag in record.get("tags") or ():
        if not _is_known_tag(tag):
            yield f"unknown tag '{tag}'"
    references = record.get("law") or ()
    if record["kind"] == "scored" and not references and record.get("law_note") != NO_SOURCE:
        yield f"needs a legal reference, or law_note: \"{NO_SOURCE}\""
    for reference in references:
        key = reference["instrument"]
        if key not in international | national:
            yield f"no instrument or law '{key}' in content/law"
        elif key not in international and not reference.get("source"):
            yield f"the national provision {key} {reference.get('provision', '')} needs the source where it was read"


def _is_known_tag(tag: str) -> bool:
    word, _, number = tag.partition(":")
    return tag in TAGS or (word == "critical" and number.isdecimal() and int(number) in CRITICAL_ISSUES)


def _id_faults(source: Source) -> Iterator[Fault]:
    """An id belongs to one tool or layer and, in a layer, begins with the country's code."""
    owners: dict[str, str] = {}
    for version in source.versions.values():
        prefix = f"{version.head.data['programme']}-" if version.is_layer else ""
        for file, record in _records(version):
            owner = owners.setdefault(record["id"], version.key)
            if owner != version.key:
                yield Fault(file.path, f"{record['id']}: this id belongs to {owner}")
            if prefix and not record["id"].startswith(prefix):
                yield Fault(file.path, f"{record['id']}: an id of this layer begins with {prefix}")
            if not prefix and record["id"].count("-") > 1:
                yield Fault(file.path, f"{record['id']}: a global id has no country code")


# Lineage


def _lineage_faults(source: Source) -> Iterator[Fault]:
    for version in source.versions.values():
        try:
            earlier = source.chain(version.key, version.version)[:-1]
            below = _below(source, version)
        except ContentError:
            continue  # told by compiling
        for where, said in _version_lineage(version, earlier, below):
            yield Fault(where, said)


def _below(source: Source, version: Version) -> list[Version]:
    """The versions of the global tool that a layer's version stands on."""
    if not version.is_layer:
        return []
    return source.chain(version.head.data["layer_of"]["tool"], version.head.data["layer_of"]["version"])


def _version_lineage(version: Version, earlier: list[Version], below: list[Version]) -> Iterator[tuple[str, str]]:
    asked, gone = _asked(earlier)
    asked_globally, gone_globally = _asked(below)
    for file, record in _records(version):
        said = (
            *_reuse_faults(record, gone, version.retired),
            *_replaces_faults(record, asked | asked_globally, version.retired),
            *_mapping_faults(record, asked_globally | gone_globally, is_layer=version.is_layer),
        )
        for fault in said:
            yield file.path, f"{record['id']}: {fault}"
    own = {record["id"] for _, record in _records(version)}
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


def _asked(versions: list[Version]) -> tuple[set[str], set[str]]:
    """What the last of these versions asks, and what was retired on the way."""
    asked: set[str] = set()
    gone: set[str] = set()
    for version in versions:
        asked |= {record["id"] for _, record in _records(version)}
        asked -= version.retired
        gone |= version.retired
    return asked, gone


def _twice_replaced(version: Version) -> Iterator[tuple[str, str]]:
    counted = Counter(record.get("replaces_global") for _, record in _records(version))
    for file, record in _records(version):
        other = record.get("replaces_global")
        if other and counted[other] > 1:
            yield file.path, f"{record['id']}: more than one question replaces the global {other}"


# Near copies


def _near_copies(source: Source) -> Iterator[Fault]:
    """Findings that a reader could not tell apart. Wordings of one id, or of an id and what it replaces, may agree."""
    from rapidfuzz import fuzz, process

    newest: dict[str, tuple[str, Mapping[str, Any]]] = {}
    for name in sorted(source.versions):
        for file, record in _records(source.versions[name]):
            if record.get("finding"):
                newest[record["id"]] = (file.path, record)
    ids = sorted(newest)
    plain = [plain_finding(newest[qid][1]["finding"]) for qid in ids]
    ratios = process.cdist(plain, plain, scorer=fuzz.token_sort_ratio, score_cutoff=NEAR_COPY)
    for row, column in zip(*ratios.nonzero(), strict=True):
        if row < column and not _related(newest[ids[row]][1], newest[ids[column]][1]):
            where, record = newest[ids[column]]
            yield Fault(where, f"{record['id']}: its finding is nearly that of {ids[row]} "
                               f"({ratios[row, column]:.0f} of 100 alike)")


def plain_finding(finding: str) -> str:
    """A finding without its blanks, numbers and marks, in small letters."""
    return " ".join(re.sub(r"[\d_]+|[^\w\s]", " ", finding).casefold().split())


def _related(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    def ancestors(record: Mapping[str, Any]) -> set[str]:
        return {*(record.get("replaces") or ()), record.get("replaces_global")}

    return one["id"] in ancestors(other) or other["id"] in ancestors(one)


# The compiled tool as a whole


def _tool_faults(tool: Tool, source: Source) -> Iterator[Fault]:
    where = f"tools/{tool.layer}/{tool.layer_version}"
    covered = {question.point for question in tool.scored}
    for said in (
        *(f"the point '{key}' has no scored question" for key in tool.points if key not in covered),
        *_condition_faults(tool),
        *_critical_faults(tool),
        *_language_faults(tool, _promises(source, tool)),
        *_orphaned_words(tool, source),
        *_blank_faults(tool),
        *_short_faults(tool),
    ):
        yield Fault(where, said)


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
    asked, _ = _asked(source.chain(tool.key, tool.version))
    return qid in asked
