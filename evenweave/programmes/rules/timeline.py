"""The rules of a programme over the years: read once for each stretch of days without a change."""

import bisect
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from evenweave.programmes.rules.model import Rules
from evenweave.programmes.rules.reading import days_of_change, rules_of


class Timeline:
    """A file made whole (see resolving), asked for many days."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data, self.changes = data, days_of_change(data)
        self._read: dict[int, Rules] = {}

    def on(self, day: date) -> Rules:
        """The rules of a day. Raises NoRulesInForceError."""
        place = bisect.bisect_right(self.changes, day)
        if place not in self._read:
            self._read[place] = rules_of(self.data, day)
        found = self._read[place]
        return found if found.day == day else replace(found, day=day)
