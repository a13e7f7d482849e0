"""evenweave content: check what experts write, and load it. It spans tools, law and programmes.
evenweave quote: what may be sold, and for how much."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import click

from evenweave.programmes import wording
from evenweave.programmes.queries import UnknownProgrammeError, local_today, quote_on
from evenweave.programmes.rules.checking import programme_faults, source_faults
from evenweave.programmes.services import load_programmes
from evenweave.questionnaires.queries import read_source
from evenweave.questionnaires.rules import ContentError, Source
from evenweave.questionnaires.rules.checking import Fault, Report
from evenweave.questionnaires.rules.checking import check as check_source
from evenweave.questionnaires.rules.summary import summary
from evenweave.questionnaires.services import load_content
from evenweave.toolkit import clock
from evenweave.toolkit.answers import answer, json_option


@click.group()
def content() -> None:
    """Tools, law and programme files that experts write."""


_consequences: list[Callable[[], None]] = []


def register(tell: Callable[[], None]) -> None:
    """Let a room above tell, on the error stream, what files that were not loaded yet would change."""
    if tell not in _consequences:
        _consequences.append(tell)


def tell_consequences() -> None:
    for tell in _consequences:
        tell()


@content.command()
@json_option
@click.option("--folder", type=click.Path(exists=True, file_okay=False, path_type=Path),
              help="Check this folder instead of the installation's content.")
def check(as_json: bool, folder: Path | None) -> None:
    """Say what is wrong with the content. Exit 0 when nothing is, else 1.

    Of the installation's own content: also which running cycles a programme's changed rules would break."""
    source, report = checked_content(folder)
    if folder is None and not report.faults:
        tell_consequences()
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
    if source.programme_sources is not None:
        for document in filter(None, (*source.programmes, source.programme_defaults)):
            for said in source_faults(document.data, source.programme_sources.data["sources"]):
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
    """Compile the content into the database. Exit 1 when it cannot be, with the reason.

    Where a programme's rules have changed, say which running cycles they break."""
    try:
        loaded = load_content()
        tell_consequences()
        load_programmes()
    except ContentError as error:
        answer({"loaded": [], "error": str(error)}, [str(error)], as_json=as_json, is_yes=False)
        return
    rows = [{"tool": row.label, "content_hash": row.content_hash, "did": row.did} for row in loaded]
    lines = [f"{row['tool']}: {row['did']}" for row in rows] or ["Nothing has changed since the last load."]
    answer({"loaded": rows, "error": None}, lines, as_json=as_json)


class Day(click.ParamType):
    """A day written as 2014-03-01."""

    name = "day"

    def convert(self, value, param, ctx) -> date:
        try:
            return value if isinstance(value, date) else date.fromisoformat(value)
        except ValueError:
            self.fail(f"'{value}' is no day; write it as 2014-03-01", param, ctx)


@click.command()
@click.option("--programme", required=True, help="The code of the country programme.")
@click.option("--sector", required=True, help="apparel or footwear.")
@click.option("--services", required=True, help="assessment, advisory, training: one or more, with commas.")
@click.option("--on", "day", type=Day(), help="The day of the sale, as 2014-03-01; the programme's today if left out.")
@click.option("--workers", type=click.IntRange(min=0), default=0,
              help="How many workers the factory has; without it, the price of the smallest factories.")
@json_option
def quote(programme: str, sector: str, services: str, day: date | None, workers: int, as_json: bool) -> None:
    """Say whether something may be sold, which rules forbid it, and its price. Capitals do not matter.

    Exit 0 when it may be sold, 1 when not, 2 for an unknown programme or a day that is none. docs/quote.md has the
    keys of the rules."""
    programme = programme.strip().upper()
    wanted = tuple(dict.fromkeys(name for part in services.split(",") if (name := part.strip().lower())))
    if not wanted:
        raise click.BadParameter("name at least one service", param_hint="--services")
    try:
        found = quote_on(programme, day or local_today(programme, clock.now()), sector=sector.lower(), services=wanted,
                         workers=workers)
    except UnknownProgrammeError as error:
        raise click.BadParameter(str(error), param_hint="--programme") from error
    is_allowed = found.sale.is_allowed
    lines = ["May be sold." if is_allowed else "May not be sold.",
             *(f"{said.sentence} ({said.since}; {said.source})." for said in wording.reasons(found.sale))]
    if is_allowed:
        lines.append(wording.price(found))
    answer(wording.document(found), lines, as_json=as_json, is_yes=is_allowed)
