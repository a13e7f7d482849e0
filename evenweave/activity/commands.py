"""`evenweave log verify`."""

import json
from dataclasses import asdict

import click

from evenweave.activity.services import verify_log


@click.group(help="The log of steps taken.")
def log() -> None:
    pass


@log.command(help="Check every chain, payload and anchor; exit 1 when something was changed.")
@click.option("--json", "as_json", is_flag=True)
def verify(as_json: bool) -> None:
    faults = verify_log()
    if as_json:
        click.echo(json.dumps({"whole": not faults, "faults": [asdict(fault) for fault in faults]}, indent=2))
    elif not faults:
        click.echo("The log is whole.")
    for fault in [] if as_json else faults:
        click.echo(f"{fault.chain} #{fault.number}: {fault.reason}")
    raise SystemExit(1 if faults else 0)
