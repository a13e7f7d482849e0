"""The files of a report: made once from the frozen facts, in every language, then announced."""

import hashlib

import pytest

from evenweave.notifications.models import Notice
from evenweave.reports.models import DocumentFile
from evenweave.reports.services import files
from evenweave.reports.tests.scene import NOTE, a_released_scene, after_release
from evenweave.toolkit.files import open_stored
from evenweave.toolkit.jobs.models import Job
from evenweave.toolkit.jobs.worker import perform_due

pytestmark = pytest.mark.django_db

TOLD = {"manager", "worker", "buyer", "coach"}


@pytest.fixture
def quick(monkeypatch):
    """Files as short bytes that hold what they were made from: real ones have tests of their own."""
    made = []

    def pdf(facts, language, *, verify_url, code):
        made.append(language)
        return f"{language} {code} {verify_url} {facts}".encode()

    monkeypatch.setattr(files, "_report_making", lambda: files.Making(pdf, lambda facts: b"sheet"))
    return made


def told(cast, kind: str) -> set[str]:
    names = {person.pk: key for key, person in cast.people.items() if person is not None}
    return {names[pk] for pk in Notice.objects.filter(kind=kind).values_list("person_id", flat=True)}


def test_files_are_made_once_and_then_announced(quick):
    released = a_released_scene()
    assert told(released.cast, "report.released") == set()
    perform_due()
    assert quick == ["en", "fr", "km"]
    assert set(DocumentFile.objects.values_list("language", "kind")) == {
        ("en", "pdf"), ("fr", "pdf"), ("km", "pdf"), ("en", "xlsx"),
    }
    assert told(released.cast, "report.released") == TOLD
    Notice.objects.all().update(read_at="2025-12-02T00:00:00Z")
    files.ask_for_report_files(released.report)
    files.render_report.enqueue(released.report.ref)
    perform_due()
    assert quick == ["en", "fr", "km"]
    assert Notice.objects.filter(kind="report.released").count() == len(TOLD)


def test_only_what_is_missing_is_made_again(quick):
    released = a_released_scene()
    perform_due()
    DocumentFile.objects.filter(language="fr").delete()
    files.render_report.enqueue(released.report.ref)
    perform_due()
    assert quick == ["en", "fr", "km", "fr"]
    assert DocumentFile.objects.count() == 4


def test_a_job_that_dies_before_its_end_leaves_nothing(quick, monkeypatch):
    released = a_released_scene()

    def fail(*args, **kwargs):
        raise RuntimeError("the lights went out")

    with monkeypatch.context() as dark:
        dark.setattr(files, "notify", fail)
        perform_due()
    assert not DocumentFile.objects.exists()
    assert told(released.cast, "report.released") == set()
    Job.objects.filter(task_path__endswith="render_report").update(run_after="2025-12-01T00:00:00Z")
    perform_due()
    assert DocumentFile.objects.count() == 4


def test_the_real_files_open_and_say_nothing_private():
    released = a_released_scene()
    with after_release():
        perform_due()
    stored = [one.stored for one in released.report.files.select_related("stored")]
    assert {one.content_type for one in stored} == {
        "application/pdf", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
    for one in stored:
        with open_stored(one) as file:
            content = file.read()
        assert hashlib.sha256(content).hexdigest() == one.sha256
        assert text_of(content, one.content_type).count("could not be opened from the inside") >= 1 or "-km" in one.name
        assert NOTE not in text_of(content, one.content_type)


def text_of(content: bytes, content_type: str) -> str:
    from io import BytesIO

    if content_type == "application/pdf":
        from pypdf import PdfReader

        return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(BytesIO(content))
    return " ".join(str(cell) for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()
                    for cell in row)
