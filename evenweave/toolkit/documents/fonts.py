"""The fonts of our documents, and what they can print."""

import re
import struct
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

PACKAGES = ("fontpkg_noto_sans", "fontpkg_noto_sans_khmer", "fontpkg_noto_sans_arabic")
OURS = Path(__file__).resolve().parent / "typefaces"  # scripts that no package brings
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

# Signs without a picture of their own that line breaking and joining need.
_SILENT = {*"\t\n\u00ad\u200b\u200c\u200d\u2060", *map(chr, range(0xFE00, 0xFE10))}
# Control signs, and those that turn the direction of the text around them.
_UNWANTED = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufff0-\ufffb\ufffe\uffff]"
)
_LONG_RUN = re.compile(r"[!-~]{40}(?=[!-~])")
_BREAK_HERE = "\u200b"


@cache
def font_files() -> tuple[Path, ...]:
    """The font files that documents are set in, one upright variable TrueType file a script."""
    folders = [*(Path(import_module(package).ROOT) / "files" for package in PACKAGES), OURS]
    return tuple(
        file for folder in folders for file in sorted(folder.glob("*.ttf")) if "Italic" not in file.name
    )


def printable(value: Any) -> Any:
    """The same JSON value with every text made printable: signs that no font has become �, control signs go,
    and a run of 40 letters and signs without a space may break."""
    match value:
        case str():
            return _printable_text(value)
        case dict():
            return {key: printable(inner) for key, inner in value.items()}
        case list() | tuple():
            return [printable(inner) for inner in value]
        case _:
            return value


def _printable_text(text: str) -> str:
    if text.isascii() and text.isprintable() and len(text) <= 40:
        return text
    text = _UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    for sign in set(text) - _covered():
        text = text.replace(sign, REPLACEMENT)
    return _LONG_RUN.sub(rf"\g<0>{_BREAK_HERE}", text)


@cache
def _covered() -> frozenset[str]:
    return frozenset(_SILENT.union(*(_signs_of(file.read_bytes()) for file in font_files())))


def _signs_of(font: bytes) -> set[str]:
    """The signs of a TrueType font, from its character map (table cmap, formats 4 and 12)."""
    tables = struct.unpack_from(">H", font, 4)[0]
    records = (struct.unpack_from(">4sIII", font, 12 + 16 * index) for index in range(tables))
    cmap = next(offset for tag, _sum, offset, _length in records if tag == b"cmap")
    signs: set[str] = set()
    for index in range(struct.unpack_from(">H", font, cmap + 2)[0]):
        place = cmap + struct.unpack_from(">HHI", font, cmap + 4 + 8 * index)[2]
        match struct.unpack_from(">H", font, place)[0]:
            case 4:
                half = struct.unpack_from(">H", font, place + 6)[0] // 2
                ends = struct.unpack_from(f">{half}H", font, place + 14)
                starts = struct.unpack_from(f">{half}H", font, place + 16 + 2 * half)
                signs.update(chr(code) for first, last in zip(starts, ends, strict=True)
                             for code in range(first, last + 1) if code < 0xFFFF)
            case 12:
                for group in range(struct.unpack_from(">I", font, place + 12)[0]):
                    first, last, _glyph = struct.unpack_from(">III", font, place + 16 + 12 * group)
                    signs.update(map(chr, range(first, last + 1)))
    return signs
