"""Sign-in pages stand in our frame and are drawn by our components, for nobody and for somebody signed in."""

import re

import pytest
from django.urls import reverse

from evenweave.people.models import Person

pytestmark = pytest.mark.django_db

FOR_NOBODY = ["account_login", "account_signup", "account_reset_password", "account_reset_password_done"]
FOR_SOMEBODY = [
    "account_logout",
    "account_change_password",
    "account_email",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_generate_recovery_codes",
]


@pytest.fixture
def person():
    return Person.objects.create_user(email="sok@example.org", name="Sok Channary", password="a long sentence")


def checked(response) -> str:
    assert response.status_code == 200
    drawn = response.content.decode()
    assert drawn.count("<h1") == 1
    assert '<link rel="stylesheet" href="/static/toolkit/evenweave.css">' in drawn
    assert "<strong>Menu:</strong>" not in drawn
    assert re.findall(r"\sstyle=|\son[a-z]+=\"", drawn) == []
    buttons = re.findall(r"<button(?![^>]*(?:name=\"language\"|data-theme-choice))[^>]*>", drawn)
    assert [button for button in buttons if "ew-btn" not in button and button != "<button>"] == []
    return drawn


@pytest.mark.parametrize("name", FOR_NOBODY)
def test_pages_for_nobody_stand_in_our_frame(client, name):
    checked(client.get(reverse(name)))


@pytest.mark.parametrize("name", FOR_SOMEBODY)
def test_pages_of_ones_own_sign_in_stand_in_our_frame(client, person, name):
    client.post(reverse("account_login"), {"login": person.email, "password": "a long sentence"})
    response = client.get(reverse(name))
    if response.status_code == 302:  # what protects an account asks for the password once more
        assert "Sok Channary" in checked(client.get(response["Location"]))
        response = client.post(response["Location"], {"password": "a long sentence"}, follow=True)
    assert "Sok Channary" in checked(response)


def test_a_wrong_password_is_said_in_the_summary_and_keeps_the_address_typed(client, person):
    response = client.post(reverse("account_login"), {"login": person.email, "password": "wrong"})
    drawn = checked(response)
    assert "ew-summary-box" in drawn
    assert 'value="sok@example.org"' in drawn


def test_labels_stand_above_their_inputs_and_not_inside(client):
    drawn = checked(client.get(reverse("account_login")))
    assert '<label for="id_password">' in drawn
    assert "placeholder=" not in drawn


def test_nobody_is_invited_to_sign_up_by_themselves(client):
    drawn = checked(client.get(reverse("account_signup")))
    assert "Accounts are by invitation" in drawn
    assert "sign up" not in checked(client.get(reverse("account_login"))).lower()
