"""The command line. Every command is a line in COMMANDS; its module is imported only when it is asked for."""

import os
from importlib import import_module

import click

from evenweave.toolkit.processes import end_with_parent

# Name → "module:attribute" of a click command. A room adds its line when its command exists.
COMMANDS = {
    "backup": "evenweave.config.backup.commands:backup",
    "content": "evenweave.enrolment.commands:content",
    "demo": "evenweave.home.commands:demo",
    "doctor": "evenweave.config.commands:doctor",
    "import": "evenweave.exchange.commands:import_group",
    "log": "evenweave.activity.commands:log",
    "migrate": "evenweave.config.commands:migrate",
    "policy": "evenweave.access.commands:policy",
    "prepare": "evenweave.config.preparing:prepare",
    "quote": "evenweave.programmes.commands:quote",
    "rates": "evenweave.indicators.commands:rates",
    "restore": "evenweave.config.backup.commands:restore",
    "rooms": "evenweave.config.commands:rooms",
    "serve": "evenweave.config.serving:serve",
    "worker": "evenweave.toolkit.jobs.commands:worker",
}
# These begin without Django: they look after processes, or must answer even when Django cannot start.
WITHOUT_DJANGO = {"doctor", "rates", "rooms", "serve"}
# These read and write records: in a new installation they make the tables first.
WITH_TABLES = {"backup", "import", "log"}


class LazyCommands(click.Group):
    """A group that imports a command's module, and starts Django, when the command is used and not before."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        if cmd_name not in WITHOUT_DJANGO:
            start_django()
        if cmd_name in WITH_TABLES:
            import_module("evenweave.config.preparing").bring_up_to_date()
        module, attribute = COMMANDS[cmd_name].split(":")
        return getattr(import_module(module), attribute)


def start_django() -> None:
    """Load settings and applications, once however often it is called."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evenweave.config.settings")
    django.setup()


@click.group(cls=LazyCommands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="evenweave")
def main() -> None:
    """Evenweave: one factory, one plan, everyone at the table.

    Exit codes: 0 done, 1 the answer is no, 2 wrong use."""
    end_with_parent()


if __name__ == "__main__":
    main()
