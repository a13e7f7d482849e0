"""What a start needs before pages can be served: translations, styles, tables, content, and a demo where it belongs.

Every part looks whether it has anything to do, so that a second start is quick."""

import hashlib
from pathlib import Path

import click
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from evenweave.config import commandline
from evenweave.config.checks import database, migrations
from evenweave.config.settings import PACKAGE
from evenweave.toolkit.catalogues import compile_catalogues

STAMP = "static.stamp"


@click.command()
def prepare() -> None:
    """Make this installation ready to serve; `serve` does it by itself. Exit 1 when something fails."""
    if not (reached := database()).is_well:
        raise click.ClickException(f"The database cannot be used: {reached.says}\n{reached.fix}")
    bring_up_to_date()
    compile_catalogues(PACKAGE)
    _collect_static()
    _mark_installation()
    _load_content()
    _begin_demo()


def bring_up_to_date() -> None:
    """Make the tables that are missing. What it says goes beside the answer, which may be one JSON document."""
    if not migrations().is_well:
        click.echo("Bringing the database up to date…", err=True)
        call_command("migrate", interactive=False, verbosity=0)


def _collect_static() -> None:
    stamp, kept = _static_stamp(), settings.STATIC_ROOT / STAMP
    if kept.exists() and kept.read_text() == stamp:
        return
    click.echo("Gathering and compressing styles and scripts…")
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    kept.write_text(stamp)


def _static_stamp() -> str:
    """A hash of every static file's name, size and time."""
    parts = []
    for finder in get_finders():
        for name, storage in finder.list(["CVS", ".*", "*~"]):
            seen = Path(storage.path(name)).stat()
            parts.append(f"{name} {seen.st_size} {seen.st_mtime_ns}")
    return hashlib.sha256("\n".join(sorted(parts)).encode()).hexdigest()


def _mark_installation() -> None:
    """Say in the database itself whether it is a demo; refuse one that says otherwise."""
    from evenweave.toolkit.models import Installation

    installation = Installation.objects.first() or Installation.objects.create(is_demo=settings.DEMO)
    if installation.is_demo != settings.DEMO:
        kind, wanted = ("a demo", 1) if installation.is_demo else ("a real installation", 0)
        raise click.ClickException(f"This database is {kind} and stays one: set EVENWEAVE_DEMO={wanted}.")


def _load_content() -> None:
    from evenweave.questionnaires.rules import ContentError
    from evenweave.questionnaires.services import load_content

    try:
        for tool in load_content():
            click.echo(f"Loaded {tool.label}: {tool.did}")
    except ContentError as error:
        raise click.ClickException(f"The content cannot be loaded: {error}") from error
    from evenweave.enrolment.commands import changed_rules, tell
    from evenweave.programmes.services import load_programmes

    tell(changed_rules())
    load_programmes()


def _begin_demo() -> None:
    """The first factory's years, so that there is something to walk through; `serve` lets the rest follow."""
    from evenweave.home.models import DemoPerson

    # Asked here too, because a second start should not wait for the demo's texts to be loaded.
    if settings.DEMO and not DemoPerson.objects.exists():
        click.echo("Living through the demo's years…")
        commandline.main(["demo", "--first"], standalone_mode=False)
