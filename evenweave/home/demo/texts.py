"""What the people of the demo say and which factories they work in, from content/demo."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from django.conf import settings

from evenweave.toolkit.yaml_files import read_yaml


@dataclass(frozen=True)
class Trouble:
    """A finding that a factory of the demo has, with everything that is later said and done about it.
    `question_ids`: tool version → question id; a version that no longer asks is absent. `variants` suit any factory;
    `at_the_hero`: year → what is told differently of the demo's main factory in that year."""

    question_ids: Mapping[str, str]
    variants: Sequence[Mapping[str, Any]]
    reply: Mapping[str, str]
    immediate_action: str
    whys: Sequence[Mapping[str, str]]
    root_cause: str
    actions: Sequence[Mapping[str, Any]]
    evidence_note: str
    at_the_hero: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)

    def told_of_the_hero(self, year: int) -> "Trouble":
        """The same trouble with the main factory's own words of its first or second year."""
        return replace(self, **self.at_the_hero[year])

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
    spread: Mapping[str, Mapping[str, int]]
    is_main: bool = False
    language: str = "en"
    coached: Sequence[str] = ()
    together: Mapping[str, Any] = field(default_factory=dict)

    def found_by(self, year: int, number: int) -> Sequence[Trouble]:
        """What is found in a year in the factory of that number: every `step`-th trouble, from a start of its own."""
        how = self.spread["first_year" if year == 1 else "second_year"]
        return self.troubles[(number + (year > 2)) % how["starts"] :: how["step"]]


@functools.cache
def texts_of(programme: str) -> Texts:
    folder = Path(settings.CONTENT) / "demo" / programme
    people, findings = read_yaml(folder / "people.yaml"), read_yaml(folder / "findings.yaml")
    return Texts(
        programme=programme,
        factories={row["key"]: row for row in read_yaml(folder / "factories.yaml")["factories"]},
        people=people["people"],
        buyers={row["key"]: row["name"] for row in people["buyers"]},
        troubles=_troubles(findings),
        story=read_yaml(folder / "story.yaml"),
        photos={path.stem: path for path in (folder / "photos").glob("*.jpg")},
        spread=findings["spread"],
        is_main=people.get("is_main", False),
        language=people.get("language", "en"),
        coached=people["coached"],
        together=read_yaml(folder / "together.yaml"),
    )


def _troubles(told: Mapping[str, Any]) -> list[Trouble]:
    return [_trouble(row, told.get("owners", {})) for row in told["findings"]]


def _trouble(row: Mapping[str, Any], posts: Mapping[str, str]) -> Trouble:
    """`posts`: the post of each person of the hero, who is named nowhere else."""
    return Trouble(
        question_ids={version: qid for version, qid in row["question"].items() if qid},
        variants=[variant for variant in row["variants"] if "hero" not in variant],
        reply=row["reply"],
        immediate_action=row["immediate_action"],
        whys=row["whys"],
        root_cause=row["root_cause"],
        actions=[
            {**action, "owner_name": posts.get(action["owner_name"], action["owner_name"])} for action in row["actions"]
        ],
        evidence_note=row["evidence_note"],
        at_the_hero=_at_the_hero(row),
    )


def _at_the_hero(row: Mapping[str, Any]) -> dict[int, dict[str, Any]]:
    """What was found there in each year; found again, the factory answers and acts anew."""
    said = {variant["hero"]: variant for variant in row["variants"] if "hero" in variant}
    years = {year: said[key] for year, key in ((1, "first_year"), (2, "second_year")) if key in said}
    told = {year: {"variants": [variant], "actions": row["actions"]} for year, variant in years.items()}
    if "again" in row:
        told[2] |= {"reply": row["again"]["reply"], "actions": row["again"]["actions"]}
    return told


def demo_programmes() -> list[str]:
    """The country programmes that have a demo, the main one first."""
    known = [path.name for path in (Path(settings.CONTENT) / "demo").iterdir() if path.is_dir()]
    return sorted(known, key=lambda programme: (not texts_of(programme).is_main, programme))
