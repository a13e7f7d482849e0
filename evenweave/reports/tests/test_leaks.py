"""What must be in no report: each test first plants something that could leak, then looks everywhere."""

import html
from datetime import date

import pytest
from django.urls import reverse

from evenweave.access.enums import Action
from evenweave.access.scope import permitted
from evenweave.activity.models import Payload
from evenweave.assessments.models import AssessmentPlan, Photo, ReviewComment
from evenweave.assessments.services import answering, cases
from evenweave.assessments.tests import smalltool
from evenweave.assessments.tests.pictures import a_picture
from evenweave.assessments.tests.scene import ON_SITE, SUBMITTED
from evenweave.notifications.models import Notice
from evenweave.reports.models import ProgressReport, Report
from evenweave.reports.services.progress import send_progress
from evenweave.reports.tests.scene import NOTE, after_release, an_empty_scene, released_from, replied
from evenweave.reports.tests.test_files import text_of
from evenweave.toolkit import clock
from evenweave.toolkit.files import files_of, open_stored
from evenweave.toolkit.jobs.worker import perform_due

pytestmark = pytest.mark.django_db

CHILD = "Chea Sovannary"
COMMENT = "Ask the assessors whether the guard was paid."
INTERVIEWS = "Behind the clinic, with the women of line four."
WINDOW = (date(2025, 11, 10), date(2025, 11, 28))
SECRETS = [CHILD, COMMENT, NOTE, INTERVIEWS, "2025-11-10", "2025-11-28", "10 November 2025", "28 November 2025"]


def canaries():
    """A released report with everything planted that must not be in it."""
    questions = [
        *smalltool.questions(),
        smalltool._fact("FG-03", "How were workers interviewed?", "text"),
        smalltool._fact("FG-04", "How many workers are under eighteen?", "number", unit="workers"),
    ]
    scene = an_empty_scene(rows=questions)
    scene.answered()
    scene.say({("FG-03", "answer"): INTERVIEWS, ("FG-04", "answer"): 3})
    with clock.at(ON_SITE):
        cases.open_case(
            assessment_ref=scene.ref, issue="child_under_age", description="Seen on line four.", question_id="CL-01",
            protected_name=CHILD, protected_details="Line four.", by=scene.cast.assessor,
        )
        for question in ("SH-01", "SH-02"):
            answering.add_photo(ref=scene.ref, question_id=question, file=a_picture(), caption="A door",
                                by=scene.cast.assessor)
    return scene


@pytest.fixture
def released(monkeypatch):
    scene = canaries()
    monkeypatch.setattr(type(scene), "answered", lambda self: self)
    with clock.at(SUBMITTED):
        from evenweave.assessments.services import submitting

        submitting.submit(ref=scene.ref, by=scene.cast.assessor)
    ReviewComment.objects.create(assessment=scene.assessment, question_id="SH-01", text=COMMENT, by=scene.cast.reviewer)
    monkeypatch.setattr(type(scene), "submitted", lambda self: self)
    return released_from(replied(scene))


def assert_clean(text: str, where: str) -> None:
    text = html.unescape(text)
    assert not [secret for secret in SECRETS if secret in text], where


def test_there_is_something_to_leak(released):
    assert AssessmentPlan.objects.filter(window_from=WINDOW[0], window_until=WINDOW[1]).exists()
    assert ReviewComment.objects.filter(text=COMMENT).exists()
    assert Photo.objects.count() == 2


def test_the_facts_and_a_handful_of_people(released):
    assert_clean(released.report.facts, "facts")
    gathered = {fact["id"]: fact["value"] for fact in released.facts["gathered"]}
    # Numbers and yes or no alone; three young workers are told as "1–4".
    assert gathered == {"FG-01": 812, "FG-02": False, "FG-04": "1–4"}


def test_files_pages_log_and_notices(released, client):
    with after_release(20):
        perform_due()
        progress = send_progress(
            progress_ref=ProgressReport.objects.get(number=1).ref, overview="Clear.", dialogue="", learning="",
            by=released.cast.manager,
        )
        perform_due()
    for record in (released.report, progress):
        assert record.files.count() == 4
        for one in record.files.select_related("stored"):
            with open_stored(one.stored) as file:
                assert_clean(text_of(file.read(), one.stored.content_type), one.stored.name)
    pages = [
        reverse("report", args=[released.report.ref]), reverse("progress_report", args=[progress.ref]),
        reverse("factory_reports", args=[released.cast.factory.ref]), reverse("report_list"),
        reverse("progress_list"), reverse("log_list"), reverse("desk"), reverse("verify", args=[released.report.code]),
    ]
    for key in ("manager", "worker", "buyer", "coach", "ministry", "unpaid_buyer", "other_manager"):
        client.force_login(getattr(released.cast, key))
        for url in pages:
            assert_clean(client.get(url).text, f"{url} for {key}")
    for payload in Payload.objects.all():
        assert_clean(str(payload.content), "log")
    assert Notice.objects.exists()


def status_of(client, stored) -> int:
    answer = client.get(reverse("file", args=[stored.ref]))
    if answer.streaming:
        b"".join(answer.streaming_content)  # read to its end, it is closed
    return answer.status_code


def test_the_files_open_to_the_readers_of_the_report_alone(released, client):
    with after_release():
        perform_due()
    stored = released.report.files.get(language="en", kind="pdf").stored
    opened = set()
    for key, person in released.cast.people.items():
        client.logout()
        if person is not None:
            client.force_login(person)
        if status_of(client, stored) == 200:
            opened.add(key)
    assert opened == {
        "manager", "worker", "buyer", "coach", "assessor", "second_assessor", "reviewer", "team_leader",
        "programme_manager", "quality",
    }


def test_photos_of_findings_travel_and_all_others_stay(released, client):
    found, other = Photo.objects.get(question_id="SH-01"), Photo.objects.get(question_id="SH-02")
    for key in ("buyer", "manager", "coach"):
        seen = permitted(getattr(released.cast, key), Action.REPORT_VIEW, Photo.objects.all())
        assert list(seen) == [found], key
    client.force_login(released.cast.buyer)
    assert status_of(client, files_of(found)[0]) == 200
    assert status_of(client, files_of(other)[0]) == 404
    page = client.get(reverse("report", args=[released.report.ref])).text
    assert reverse("file", args=[files_of(found)[0].ref]) in page
    client.force_login(released.cast.unpaid_buyer)
    assert status_of(client, files_of(found)[0]) == 404


def test_a_buyer_reads_no_other_buyers_name(released, client):
    from tests import builders

    builders.paid(released.cast.roth, released.scene.cycle)
    client.force_login(released.cast.buyer)
    page = client.get(reverse("report", args=[released.report.ref])).text
    assert "2, with consent and paid" in page
    assert "Roth" not in page
    assert Report.objects.count() == 1
