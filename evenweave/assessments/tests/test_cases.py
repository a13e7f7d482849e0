"""Zero tolerance: at once, with its own clock, its own readers, and a name that stands in one row alone."""

from datetime import UTC, datetime, timedelta

import pytest
from django.http import Http404

from evenweave.activity.models import Entry, Payload
from evenweave.assessments.models import ProtectedPerson, ZeroToleranceCase
from evenweave.assessments.queries import cases_for, protected_person
from evenweave.assessments.services import cases
from evenweave.assessments.tests.scene import ON_SITE
from evenweave.notifications.models import Notice
from evenweave.toolkit import clock
from evenweave.toolkit.refusals import Refused

NAME = "Sokha Hidden-Name"


def open_at_factory(scene, by, **more):
    given = {"issue": "child_under_age", "description": "A girl at the sewing line looked twelve."} | more
    with clock.at(ON_SITE):
        return cases.open_case(factory_ref=scene.cast.factory.ref, by=by, **given)


def open_on_site(scene, **more):
    scene.started()
    given = {"issue": "child_under_age", "description": "A girl at the sewing line looked twelve."} | more
    with clock.at(ON_SITE):
        return cases.open_case(assessment_ref=scene.ref, by=scene.cast.assessor, **given)


def take(case, key, scene, *, hours=1, note=""):
    with clock.at(ON_SITE + timedelta(hours=hours)):
        return cases.take_step(case_ref=case.ref, key=key, note=note, by=scene.cast.team_leader)


def test_it_opens_with_a_question_from_the_floor(scene):
    case = open_on_site(scene, question_id="CL-01", protected_name=NAME)
    assert (case.assessment, case.question_id, case.state) == (scene.assessment, "CL-01", "open")
    assert ProtectedPerson.objects.get().name == NAME


def test_it_opens_without_question_and_without_assessment_by_the_coach(scene):
    case = open_at_factory(scene, scene.cast.coach)
    assert (case.assessment, case.question_id) == (None, "")


def test_who_opens_a_case_at_the_factory(scene):
    opened = set()
    for key, person in scene.cast.people.items():
        if person is None:
            continue
        try:
            open_at_factory(scene, person)
            opened.add(key)
        except Http404:
            pass
    assert opened == {"coach", "team_leader", "programme_manager"}


@pytest.mark.parametrize(
    ("more", "field"),
    [({"issue": "bad_weather"}, "issue"), ({"description": "  "}, "description"),
     ({"question_id": "CL-01"}, "question_id")],
)
def test_what_a_case_needs(scene, more, field):
    with pytest.raises(Refused) as refused:
        open_at_factory(scene, scene.cast.coach, **more)
    assert refused.value.field == field
    assert not ZeroToleranceCase.objects.exists()


def test_the_clock_of_the_protocol_starts_at_once(scene):
    case = open_at_factory(scene, scene.cast.coach)
    due = {row.key: row.due_at - ON_SITE for row in case.steps.all()}
    assert due == {
        "tell_manager": timedelta(hours=8), "inform_ministry": timedelta(hours=24),
        "ask_investigation": timedelta(hours=48), "agree_action_plan": timedelta(hours=96),
    }


def test_what_counts_from_a_duty_moves_when_it_is_done(scene):
    case = open_at_factory(scene, scene.cast.coach)
    take(case, "inform_ministry", scene, hours=10)
    assert case.steps.get(key="agree_action_plan").due_at == ON_SITE + timedelta(hours=82)


def test_a_duty_waits_for_the_one_before_it(scene):
    case = open_at_factory(scene, scene.cast.coach)
    with pytest.raises(Refused):
        take(case, "agree_action_plan", scene)
    take(case, "inform_ministry", scene)
    take(case, "agree_action_plan", scene)
    with pytest.raises(Refused):
        take(case, "inform_ministry", scene)


def test_the_leaders_are_told_at_once_and_nobody_else(scene):
    open_at_factory(scene, scene.cast.coach)
    assert set(Notice.objects.values_list("person__name", "kind")) == {
        ("Prak Nary", "zero_tolerance.opened"), ("Ros Samnang", "zero_tolerance.opened"),
    }


def readers(scene) -> set[str]:
    return {key for key, person in scene.cast.people.items() if person and list(cases_for(person))}


def test_who_reads_a_case_before_and_after_the_ministry_is_informed(scene):
    case = open_on_site(scene)
    staff = {"team_leader", "programme_manager", "quality", "assessor", "second_assessor"}
    with clock.at(ON_SITE):
        assert readers(scene) == staff
    take(case, "inform_ministry", scene)
    assert readers(scene) == staff | {"ministry"}
    told = Notice.objects.filter(kind="zero_tolerance.informed").values_list("person__name", flat=True)
    assert list(told) == ["Tep Bopha"]


def test_who_knows_the_name(scene):
    case = open_on_site(scene, protected_name=NAME)
    take(case, "inform_ministry", scene)
    case.refresh_from_db()
    know = {key for key, person in scene.cast.people.items() if person and protected_person(person, case)}
    assert know == {"team_leader", "programme_manager", "assessor", "second_assessor"}


def test_the_name_stands_in_its_own_row_and_nowhere_else(scene):
    open_on_site(scene, protected_name=NAME, protected_details="Line 4, night shift")
    held = " ".join(str(row.content) for row in Payload.objects.all())
    held += " ".join(str(vars(row)) for row in ZeroToleranceCase.objects.all())
    held += " ".join(str(vars(row)) for row in Notice.objects.all())
    held += " ".join(str(vars(row)) for row in Entry.objects.all())
    assert NAME not in held
    assert "Line 4" not in held
    assert "child_under_age" in held


def test_steps_of_a_case_stay_with_staff(scene):
    case = open_on_site(scene)
    take(case, "inform_ministry", scene)
    steps = Entry.objects.filter(step__startswith="zero_tolerance").values_list("step", "sharing")
    assert set(steps) == {("zero_tolerance.opened", 10), ("zero_tolerance.step", 10)}


def test_a_case_closes_when_every_duty_is_done_and_says_how_it_ended(scene):
    case = open_at_factory(scene, scene.cast.coach)
    leader = scene.cast.team_leader
    with pytest.raises(Refused):
        cases.close_case(case_ref=case.ref, outcome="Proven of age.", by=leader)
    for key in ("tell_manager", "inform_ministry", "ask_investigation", "agree_action_plan"):
        take(case, key, scene)
    with pytest.raises(Refused) as refused:
        cases.close_case(case_ref=case.ref, outcome=" ", by=leader)
    assert refused.value.field == "outcome"
    with clock.at(datetime(2025, 12, 1, tzinfo=UTC)):
        cases.close_case(case_ref=case.ref, outcome="Proven of age.", by=leader)
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("closed", "Proven of age.")
    with pytest.raises(Refused):
        take(case, "tell_manager", scene)
