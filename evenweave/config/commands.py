"""Commands about the house as a whole."""

from importlib import import_module

import click
from django.conf import settings
from django.core.management import call_command

from evenweave.toolkit.answers import answer, json_option


@click.command()
@json_option
def rooms(as_json: bool) -> None:
    """The rooms of the house, highest first, and what each is for."""
    stack = [(app.removeprefix("evenweave."), _purpose(app)) for app in settings.INSTALLED_APPS
             if app.startswith("evenweave.")]
    width = max(len(name) for name, _ in stack)
    answer([{"room": name, "purpose": purpose} for name, purpose in stack],
           [f"{name:<{width}}  {purpose}" for name, purpose in stack], as_json=as_json)


@click.command()
@json_option
def migrate(as_json: bool) -> None:
    """Bring the database up to this version of the program."""
    call_command("migrate", interactive=False, verbosity=0 if as_json else 1)
    answer({"migrated": True}, ["The database is up to date."], as_json=as_json)


def _purpose(app: str) -> str:
    return (import_module(app).__doc__ or "").strip().splitlines()[0]
