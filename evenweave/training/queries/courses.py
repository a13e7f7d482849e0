"""The catalogue, read from content/courses."""

import functools
from pathlib import Path
from types import MappingProxyType

from django.conf import settings
from django.utils.translation import get_language

from evenweave.toolkit.yaml_files import read_yaml
from evenweave.training.rules import Course, Words, course_of


def courses() -> list[Course]:
    """Every course, in the order of their keys; those made to measure last."""
    return sorted(_courses(Path(settings.CONTENT)).values(), key=lambda course: (course.is_custom, course.key))


def course_named(key: str) -> Course | None:
    return _courses(Path(settings.CONTENT)).get(key)


def said(words: Words) -> str:
    """A text of the catalogue in the reader's language, else in English."""
    return words.get(get_language() or "en") or words["en"]


def title_of(key: str) -> str:
    """What a course is called; the key of one that the catalogue has no more."""
    course = course_named(key)
    return said(course.title) if course else key


@functools.cache
def _courses(content: Path) -> MappingProxyType[str, Course]:
    found = (course_of(read_yaml(path)) for path in sorted((content / "courses").glob("*.yaml")))
    return MappingProxyType({course.key: course for course in found})
