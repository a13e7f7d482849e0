"""Files that are no YAML, or break their schema."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from evenweave.questionnaires.rules.checking.faults import Fault
from evenweave.questionnaires.rules.source import Document, Source


def form_faults(source: Source) -> list[Fault]:
    """Files that are no YAML or break their schema. Without any, compiling can fail only with ContentError."""
    unreadable = [Fault(path, message) for path, message in source.unreadable]
    validators = _validators(source.schemas)
    return unreadable + [fault for doc in _documents(source) for fault in _form_faults(doc, validators)]


def _documents(source: Source) -> Iterator[Document]:
    for version in source.versions.values():
        yield version.head
        yield from version.questions
        yield from version.languages
    yield from source.law
    yield from source.programmes
    yield from filter(None, (source.programme_defaults, source.programme_sources))
    yield from source.national_themes
    yield from source.courses


def _form_faults(document: Document, validators: Mapping[str, Any]) -> Iterator[Fault]:
    validator = validators.get(document.kind)
    if validator is None:
        yield Fault(document.path, f"there is no schema/{document.kind}.schema.json")
        return
    for error in sorted(validator.iter_errors(document.data), key=lambda error: [str(p) for p in error.absolute_path]):
        yield Fault(document.path, f"{_place(document.data, error.absolute_path)}{_said(error)}")


def _validators(schemas: Mapping[str, Any]) -> dict[str, Any]:
    """One for each kind of file. A schema may point into another by its name: "programme#/$defs/step"."""
    from jsonschema import Draft202012Validator
    from referencing import Registry, Resource

    registry = Registry().with_resources((name, Resource.from_contents(schema)) for name, schema in schemas.items())
    return {name: Draft202012Validator(schema, registry=registry) for name, schema in schemas.items()}


def _said(error: Any) -> str:
    """The schema's complaint in words a writer can act on."""
    if "propertyNames" in error.schema_path:
        return f"'{error.instance}' does not belong here"
    if error.validator == "anyOf" and all("required" in part for part in error.schema.get("anyOf", ())):
        names = " or ".join(f"'{part['required'][0]}'" for part in error.schema["anyOf"])
        return f"needs {names}"
    message = error.message if len(error.message) < 300 else error.message[:140] + " … " + error.message[-140:]
    if isinstance(error.instance, bool):
        message += " (yes and no need quotes)"
    return message


def _place(data: Any, path: Iterable[Any]) -> str:
    """"SH-61, law 2: " instead of questions[3].law[1]."""
    words: list[str] = []
    for step in path:
        data = data[step]
        if isinstance(data, dict) and ("id" in data or "key" in data):
            words = [str(data.get("id") or data.get("key"))]
        elif isinstance(step, int):
            words.append(str(step + 1))
        else:
            words.append(str(step))
    return f"{' '.join(words)}: " if words else ""
