"""An amendment: a new version with a visible difference; of the old one nothing is edited."""

import pytest
from django.http import Http404
from django.urls import reverse

from evenweave.activity.models import Entry
from evenweave.assessments.models import CurrentAnswer, Finding, FindingWithdrawal
from evenweave.improvement.models import PlanItem
from evenweave.indicators.models import FactoryResult, PackedAnswers
from evenweave.reports import facts as shape
from evenweave.reports.enums import ReportState
from evenweave.reports.models import Report
from evenweave.reports.queries import reading
from evenweave.reports.rules import Correction
from evenweave.reports.services.amending import amend_report
from evenweave.reports.tests.scene import a_released_scene, after_release
from evenweave.toolkit.jobs.models import Job
from evenweave.toolkit.refusals import Refused

pytestmark = pytest.mark.django_db

REASON = "The certificate of the fire brigade was found after the release."
CORRECTED = "1 of 7 exits on floor 2 could not be opened from the inside."


@pytest.fixture
def released():
    return a_released_scene()


def amend(released, **changes):
    given = {"withdrawn": [], "corrected": {}, "reason": REASON} | changes
    with after_release(20):
        return amend_report(report_ref=released.report.ref, by=released.cast.programme_manager, **given)


def ref_of_finding() -> str:
    return Finding.objects.get().ref


def test_a_finding_taken_back_leaves_report_plan_and_rates(released):
    before = Report.objects.values().get(pk=released.report.pk)
    finding = Finding.objects.values().get()
    new = amend(released, withdrawn=[ref_of_finding()])
    facts = reading.facts_of(new)
    shape.check(facts)
    assert facts["findings"] == []
    assert {cluster["key"]: cluster["rate"] for cluster in facts["clusters"]} == {"child-labour": 0.0, "osh": 0.0}
    points = {point["key"]: point for cluster in facts["clusters"] for point in cluster["points"]}
    assert (points["emergency-preparedness"]["status"], points["emergency-preparedness"]["findings"]) == (
        "no_finding", 0,
    )
    assert facts["report"]["amendment"]["of_version"] == 1
    assert [change["kind"] for change in new.changes] == ["withdrawn"]
    assert FindingWithdrawal.objects.get().reason == REASON
    assert PlanItem.objects.get().withdrawn_at is not None
    result = FactoryResult.objects.get()
    assert (result.points_assessed, result.points_noncompliant, result.findings) == (3, 0, 0)
    assert bytes(PackedAnswers.objects.get().vector) == bytes([1, 1, 1, 1, 0])
    # Nothing of the old is edited but that it is no longer in force; the answer stays as it was given.
    assert Report.objects.values().get(pk=released.report.pk) == before | {"state": ReportState.SUPERSEDED}
    assert Finding.objects.values().get() == finding
    assert CurrentAnswer.objects.get(question_id="SH-01", field="answer").value == "no"


def test_corrected_words_stand_beside_the_old_ones(released):
    new = amend(released, corrected={ref_of_finding(): Correction(text=CORRECTED, explanation="One door.")})
    (finding,) = reading.facts_of(new)["findings"]
    assert finding["text"] == {"en": CORRECTED}
    assert finding["explanation"] == {"language": "en", "text": "One door."}
    assert [(change["before"]["en"], change["after"]["en"]) for change in new.changes] == [
        ("1 of 6 exits on floor 2 could not be opened from the inside.", CORRECTED),
        ("Cartons stood at the east door.", "One door."),
    ]
    item = PlanItem.objects.get()
    assert (item.title, item.withdrawn_at) == (CORRECTED, None), "the plan says what the report in force says"
    assert FactoryResult.objects.get().findings == 1


def test_everything_else_stays_as_it_was_released(released):
    old, new = released.facts, reading.facts_of(amend(released, corrected={ref_of_finding(): CORRECTED}))
    for name in ("factory", "assessment", "last", "gathered", "clusters", "strengths", "languages"):
        assert new[name] == old[name], name


def test_an_amendment_can_be_amended_and_the_old_version_cannot(released):
    second = amend(released, corrected={ref_of_finding(): CORRECTED})
    with pytest.raises(Refused):
        amend(released, withdrawn=[ref_of_finding()])
    with after_release(30):
        third = amend_report(
            report_ref=second.ref, withdrawn=[ref_of_finding()], corrected={}, reason="Seen again.",
            by=released.cast.programme_manager,
        )
    states = list(Report.objects.order_by("version").values_list("version", "state"))
    assert states == [(1, "superseded"), (2, "superseded"), (3, "current")]
    assert reading.facts_of(third)["report"]["amendment"]["of_version"] == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"withdrawn": ["unknown"]}, {"corrected": {"unknown": "Other words."}}, {"reason": "  ", "corrected": "mine"},
        {"corrected": "blank"}, {}, {"corrected": "same"},
    ],
)
def test_what_cannot_be_done_changes_nothing(released, changes):
    ref = ref_of_finding()
    words = {"mine": {ref: CORRECTED}, "blank": {ref: "  "},
             "same": {ref: "1 of 6 exits on floor 2 could not be opened from the inside."}}
    if isinstance(changes.get("corrected"), str):
        changes = changes | {"corrected": words[changes["corrected"]]}
    before = Entry.objects.count()
    with pytest.raises(Refused):
        amend(released, **changes)
    assert (Report.objects.count(), FindingWithdrawal.objects.count(), Entry.objects.count()) == (1, 0, before)
    assert Report.objects.get().state == ReportState.CURRENT


def test_only_the_programme_manager_amends(released):
    for key, person in released.cast.people.items():
        if key in {"programme_manager", "anonymous"}:
            continue
        with pytest.raises(Http404):
            amend_report(report_ref=released.report.ref, withdrawn=[ref_of_finding()], corrected={}, reason=REASON,
                         by=person)


def test_the_new_version_gets_its_files_and_its_notice(released):
    new = amend(released, corrected={ref_of_finding(): CORRECTED})
    assert Job.objects.filter(task_path__endswith="render_report", args=[new.ref]).count() == 1
    assert Entry.objects.filter(step="report.amended").count() == 1


def test_the_page_shows_the_difference_before_and_after(released, client):
    ref = ref_of_finding()
    client.force_login(released.cast.programme_manager)
    url = reverse("report_amend", args=[released.report.ref])
    typed = {"reason": REASON, f"{ref}-text": CORRECTED, f"{ref}-explanation": "Cartons stood at the east door."}
    with after_release(20):
        form = client.get(url)
        assert "Cartons stood at the east door." in form.text
        check = client.post(url, typed)
        assert CORRECTED in check.text
        assert "1 of 6 exits" in check.text
        assert Report.objects.count() == 1
        back = client.post(url, typed | {"change": "1"})
        assert CORRECTED in back.text
        done = client.post(url, typed | {"confirmed": "1"})
        page = client.get(done["Location"]).text
        old = client.get(reverse("report", args=[released.report.ref])).text
    assert "This is version 2." in page
    assert REASON in page
    assert "This version has been superseded." in old
    assert client.get(url).status_code == 302


def test_an_amendment_without_a_reason_keeps_what_was_typed(released, client):
    ref = ref_of_finding()
    client.force_login(released.cast.programme_manager)
    url = reverse("report_amend", args=[released.report.ref])
    answer = client.post(url, {"reason": "", f"{ref}-text": CORRECTED, f"{ref}-explanation": ""})
    assert answer.status_code == 422
    assert CORRECTED in answer.text
