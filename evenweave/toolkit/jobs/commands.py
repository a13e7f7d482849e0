"""`evenweave worker`."""

import click
from django.db import connections

from evenweave.toolkit.answers import answer, json_option
from evenweave.toolkit.jobs.worker import Worker
from evenweave.toolkit.processes import begin_anew


@click.command()
@click.option("--once", is_flag=True, help="Perform at most one job, then end.")
@click.option("--until-empty", is_flag=True, help="End when nothing is due.")
@json_option
def worker(once: bool, until_empty: bool, as_json: bool) -> None:
    """Perform background jobs, and fire the periodic ones, until told to stop."""
    loop = Worker()
    loop.stop_on_signals()
    performed = loop.run(until_empty=until_empty, at_most=1 if once else None)
    if loop.is_worn:
        connections.close_all()
        begin_anew()
    if once or until_empty or as_json:
        answer({"performed": performed}, [f"{performed} jobs performed."], as_json=as_json)
