"""Findings enter the plan at release, attach to what is open over years and tool versions, and leave when withdrawn."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evenweave.access.enums import Action, Shared
from evenweave.activity.models import Entry
from evenweave.assessments.models import Finding, FindingWithdrawal
from evenweave.improvement.models import ItemFinding, Plan, PlanItem, ThreadMessage
from evenweave.improvement.services import (
    add_action,
    add_self_found,
    adopt_findings,
    answer_agreement,
    decide_check,
    edit_item,
    finish_action,
    move_item,
    withdraw_finding,
    write_message,
)
from evenweave.improvement.tests.scene import FIRST, FIRST_DAY, SECOND, SECOND_YEAR, a_finding, adopted, released
from evenweave.toolkit import clock
from evenweave.toolkit.refusals import Refused
from tests import builders


def state(item) -> tuple[str, ...]:
    item.refresh_from_db()
    return item.status, item.management, item.workers, item.verification


def complete(scene, item) -> None:
    for person in (scene.manager, scene.worker):
        answer_agreement(ref=item.ref, position="agrees", by=person)
    action = add_action(
        ref=item.ref, text="Clear it.", owner_name="Keo Vanna", owner_side="management",
        due_on=FIRST_DAY.date(), by=scene.manager,
    )
    finish_action(action_ref=action.ref, done_on=FIRST_DAY.date(), by=scene.worker)
    move_item(ref=item.ref, status="in_progress", by=scene.manager)
    move_item(ref=item.ref, status="completed", by=scene.manager)


@pytest.fixture
def second_year(scene):
    """Cycle 2 on the second tool, unpaid by everybody; it is 1 February 2027."""
    scene.cycle_2 = builders.a_cycle(scene.factory, 2, starts_on=scene.cycle.ends_on + timedelta(days=1))
    scene.assessment_2 = released(scene, scene.cycle_2, scene.second_tool)
    with clock.at(SECOND_YEAR):
        yield scene


def in_second_year(scene, *question_ids):
    return adopted(scene, scene.assessment_2, *question_ids, roots=SECOND, at=SECOND_YEAR)


def test_a_release_makes_the_items(scene):
    items = list(PlanItem.objects.order_by("number"))
    assert [
        (i.number, i.title, i.lineage_root, i.is_public, i.status, i.verification, i.source, i.sharing, i.cycle_id)
        for i in items
    ] == [
        (1, "EX-1 is not well.", "EX-1", True, "pending", "needed", "finding", Shared.BUYERS, scene.cycle.pk),
        (2, "EX-2 is not well.", "EX-2", False, "pending", "not_needed", "finding", Shared.BUYERS, scene.cycle.pk),
    ]
    entries = Entry.objects.filter(step="plan_item.added").values_list("about", "sharing", "cycle_id", "actor_id")
    assert set(entries) == {
        (f"improvement.planitem:{item.ref}", Shared.BUYERS, scene.cycle.pk, scene.programme_manager.pk)
        for item in items
    }


def test_the_database_allows_no_second_plan_and_no_second_open_item_of_a_lineage(scene):
    with pytest.raises(IntegrityError), transaction.atomic():
        Plan.objects.create(factory=scene.factory)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanItem.objects.create(plan=scene.plan, number=9, source="finding", title="Again", lineage_root="EX-1")


def test_a_later_finding_attaches_and_reopens_what_was_completed(second_year):
    scene = second_year
    complete(scene, scene.item)
    answer_agreement(ref=scene.public_item.ref, position="agrees", by=scene.manager)
    [item] = in_second_year(scene, "EX-12")  # merged of EX-1 and EX-2: the canonical root is EX-1
    assert item == scene.public_item
    assert state(scene.public_item) == ("pending", "agrees", "not_yet", "not_needed")
    assert scene.public_item.cycle == scene.cycle_2
    assert scene.public_item.question_id == "EX-12"
    assert state(scene.item) == ("completed", "agrees", "agrees", "not_needed")
    assert PlanItem.objects.count() == 2


def test_a_merged_questions_finding_takes_the_item_of_the_root_that_has_one(second_year):
    scene = second_year
    complete(scene, scene.item)
    scene.public_item.item_findings.all().delete()
    scene.public_item.delete()
    [item] = in_second_year(scene, "EX-12")
    assert item == scene.item
    assert state(scene.item) == ("pending", "not_yet", "not_yet", "not_needed")
    assert Entry.objects.filter(step="plan_item.reopened", about=f"improvement.planitem:{item.ref}").count() == 1


def test_the_parts_of_a_split_question_share_one_item(second_year):
    scene = second_year
    items = in_second_year(scene, "EX-3A", "EX-3B", "EX-5")
    assert [(i.number, i.lineage_root, i.is_public, i.verification) for i in items] == [
        (3, "EX-3", True, "needed"), (4, "EX-5", False, "not_needed"),
    ]
    assert items[0].item_findings.count() == 2


def test_a_self_found_issue_is_upgraded_with_all_its_work(scene):
    item = add_self_found(factory_ref=scene.factory.ref, title="Wires hang", question_id="EX-4", by=scene.worker)
    assert (item.number, item.sharing, item.cycle, item.source) == (3, Shared.FACTORY, None, "self_found")
    answer_agreement(ref=item.ref, position="agrees", by=scene.worker)
    move_item(ref=item.ref, status="in_progress", by=scene.worker)
    again = adopted(scene, scene.assessment, "EX-4")
    assert again == [item]
    item.refresh_from_db()
    assert (item.title, item.source, item.sharing, item.cycle_id, item.status, item.workers) == (
        "Wires hang", "finding", Shared.BUYERS, scene.cycle.pk, "in_progress", "agrees",
    )


def test_what_was_said_in_confidence_stays_so_when_the_item_is_upgraded(scene):
    item = add_self_found(factory_ref=scene.factory.ref, title="Wires hang", question_id="EX-4", by=scene.worker)
    write_message(plan_ref=scene.plan.ref, item_ref=item.ref, text="Only us here.", by=scene.worker)
    adopted(scene, scene.assessment, "EX-4")
    write_message(plan_ref=scene.plan.ref, item_ref=item.ref, text="All of us.", by=scene.worker)
    def read(person):
        return list(ThreadMessage.objects.permitted(person, Action.THREAD_VIEW).values_list("text", flat=True))
    assert read(scene.buyer) == ["All of us."]
    assert read(scene.manager) == ["Only us here.", "All of us."]


def test_what_was_said_to_buyers_goes_on_with_the_item_to_those_of_its_new_cycle(second_year):
    scene = second_year
    builders.paid(scene.costa, scene.cycle_2)
    write_message(plan_ref=scene.plan.ref, item_ref=scene.public_item.ref, text="Since last year", by=scene.manager)
    def readers():
        read = ThreadMessage.objects.permitted
        return {key for key in ("buyer", "unpaid_buyer") if read(scene.people[key], Action.THREAD_VIEW).exists()}
    assert readers() == {"buyer"}
    in_second_year(scene, "EX-12")
    assert readers() == {"unpaid_buyer"}
    withdraw_finding(finding=Finding.objects.get(question_id="EX-12"), reason="No.", by=scene.programme_manager)
    assert readers() == {"buyer"}


def test_one_issue_has_one_item(scene):
    with pytest.raises(Refused) as refusal:
        add_self_found(factory_ref=scene.factory.ref, title="Exit", question_id="EX-1", by=scene.manager)
    assert refusal.value.field == "question"
    assert refusal.value.message == "Item 1 is about this question already. Go on working there."


def test_a_withdrawn_finding_closes_its_item(scene):
    finding = Finding.objects.get(question_id="EX-1")
    withdraw_finding(finding=finding, reason="The exit was open.", by=scene.programme_manager)
    scene.public_item.refresh_from_db()
    assert scene.public_item.withdrawn_reason == "The exit was open."
    assert scene.public_item.withdrawn_at == FIRST_DAY
    scene.item.refresh_from_db()
    assert scene.item.withdrawn_at is None


def test_another_finding_holds_the_item(scene):
    [one, other] = [a_finding(scene.assessment, qid, SECOND) for qid in ("EX-3A", "EX-3B")]
    [item] = adopt_findings(assessment=scene.assessment, findings=[one, other], at=FIRST_DAY, by=None)
    withdraw_finding(finding=one, reason="No.", by=scene.programme_manager)
    FindingWithdrawal.objects.create(finding=one, reason="No.", by=scene.programme_manager)
    item.refresh_from_db()
    assert (item.withdrawn_at, item.question_id, item.is_public, item.verification) == (
        None, "EX-3B", False, "not_needed",
    )
    withdraw_finding(finding=other, reason="Nor that.", by=scene.programme_manager)
    item.refresh_from_db()
    assert item.withdrawn_reason == "Nor that."


def test_what_a_withdrawn_finding_had_reopened_is_completed_again_in_its_old_cycle(second_year):
    scene = second_year
    complete(scene, scene.public_item)
    decide_check(ref=scene.public_item.ref, is_accepted=True, by=scene.team_leader)
    in_second_year(scene, "EX-12")
    assert state(scene.public_item) == ("pending", "not_yet", "not_yet", "not_needed")
    withdraw_finding(finding=Finding.objects.get(question_id="EX-12"), reason="No.", by=scene.programme_manager)
    assert state(scene.public_item) == ("completed", "agrees", "agrees", "verified")
    assert (scene.public_item.cycle, scene.public_item.question_id, scene.public_item.is_public) == (
        scene.cycle, "EX-1", True,
    )
    assert scene.public_item.completed_at == SECOND_YEAR


def test_what_the_factory_had_found_itself_goes_back_to_it(scene):
    item = add_self_found(factory_ref=scene.factory.ref, title="Wires hang", question_id="EX-4", by=scene.worker)
    adopted(scene, scene.assessment, "EX-4")
    withdraw_finding(finding=Finding.objects.get(question_id="EX-4"), reason="No.", by=scene.programme_manager)
    item.refresh_from_db()
    assert (item.source, item.sharing, item.cycle, item.withdrawn_at) == ("self_found", Shared.FACTORY, None, None)
    assert not PlanItem.objects.permitted(scene.buyer, Action.PLAN_VIEW).filter(pk=item.pk).exists()


def test_a_withdrawn_item_is_not_found_again_but_made_anew(second_year):
    scene = second_year
    withdraw_finding(finding=Finding.objects.get(question_id="EX-1"), reason="No.", by=scene.programme_manager)
    withdraw_finding(finding=Finding.objects.get(question_id="EX-2"), reason="No.", by=scene.programme_manager)
    [item] = in_second_year(scene, "EX-12")
    assert (item.number, item.lineage_root) == (3, "EX-1")


def test_the_cost_of_adopting_does_not_grow_with_the_findings(scene, monkeypatch):
    monkeypatch.setattr("evenweave.improvement.services.adopting.record", lambda *args, **payload: None)
    roots = {f"ZZ-{n}": [f"ZZ-{n}"] for n in range(60)}
    asked = []
    for numbers in (range(3), range(3, 60)):
        findings = [a_finding(scene.assessment, f"ZZ-{n}", roots) for n in numbers]
        with CaptureQueriesContext(connection) as queries:
            adopt_findings(assessment=scene.assessment, findings=findings, at=FIRST_DAY, by=None)
        asked.append(len(queries))
    assert asked == [10, 10]


QUESTIONS = st.sampled_from([("first", qid) for qid in FIRST] + [("second", qid) for qid in SECOND])
EVENTS = st.lists(
    st.tuples(st.sampled_from(["finding", "finding", "self_found", "withdraw", "complete"]), QUESTIONS), max_size=14
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=EVENTS)
def test_whatever_happens_one_lineage_has_at_most_one_open_item(second_year, events):
    scene = second_year
    with transaction.atomic():
        for kind, (version, qid) in events:
            _happen(scene, kind, version, qid)
        openly = PlanItem.objects.filter(plan=scene.plan, withdrawn_at__isnull=True).exclude(lineage_root="")
        roots = list(openly.values_list("lineage_root", flat=True))
        assert len(roots) == len(set(roots))
        numbers = list(PlanItem.objects.order_by("number").values_list("number", flat=True))
        assert numbers == list(range(1, len(numbers) + 1))
        standing = Finding.objects.filter(withdrawal__isnull=True)
        # Every finding that stands hangs on an open item that is shared and lies in the cycle of its newest finding.
        for finding in standing:
            item = finding.item_finding.item
            assert item.withdrawn_at is None
            assert item.sharing == Shared.BUYERS
        for item in openly.filter(source="finding"):
            held = [link.finding for link in ItemFinding.objects.filter(item=item, finding__in=standing)]
            newest = max(held, key=lambda finding: (finding.made_at, finding.pk))
            assert item.cycle_id == newest.cycle_id
        transaction.set_rollback(True)


def _happen(scene, kind, version, qid):
    assessment, roots = (scene.assessment, FIRST) if version == "first" else (scene.assessment_2, SECOND)
    if kind == "finding":
        adopted(scene, assessment, qid, roots=roots, at=clock.now())
    elif kind == "self_found" and version == "second":
        try:
            add_self_found(factory_ref=scene.factory.ref, title=qid, question_id=qid, by=scene.manager)
        except Refused:
            assert PlanItem.objects.filter(lineage_root__in=SECOND[qid], withdrawn_at=None).exists()
    elif kind == "withdraw":
        finding = Finding.objects.filter(question_id=qid, withdrawal__isnull=True).first()
        if finding:
            withdraw_finding(finding=finding, reason="No.", by=scene.programme_manager)
            FindingWithdrawal.objects.create(finding=finding, reason="No.", by=scene.programme_manager)
    else:
        item = PlanItem.objects.filter(lineage_root=roots[qid][0], withdrawn_at=None).first()
        if item and item.status == "pending":
            edit_item(ref=item.ref, immediate_action="x", whys=[], root_cause="", revision=item.detail.revision,
                      by=scene.manager)
            complete(scene, item)
