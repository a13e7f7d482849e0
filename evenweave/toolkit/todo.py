"""What a desk lists: something that waits for a person, with its day."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Todo:
    """One thing to do. `due_on` None: no day is set. `action` is the verb on its button; "" makes it news only.
    `language`: of a title that somebody typed."""

    title: str
    href: str
    due_on: date | None = None
    meta: str = ""
    action: str = ""
    language: str = ""
