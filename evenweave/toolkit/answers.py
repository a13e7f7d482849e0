"""How a command answers: words for people or one JSON document for programs, and an exit code that means something."""

import json
from collections.abc import Iterable
from typing import Any

import click

DONE, ANSWER_IS_NO, WRONG_USE = 0, 1, 2

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")


def answer(document: Any, lines: Iterable[str], *, as_json: bool, is_yes: bool = True) -> None:
    """Print the answer of a command and end it: exit code 0 when `is_yes`, else 1.

    `document` is what `--json` prints (anything JSON can hold; dates and other objects as their text),
    `lines` what a person reads."""
    if as_json:
        click.echo(json.dumps(document, ensure_ascii=False, indent=2, default=str))
    else:
        for line in lines:
            click.echo(line)
    click.get_current_context().exit(DONE if is_yes else ANSWER_IS_NO)
