"""Compiling the translations that people write (.po) into what gettext reads (.mo), without gettext's own tools."""

import os
import tempfile
from pathlib import Path


def compile_catalogues(folder: Path) -> list[Path]:
    """Compile every catalogue under `folder` that is newer than its compiled form. Returns the ones that were.

    Several processes may do so at once. Entries marked fuzzy are left out, as gettext does."""
    return [source for source in folder.glob("**/locale/*/LC_MESSAGES/*.po") if _compile(source)]


def _compile(source: Path) -> bool:
    target = source.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
        return False
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with source.open("rb") as words:
        catalogue = read_po(words)
    # Plurals without words would be written with the source's own, in forms that are not those of its grammar.
    for entry in [entry for entry in catalogue if entry.pluralizable and not all(entry.string)]:
        catalogue.delete(entry.id[0], entry.context)
    number, partial = tempfile.mkstemp(dir=source.parent, suffix=".part")
    with os.fdopen(number, "wb") as out:
        write_mo(out, catalogue)
    os.chmod(partial, 0o644)
    os.replace(partial, target)
    return True
