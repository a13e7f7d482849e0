"""The glossary holds every word the code knows: one word per thing, with what it is in plain words."""

import importlib
import re
from pathlib import Path

from django.conf import settings
from django.db.models import Choices

from evenweave.access.enums import Action
from evenweave.activity import steps
from evenweave.notifications.table import NOTICES

WORDS = (Path(settings.ROOT) / "docs" / "words.md").read_text()
ROOMS = sorted(path.parent.name for path in (Path(settings.ROOT) / "evenweave").glob("*/enums.py"))


def tables() -> dict[str, dict[str, list[str]]]:
    """By the name in a heading's brackets (`access.Role`): value → the other cells of its row."""
    found = {}
    for part in re.split(r"^### ", WORDS, flags=re.MULTILINE)[1:]:
        name = re.search(r"\(`([\w.]+)`\)$", part.splitlines()[0])
        rows = re.findall(r"^\| `([^`]+)` \|(.*)\|$", part, flags=re.MULTILINE)
        found[name[1]] = {value: [cell.strip() for cell in cells.split("|")] for value, cells in rows}
    return found


def kinds() -> dict[str, type[Choices]]:
    """Every set of words in the rooms' enums, and the steps of the log."""
    found = {"activity.Step": steps.Step}
    for room in ROOMS:
        module = importlib.import_module(f"evenweave.{room}.enums")
        for name, kind in vars(module).items():
            if isinstance(kind, type) and issubclass(kind, Choices) and kind.__module__ == module.__name__:
                found[f"{room}.{name}"] = kind
    return found


def test_every_set_of_words_has_its_table_and_every_table_its_words():
    expected = {name: {str(value) for value in kind.values} for name, kind in kinds().items()}
    expected["notifications.NOTICES"] = set(NOTICES)
    assert {name: set(rows) for name, rows in tables().items()} == expected


def test_words_are_those_that_people_read():
    told = tables()
    for name, kind in kinds().items():
        for one in kind:
            cells = told[name][str(one.value)]
            assert str(one.label) in cells[0], (name, one)
    for key, kind in NOTICES.items():
        assert told["notifications.NOTICES"][key][0] == f"{kind.line}."


def test_everything_is_said_in_words():
    for name, rows in tables().items():
        for value, cells in rows.items():
            assert all(len(cell) > 1 and "?" not in cell for cell in cells), (name, value)
            assert cells[-1].endswith(".") or name == "notifications.NOTICES", (name, value)


def test_one_word_per_thing():
    things = re.findall(r"^\| ([^`|]+) \| [^|]+ \|$", WORDS.split("## Who")[0], flags=re.MULTILINE)
    assert len(things) == len({thing.strip() for thing in things})
    for said in ("audit", "violation"):
        assert said not in {str(one.label).lower() for kind in kinds().values() for one in kind}
    assert Action.DESK_VIEW.value in WORDS
