"""Commands about the house as a whole. Nothing here needs Django before it is asked for."""

import os
from dataclasses import asdict
from importlib import import_module

import click

from evenweave.config.commandline import start_django
from evenweave.toolkit.answers import answer, json_option


@click.command()
@json_option
def rooms(as_json: bool) -> None:
    """The rooms of the house, highest first, and what each is for."""
    from evenweave.config.settings import INSTALLED_APPS

    stack = [(app.removeprefix("evenweave."), _purpose(app)) for app in INSTALLED_APPS if app.startswith("evenweave.")]
    width = max(len(name) for name, _ in stack)
    answer([{"room": name, "purpose": purpose} for name, purpose in stack],
           [f"{name:<{width}}  {purpose}" for name, purpose in stack], as_json=as_json)


@click.command()
@json_option
def migrate(as_json: bool) -> None:
    """Bring the database up to this version of the program."""
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0 if as_json else 1)
    answer({"migrated": True}, ["The database is up to date."], as_json=as_json)


@click.command()
@json_option
def doctor(as_json: bool) -> None:
    """Name everything that is wrong with this installation, and its fix. Exit 1 when something is."""
    try:
        start_django()
        from evenweave.config.checks import DOCTOR, look_at

        checks = [asdict(check) for check in look_at(DOCTOR)]
    except Exception as error:
        says = f"{type(error).__name__}: {error}"
        checks = [{"name": "settings", "is_well": False, "says": says, "fix": _fix_of_settings()}]
    answer(checks, [line for check in checks for line in _told(check)], as_json=as_json,
           is_yes=all(check["is_well"] for check in checks))


def _told(check: dict) -> list[str]:
    mark = "well " if check["is_well"] else "WRONG"
    lines = [f"{mark}  {check['name']}: {check['says']}"]
    return lines if check["is_well"] else [*lines, f"       Fix: {check['fix']}"]


def _fix_of_settings() -> str:
    given = sorted(name for name in os.environ if name.startswith("EVENWEAVE_") or name == "DATABASE_URL")
    return f"Correct the environment ({', '.join(given)})." if given else "Run script/server again to install anew."


def _purpose(app: str) -> str:
    return (import_module(app).__doc__ or "").strip().splitlines()[0]
