"""Content as it was read, before it is compiled: files, versions, and what was wrong with them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


class ContentError(ValueError):
    """Content that cannot be compiled. `where` is the file or version, the message says what is wrong."""

    def __init__(self, where: str, message: str) -> None:
        super().__init__(f"{where}: {message}")
        self.where, self.message = where, message


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML file. `path` is relative to the content folder; `kind` names its JSON Schema."""

    path: str
    kind: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Version:
    """One folder of a tool or of a country layer: its head, its question files, its languages."""

    head: Document
    questions: tuple[Document, ...] = ()
    languages: tuple[Document, ...] = ()

    @property
    def key(self) -> str:
        return self.head.data["key"]

    @property
    def version(self) -> str:
        return self.head.data["version"]

    @property
    def based_on(self) -> str:
        return self.head.data.get("based_on", "")

    @property
    def is_layer(self) -> bool:
        return "layer_of" in self.head.data

    @property
    def retired(self) -> set[str]:
        lists = [self.head.data.get("retired", []), *(file.data.get("retired", []) for file in self.questions)]
        return {question_id for ids in lists for question_id in ids}


@dataclass(frozen=True, slots=True)
class Source:
    """Everything under content/tools and content/law. `unreadable`: (path, message) of files that are no YAML."""

    versions: Mapping[tuple[str, str], Version]
    law: tuple[Document, ...] = ()
    programmes: tuple[Document, ...] = ()
    programme_defaults: Document | None = None
    programme_sources: Document | None = None
    unreadable: tuple[tuple[str, str], ...] = ()
    schemas: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    national_themes: tuple[Document, ...] = ()
    courses: tuple[Document, ...] = ()

    def version(self, key: str, version: str) -> Version:
        """Raises ContentError when there is no such version."""
        try:
            return self.versions[key, version]
        except KeyError:
            raise ContentError(f"tools/{key}/{version}", "no such version") from None

    def chain(self, key: str, version: str) -> list[Version]:
        """A version and those it is based on, the oldest first. Raises ContentError for a gap or a circle."""
        found: list[Version] = []
        while version:
            step = self.version(key, version)
            if step in found:
                raise ContentError(step.head.path, f"'{version}' is based on itself")
            found.insert(0, step)
            version = step.based_on
        return found

    @property
    def layers(self) -> list[Version]:
        return [self.versions[name] for name in sorted(self.versions) if self.versions[name].is_layer]
