"""Rendering a Typst template with data to PDF.

The hash of a report's file is what a reader compares on the verification page: the same template, data, language
and moment must give the same bytes. So nothing is read from the machine: no system fonts, no clock, no network."""

import contextlib
import ctypes
import datetime as dt
import json
from functools import cache
from pathlib import Path
from typing import Any

from evenweave.toolkit.documents.fonts import font_files, printable

TEMPLATES = Path(__file__).resolve().parents[2]
STANDARD = "ua-1"
DOCUMENTS_REMEMBERED = 10


class DocumentFailed(RuntimeError):
    """A template that does not compile: a fault of ours, never of the person's."""


def render_pdf(template: str, data: dict[str, Any], *, language: str, title: str, created_at: dt.datetime) -> bytes:
    """The PDF (PDF/UA-1, tagged, all fonts inside) of `template` with `data`.

    `template`: the file's path inside the package, as "reports/documents/assessment.typ". It finds what it prints
    in `sys.inputs` as JSON under "data", the language under "language", the title under "title"; and the shared
    look in "/toolkit/documents/weave.typ". `data` holds JSON values only; signs that no font of ours has are
    replaced, so that no text of a person can make a document fail. `created_at` is aware of its zone.

    Heavy (80 MB of library): imported here, called in the worker. Raises DocumentFailed."""
    import typst

    inputs = {
        "data": json.dumps(printable(data), ensure_ascii=False),
        "language": language,
        "title": printable(title),
        "created": created_at.astimezone(dt.UTC).strftime("%Y %m %d %H %M %S"),
    }
    compiler = typst.Compiler(
        input=str(TEMPLATES / template), root=str(TEMPLATES), font_paths=_fonts(), sys_inputs=inputs
    )
    try:
        return compiler.compile(format="pdf", pdf_standards=STANDARD, timestamp=created_at)
    except typst.TypstError as problem:
        raise DocumentFailed(f"{template}: {problem.message}\n{problem.diagnostic}") from problem


def free_memory() -> None:
    """Gives back the memory that rendering holds: a job calls it when its last file is made.

    The library keeps what its ten latest documents were made of, up to 400 MB; empty documents push that out."""
    import typst

    nothing = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False)
    for _ in range(DOCUMENTS_REMEMBERED + 1):
        typst.Compiler(input=b"", font_paths=nothing).compile(format="svg")
    with contextlib.suppress(AttributeError, OSError):  # only glibc can, and only there is it needed
        ctypes.CDLL(None).malloc_trim(0)


@cache
def _fonts() -> Any:
    import typst

    # Typst's own fonts are left out as well: a text either stands in Noto or it stands not at all.
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=sorted(
        {str(file.parent) for file in font_files()}
    ))
