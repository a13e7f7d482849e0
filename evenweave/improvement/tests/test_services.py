"""What each may do to an item, what it becomes, who is told, and what is refused."""

import io
import threading
from datetime import date

import pytest
from django.db import connections
from django.http import Http404
from PIL import Image

from evenweave.access.enums import Action, Shared
from evenweave.access.models import Standing
from evenweave.activity.models import Entry
from evenweave.improvement.models import (
    ItemAction,
    ItemCheck,
    ItemDetail,
    ItemEvidence,
    Plan,
    PlanItem,
    SideAnswer,
    ThreadMessage,
)
from evenweave.improvement.services import (
    EditConflict,
    add_action,
    add_evidence,
    add_self_found,
    answer_agreement,
    decide_check,
    edit_item,
    finish_action,
    merge_plans,
    move_item,
    share_details,
    withdraw_item,
    write_message,
)
from evenweave.improvement.tests.scene import FIRST_DAY, SECOND_YEAR, adopted, released
from evenweave.notifications.models import Notice
from evenweave.toolkit import clock
from evenweave.toolkit.files import files_of
from evenweave.toolkit.refusals import Refused
from tests import builders

TODAY = FIRST_DAY.date()


def a_photo() -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(file, "JPEG")
    file.seek(0)
    return file


def told(kind: str) -> set[str]:
    return set(Notice.objects.filter(kind=kind).values_list("person__name", flat=True))


def edited(scene, by, revision=1, **fields):
    written = {"immediate_action": "", "whys": [], "root_cause": ""} | fields
    return edit_item(ref=scene.item.ref, revision=revision, by=by, **written)


def done(scene, item):
    for person in (scene.manager, scene.worker):
        answer_agreement(ref=item.ref, position="agrees", by=person)
    add = add_action(
        ref=item.ref, text="Clear it.", owner_name="Keo Vanna", owner_side="management", due_on=TODAY, by=scene.manager
    )
    finish_action(action_ref=add.ref, done_on=TODAY, by=scene.worker)
    move_item(ref=item.ref, status="in_progress", by=scene.manager)
    return move_item(ref=item.ref, status="completed", by=scene.manager)


WORK = {
    "self_found": lambda scene, by: add_self_found(factory_ref=scene.factory.ref, title="Wires", by=by),
    "edit": lambda scene, by: edited(scene, by, root_cause="Nobody owns it."),
    "action": lambda scene, by: add_action(
        ref=scene.item.ref, text="Clear it.", owner_name="Keo", owner_side="workers", due_on=TODAY, by=by
    ),
    "move": lambda scene, by: move_item(ref=scene.item.ref, status="in_progress", by=by),
    "evidence": lambda scene, by: add_evidence(ref=scene.item.ref, file=a_photo(), note="", is_before=True, by=by),
}
AGREE = {"agree": lambda scene, by: answer_agreement(ref=scene.item.ref, position="agrees", by=by)}
SHARE = {"share": lambda scene, by: share_details(plan_ref=scene.plan.ref, by=by)}
TALK = {"talk": lambda scene, by: write_message(plan_ref=scene.plan.ref, item_ref=scene.item.ref, text="Hello", by=by)}

MAY = {name: {"manager", "worker", "coach"} for name in WORK} | {
    "agree": {"manager", "worker"},
    "share": {"manager"},
    "talk": {"manager", "worker", "coach", "buyer", "team_leader", "programme_manager"},
}


@pytest.mark.parametrize("name", sorted(MAY))
def test_who_may(scene, name):
    """Everybody tries; the others find no such item. No buyer works on the plan, let alone makes another."""
    take = (WORK | AGREE | SHARE | TALK)[name]
    able = set()
    for key, person in scene.people.items():
        if person is None:
            continue
        try:
            take(scene, person)
        except Http404:
            continue
        except Refused:
            pass
        able.add(key)
    assert able == MAY[name]


def test_no_buyer_can_make_a_plan_or_an_item(scene):
    plans, items = Plan.objects.count(), PlanItem.objects.count()
    for factory in (scene.factory, scene.other_factory):
        builders.a_cycle(factory, 7) if factory == scene.other_factory else None
        for buyer in (scene.buyer, scene.unpaid_buyer, scene.stranger_buyer):
            with pytest.raises(Http404):
                add_self_found(factory_ref=factory.ref, title="Ours", by=buyer)
    assert (Plan.objects.count(), PlanItem.objects.count()) == (plans, items)


def test_the_first_issue_of_a_factory_opens_its_plan(scene):
    item = add_self_found(factory_ref=scene.other_factory.ref, title="Wires", by=scene.other_manager)
    again = add_self_found(factory_ref=scene.other_factory.ref, title="Fans", by=scene.other_manager)
    assert (item.number, again.number, item.plan, item.plan.factory) == (1, 2, again.plan, scene.other_factory)


def test_an_edit_keeps_what_is_written_and_a_late_one_shows_both(scene):
    edited(scene, scene.manager, whys=[("Why?", "Cartons wait."), ("", "")], root_cause="Nobody owns the space.")
    detail = ItemDetail.objects.get(item=scene.item)
    assert (detail.whys, detail.root_cause, detail.revision, detail.changed_by) == (
        [["Why?", "Cartons wait."]], "Nobody owns the space.", 2, scene.manager,
    )
    with pytest.raises(EditConflict) as conflict:
        edited(scene, scene.worker, revision=1, root_cause="The store is full.")
    assert conflict.value.theirs.root_cause == "Nobody owns the space."
    assert "Chan Sopheap" in conflict.value.message
    edited(scene, scene.worker, revision=1, whys=[("Why?", "Cartons wait.")], root_cause="Nobody owns the space.")
    edited(scene, scene.worker, revision=2, root_cause="The store is full.")
    detail.refresh_from_db()
    assert (detail.root_cause, detail.revision) == ("The store is full.", 3)


def test_the_due_day_is_that_of_the_earliest_open_action(scene):
    actions = [
        add_action(ref=scene.item.ref, text="x", owner_name="Keo", owner_side="workers", due_on=day, by=scene.worker)
        for day in (date(2026, 3, 5), date(2026, 2, 9))
    ]
    detail = ItemDetail.objects.get(item=scene.item)
    assert detail.due_on == date(2026, 2, 9)
    with pytest.raises(Refused):
        finish_action(action_ref=actions[1].ref, done_on=date(2026, 2, 3), by=scene.worker)
    finish_action(action_ref=actions[1].ref, done_on=TODAY, by=scene.worker)
    detail.refresh_from_db()
    assert detail.due_on == date(2026, 3, 5)
    finish_action(action_ref=actions[0].ref, done_on=TODAY, by=scene.worker)
    detail.refresh_from_db()
    assert detail.due_on is None
    assert detail.revision == 1


def test_done_needs_answers_and_something_done(scene):
    move_item(ref=scene.item.ref, status="in_progress", by=scene.worker)
    with pytest.raises(Refused) as refusal:
        move_item(ref=scene.item.ref, status="completed", by=scene.worker)
    assert refusal.value.message == (
        "Item 2 cannot be called done yet: management has not answered; the workers' side has not answered; "
        "nothing is written about what was done."
    )
    with pytest.raises(Refused) as refusal:
        move_item(ref=scene.public_item.ref, status="completed", by=scene.worker)
    assert refusal.value.message == "An item cannot go from “Pending” to “Completed” in one step."


def test_a_disagreement_is_kept_with_its_reason_and_blocks_nothing(scene):
    with pytest.raises(Refused) as refusal:
        answer_agreement(ref=scene.item.ref, position="disagrees", by=scene.worker)
    assert refusal.value.field == "reason"
    answer_agreement(ref=scene.item.ref, position="disagrees", reason="The date is too late.", by=scene.worker)
    edited(scene, scene.manager, immediate_action="Cleared.")
    answer_agreement(ref=scene.item.ref, position="agrees", by=scene.manager)
    move_item(ref=scene.item.ref, status="in_progress", by=scene.manager)
    item = move_item(ref=scene.item.ref, status="completed", by=scene.manager)
    assert (item.workers, item.verification, item.completed_at) == ("disagrees", "not_needed", FIRST_DAY)
    assert list(SideAnswer.objects.values_list("side", "position", "reason")) == [
        ("workers", "disagrees", "The date is too late."), ("management", "agrees", ""),
    ]
    assert told("plan.check_asked") == set()


def test_a_manager_cannot_answer_for_the_workers(scene):
    answer_agreement(ref=scene.item.ref, position="agrees", by=scene.manager)
    scene.item.refresh_from_db()
    assert (scene.item.management, scene.item.workers) == ("agrees", "not_yet")
    Standing.objects.create(
        holder=scene.manager, role="worker_representative", factory=scene.factory, starts_at=builders.LONG_AGO
    )
    with pytest.raises(Refused):
        answer_agreement(ref=scene.item.ref, position="agrees", by=scene.manager)


def test_a_publicly_reported_item_asks_for_its_check_and_is_verified_by_staff(scene):
    item = done(scene, scene.public_item)
    assert item.verification == "asked"
    assert told("plan.check_asked") == {"Heng Vibol", "Prak Nary"}
    with pytest.raises(Http404):
        decide_check(ref=item.ref, is_accepted=True, by=scene.manager)
    with pytest.raises(Refused) as refusal:
        decide_check(ref=item.ref, is_accepted=False, reason=" ", by=scene.coach)
    assert refusal.value.field == "reason"
    item = decide_check(ref=item.ref, is_accepted=False, reason="The lock is still there.", by=scene.coach)
    assert (item.status, item.verification, item.completed_at) == ("in_progress", "refused", None)
    assert told("plan.checked") == {"Chan Sopheap", "Keo Sreymom"}
    move_item(ref=item.ref, status="completed", by=scene.worker)
    item = decide_check(ref=item.ref, is_accepted=True, by=scene.team_leader)
    assert (item.status, item.verification) == ("completed", "verified")
    assert list(ItemCheck.objects.values_list("is_accepted", "reason", "decided_by__name")) == [
        (False, "The lock is still there.", "Heng Vibol"), (True, "", "Prak Nary"),
    ]
    with pytest.raises(Refused):
        move_item(ref=item.ref, status="in_progress", by=scene.manager)
    with pytest.raises(Refused):
        decide_check(ref=item.ref, is_accepted=False, reason="No.", by=scene.coach)
    with pytest.raises(Refused):
        add_evidence(ref=item.ref, file=a_photo(), note="", is_before=False, by=scene.worker)


def test_taking_an_item_back_takes_the_question_back(scene):
    item = done(scene, scene.public_item)
    move_item(ref=item.ref, status="in_progress", by=scene.worker)
    item.refresh_from_db()
    assert (item.verification, item.completed_at, ItemCheck.objects.count()) == ("needed", None, 0)


def test_what_is_done_is_not_rewritten(scene):
    done(scene, scene.item)
    for take in (WORK["edit"], WORK["action"], AGREE["agree"]):
        with pytest.raises(Refused):
            take(scene, scene.manager)


def test_evidence_is_a_picture_and_nothing_else(scene):
    with pytest.raises(Refused) as refusal:
        add_evidence(ref=scene.item.ref, file=io.BytesIO(b"<svg/>"), note="", is_before=False, by=scene.worker)
    assert refusal.value.field == "file"
    assert ItemEvidence.objects.count() == 0
    evidence = add_evidence(ref=scene.item.ref, file=a_photo(), note="East exit", is_before=False, by=scene.worker)
    [stored] = files_of(evidence)
    assert (stored.content_type, stored.action) == ("image/jpeg", Action.PLAN_DETAIL)


def test_buyers_read_causes_actions_and_proof_only_once_the_factory_shares_them(scene):
    edited(scene, scene.manager, root_cause="Nobody owns the space.")
    add_evidence(ref=scene.item.ref, file=a_photo(), note="", is_before=True, by=scene.worker)
    WORK["action"](scene, scene.manager)
    answer_agreement(ref=scene.item.ref, position="disagrees", reason="Too late.", by=scene.worker)
    done(scene, scene.public_item)
    details = (ItemDetail, ItemAction, ItemEvidence, SideAnswer, ItemCheck)

    def read_by(person) -> list[bool]:
        return [model.objects.permitted(person, Action.PLAN_DETAIL).exists() for model in details]

    assert read_by(scene.buyer) == [False] * 5
    assert read_by(scene.worker) == read_by(scene.quality) == [True] * 5
    with pytest.raises(Http404):
        share_details(plan_ref=scene.plan.ref, by=scene.worker)
    share_details(plan_ref=scene.plan.ref, by=scene.manager)
    share_details(plan_ref=scene.plan.ref, by=scene.manager)
    assert read_by(scene.buyer) == [True] * 5
    assert read_by(scene.unpaid_buyer) == [False] * 5
    assert told("plan.shared") == {"Lena Berg"}
    assert Entry.objects.filter(step="plan.shared").count() == 1
    # What the factory found itself stays its own.
    own = add_self_found(factory_ref=scene.factory.ref, title="Wires", by=scene.manager)
    add_action(ref=own.ref, text="x", owner_name="K", owner_side="workers", due_on=TODAY, by=scene.manager)
    assert not ItemAction.objects.permitted(scene.buyer, Action.PLAN_DETAIL).filter(item=own).exists()


def test_a_message_reaches_the_factory_its_coach_and_the_buyers_that_paid_and_its_writer_is_not_told(scene):
    message = write_message(
        plan_ref=scene.plan.ref, item_ref=scene.item.ref, text=" Can we help? ", by=scene.buyer
    )
    assert (message.text, message.buyer, message.sharing, message.cycle) == (
        "Can we help?", scene.nordlys, Shared.BUYERS, scene.cycle,
    )
    assert told("thread.written") == {"Chan Sopheap", "Keo Sreymom", "Heng Vibol"}
    builders.paid(scene.costa, scene.cycle)
    Notice.objects.all().delete()
    write_message(plan_ref=scene.plan.ref, item_ref=scene.item.ref, text="Yes", by=scene.manager)
    assert told("thread.written") == {"Keo Sreymom", "Heng Vibol", "Lena Berg", "Bruno Costa"}
    with pytest.raises(Refused):
        write_message(plan_ref=scene.plan.ref, text="  ", by=scene.manager)


def test_a_word_about_the_plan_belongs_to_its_cycle(scene):
    old = write_message(plan_ref=scene.plan.ref, text="Year one", by=scene.manager)
    cycle_2 = builders.a_cycle(scene.factory, 2, starts_on=date(2026, 11, 2))
    builders.paid(scene.costa, cycle_2)
    with clock.at(SECOND_YEAR):
        new = write_message(plan_ref=scene.plan.ref, text="Year two", by=scene.worker)
        of_buyer = write_message(plan_ref=scene.plan.ref, text="Still here", by=scene.buyer)
    def read(person):
        return set(ThreadMessage.objects.permitted(person, Action.THREAD_VIEW))
    assert read(scene.buyer) == {old, of_buyer}
    assert read(scene.unpaid_buyer) == {new}
    assert read(scene.worker) == {old, new, of_buyer}


def test_the_factory_takes_back_only_what_it_had_found_itself(scene):
    own = add_self_found(factory_ref=scene.factory.ref, title="Wires", by=scene.manager)
    with pytest.raises(Refused):
        withdraw_item(ref=own.ref, reason="", by=scene.worker)
    assert withdraw_item(ref=own.ref, reason="It was a shadow.", by=scene.worker).withdrawn_at == FIRST_DAY
    with pytest.raises(Refused):
        withdraw_item(ref=scene.item.ref, reason="We do not like it.", by=scene.manager)
    with pytest.raises(Refused):
        move_item(ref=own.ref, status="in_progress", by=scene.manager)


def test_two_plans_become_one(scene):
    cycle = builders.a_cycle(scene.other_factory)
    adopted(scene, released(scene, cycle, scene.first_tool), "EX-2", "EX-3")
    twin = PlanItem.objects.get(plan__factory=scene.other_factory, lineage_root="EX-2")
    WORK["action"](scene, scene.manager)
    add_action(
        ref=twin.ref, text="y", owner_name="D", owner_side="workers", due_on=date(2026, 2, 1), by=scene.other_manager
    )
    merge_plans(survivor=scene.factory, duplicate=scene.other_factory, by=scene.programme_manager)
    items = PlanItem.objects.filter(plan=scene.plan).order_by("number")
    assert list(items.values_list("number", "lineage_root", "withdrawn_reason")) == [
        (1, "EX-1", ""), (2, "EX-2", ""), (3, "EX-2", "Item 2 takes over."), (4, "EX-3", "")
    ]
    assert scene.item.item_findings.count() == 2
    assert scene.item.actions.count() == 2
    assert ItemDetail.objects.get(item=scene.item).due_on == date(2026, 2, 1)
    assert not PlanItem.objects.filter(plan__factory=scene.other_factory).exists()


def test_the_log_says_what_was_done_as_far_shared_as_the_item_and_carries_no_words(scene):
    own = add_self_found(factory_ref=scene.factory.ref, title="Secret wires", by=scene.manager)
    edited(scene, scene.manager, root_cause="Secret cause")
    write_message(plan_ref=scene.plan.ref, item_ref=scene.item.ref, text="Secret talk", by=scene.buyer)
    about_own = Entry.objects.get(about=f"improvement.planitem:{own.ref}")
    assert (about_own.step, about_own.sharing, about_own.cycle) == ("plan_item.added", Shared.FACTORY, None)
    entries = Entry.objects.filter(about=f"improvement.planitem:{scene.item.ref}").order_by("number")
    assert [(e.step, e.sharing, e.cycle, e.actor.name) for e in entries] == [
        ("plan_item.added", Shared.BUYERS, scene.cycle, "Ros Samnang"),
        ("plan_item.changed", Shared.BUYERS, scene.cycle, "Chan Sopheap"),
        ("thread.written", Shared.BUYERS, scene.cycle, "Lena Berg"),
    ]
    for entry in Entry.objects.select_related("payload"):
        assert "Secret" not in str(entry.payload.content)


@pytest.mark.django_db(transaction=True)
def test_two_sides_that_answer_at_once_are_both_heard(cast):
    cycle = builders.a_cycle(cast.factory)
    plan = builders.a_plan(cast.factory)
    item = PlanItem.objects.create(plan=plan, number=1, source="finding", title="Exit", cycle=cycle)
    start, failures = threading.Barrier(2), []

    def answer(person, position):
        try:
            start.wait()
            answer_agreement(ref=item.ref, position=position, reason="Too late.", by=person)
        except Exception as failure:
            failures.append(failure)
        finally:
            connections.close_all()

    sides = [(cast.manager, "agrees"), (cast.worker, "disagrees")]
    threads = [threading.Thread(target=answer, args=side) for side in sides]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    item.refresh_from_db()
    assert (item.management, item.workers) == ("agrees", "disagrees")
    assert Entry.objects.filter(step="plan_item.agreed").count() == 2
