"""`evenweave content`, which also says what a change of the rules does to running cycles. This room is the lowest that
knows both."""

from collections.abc import Iterator

import click
from django.db import DatabaseError

from evenweave.enrolment.queries import BrokenCycle, broken_cycles
from evenweave.enrolment.wording import broken_in_words
from evenweave.programmes import commands
from evenweave.programmes.queries import all_programmes, file_hash, newest_version, programme_name, whole_file

content = commands.content


def changed_rules() -> Iterator[str]:
    """Of every programme whose file is not the one that was loaded last: the running cycles that would break."""
    for code in all_programmes():
        loaded = newest_version(code)
        if loaded is not None and loaded.content_hash != file_hash(code):
            yield from lines_about(code)


def lines_about(code: str) -> Iterator[str]:
    found = broken_cycles(code, whole_file(code))
    yield f"The rules of {programme_name(code)} have changed. Running cycles that would break: {len(found)}."
    for broken in found:
        yield f"  {_line(broken)}"


def tell(lines: Iterator[str]) -> None:
    """Beside the answer, on the error stream, so that --json stays one document. Silent without a database."""
    try:
        for line in lines:
            click.echo(line, err=True)
    except DatabaseError:
        return


def _line(found: BrokenCycle) -> str:
    cycle = found.cycle
    broken = "; ".join(broken_in_words(one) for one in found.broken)
    return f"{cycle.factory.name}, cycle {cycle.number}: {broken}"


commands.register(lambda: tell(changed_rules()))
