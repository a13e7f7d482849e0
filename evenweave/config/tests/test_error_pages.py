"""The pages of errors stand in our frame; the one for a fault of ours needs neither request nor database."""

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.test import Client, RequestFactory
from django.views import defaults
from django.views.csrf import csrf_failure


def drawn(response) -> str:
    text = response.content.decode()
    assert '<link rel="stylesheet" href="/static/toolkit/evenweave.css">' in text
    assert text.count("<h1>") == 1
    return text


def asked():
    return RequestFactory().get("/factories/secret-name/")


def test_a_fault_of_ours_is_said_without_asking_the_database():
    response = defaults.server_error(asked())  # no database mark: a query here would fail the test
    assert response.status_code == 500
    text = drawn(response)
    assert "What was saved before is safe." in text
    assert "<form" not in text


@pytest.mark.django_db
def test_an_address_that_leads_nowhere_says_so_and_repeats_nothing():
    response = Client().get("/nowhere/secret-name/")
    assert response.status_code == 404
    assert "not shared with you" in drawn(response)
    assert "secret-name" not in drawn(response).split("<main")[1]


@pytest.mark.parametrize(
    ("view", "error", "status", "words"),
    [
        (defaults.permission_denied, PermissionDenied(), 403, "Your role does not include this page."),
        (defaults.bad_request, SuspiciousOperation(), 400, "Nothing was changed."),
    ],
)
def test_refusals_say_what_to_do(view, error, status, words):
    response = view(asked(), error)
    assert response.status_code == status
    assert words in drawn(response)


def test_a_form_that_was_open_too_long_says_that_the_text_is_still_there():
    response = csrf_failure(asked())
    assert response.status_code == 403
    assert "What you typed is still on the page before this one." in drawn(response)
