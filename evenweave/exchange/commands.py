"""evenweave import: bring in what others keep in spreadsheets."""

from pathlib import Path
from typing import IO

import click

from evenweave.toolkit.answers import answer, json_option


@click.group(name="import")
def import_group() -> None:
    """Bring in lists from spreadsheets."""


@import_group.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--programme", required=True, help="The code of the country programme, such as the one in its file name.")
@click.option("--dry-run", is_flag=True, help="Check the rows and write nothing.")
@json_option
def factories(file: Path, programme: str, dry_run: bool, as_json: bool) -> None:
    """Register the new factories of an XLSX or CSV file.

    Usual headings are recognised; only the name must be known. Possible duplicates and faulty rows are left out and
    listed. Exit 1 when the file cannot be read or a row is faulty."""
    from evenweave.programmes.queries import all_programmes
    from evenweave.toolkit.refusals import Refused

    if programme not in all_programmes():
        raise click.BadParameter(f"there is no programme {programme}", param_hint="--programme")
    try:
        with file.open("rb") as content:
            found = _examined(content, file.name, programme) if dry_run else _imported(content, file.name, programme)
    except Refused as refused:
        answer({"error": refused.message}, [refused.message], as_json=as_json, is_yes=False)
        return
    counts = found["rows"]
    lines = [*(f"Row {row['row']}: {row['said']}" for row in found["listed"]),
             f"{found['registered']} registered of {sum(counts.values())} rows: "
             + ", ".join(f"{count} {verdict}" for verdict, count in counts.items() if count) + "."]
    answer({"error": None} | found, lines, as_json=as_json, is_yes=not counts["faulty"])


def _imported(content: IO[bytes], filename: str, programme: str) -> dict:
    from evenweave.exchange.queries import outcomes, rows_of, tally
    from evenweave.exchange.services import commit_import, read_factory_list

    batch = read_factory_list(file=content, filename=filename, programme=programme, by=None)
    counts, listed = tally(batch), _listed((row.number, row.verdict, row.faults) for row in rows_of(batch))
    batch = commit_import(ref=batch.ref, by=None)
    return {"import": batch.ref, "registered": outcomes(batch)["registered"], "rows": counts, "listed": listed}


def _examined(content: IO[bytes], filename: str, programme: str) -> dict:
    from collections import Counter

    from evenweave.exchange.enums import Verdict
    from evenweave.exchange.rules.columns import guessed
    from evenweave.exchange.services import examine
    from evenweave.exchange.services.importing import LIMITS, refuse_mapping, table_of
    from evenweave.toolkit.sheets import read_table

    table = read_table(content, filename, limits=LIMITS)
    mapping = guessed(table.headings)
    refuse_mapping(mapping)
    checked = examine(table_of(table, mapping), programme)
    counted = Counter(str(one.judged.verdict) for one in checked)
    listed = _listed((one.number, one.judged.verdict, one.reading.faults) for one in checked)
    rows = {verdict.value: counted[verdict.value] for verdict in Verdict}
    return {"import": None, "registered": 0, "rows": rows, "listed": listed}


def _listed(rows) -> list[dict]:
    """The rows that a person must look at: faulty ones with every fault, and possible duplicates."""
    from evenweave.exchange.enums import Verdict
    from evenweave.exchange.words import field_label, sentence

    listed = []
    for number, verdict, faults in rows:
        if verdict == Verdict.FAULTY:
            said = "; ".join(f"{field_label(field)}: {sentence(fault)}" for field, fault in faults.items())
            listed.append({"row": number, "verdict": str(verdict), "said": said})
        elif verdict == Verdict.POSSIBLE:
            listed.append({"row": number, "verdict": str(verdict), "said": str(Verdict(verdict).label)})
    return listed
