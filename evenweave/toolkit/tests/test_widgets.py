"""Our select says what Django's says."""

import pytest
from django import forms
from django.test import SimpleTestCase

from evenweave.toolkit.widgets import Select

CHOICES = [("", "All"), ("a&b", 'Quote " and <b>'), ("Group", [("1", "One"), (2, "Two")])]


@pytest.mark.parametrize("value", ["", None, "a&b", "2", 2, "unknown"])
def test_it_draws_the_same_element(value):
    attrs = {"id": "id_x", "class": "ew-input", "required": True, "disabled": False}
    ours, theirs = (kind(choices=CHOICES).render("x", value, attrs) for kind in (Select, forms.Select))
    SimpleTestCase().assertHTMLEqual(ours, theirs)
