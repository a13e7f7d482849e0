"""The words of the interface: French whole and current, and no draft that would break a page."""

import io
import re
import string
import tokenize
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).parents[2]
DRAFTS = sorted(settings.DRAFT_LANGUAGES)
TRANSLATED = ["fr", *DRAFTS]
KEYWORDS = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3), "npgettext_lazy": ((1, "c"), 2, 3),
}
PERCENT_BLANK = re.compile(r"%\((\w+)\)[#0 +-]*[\d.]*[a-zA-Z]|%%")
TAG = re.compile(r"</?[a-zA-Z][^>]*>")


def in_code(text: str) -> set[tuple]:
    """What is given to gettext in Python source, as (context, words): words are a tuple where there is a plural."""
    found = extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS, options={"encoding": "utf-8"})
    return {(context, tuple(words) if isinstance(words, (list, tuple)) else words) for _, words, _, context in found}


def in_template(text: str) -> set[tuple]:
    """The same for a template, read as Django's own extraction reads it."""
    return set().union(*(in_code(line.strip()) for line in templatize(text).splitlines()))


@cache
def said_in_source() -> frozenset[tuple]:
    said = set()
    for path in PACKAGE.rglob("*"):
        if path.suffix not in {".py", ".html", ".txt"} or {"tests", "static"} & set(path.parts):
            continue
        try:
            said |= in_code(path.read_text()) if path.suffix == ".py" else in_template(path.read_text())
        except tokenize.TokenError as error:
            raise AssertionError(f"{path}: {error}") from error
    return frozenset(said)


@cache
def catalogue(language: str):
    with (PACKAGE / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as words:
        return read_po(words, locale=language)


def entries(language: str) -> list:
    return [entry for entry in catalogue(language) if entry.id]


def key(entry) -> tuple:
    return (entry.context, tuple(entry.id) if isinstance(entry.id, (list, tuple)) else entry.id)


def forms(words) -> list[str]:
    return list(words) if isinstance(words, (list, tuple)) else [words]


def percent_blanks(text: str) -> set[str]:
    return {match.group(0) for match in PERCENT_BLANK.finditer(text)}


def brace_blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def tags(text: str) -> list[str]:
    return sorted(TAG.findall(text))


def fault(entry) -> str | None:
    """What would break a page that shows this entry, or None."""
    sources, translated = forms(entry.id), forms(entry.string)
    full = percent_blanks(sources[-1]), brace_blanks(sources[-1])
    for place, text in enumerate(translated):
        blanks = percent_blanks(text), brace_blanks(text)
        may_say_it_in_words = len(sources) == 2 and place < len(translated) - 1
        wrong = blanks[0] - full[0] or blanks[1] - full[1] if may_say_it_in_words else blanks != full
        if wrong:
            return f"blanks of “{text}” are not those of “{sources[-1]}”"
        if "%" in PERCENT_BLANK.sub("", text) and full[0]:
            return f"a lone % in “{text}”"
        if tags(text) not in [tags(source) for source in sources]:
            return f"markup of “{text}” is not that of “{sources[-1]}”"
        if (text[:1] == "\n", text[-1:] == "\n") != (sources[0][:1] == "\n", sources[0][-1:] == "\n"):
            return f"“{text}” begins or ends another line than “{sources[0]}”"
    return None


def is_given(entry) -> bool:
    return all(forms(entry.string))


def test_french_is_whole():
    missing = [entry.id for entry in entries("fr") if not is_given(entry)]

    assert missing == []
    assert [entry.id for entry in entries("fr") if entry.fuzzy] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_nothing_is_said_twice(language):
    """Two branches that both add a sentence leave it twice without a conflict, and gettext then refuses the file."""
    text = (PACKAGE / "locale" / language / "LC_MESSAGES" / "django.po").read_text()
    said = Counter(re.findall(r'^(?:msgctxt .*\n)?msgid .*$', text, re.MULTILINE))

    assert [words for words, times in said.items() if times > 1] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_catalogues_hold_what_the_source_says_and_nothing_else(language):
    kept = {key(entry) for entry in entries(language)}
    # Both a plural and its singular alone share one entry.
    plurals = {(context, words[0]) for context, words in said_in_source() if isinstance(words, tuple)}
    said = said_in_source() - plurals

    assert sorted(map(str, said - kept)) == [], "new words: docs/words-fr.md says how to add them"
    assert sorted(map(str, kept - said)) == [], "words that nothing says any more"


@pytest.mark.parametrize("language", TRANSLATED)
def test_blanks_and_markup_are_those_of_the_source(language):
    faults = [fault(entry) for entry in entries(language) if is_given(entry)]

    assert [problem for problem in faults if problem] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_plural_has_the_forms_of_its_language(language):
    expected = {"fr": 2, "ar": 6, "km": 1}[language]
    plurals = [entry for entry in entries(language) if isinstance(entry.id, (list, tuple))]

    assert catalogue(language).num_plurals == expected
    assert {len(forms(entry.string)) for entry in plurals} == {expected}
    assert [entry.id for entry in plurals if any(forms(entry.string)) and not is_given(entry)] == []


@pytest.mark.parametrize("language", DRAFTS)
def test_drafts_are_never_fuzzy(language):
    assert [entry.id for entry in entries(language) if entry.fuzzy] == []


def test_french_puts_no_exclamation_mark_and_no_line_break_before_its_signs():
    assert [entry.string for entry in entries("fr") if "!" in str(entry.string)] == []
    loose = re.compile(r" [:;?»]|« ")
    assert [entry.string for entry in entries("fr") if any(loose.search(text) for text in forms(entry.string))] == []
