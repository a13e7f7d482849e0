"""The house speaks to people in a language it has words in."""

import pytest

from evenweave.people.forms import AccountForm
from evenweave.people.models import Person


@pytest.mark.parametrize(("own", "reads_in"), [("fr", "fr"), ("ar", "ar"), ("bn", "en"), ("vi", "en")])
def test_a_person_reads_english_where_the_house_has_no_words_in_their_language(own, reads_in):
    assert Person(language=own).reads_in == reads_in


def test_an_account_keeps_a_language_that_the_house_does_not_speak():
    form = AccountForm(instance=Person(name="Somebody", language="bn"))
    assert form.fields["language"].choices[-1] == ("bn", "বাংলা")
    assert "bn" not in dict(AccountForm(instance=Person(name="Somebody", language="fr")).fields["language"].choices)
