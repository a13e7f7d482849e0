"""What the people of the demo say and which factories they work in, from content/demo."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from evenweave.toolkit.yaml_files import read_yaml


@dataclass(frozen=True)
class Trouble:
    """A finding that a factory of the demo has, with everything that is later said and done about it.
    `question_ids`: tool version → question id; a version that no longer asks is absent."""

    question_ids: Mapping[str, str]
    variants: Sequence[Mapping[str, Any]]
    reply: Mapping[str, str]
    immediate_action: str
    whys: Sequence[Mapping[str, str]]
    root_cause: str
    actions: Sequence[Mapping[str, Any]]
    evidence_note: str
    hero_years: frozenset[int]

    def finding(self, version: str, variant: int) -> str:
        """The finding as an assessor writes it in that version of the tool."""
        said = self.variants[variant % len(self.variants)]
        return said.get(f"finding_{version.partition('.')[0]}") or said["finding"]

    def explanation(self, variant: int) -> str:
        return self.variants[variant % len(self.variants)]["explanation"]

    def seriousness(self, variant: int) -> str:
        return self.variants[variant % len(self.variants)]["seriousness"]


@dataclass(frozen=True)
class Texts:
    """Everything in one country's demo folder."""

    programme: str
    factories: Mapping[str, Mapping[str, Any]]
    people: Sequence[Mapping[str, Any]]
    buyers: Mapping[str, str]
    troubles: Sequence[Trouble]
    story: Mapping[str, Any]
    photos: Mapping[str, Path]


@functools.cache
def texts_of(programme: str) -> Texts:
    folder = Path(settings.CONTENT) / "demo" / programme
    people = read_yaml(folder / "people.yaml")
    return Texts(
        programme=programme,
        factories={row["key"]: row for row in read_yaml(folder / "factories.yaml")["factories"]},
        people=people["people"],
        buyers={row["key"]: row["name"] for row in people["buyers"]},
        troubles=[_trouble(row) for row in read_yaml(folder / "findings.yaml")["findings"]],
        story=read_yaml(folder / "story.yaml"),
        photos={path.stem: path for path in (folder / "photos").glob("*.jpg")},
    )


def _trouble(row: Mapping[str, Any]) -> Trouble:
    years = {1: row["hero_first_year"], 2: row["hero_second_year"]}
    return Trouble(
        question_ids={version: qid for version, qid in row["question"].items() if qid},
        variants=row["variants"],
        reply=row["reply"],
        immediate_action=row["immediate_action"],
        whys=row["whys"],
        root_cause=row["root_cause"],
        actions=row["actions"],
        evidence_note=row["evidence_note"],
        hero_years=frozenset(year for year, is_hit in years.items() if is_hit),
    )


def demo_programmes() -> list[str]:
    """The country programmes that have a demo."""
    return sorted(path.name for path in (Path(settings.CONTENT) / "demo").iterdir() if path.is_dir())
