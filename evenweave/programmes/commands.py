"""evenweave content: check what experts write, and load it. It spans tools, law and programmes."""

from collections.abc import Iterator
from pathlib import Path

import click

from evenweave.programmes.rules.checking import programme_faults
from evenweave.questionnaires.queries import read_source
from evenweave.questionnaires.rules import ContentError, Source
from evenweave.questionnaires.rules.checking import Fault, Report
from evenweave.questionnaires.rules.checking import check as check_source
from evenweave.questionnaires.rules.summary import summary
from evenweave.questionnaires.services import load_content
from evenweave.toolkit.answers import answer, json_option


@click.group()
def content() -> None:
    """Tools, law and programme files that experts write."""


@content.command()
@json_option
@click.option("--folder", type=click.Path(exists=True, file_okay=False, path_type=Path),
              help="Check this folder instead of the installation's content.")
def check(as_json: bool, folder: Path | None) -> None:
    """Say what is wrong with the content. Exit 0 when nothing is, else 1."""
    source, report = checked_content(folder)
    found = summary(source, report)
    answer(found, _lines(found), as_json=as_json, is_yes=not report.faults)


def checked_content(folder: Path | None = None) -> tuple[Source, Report]:
    """The content of a folder (else the installation's) and everything that is wrong with it."""
    source = read_source(folder)
    report = check_source(source)
    return source, report if report.is_malformed else report.with_faults(_programme_faults(source))


def _programme_faults(source: Source) -> Iterator[Fault]:
    defaults = source.programme_defaults.data if source.programme_defaults else {}
    for document in source.programmes:
        for said in programme_faults(document.data, document.path.rpartition("/")[2], defaults):
            yield Fault(document.path, said)
    known = {document.data["code"] for document in source.programmes}
    for layer in source.layers:
        if layer.head.data["programme"] not in known:
            yield Fault(layer.head.path, f"there is no programme '{layer.head.data['programme']}'")


def _lines(found: dict) -> list[str]:
    tools = [f"{tool['label']}: {tool['scored']} scored questions, {tool['facts']} facts, {tool['public']} public"
             for tool in found["compiled"]]
    countries = [f"{code}: {asked} scored questions, {found['national_provisions_by_country'][code]} rest on a cited "
                 "national provision" for code, asked in found["questions_by_country"].items()]
    return [*found["errors"], *tools, *countries, f"{len(found['errors']) or 'No'} errors."]


@content.command()
@json_option
def load(as_json: bool) -> None:
    """Compile the content into the database. Exit 1 when it cannot be, with the reason."""
    try:
        loaded = load_content()
    except ContentError as error:
        answer({"loaded": [], "error": str(error)}, [str(error)], as_json=as_json, is_yes=False)
        return
    rows = [{"tool": row.label, "content_hash": row.content_hash, "did": row.did} for row in loaded]
    lines = [f"{row['tool']}: {row['did']}" for row in rows] or ["Nothing has changed since the last load."]
    answer({"loaded": rows, "error": None}, lines, as_json=as_json)
