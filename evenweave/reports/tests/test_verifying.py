"""The check of a file: it says in force or superseded, and never whose it is."""

import pytest
from django.urls import reverse

from evenweave.access.enums import Action
from evenweave.assessments.models import Finding
from evenweave.reports.rules import grouped
from evenweave.reports.services.amending import amend_report
from evenweave.reports.services.files import FileKind, _keep
from evenweave.reports.tests.scene import a_released_scene, after_release

pytestmark = pytest.mark.django_db


@pytest.fixture
def released():
    return a_released_scene()


def test_anybody_may_check_and_learns_nothing_of_the_factory(released, seen_by, client):
    url = reverse("verify", args=[released.report.code])
    assert set(seen_by(released.cast, url).values()) == {200}
    text = client.get(url).text
    assert "This report is in force" in text
    for secret in ("Mekong", "Phnom Penh", "Nordlys", "exits", released.report.ref, released.cast.factory.ref):
        assert secret not in text


def test_the_hashes_of_the_files_stand_on_the_page(released, client):
    _keep(released.report, "en", FileKind.PDF, b"the file", "report.pdf", Action.REPORT_VIEW)
    text = client.get(reverse("verify", args=[released.report.code])).text
    assert "994659de87f727ddcde75df44314f31d7f367b3bff347e852f390530f29720c7" in text  # printf 'the file' | sha256sum


def test_an_old_file_verifies_as_superseded(released, client):
    with after_release(20):
        new = amend_report(report_ref=released.report.ref, withdrawn=[Finding.objects.get().ref], corrected={},
                           reason="Seen again.", by=released.cast.programme_manager)
    old = client.get(reverse("verify", args=[released.report.code])).text
    assert "Version 1 of 1 December 2025 was superseded by version 2 on 21 December 2025." in old
    assert new.code not in old
    assert "Version 2 of 21 December 2025 is in force." in client.get(reverse("verify", args=[new.code])).text


@pytest.mark.parametrize("spelt", ["{code}", "{lower}", "{grouped}", " {grouped} "])
def test_a_code_is_read_however_it_is_typed(released, client, spelt):
    code = released.report.code
    typed = spelt.format(code=code, lower=code.lower(), grouped=grouped(code))
    answer = client.get(reverse("verify_start"), {"code": typed}, follow=True)
    assert "This report is in force" in answer.text


def test_an_unknown_code(client, db):
    answer = client.get(reverse("verify", args=["0" * 26]))
    assert answer.status_code == 404
    assert "No report has this code" in answer.text


def test_a_progress_report_that_is_not_sent_has_no_code_yet(released, client):
    code = released.scene.cycle.progress_reports.get(number=1).code
    assert client.get(reverse("verify", args=[code])).status_code == 404
