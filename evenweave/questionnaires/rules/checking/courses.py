"""The catalogue of courses against the tools: its points exist, every right answer is one of the choices."""

from collections.abc import Iterable, Iterator

from evenweave.questionnaires.rules.checking.faults import Fault
from evenweave.questionnaires.rules.source import Document, Source
from evenweave.questionnaires.rules.tool import Tool


def course_faults(source: Source, tools: Iterable[Tool]) -> Iterator[Fault]:
    """What is wrong between courses, and between a course and the compliance points of the tools."""
    points = {key for tool in tools for key in tool.points}
    ids: dict[str, str] = {}
    for document in source.courses:
        yield from _own_faults(document, points)
        for question in document.data["questions"]:
            if other := ids.get(question["id"]):
                yield Fault(document.path, f"{question['id']}: stands in {other} too")
            ids[question["id"]] = document.path


def _own_faults(document: Document, points: set[str]) -> Iterator[Fault]:
    course = document.data
    if document.path != f"courses/{course['key']}.yaml":
        yield Fault(document.path, f"the key '{course['key']}' must be the file's name")
    for point in course["points"]:
        if points and point not in points:
            yield Fault(document.path, f"no tool has the compliance point '{point}'")
    for question in course["questions"]:
        if question["right"] > len(question["choices"]):
            yield Fault(document.path, f"{question['id']}: the right answer is none of the choices")
    days = [price["from"] for price in course["prices"]]
    if days != sorted(set(days)):
        yield Fault(document.path, "prices stand in the order of their days, each day once")
