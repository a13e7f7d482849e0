"""`evenweave demo`."""

import click

from evenweave.home.services import FEWEST_FACTORIES, USUAL_FACTORIES, begin_demo, continue_demo
from evenweave.toolkit.refusals import Refused


@click.command()
@click.option(
    "--factories", type=click.IntRange(min=FEWEST_FACTORIES), envvar="EVENWEAVE_DEMO_FACTORIES",
    help=f"How many factories the demo has in all countries together; {USUAL_FACTORIES} when nobody says.",
)
@click.option("--first", is_flag=True, help="Only what must be there before pages are served.")
@click.option("--rest", is_flag=True, help="Only what may follow in the background.")
def demo(factories: int | None, *, first: bool, rest: bool) -> None:
    """Make the demo's programmes in a database that is marked as a demo, by living through its factories' years."""
    try:
        if not rest:
            begin_demo(say=click.echo)
        if not first:
            continue_demo(say=click.echo, most_factories=factories)
    except Refused as refusal:
        raise click.ClickException(refusal.message) from refusal
