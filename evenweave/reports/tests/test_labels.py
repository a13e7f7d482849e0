"""The words of the files: whole in every language, and one for every closed choice."""

import re

import pytest

from evenweave.assessments.enums import Extent, Mode, Position, Seriousness
from evenweave.improvement.enums import Agreement, ItemSource, ItemStatus, Side, Verification
from evenweave.organisations.enums import Sector
from evenweave.programmes.queries import all_programmes, rules_today
from evenweave.reports.rendering.parts import LANGUAGES, wording

PLURALS = {"=0", "one", "two", "few", "many", "other"}
OTHERS = [language for language in LANGUAGES if language != "en"]


def blanks(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def is_plural(label) -> bool:
    return isinstance(label, dict) and label.keys() <= PLURALS


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_has_every_label(language):
    assert wording(language).labels.keys() == wording("en").labels.keys()


@pytest.mark.parametrize("language", OTHERS)
def test_every_label_has_the_same_blanks(language):
    english, labels = wording("en").labels, wording(language).labels
    for key, label in english.items():
        if is_plural(label):
            assert is_plural(labels[key]), key
            assert "other" in labels[key], key
            assert blanks(labels[key]["other"]) == blanks(label["other"]), key
        elif isinstance(label, dict):
            assert labels[key].keys() == label.keys(), key
        else:
            assert blanks(labels[key]) == blanks(label), key


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("group", "choices"),
    [("mode", Mode), ("extent", Extent), ("position", Position), ("seriousness", Seriousness), ("sector", Sector),
     ("item_status", ItemStatus), ("agreement", Agreement), ("verification", Verification), ("side", Side),
     ("source", ItemSource)],
)
def test_every_choice_has_a_word(language, group, choices):
    assert wording(language).labels[group].keys() == set(choices.values)


def test_a_draft_says_so():
    assert wording("km").labels["draft"]
    assert wording("en").labels["draft"] == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_forms_of_a_number(language):
    labels = wording(language).labels
    wanted = {"one", "other"} if language != "km" else {"other"}
    for key, label in labels.items():
        if is_plural(label) and "=0" not in label:
            assert label.keys() == wanted, key


def test_every_language_that_a_programme_reports_in_has_labels():
    told = {code: set(rules_today(code).report_languages) - set(LANGUAGES) for code in all_programmes()}
    assert {code: missing for code, missing in told.items() if missing} == {}
