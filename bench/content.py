"""Loading what experts wrote: every tool of every country, compiled into the database."""

from collections.abc import Iterator
from pathlib import Path

from bench.registry import Row, benchmark, median, milliseconds

LOAD_BAR_S = 10
UNCHANGED_BAR_MS = 250  # what a start may spend on content that has not changed
TIMES = 3


@benchmark("content load")
def content_load() -> Iterator[Row]:
    """From files to compiled tools in an empty database, and again when nothing changed. Beside them, what cannot be
    saved: reading the same files as YAML and writing the same texts; and reading the same bytes."""
    from evenweave.config.commandline import start_django

    start_django()
    from evenweave.questionnaires.models import CompiledTool, ToolContent
    from evenweave.questionnaires.services import load_content

    load_content()
    countries = CompiledTool.objects.values("programme").distinct().count()
    texts = list(ToolContent.objects.values_list("canonical", flat=True))
    size = f"{countries} countries, {len(texts)} tools"
    ours = median(_emptied(load_content), TIMES) / 1000
    bare = median(_emptied(lambda: _bare(texts)), TIMES) / 1000
    yield Row("content load, all countries", size, ours, "s", bar=LOAD_BAR_S, limit=bare)
    _emptied(load_content)()
    yield Row("content load, nothing changed", size, median(lambda: milliseconds(load_content)), "ms",
              bar=UNCHANGED_BAR_MS, limit=median(lambda: milliseconds(_bytes)))


def _emptied(work):
    """A measurement of the work that begins, each time, without any compiled tool."""
    from evenweave.questionnaires.models import CompiledTool, ContentLoad, ToolContent

    def measured() -> float:
        for model in (ContentLoad, CompiledTool, ToolContent):
            model.objects.all().delete()
        return milliseconds(work)

    return measured


def _files(*folders: str) -> list[Path]:
    from django.conf import settings

    return [path for folder in folders for path in sorted((Path(settings.CONTENT) / folder).rglob("*.yaml"))]


def _bare(texts: list[str]) -> None:
    from django.db import transaction

    from evenweave.questionnaires.models import ToolContent
    from evenweave.toolkit.yaml_files import read_yaml

    for path in _files("tools", "law", "programmes"):
        read_yaml(path)
    with transaction.atomic():
        ToolContent.objects.bulk_create(ToolContent(content_hash=f"bare {n}", canonical=text)
                                        for n, text in enumerate(texts))


def _bytes() -> None:
    for path in _files("tools"):
        path.read_bytes()
