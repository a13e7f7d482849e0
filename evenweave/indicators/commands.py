"""evenweave rates: the programme's rates from anybody's export."""

from datetime import datetime
from pathlib import Path

import click

from evenweave.toolkit.answers import answer, json_option

MOST_CYCLES = 100
DAY = click.DateTime(["%Y-%m-%d"])
CSV = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=CSV)
@click.option("--latest", is_flag=True, help="Only the latest assessment of each factory: the greatest Quest.ID.")
@click.option("--cycle", type=click.IntRange(min=1), help="Only assessments of this cycle.")
@click.option(
    "--panel", type=click.IntRange(1, MOST_CYCLES),
    help="Only factories that have reached this cycle; a rate for each cycle up to it.",
)
@click.option("--from", "first", type=DAY, help="From this day's month on (year-month-day).")
@click.option("--to", "last", type=DAY, help="Up to and with this day's month (year-month-day).")
@click.option("--tool-merges", type=CSV, help="CSV: kind (consolidate or merge), old label, new label.")
@json_option
def rates(
    file: Path, latest: bool, cycle: int | None, panel: int | None, first: datetime | None, last: datetime | None,
    tool_merges: Path | None, as_json: bool,
) -> None:
    """Rates of an exported table with a row for each question of each assessment.

    Without --latest, --cycle or --panel every assessment counts. Bad rows are left out, counted and named. Exit 1 when
    nothing but bad rows is left, 2 when the file cannot be used; docs/rates.md says which columns it has."""
    from evenweave.indicators.exports import counting, reading, saying
    from evenweave.indicators.rules.exports import Selection, ToolMerges, month

    if sum((latest, cycle is not None, panel is not None)) > 1:
        raise click.UsageError("--latest, --cycle and --panel exclude one another.")
    if first and last and month(first) > month(last):
        raise click.UsageError("--from lies after --to.")
    selection = Selection(
        latest=latest, cycle=cycle, panel=panel, first=month(first) if first else None,
        last=month(last) if last else None,
    )
    reading_file = tool_merges
    try:
        merges = reading.tool_merges(tool_merges) if tool_merges else ToolMerges()
        reading_file = file
        with reading.opened(file) as export:
            found = counting.rates_of_export(export, selection, merges)
    except reading.UnreadableError as problem:
        raise click.UsageError(f"{reading_file.name}: {problem}") from problem
    is_yes = bool(found.rows.counted) or not found.rows.bad
    answer(saying.document(found), saying.lines(found), as_json=as_json, is_yes=is_yes)
