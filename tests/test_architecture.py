"""The walls of the house: what programs can hold, programs hold."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from evenweave.access.enums import Action
from evenweave.access.routes import declared_action, is_public

ROOT = Path(settings.ROOT)
PACKAGE = ROOT / "evenweave"
ROOMS = sorted(path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists())
BANNED = {"core", "common", "utils", "helpers", "base", "misc", "manager", "handler"}
# The fourteen countries the programme may ever work in; their rules are data, never an `if`.
COUNTRIES = {"KH", "HT", "JO", "BD", "ID", "LS", "NI", "VN", "MM", "EG", "ET", "PK", "LK", "UZ", "MG"}


def sources(*, tests: bool = False) -> list[Path]:
    found = [path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts]
    return [path for path in found if tests or "tests" not in path.parts]


def trees(paths: list[Path]):
    for path in paths:
        yield path, ast.parse(path.read_text())


def routes(patterns=None, prefix: str = "") -> list[tuple[str, object]]:
    found = []
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(pattern, URLResolver):
            found += routes(pattern.url_patterns, prefix + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            found.append((prefix + str(pattern.pattern), pattern.callback))
    return found


def test_every_route_declares_its_action_or_why_it_is_public():
    undeclared = [route for route, view in routes() if declared_action(view) is None and not is_public(view)]
    assert undeclared == []


def test_every_declared_action_is_an_action():
    assert {type(declared_action(view)) for _route, view in routes() if declared_action(view)} == {Action}


def test_no_route_shows_a_counting_number():
    assert [route for route, _view in routes() if "<int:" in route and not route.startswith("accounts/")] == []


def test_views_never_touch_a_manager():
    guilty = []
    for path, tree in trees(sources()):
        if "views" not in {path.stem, *path.parts}:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager"}:
                guilty.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert guilty == []


def test_no_country_stands_in_the_code():
    guilty = []
    for path, tree in trees([path for path in sources() if "demo" not in path.parts]):
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and node.value in COUNTRIES:
                guilty.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.value}")
    assert guilty == []


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_says_what_it_is_for(room):
    sentence = ast.get_docstring(ast.parse((PACKAGE / room / "__init__.py").read_text()))
    assert sentence
    assert "\n" not in sentence.split("\n\n")[0]


def test_banned_names_are_not_used():
    names = {part for path in sources(tests=True) for part in path.relative_to(PACKAGE).with_suffix("").parts}
    assert not names & BANNED


def test_rules_know_no_clock_and_no_database():
    guilty = []
    for path, tree in trees(sources()):
        if "rules" not in {path.stem, *path.parts}:
            continue
        for node in ast.walk(tree):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            modules += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for module in modules:
                if module.startswith("django") or module in {"time", "evenweave.toolkit.clock"}:
                    guilty.append(f"{path.relative_to(ROOT)}: {module}")
            if isinstance(node, ast.Attribute) and node.attr in {"now", "today", "utcnow"}:
                guilty.append(f"{path.relative_to(ROOT)}:{node.lineno} .{node.attr}")
    assert guilty == []


def test_the_time_is_asked_of_the_clock():
    """Only the clock itself, background jobs and the web process ask the system what time it is."""
    free = {PACKAGE / "toolkit" / "clock.py", PACKAGE / "toolkit" / "jobs", PACKAGE / "config"}
    guilty = []
    for path, tree in trees(sources()):
        if path in free or free & set(path.parents):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and ast.unparse(node) in {
                "timezone.now",
                "datetime.now",
                "date.today",
                "datetime.today",
                "timezone.localdate",
            }:
                guilty.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert guilty == []


def test_no_signal_receivers():
    guilty = [path for path in sources() if re.search(r"@receiver|post_save|pre_save", path.read_text())]
    assert guilty == []


def test_templates_are_safe():
    """No `safe` filter, no inline script or style outside the toolkit's own drawing."""
    guilty = []
    for path in PACKAGE.rglob("*.html"):
        text = path.read_text()
        if re.search(r"\|\s*safe\b|\bstyle=|<script(?![^>]*\bsrc=)|\bon(click|change|submit|load)=", text):
            guilty.append(str(path.relative_to(ROOT)))
    assert guilty == []
