"""The server names a draft as saved only when a step was really taken."""

import pytest
from django.http import HttpResponse, HttpResponseRedirect
from django.test import RequestFactory

from evenweave.toolkit.drafts import SavedDrafts


def answered(response, method="post", **sent):
    request = getattr(RequestFactory(), method)("/visits/7/", sent)
    return SavedDrafts(lambda _request: response)(request).cookies


def test_a_redirect_after_a_form_names_its_draft():
    assert answered(HttpResponseRedirect("/visits/7/"), **{"ew-draft": "visit-note"})["ew_saved"].value == "visit-note"


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse("the form again, with errors"),
        HttpResponse(status=403),
        HttpResponse(status=500),
        HttpResponseRedirect("/accounts/login/?next=/visits/7/"),
    ],
    ids=["errors", "refused", "broken", "signed out"],
)
def test_whatever_else_answers_leaves_the_draft_alone(response):
    assert "ew_saved" not in answered(response, **{"ew-draft": "visit-note"})


def test_a_form_without_a_draft_and_a_page_that_is_read_set_nothing():
    assert "ew_saved" not in answered(HttpResponseRedirect("/there/"))
    assert "ew_saved" not in answered(HttpResponseRedirect("/there/"), "get", **{"ew-draft": "visit-note"})


def test_the_name_of_a_draft_is_cut_down_to_a_plain_word():
    cookies = answered(HttpResponseRedirect("/there/"), **{"ew-draft": "a; path=/admin\n<b>"})
    assert cookies["ew_saved"].value == "a-pathadmin-b"
