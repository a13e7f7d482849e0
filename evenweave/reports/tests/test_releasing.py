"""The release: all or nothing, and everything it promises."""

import json
from datetime import date

import pytest
from django.http import Http404

from evenweave.access.enums import Action, Shared
from evenweave.access.scope import permitted
from evenweave.activity.models import Entry
from evenweave.assessments.enums import AssessmentState
from evenweave.assessments.models import Finding
from evenweave.improvement.models import PlanItem
from evenweave.indicators.models import FactoryResult, PackedAnswers
from evenweave.indicators.tests.others import counted
from evenweave.reports import facts as shape
from evenweave.reports.models import ProgressReport, Report
from evenweave.reports.queries.gathering import Version, assessment_facts, material_of
from evenweave.reports.services import releasing
from evenweave.reports.services.releasing import release_report
from evenweave.reports.tests.scene import (
    APPROVED,
    NOTE,
    RELEASED,
    RELEASED_ON,
    a_released_scene,
    a_replied_scene,
    released_from,
)
from evenweave.toolkit import clock
from evenweave.toolkit.jobs.models import Job
from evenweave.toolkit.refusals import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def released():
    return a_released_scene()


def test_the_release_writes_everything_it_promises(released):
    assessment = released.assessment
    assert (assessment.state, assessment.sharing) == (AssessmentState.RELEASED, Shared.BUYERS)
    finding = Finding.objects.get()
    assert (finding.question_id, finding.text) == (
        "SH-01", "1 of 6 exits on floor 2 could not be opened from the inside.",
    )
    assert finding.is_public
    assert PlanItem.objects.get().lineage_root == "SH-01"
    # FG-02 is "no", so SH-03 is not asked: CL-01, CL-02, SH-01 (finding), SH-02.
    assert bytes(PackedAnswers.objects.get().vector) == bytes([1, 1, 2, 1, 0])
    result = FactoryResult.objects.get()
    assert (result.points_assessed, result.points_noncompliant, result.findings) == (3, 1, 1)
    assert result.clusters == {"child-labour": [0, 2], "osh": [1, 1]}
    assert Entry.objects.filter(step="report.released", sharing=Shared.BUYERS).count() == 1
    assert Job.objects.filter(task_path__endswith="render_report").count() == 1


def test_progress_reports_are_due_as_the_service_model_says(released):
    rows = ProgressReport.objects.order_by("number").values_list("number", "author", "due_on", "sharing")
    # 30 days after 1 December; ten months after the cycle began on 3 November 2025.
    assert list(rows) == [
        (1, "factory", date(2025, 12, 31), Shared.FACTORY), (2, "programme", date(2026, 9, 3), Shared.FACTORY),
    ]


def test_the_facts_say_what_was_found_and_nothing_private(released):
    facts = released.facts
    shape.check(facts)
    assert facts["assessment"]["days"] == ["2025-11-18", "2025-11-19"]
    assert facts["assessment"]["assessors"] == ["Nou Pisey", "Som Chenda"]
    assert facts["assessment"]["reviewer"] == "Ann Okello"
    assert (facts["assessment"]["questions_asked"], facts["assessment"]["questions_scored"]) == (4, 4)
    (finding,) = facts["findings"]
    # with an English word in its blanks the sentence has no Khmer: half of each would be nobody's
    assert finding["text"] == {"en": "1 of 6 exits on floor 2 could not be opened from the inside."}
    assert finding["explanation"] == {"language": "en", "text": "Cartons stood at the east door."}
    assert finding["law"][0]["citation"]["en"] == (
        "Occupational Safety and Health Convention, 1981 (C155), Article 16"
    )
    assert finding["reply"]["position"] == "partly"
    assert finding["reply"]["text"]["text"] == "The cartons were moved at noon."
    assert finding["first_seen"] == {"cycle_number": 1, "on": "2025-12-01"}
    points = {point["key"]: point["status"] for cluster in facts["clusters"] for point in cluster["points"]}
    assert points == {
        "child-labourers": "no_finding", "young-workers": "no_finding", "emergency-preparedness": "finding",
        "worker-accommodation": "not_assessed",
    }
    assert {cluster["key"]: cluster["rate"] for cluster in facts["clusters"]} == {"child-labour": 0.0, "osh": 1.0}
    assert NOTE not in released.report.facts
    assert "2025-11-10" not in released.report.facts  # the secret window


def test_a_country_of_one_factory_is_not_told(released):
    for cluster in released.facts["clusters"]:
        assert cluster["country"] == {"rate": None, "n": None, "suppressed": "fewer_than_five"}
        assert all(point["country"]["rate"] is None for point in cluster["points"])


def test_the_country_is_told_from_five_others_on():
    """The factory itself is not among them: nobody who knows it can take it out and learn of four."""
    scene = a_replied_scene()
    answers = {"CL-01": "no", "CL-02": "yes", "SH-02": "yes"}
    for exits in ("no", "yes", "yes", "no", "yes"):
        counted(scene.tool_row, answers | {"SH-01": exits}, planner=scene.cast.programme_manager)
    counted(scene.tool_row, {"CL-01": "yes"}, planner=scene.cast.programme_manager)
    facts = released_from(scene).facts
    points = {point["key"]: point["country"] for cluster in facts["clusters"] for point in cluster["points"]}
    fewer = {"rate": None, "n": None, "suppressed": "fewer_than_five"}
    assert points == {
        "child-labourers": {"rate": 0.1667, "n": 6, "suppressed": None},
        "young-workers": {"rate": 0.0, "n": 5, "suppressed": None},
        "emergency-preparedness": {"rate": 0.4, "n": 5, "suppressed": None},
        "worker-accommodation": fewer,
    }
    (finding,) = facts["findings"]
    assert finding["country"] == {"rate": 0.4, "n": 5, "suppressed": None}
    # Child labour: 0, five times, and 1 of 1; safety: 1, 0, 0, 1, 0.
    assert {cluster["key"]: cluster["country"] for cluster in facts["clusters"]} == {
        "child-labour": {"rate": 0.1667, "n": 6, "suppressed": None}, "osh": {"rate": 0.4, "n": 5, "suppressed": None},
    }


def test_four_others_and_this_one_are_not_told():
    scene = a_replied_scene()
    for _other in range(4):
        counted(scene.tool_row, {"SH-01": "no"}, planner=scene.cast.programme_manager)
    facts = released_from(scene).facts
    told = [facts["findings"][0]["country"], *(cluster["country"] for cluster in facts["clusters"]),
            *(point["country"] for cluster in facts["clusters"] for point in cluster["points"])]
    assert all(one == {"rate": None, "n": None, "suppressed": "fewer_than_five"} for one in told)


def test_the_same_assessment_gives_the_same_hash(released):
    with clock.at(RELEASED):
        material = material_of(released.assessment, RELEASED_ON)
        again = assessment_facts(material, Version(released.report.ref, 1, RELEASED_ON),
                                 {finding.question_id: finding.ref for finding in Finding.objects.all()})
    assert shape.facts_hash(again) == released.report.facts_hash
    assert shape.facts_hash(released.facts) == released.report.facts_hash


@pytest.mark.parametrize("broken", ["adopt_findings", "ask_for_report_files", "_move_cycle", "record_result"])
def test_all_or_nothing(monkeypatch, broken):
    scene = a_replied_scene()

    def fail(*args, **kwargs):
        raise RuntimeError("the lights went out")

    monkeypatch.setattr(releasing, broken, fail)
    before = Entry.objects.count()
    with pytest.raises(RuntimeError), clock.at(RELEASED):
        release_report(assessment_ref=scene.ref, by=scene.cast.programme_manager)
    assert scene.assessment.state == AssessmentState.REPLIED
    for model in (Report, Finding, PlanItem, PackedAnswers, FactoryResult, ProgressReport):
        assert not model.objects.exists(), model
    assert Entry.objects.count() == before


def test_a_report_is_released_once(released):
    with pytest.raises(Refused), clock.at(RELEASED):
        release_report(assessment_ref=released.scene.ref, by=released.cast.programme_manager)
    assert Report.objects.count() == 1


def test_only_after_the_reply_or_the_window():
    from evenweave.reports.tests.scene import an_empty_scene

    scene = an_empty_scene().approved()
    with pytest.raises(Refused), clock.at(APPROVED):
        release_report(assessment_ref=scene.ref, by=scene.cast.programme_manager)
    with clock.at(RELEASED.replace(day=3)):  # the window of five working days has closed by itself
        release_report(assessment_ref=scene.ref, by=scene.cast.programme_manager)
    assert scene.assessment.state == AssessmentState.RELEASED
    assert json.loads(Report.objects.get().facts)["findings"][0]["reply"] is None


def test_nobody_but_the_programme_manager_releases():
    scene = a_replied_scene()
    for key, person in scene.cast.people.items():
        if key in {"programme_manager", "anonymous"}:
            continue
        with pytest.raises(Http404), clock.at(RELEASED):
            release_report(assessment_ref=scene.ref, by=person)


def test_who_may_read_the_report(released):
    readers = {
        key for key, person in released.cast.people.items()
        if permitted(person, Action.REPORT_VIEW, Report.objects.all()).exists()
    }
    assert readers == {
        "manager", "worker", "buyer", "coach", "assessor", "second_assessor", "reviewer", "team_leader",
        "programme_manager", "quality",
    }
