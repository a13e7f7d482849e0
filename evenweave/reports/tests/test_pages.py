"""Pages × cast: who sees what, written by hand from the policy's words before the code was asked."""

import io
import re

import pytest
from django.urls import reverse
from pypdf import PdfReader
from python_calamine import load_workbook

from evenweave.access.models import Standing
from evenweave.indicators.tests.others import counted
from evenweave.reports.models import ProgressReport
from evenweave.reports.rendering import assessment_pdf, findings_xlsx
from evenweave.reports.tests.scene import (
    NOTE,
    RELEASED,
    a_released_scene,
    a_replied_scene,
    after_release,
    released_from,
)
from evenweave.toolkit import clock

pytestmark = pytest.mark.django_db

READERS = {
    "manager", "worker", "buyer", "coach", "assessor", "second_assessor", "reviewer", "team_leader",
    "programme_manager", "quality",
}
# Whose role reads reports, but not this one, finds nothing; whose role reads none is refused.
OTHERS_404 = {"other_manager", "unpaid_buyer", "stranger_buyer", "foreign_manager"}
REFUSED_403 = {"ministry", "administrator", "nobody"}


def expected(readers: set[str], hidden: set[str], refused: set[str]) -> dict[str, int]:
    table = dict.fromkeys(readers, 200) | dict.fromkeys(hidden, 404) | dict.fromkeys(refused, 403)
    return table | {"anonymous": 302}


@pytest.fixture
def released():
    with clock.at(RELEASED):
        yield a_released_scene()


def test_the_report_page(released, seen_by):
    url = reverse("report", args=[released.report.ref])
    assert seen_by(released.cast, url) == expected(READERS, OTHERS_404, REFUSED_403)


def test_the_report_page_once_consent_is_revoked(released, seen_by):
    Standing.objects.filter(holder=None, buyer=released.cast.nordlys).update(ends_at=RELEASED)
    url = reverse("report", args=[released.report.ref])
    with after_release(1):
        assert seen_by(released.cast, url) == expected(READERS - {"buyer"}, OTHERS_404 | {"buyer"}, REFUSED_403)


def test_a_buyer_that_paid_another_cycle_sees_nothing(released, seen_by):
    from tests import builders

    other = builders.a_cycle(released.cast.factory, number=2, service_model="2021")
    builders.paid(released.cast.costa, other)
    url = reverse("report", args=[released.report.ref])
    assert seen_by(released.cast, url) == expected(READERS, OTHERS_404, REFUSED_403)


def test_the_release_page(seen_by):
    scene = a_replied_scene()
    url = reverse("report_release", args=[scene.ref])
    programme_managers = {"programme_manager"}
    with clock.at(RELEASED):
        assert seen_by(scene.cast, url) == expected(
            programme_managers, {"foreign_manager"},
            READERS - programme_managers | (OTHERS_404 - {"foreign_manager"}) | REFUSED_403,
        )


def test_an_assessment_that_is_still_secret_has_no_release_page(client):
    from evenweave.reports.tests.scene import an_empty_scene

    scene = an_empty_scene().submitted()
    client.force_login(scene.cast.programme_manager)
    assert client.get(reverse("report_release", args=[scene.ref])).status_code == 404


def test_the_amend_page(released, seen_by):
    url = reverse("report_amend", args=[released.report.ref])
    assert seen_by(released.cast, url) == expected(
        {"programme_manager"}, {"foreign_manager"},
        READERS - {"programme_manager"} | (OTHERS_404 - {"foreign_manager"}) | REFUSED_403,
    )


def test_a_progress_report_that_is_due(released, seen_by):
    readers = {"manager", "worker", "coach", "team_leader", "programme_manager", "quality"}
    hidden = OTHERS_404 | {"buyer"}
    refused = REFUSED_403 | {"assessor", "second_assessor", "reviewer"}
    url = reverse("progress_report", args=[ProgressReport.objects.get(number=1).ref])
    assert seen_by(released.cast, url) == expected(readers, hidden, refused)


def test_who_writes_which_progress_report(released, seen_by):
    first, second = ProgressReport.objects.order_by("number")
    everyone = set(released.cast.people) - {"anonymous"}
    assert seen_by(released.cast, reverse("progress_write", args=[first.ref])) == expected(
        {"manager"}, {"other_manager"}, everyone - {"manager", "other_manager"}
    )
    staff = {"coach", "team_leader", "programme_manager"}
    assert seen_by(released.cast, reverse("progress_evaluate", args=[second.ref])) == expected(
        staff, {"foreign_manager"}, everyone - staff - {"foreign_manager"}
    )
    # Each only its own: the factory does not write the programme's, nor the programme the factory's.
    assert seen_by(released.cast, reverse("progress_write", args=[second.ref]))["manager"] == 404
    assert seen_by(released.cast, reverse("progress_evaluate", args=[first.ref]))["coach"] == 404


def test_the_list_of_a_factory(released, client):
    """Who takes part is public to buyers with consent; what they may read is not there before they pay."""
    url = reverse("factory_reports", args=[released.cast.factory.ref])
    report = reverse("report", args=[released.report.ref])
    found = {}
    for key, person in released.cast.people.items():
        if person is None:
            continue
        client.force_login(person)
        answer = client.get(url)
        found[key] = report in answer.text if answer.status_code == 200 else answer.status_code
    assert {key for key, seen in found.items() if seen is True} == READERS
    assert {key: seen for key, seen in found.items() if seen is not True} == {
        "other_manager": 404, "unpaid_buyer": False, "stranger_buyer": 404, "ministry": 403, "administrator": 403,
        "nobody": 403, "foreign_manager": 404,
    }


def test_the_page_says_what_the_report_says(released, client):
    client.force_login(released.cast.buyer)
    text = client.get(reverse("report", args=[released.report.ref])).text
    assert "2 of 3 compliance points have no finding." in text
    assert "1 of 6 exits on floor 2 could not be opened from the inside." in text
    assert "The factory agrees in part." in text
    assert "The cartons were moved at noon." in text
    assert "fewer than five, not shown" in text
    assert "Nordlys" not in text
    assert NOTE not in text
    assert "1, with consent and paid" in text


def test_page_pdf_and_sheet_say_the_same_of_the_country(client):
    scene = a_replied_scene()
    for exits in ("no", "yes", "yes", "no", "yes"):
        counted(scene.tool_row, {"SH-01": exits}, planner=scene.cast.programme_manager)
    released = released_from(scene)
    client.force_login(released.cast.buyer)
    page = client.get(reverse("report", args=[released.report.ref])).text
    assert "Other factories with this finding: 40 % of 5." in page
    assert "Tick: mean of 5 other factories, latest assessment of each." in page
    assert page.count("40 % of 5") == 3  # the cluster, the point, the finding
    pdf = PdfReader(io.BytesIO(assessment_pdf(released.facts, "en", verify_url="https://x.example/1", code="1")))
    text = " ".join(" ".join(one.extract_text().split()) for one in pdf.pages)
    assert text.count("40 % (n = 5)") == 3
    sheet = load_workbook(io.BytesIO(findings_xlsx(released.facts))).get_sheet_by_name("Country").to_python()
    assert [row[3:10] for row in sheet if row[8] == 5] == [
        ["Occupational safety and health", "", "", 1, 0.4, 5, ""],
        ["Occupational safety and health", "Emergency preparedness", "", 1, 0.4, 5, ""],
        ["Occupational safety and health", "Emergency preparedness", "SH-01", 1, 0.4, 5, ""],
    ]


def test_the_release_page_names_who_gets_it(client):
    scene = a_replied_scene()
    client.force_login(scene.cast.programme_manager)
    url = reverse("report_release", args=[scene.ref])
    with clock.at(RELEASED):
        text = client.get(url).text
        assert "Release to the factory and 1 buyer" in text
        assert "Nordlys" in text
        assert "Costa Moda: has consent, has not paid for this cycle" in text
        assert "Roth" not in text
        answer = client.post(url, {"strengths": "Both unions meet the manager each month.\n"})
        page = client.get(answer["Location"]).text
    assert "Both unions meet the manager each month." in page


def test_lists_take_as_many_queries_at_two_as_at_one(released, client, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from evenweave.reports.models import Report
    from tests import builders

    client.force_login(released.cast.programme_manager)
    counts = []
    for size in (1, 12):
        for number in range(2, size + 1):
            cycle = builders.a_cycle(released.cast.factory, number=number, service_model="2021")
            assessment = builders.an_assessment(cycle, planner=released.cast.programme_manager)
            Report.objects.create(
                assessment=assessment, factory=cycle.factory, cycle=cycle, programme="KH", version=1, facts="{}",
                facts_hash="0", released_by=released.cast.programme_manager,
            )
            ProgressReport.objects.create(
                factory=cycle.factory, cycle=cycle, programme="KH", number=1, author="factory",
                due_on=RELEASED.date(),
            )
        with CaptureQueriesContext(connection, ) as report_queries:
            assert client.get(reverse("report_list")).status_code == 200
        with CaptureQueriesContext(connection) as progress_queries:
            assert client.get(reverse("progress_list")).status_code == 200
        counts.append((len(report_queries), len(progress_queries)))
    assert counts[0] == counts[1]


def test_the_report_names_its_questionnaire(released, client):
    with after_release(1):
        client.force_login(released.cast.manager)
        html = client.get(reverse("report", args=[released.report.ref])).content.decode()
    assert re.search(r"Questionnaire: [^<,]+, version \w[\w.]*\.", html)
