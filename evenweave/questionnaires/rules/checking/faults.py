"""What a check says."""

from collections.abc import Iterable
from dataclasses import dataclass

from evenweave.questionnaires.rules.tool import Tool


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong, where it is (a path under content/), and what to do about it in the message."""

    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of a check: the faults, and the tools that compile. `is_malformed`: only form was looked at."""

    faults: tuple[Fault, ...]
    tools: tuple[Tool, ...]
    is_malformed: bool = False

    def with_faults(self, more: Iterable[Fault]) -> "Report":
        return Report((*self.faults, *more), self.tools, self.is_malformed)
