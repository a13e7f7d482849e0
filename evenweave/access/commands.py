"""`evenweave policy`: the permission table for the programme's lawyers."""

import csv
import json
import sys

import click

from evenweave.access.enums import SCOPE_OF
from evenweave.access.policy import GRANTS


def _rows() -> list[dict[str, str]]:
    return [
        {"role": role.value, "action": action.value, "scope": SCOPE_OF[role].value, "least_sharing": least.name}
        for role, grants in GRANTS.items()
        for action, least in grants.items()
    ]


@click.command(help="Print who may do what: role, action, scope, least sharing.")
@click.option("--format", "shape", type=click.Choice(["table", "csv"]), default="table")
@click.option("--json", "as_json", is_flag=True)
def policy(shape: str, as_json: bool) -> None:
    rows = _rows()
    if as_json:
        click.echo(json.dumps(rows, indent=2))
    elif shape == "csv":
        writer = csv.DictWriter(sys.stdout, fieldnames=["role", "action", "scope", "least_sharing"])
        writer.writeheader()
        writer.writerows(rows)
    else:
        for row in rows:
            click.echo(f"{row['role']:<24}{row['action']:<26}{row['scope']:<12}{row['least_sharing']}")
