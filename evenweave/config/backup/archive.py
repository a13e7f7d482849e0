"""The archive: parts written with their hashes, a manifest over all of them, and the reading that trusts nothing."""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import BinaryIO

FORMAT = 1
MANIFEST = "manifest.json"
PIECE_BYTES = 1024 * 1024


class BackupError(Exception):
    """A backup that cannot be made, read or brought back, and why, in words for an operator."""


@dataclass(frozen=True, slots=True)
class Part:
    """One member of the archive."""

    sha256: str
    size_bytes: int


@dataclass(slots=True)
class Manifest:
    """What the archive holds. `rows`: table → how many; `migrations`: "app.name" of every one applied."""

    version: str
    made_at: str
    database: str
    is_demo: bool
    migrations: list[str]
    rows: dict[str, int]
    columns: dict[str, list[str]] = field(default_factory=dict)
    parts: dict[str, Part] = field(default_factory=dict)
    missing_files: list[str] = field(default_factory=list)
    format: int = FORMAT


class Hashing:
    """A stream that counts and hashes what is written through it."""

    def __init__(self, out: BinaryIO) -> None:
        self._out, self._hash, self._size = out, hashlib.sha256(), 0

    def write(self, piece: bytes) -> int:
        self._hash.update(piece)
        self._size += len(piece)
        return self._out.write(piece)

    def part(self) -> Part:
        return Part(self._hash.hexdigest(), self._size)


@contextmanager
def writing(archive: zipfile.ZipFile, name: str, manifest: Manifest) -> Iterator[Hashing]:
    """Write one part; its hash and size are in the manifest afterwards."""
    packed = zipfile.ZIP_STORED if name.startswith("files/") else zipfile.ZIP_DEFLATED
    info = zipfile.ZipInfo(name)
    info.compress_type, info.external_attr = packed, 0o600 << 16
    with archive.open(info, "w", force_zip64=True) as out:
        hashing = Hashing(out)
        yield hashing
    manifest.parts[name] = hashing.part()


def write_manifest(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1, sort_keys=True))


def pieces(source: BinaryIO) -> Iterator[bytes]:
    """The rest of a stream, a megabyte at a time."""
    while piece := source.read(PIECE_BYTES):
        yield piece


def open_verified(file: BinaryIO) -> tuple[zipfile.ZipFile, Manifest]:
    """The archive and its manifest, after every part was read whole and agreed with its hash.

    Raises BackupError when the file is no backup, is of a newer format, or differs in any byte from what was made."""
    try:
        archive = zipfile.ZipFile(file)
        manifest = _manifest(archive)
        for name, part in manifest.parts.items():
            _verify(archive, name, part)
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError, EOFError) as error:
        raise BackupError(f"This is not a whole backup: {error}") from error
    strangers = set(archive.namelist()) - set(manifest.parts) - {MANIFEST}
    if strangers:
        raise BackupError(f"The backup holds what its manifest does not name: {sorted(strangers)[0]}")
    return archive, manifest


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    written = json.loads(archive.read(MANIFEST))
    if written["format"] > FORMAT:
        raise BackupError(f"The backup was made by a newer version ({written['version']}); install that first.")
    written["parts"] = {name: Part(**part) for name, part in written["parts"].items()}
    return Manifest(**written)


def _verify(archive: zipfile.ZipFile, name: str, part: Part) -> None:
    found = hashlib.sha256()
    with archive.open(name) as source:
        for piece in pieces(source):
            found.update(piece)
    if found.hexdigest() != part.sha256:
        raise BackupError(f"{name} in the backup is damaged: its checksum differs. Nothing was changed.")
