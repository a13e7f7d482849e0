"""The words, numbers and days of a document in one language.

A document is frozen: it is made by a job, for a reader who is not there, in the language of the file. So its words
come from a file of labels beside the template, never from the language of whoever happens to run the job."""

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent

FIRST_LANGUAGE = "en"
SPELT_AS = {"en": "en_GB"}
type Words = Mapping[str, str]


@cache
def _labels(folder: Path, language: str) -> dict[str, Any]:
    file = folder / f"labels.{language}.yaml"
    return yaml.safe_load(file.read_text(encoding="utf-8"))


class Wording:
    """The labels in `folder` (labels.LANGUAGE.yaml), and how the language writes numbers and days.

    A label is a text with {names}, or a mapping of plural categories to such texts."""

    def __init__(self, folder: Path, language: str):
        self.language = language
        self.locale = Locale.parse(SPELT_AS.get(language, language))
        self.labels = _labels(folder, language)

    def say(self, key: str, /, **values: Any) -> str:
        """The label, its {names} filled in."""
        label = self.labels[key]
        return label.format(**values) if values else label

    def count(self, key: str, number: int, /, **values: Any) -> str:
        """The label in the plural form of `number`, which is its {n}."""
        forms = self.labels[key]
        form = forms.get(f"={number}") or forms.get(self.locale.plural_form(number)) or forms["other"]
        return form.format(n=self.number(number), **values)

    def words(self, words: Words | str | None) -> str:
        """The text in this language, else in English, else in whatever language there is."""
        if not words or isinstance(words, str):
            return words or ""
        return words.get(self.language) or words.get(FIRST_LANGUAGE) or next(iter(words.values()))

    def number(self, number: int | float | None) -> str:
        return "" if number is None else format_decimal(number, locale=self.locale)

    def percent(self, rate: float | None) -> str:
        """A share from 0 to 1 as whole per cent."""
        return "" if rate is None else format_percent(rate, format="#,##0\u00a0%", locale=self.locale)

    def day(self, day: str | dt.date | None) -> str:
        if not day:
            return ""
        return format_date(_as_day(day), format="d MMMM y", locale=self.locale)

    def short_day(self, day: str | dt.date) -> str:
        """Day and month, for a narrow column that stands under its year."""
        return format_date(_as_day(day), format="d MMM", locale=self.locale)

    def days(self, days: Sequence[str | dt.date]) -> str:
        """Several days, those of one month without repeating it: 6 and 7 October 2026."""
        dates = sorted({_as_day(day) for day in days})
        if not dates:
            return ""
        last = dates[-1]
        if any((date.year, date.month) != (last.year, last.month) for date in dates):
            return self.join([self.day(date) for date in dates])
        return self.join([*(str(date.day) for date in dates[:-1]), self.day(last)])

    def join(self, parts: Sequence[str]) -> str:
        """A list in a sentence: a, b and c."""
        return format_list([part for part in parts if part], locale=self.locale)


def _as_day(day: str | dt.date) -> dt.date:
    return dt.date.fromisoformat(day[:10]) if isinstance(day, str) else day
