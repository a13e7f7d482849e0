"""evenweave import: bring in what others keep in spreadsheets."""

from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

import click

from evenweave.toolkit.answers import answer, json_option


@click.group(name="import")
def import_group() -> None:
    """Bring in lists from spreadsheets."""


@import_group.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--programme", required=True, help="The code of the country programme, such as the one in its file name.")
@click.option("--map", "said", multiple=True, metavar="HEADING=FIELD",
              help="What a column holds; FIELD may be empty, then it is not read. May be given several times.")
@click.option("--dry-run", is_flag=True, help="Check the rows and write nothing.")
@json_option
def factories(file: Path, programme: str, said: tuple[str, ...], dry_run: bool, as_json: bool) -> None:
    """Register the new factories of an XLSX or CSV file.

    Usual headings are recognised in eight languages; those that are not are named, --map says what they hold. Only the
    name must be known. Possible duplicates are registered and wait for a person; rows with a faulty cell are left out
    and every such cell is named. Exit 1 when nothing could be imported, 2 for wrong use."""
    from evenweave.programmes.queries import all_programmes
    from evenweave.toolkit.refusals import Refused

    programme = programme.strip().upper()
    if programme not in all_programmes():
        raise click.BadParameter(f"there is no programme {programme}", param_hint="--programme")
    try:
        with file.open("rb") as content:
            found = _import(content, file.name, programme, said, is_dry=dry_run)
    except Refused as refused:
        found = _nothing(refused.message)
    answer(found, _lines(found, is_dry=dry_run), as_json=as_json, is_yes=found["rejected"] < found["rows"])


def _import(content: IO[bytes], filename: str, programme: str, said: tuple[str, ...], *, is_dry: bool) -> dict:
    from django.utils.translation import gettext as _

    from evenweave.exchange.queries import earlier_mapping
    from evenweave.exchange.rules.columns import guessed
    from evenweave.exchange.services.checking import LIMITS, usable_mapping
    from evenweave.toolkit.refusals import Refused
    from evenweave.toolkit.sheets import read_table

    table = read_table(content, filename, limits=LIMITS)
    headings = list(table.headings)
    mapping = _mapped(guessed(headings, earlier_mapping(programme, headings)), said, headings)
    if not_read := [heading for heading in headings if heading not in mapping]:
        click.echo(f"Not read: {', '.join(not_read)}. --map HEADING=FIELD says what a column holds.", err=True)
    mapping = usable_mapping(headings, mapping)
    if not table.rows:
        raise Refused(_("%(file)s: there are no rows under the headings.") % {"file": filename})
    if is_dry:
        return _examined(table, mapping, programme)
    content.seek(0)
    return _imported(content, filename, programme, mapping)


def _mapped(guessed: dict[str, str], said: tuple[str, ...], headings: list[str]) -> dict[str, str]:
    """The columns as they were recognised, with what --map says about them; wrong use when it names what is not
    there."""
    from evenweave.exchange.rules.columns import FIELDS, field_named, short_name

    by_hand: dict[str, str] = {}
    for one in said:
        heading, is_said, name = (part.strip() for part in one.rpartition("="))
        known = {known.casefold(): known for known in headings}.get(" ".join(heading.split()).casefold())
        if not is_said or known is None:
            raise click.BadParameter(f"there is no column {heading or one!r}", param_hint="--map")
        if name and field_named(name) is None:
            fields = ", ".join(short_name(field) for field in FIELDS)
            raise click.BadParameter(f"there is no field {name!r}; the fields are {fields}", param_hint="--map")
        by_hand[known] = field_named(name) or ""
    # Who says by hand where a field stands says that it does not stand where it was guessed.
    kept = {heading: field for heading, field in guessed.items() if field not in by_hand.values()}
    return {heading: field for heading, field in (kept | by_hand).items() if field}


def _imported(content: IO[bytes], filename: str, programme: str, mapping: dict[str, str]) -> dict:
    from evenweave.exchange.queries import summary_of
    from evenweave.exchange.services import commit_import, read_factory_list

    batch = read_factory_list(file=content, filename=filename, programme=programme, by=None, mapping=mapping)
    faulty = batch.rows.filter(verdict="faulty").order_by("number").values_list("number", "faults")
    errors = _errors(faulty, mapping)
    return _document(summary_of(commit_import(ref=batch.ref, by=None)), errors)


def _examined(table, mapping: dict[str, str], programme: str) -> dict:
    from evenweave.exchange.queries import summed
    from evenweave.exchange.services import examine
    from evenweave.exchange.services.checking import table_of

    checked = examine(table_of(table, mapping), programme)
    errors = _errors(((one.number, one.reading.faults) for one in checked), mapping)
    return _document(summed((one.judged.verdict, "", "", 1) for one in checked), errors)


def _errors(rows: Iterable[tuple[int, dict]], mapping: dict[str, str]) -> list[dict]:
    """Every faulty cell: the row as a spreadsheet counts it, the heading of its column (the field's name when the file
    has no such column), and what is wrong with it and what to do."""
    from evenweave.exchange.rules.columns import short_name
    from evenweave.exchange.words import sentence

    headings = {field: heading for heading, field in mapping.items()}
    # As the columns stand in the file: a database may keep the faults of a row in another order.
    places = {field: place for place, field in enumerate(headings)}
    return [
        {"row": number, "column": headings.get(field, short_name(field)), "message": sentence(fault)}
        for number, faults in rows
        for field, fault in sorted(faults.items(), key=lambda said: (places.get(said[0], len(places)), said[0]))
    ]


def _document(summary, errors: list[dict]) -> dict[str, Any]:
    return {
        "rows": summary.rows, "created": summary.created, "matched": summary.matched,
        "possible_duplicates": summary.possible_duplicates, "rejected": summary.rejected, "errors": errors,
    }


def _nothing(message: str) -> dict[str, Any]:
    """The answer when the file could not be read as a list of factories."""
    from evenweave.exchange.queries import Summary

    return _document(Summary(0, 0, 0, 0, 0), [{"row": None, "column": None, "message": message}])


def _lines(found: dict[str, Any], *, is_dry: bool) -> list[str]:
    """The same for people."""
    lines = [
        error["message"] if error["row"] is None else f"Row {error['row']}, {error['column']}: {error['message']}"
        for error in found["errors"]
    ]
    done = "would be registered" if is_dry else "registered"
    lines.append(f"{found['created']} of {found['rows']} rows {done}, {found['matched']} known already, "
                 f"{found['rejected']} rejected.")
    if found["possible_duplicates"]:
        lines.append(f"{found['possible_duplicates']} of those registered are perhaps known already: a person decides.")
    return lines
