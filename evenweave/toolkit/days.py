"""Days in few letters, as the reader's language shortens them."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import pgettext


def short_day(day: date, year: int | None = None) -> str:
    """"28 Jan" for a day of `year`, else "28 Jan 2026"."""
    # The formats are words to translate: not every language shortens a month to three letters.
    return date_format(day, pgettext("date format", "j M") if day.year == year else pgettext("date format", "j M Y"))
