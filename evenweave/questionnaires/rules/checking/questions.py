"""Questions, one by one."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from evenweave.questionnaires.enums import CRITICAL_ISSUES, NO_SOURCE, TAGS
from evenweave.questionnaires.rules.checking.faults import Fault
from evenweave.questionnaires.rules.checking.law import KnownLaw, known_law
from evenweave.questionnaires.rules.source import Document, Source, Version

FACT_PREFIX = "FG"


def records(version: Version) -> Iterator[tuple[Document, Mapping[str, Any]]]:
    """The questions that a version's own folder writes, each with its file."""
    for file in version.questions:
        for record in file.data.get("questions") or ():
            yield file, record


def question_faults(source: Source) -> Iterator[Fault]:
    """What is wrong with a question by itself, or with its id beside the others'."""
    known = known_law(source)
    for version in source.versions.values():
        country = version.head.data["programme"] if version.is_layer else ""
        counted = Counter(record["id"] for _, record in records(version))
        for file, record in records(version):
            if counted[record["id"]] > 1:
                yield Fault(file.path, f"{record['id']}: this id is used {counted[record['id']]} times")
            for said in (*_record_faults(record), *_law_faults(record, known, country)):
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
        for file, record in records(version):
            wanted = FACT_PREFIX if record["kind"] == "fact" else prefixes.get(file.data["cluster"])
            if wanted and record["id"].split("-")[-2] != wanted:
                yield Fault(file.path, f"{record['id']}: an id in '{file.data['cluster']}' is {wanted}-…")


def _record_faults(record: Mapping[str, Any]) -> Iterator[str]:
    for tag in record.get("tags") or ():
        if not _is_known_tag(tag):
            yield f"unknown tag '{tag}'"
    if record["kind"] == "scored" and not record.get("law") and record.get("law_note") != NO_SOURCE:
        yield f"needs a legal reference, or law_note: \"{NO_SOURCE}\""


def _law_faults(record: Mapping[str, Any], known: KnownLaw, country: str) -> Iterator[str]:
    """`country` is "" for a global question, which cites no country's law."""
    cited_nationally = False
    for reference in record.get("law") or ():
        key = reference["instrument"]
        if known.is_national(key):
            cited_nationally = True
            if known.national[key] != country:
                yield f"cites {key}, which is law of {known.national[key]}"
            if not reference.get("source"):
                provision = reference.get("provision", "")
                yield f"the national provision {key} {provision} needs the source where it was read"
        elif key not in known.international:
            yield f"no instrument or law '{key}' in content/law"
    if country and record.get("law") and not cited_nationally and record.get("law_note") != NO_SOURCE:
        yield f"cites no national law and has no law_note: \"{NO_SOURCE}\""
    if cited_nationally and "law_note" in record:
        yield "cites national law and says that no source was found"


def _is_known_tag(tag: str) -> bool:
    word, _, number = tag.partition(":")
    return tag in TAGS or (word == "critical" and number.isdecimal() and int(number) in CRITICAL_ISSUES)


def _id_faults(source: Source) -> Iterator[Fault]:
    """An id belongs to one tool or layer and, in a layer, begins with the country's code."""
    owners: dict[str, str] = {}
    for version in source.versions.values():
        prefix = f"{version.head.data['programme']}-" if version.is_layer else ""
        for file, record in records(version):
            owner = owners.setdefault(record["id"], version.key)
            if owner != version.key:
                yield Fault(file.path, f"{record['id']}: this id belongs to {owner}")
            if prefix and not record["id"].startswith(prefix):
                yield Fault(file.path, f"{record['id']}: an id of this layer begins with {prefix}")
            if not prefix and record["id"].count("-") > 1:
                yield Fault(file.path, f"{record['id']}: a global id has no country code")
