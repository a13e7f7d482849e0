"""The steps of a self-assessment, and what they must not do."""

from uuid import UUID

import pytest
from django.http import Http404

from evenweave.access.enums import Action, Role
from evenweave.access.models import Standing
from evenweave.activity.models import Entry
from evenweave.assessments.services.ledger import Said
from evenweave.enrolment.models import CycleStep
from evenweave.improvement.enums import ItemOrigin, ItemSource
from evenweave.improvement.models import PlanItem
from evenweave.improvement.services import add_self_found
from evenweave.notifications.models import Notice
from evenweave.selfassessments import queries, services
from evenweave.selfassessments.enums import SelfState
from evenweave.selfassessments.models import SideSheet
from evenweave.selfassessments.queries.comparing import comparison_for
from evenweave.selfassessments.queries.sheets import sheet_now
from evenweave.selfassessments.services import Incomplete
from evenweave.selfassessments.tests.scene import MANAGEMENT, OPENED, WORKERS
from evenweave.toolkit import clock
from evenweave.toolkit.refusals import Refused
from evenweave.toolkit.uuid7 import uuid7
from tests import builders

pytestmark = pytest.mark.django_db


def test_each_side_has_its_sheet_and_a_cycle_one_self_assessment(scene):
    scene.opened()
    assert set(scene.found.sheets.values_list("side", "sharing")) == {("management", 10), ("workers", 10)}
    with clock.at(OPENED), pytest.raises(Refused):
        services.open_self_assessment(factory_ref=scene.cast.factory.ref, by=scene.cast.worker)
    for person in (scene.cast.coach, scene.cast.programme_manager, scene.cast.other_manager, scene.cast.buyer):
        with pytest.raises(Http404):
            services.open_self_assessment(factory_ref=scene.cast.factory.ref, by=person)


def test_nobody_outside_a_side_reads_its_sheet_before_both_are_given(scene):
    scene.opened().given_by_workers()
    everyone = [person for person in scene.cast.people.values() if person is not None]
    for person in [*everyone, scene.colleague]:
        assert not SideSheet.objects.permitted(person, Action.SELF_ASSESSMENT_VIEW).exists()
        with pytest.raises(Http404):
            queries.both_sheets(person, scene.found)
    assert queries.own_sheet(scene.cast.manager, scene.found).side == "management"
    assert queries.own_sheet(scene.colleague, scene.found).side == "management"
    assert queries.own_sheet(scene.cast.worker, scene.found).side == "workers"
    for person in (scene.cast.coach, scene.cast.programme_manager, scene.cast.quality, scene.cast.other_manager):
        with pytest.raises(Http404):
            queries.own_sheet(person, scene.found)


def test_who_would_answer_for_both_sides_answers_for_neither(scene):
    scene.opened()
    Standing.objects.create(
        holder=scene.cast.manager, role=Role.WORKER_REPRESENTATIVE, factory=scene.cast.factory,
        starts_at=builders.LONG_AGO,
    )
    with pytest.raises(Http404):
        queries.own_sheet(scene.cast.manager, scene.found)
    with pytest.raises(Http404):
        services.give(ref=scene.ref, by=scene.cast.manager)


def test_two_of_one_side_can_differ_and_must_choose_before_giving(scene):
    scene.opened()
    scene.say(scene.cast.manager, MANAGEMENT)
    scene.say(scene.colleague, {"SH-01": "no"})
    kept = scene.answer_of("management", "SH-01")
    assert kept.is_conflict
    with pytest.raises(Refused, match="answered one question differently"):
        services.give(ref=scene.ref, by=scene.cast.manager)
    heads = frozenset(UUID(head) for head in kept.heads)
    services.settle_own(
        ref=scene.ref, question_id="SH-01", field="answer", chosen=max(heads), heads=heads,
        change_id=uuid7(), by=scene.colleague,
    )
    assert scene.answer_of("management", "SH-01").value == "no"
    services.give(ref=scene.ref, by=scene.cast.manager)


def test_too_few_answers_are_not_taken_and_given_ones_stay(scene):
    scene.opened()
    scene.say(scene.cast.worker, {key: value for key, value in WORKERS.items() if key != "SH-02"})
    with pytest.raises(Refused, match="One more answer"):
        services.give(ref=scene.ref, by=scene.cast.worker)
    scene.given_by_workers()
    with pytest.raises(Refused, match="Your side has given"):
        scene.say(scene.cast.worker, {"SH-02": "yes"})
    assert scene.found.state == SelfState.OPEN
    scene.given_by_management()
    assert scene.found.state == SelfState.COMPARED
    comparison = comparison_for(scene.cast.coach, scene.found)
    assert {pair.question.id: str(pair.compared.match) for pair in comparison.pairs} == {
        "FG-01": "same", "FG-02": "same", "CL-01": "same", "CL-02": "same", "SH-01": "differs", "SH-02": "same",
    }
    assert [pair.question.id for pair in comparison.pairs if pair.is_to_discuss] == ["SH-01", "SH-02"]
    assert [pair.question.id for pair in comparison.admitted] == ["CL-02", "SH-02"]


def test_an_answer_for_the_factory_needs_both_sides(scene):
    scene.compared()
    services.propose(ref=scene.ref, question_id="SH-01", answer="no", text="One door.", by=scene.cast.worker)
    assert [pair.question.id for pair in comparison_for(scene.cast.manager, scene.found).admitted] == ["CL-02", "SH-02"]
    with pytest.raises(Refused, match="Your own side"):
        services.agree(ref=scene.ref, question_id="SH-01", by=scene.cast.worker)
    with pytest.raises(Http404):
        services.agree(ref=scene.ref, question_id="SH-01", by=scene.cast.coach)
    services.agree(ref=scene.ref, question_id="SH-01", by=scene.cast.manager)
    settled = comparison_for(scene.cast.manager, scene.found).pair("SH-01").compared
    assert (str(settled.match), settled.management, settled.workers, settled.answer) == ("settled", "yes", "no", "no")
    with pytest.raises(Refused):
        services.propose(ref=scene.ref, question_id="SH-01", answer="maybe", text="", by=scene.cast.worker)


def test_handing_in_asks_for_the_whole_profile_and_feeds_the_plan_once(scene):
    scene.compared()
    with pytest.raises(Incomplete) as incomplete:
        services.hand_in(ref=scene.ref, by=scene.cast.manager)
    assert incomplete.value.answers == 0
    assert {field for field, _name in incomplete.value.profile} == {*queries.PROFILE_FIELDS, "contacts"} - {"city"}
    assert not PlanItem.objects.exists()
    own = add_self_found(
        factory_ref=scene.cast.factory.ref, title="No drills", question_id="SH-02", by=scene.cast.manager
    )
    scene.with_profile()
    with clock.at(OPENED):
        services.hand_in(ref=scene.ref, by=scene.cast.worker)
    (item,) = PlanItem.objects.exclude(pk=own.pk)
    assert (item.source, item.origin, item.sharing) == (ItemSource.SELF_FOUND, ItemOrigin.SELF_ASSESSMENT, 20)
    assert (item.lineage_root, item.number) == ("CL-02", 2)
    assert item.title == "Is every worker's age checked before hiring? No."
    assert CycleStep.objects.get(key="self_assessment").done_on is not None
    assert not PlanItem.objects.permitted(scene.cast.buyer, Action.PLAN_VIEW).exists()
    with pytest.raises(Refused, match="handed in"):
        services.hand_in(ref=scene.ref, by=scene.cast.manager)


def test_the_log_and_the_notices_carry_no_answer(scene):
    scene.opened().given_by_workers()
    told = set(Notice.objects.values_list("kind", "person__name"))
    assert told == {
        ("self_assessment.opened", "Keo Sreymom"), ("self_assessment.opened", "Pich Rotha"),
        ("self_assessment.given", "Chan Sopheap"), ("self_assessment.given", "Pich Rotha"),
    }
    steps = list(Entry.objects.values_list("step", "sharing"))
    assert steps == [("self_assessment.opened", 20), ("self_assessment.given", 20)]


def test_last_time_stands_there_and_says_so(scene):
    scene.handed_in()
    scene.cycle.state = "closed"
    scene.cycle.save()
    builders.a_cycle(scene.cast.factory, 2, service_model="2021")
    with clock.at(OPENED.replace(year=2026)):
        again = services.open_self_assessment(factory_ref=scene.cast.factory.ref, by=scene.cast.worker)
        services.begin(ref=again.ref, by=scene.cast.worker)
        services.begin(ref=again.ref, by=scene.cast.worker)
        now = sheet_now(queries.own_sheet(scene.cast.worker, again))
        assert {key: line.answer for key, line in now.lines.items()} == WORKERS
        assert all(line.is_untouched for line in now.lines.values())
        line = now.lines["SH-01"]
        services.answer(
            ref=again.ref, question_id="SH-01", by=scene.cast.worker,
            said={"answer": Said(uuid7(), "yes", frozenset(line.said("answer").heads))},
        )
        now = sheet_now(queries.own_sheet(scene.cast.worker, again))
    assert [(line.is_changed, line.is_untouched) for line in now.lines.values()].count((True, False)) == 1
    assert now.lines["SH-01"].last.answer == "no"


def test_the_sheet_takes_the_same_queries_for_few_and_many_answers(scene, django_assert_num_queries):
    scene.opened()
    sheet = queries.own_sheet(scene.cast.manager, scene.found)
    sheet_now(sheet)
    with django_assert_num_queries(4):
        sheet_now(sheet)
    scene.say(scene.cast.manager, MANAGEMENT)
    with django_assert_num_queries(4):
        sheet_now(sheet)
