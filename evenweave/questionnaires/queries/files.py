"""Content as it stands in files, read when somebody asks for it."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from evenweave.questionnaires.rules import Document, Source, Version
from evenweave.questionnaires.rules.tool import FORMAT
from evenweave.toolkit.yaml_files import UnreadableFile, read_yaml

# Files of the folder of programmes that are none.
PROGRAMME_DEFAULTS, PROGRAMME_SOURCES = "defaults.yaml", "sources.yaml"


def read_source(folder: Path | None = None) -> Source:
    """All tools, layers, law, courses and programme files under `folder` (by default the installation's content)."""
    reading = _Reading(Path(folder or settings.CONTENT))
    versions = {}
    for head in sorted(reading.root.glob("tools/*/*/")):
        if version := reading.version(head):
            versions[head.parent.name, head.name] = version
    return Source(
        versions=versions,
        law=tuple(reading.documents(reading.root / "law", "law")),
        programmes=tuple(reading.programmes()),
        programme_defaults=reading.beside_programmes(PROGRAMME_DEFAULTS, "programme-defaults"),
        programme_sources=reading.beside_programmes(PROGRAMME_SOURCES, "programme-sources"),
        national_themes=tuple(
            document for path in sorted(reading.root.glob("tools/*/national-themes.yaml"))
            if (document := reading.document(path, "national-themes"))
        ),
        courses=tuple(reading.documents(reading.root / "courses", "course")),
        unreadable=tuple(reading.unreadable),
        schemas=read_schemas(reading.root / "schema"),
    )


def digest_of_files(folder: Path | None = None) -> str:
    """One SHA-256 over the tools' files, names and bytes, and the shape they compile to: equal when nothing changed."""
    root = Path(folder or settings.CONTENT)
    digest = hashlib.sha256(f"format {FORMAT}\n".encode())
    for path in sorted((root / "tools").rglob("*.yaml")):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def read_schemas(folder: Path | None = None) -> dict[str, dict]:
    """The JSON Schemas of the content's files, by name."""
    folder = folder or Path(settings.CONTENT) / "schema"
    return {
        path.name.removesuffix(".schema.json"): json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob("*.schema.json"))
    }


class _Reading:
    """One pass over a content folder; what cannot be read is remembered, and the pass goes on."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.unreadable: list[tuple[str, str]] = []

    def version(self, folder: Path) -> Version | None:
        heads = [(folder / "tool.yaml", "tool"), (folder / "layer.yaml", "layer")]
        there = [(path, kind) for path, kind in heads if path.exists()]
        name = folder.relative_to(self.root).as_posix()
        if len(there) != 1:
            self.unreadable.append((name, "holds either a tool.yaml or a layer.yaml"))
            return None
        head = self.document(*there[0])
        if head is None:
            return None
        if (head.data.get("key"), head.data.get("version")) != (folder.parent.name, folder.name):
            self.unreadable.append((head.path, f"key and version must be those of the folder, {name}"))
            return None
        return Version(
            head=head,
            questions=tuple(self.documents(folder / "questions", "questions")),
            languages=tuple(self.documents(folder / "languages", "language")),
        )

    def documents(self, folder: Path, kind: str) -> Iterator[Document]:
        for path in sorted(folder.rglob("*.yaml")):
            if document := self.document(path, kind):
                yield document

    def programmes(self) -> Iterator[Document]:
        beside = {PROGRAMME_DEFAULTS, PROGRAMME_SOURCES}
        for path in sorted((self.root / "programmes").glob("*.yaml")):
            if path.name not in beside and (document := self.document(path, "programme")):
                yield document

    def beside_programmes(self, name: str, kind: str) -> Document | None:
        """What programmes share; None where a folder has none."""
        path = self.root / "programmes" / name
        return self.document(path, kind) if path.exists() else None

    def document(self, path: Path, kind: str) -> Document | None:
        name = path.relative_to(self.root).as_posix()
        try:
            data = read_yaml(path)
        except (UnreadableFile, UnicodeDecodeError, OSError) as error:
            self.unreadable.append((name, str(error)))
            return None
        if not isinstance(data, dict):
            self.unreadable.append((name, "holds no keys"))
            return None
        return Document(name, kind, data)
