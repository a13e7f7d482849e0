"""Translations are compiled when they have changed, and only then."""

import gettext
import os

from evenweave.toolkit.catalogues import compile_catalogues

WORDS = '''msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=2; plural=(n > 1);\\n"

msgid "One plan"
msgstr "Un seul plan"

#, fuzzy
msgid "Unsure"
msgstr "Incertain"
'''


def test_a_changed_catalogue_is_compiled_once(tmp_path):
    folder = tmp_path / "room" / "locale" / "fr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source = folder / "django.po"
    source.write_text(WORDS)
    assert compile_catalogues(tmp_path) == [source]
    assert compile_catalogues(tmp_path) == []
    french = gettext.translation("django", tmp_path / "room" / "locale", ["fr"])
    assert french.gettext("One plan") == "Un seul plan"
    assert french.gettext("Unsure") == "Unsure", "what nobody has confirmed is not shown"
    assert sorted(path.name for path in folder.iterdir()) == ["django.mo", "django.po"]

    source.write_text(WORDS.replace("Un seul plan", "Un plan"))
    os.utime(source, (2**31, 2**31))
    assert compile_catalogues(tmp_path) == [source]


def test_a_plural_without_words_is_that_of_the_source(tmp_path):
    folder = tmp_path / "locale" / "ar" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    forms = "".join(f'msgstr[{form}] ""\n' for form in range(6))
    (folder / "django.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=6; plural=n==0 ? 0 : '
        'n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5;\\n"\n\n'
        f'msgid "one buyer"\nmsgid_plural "some buyers"\n{forms}'
    )
    compile_catalogues(tmp_path)
    arabic = gettext.translation("django", tmp_path / "locale", ["ar"])

    assert [arabic.ngettext("one buyer", "some buyers", count) for count in (1, 2)] == ["one buyer", "some buyers"]
