"""Where an item stands and what may become of it: written by hand from DESIGN 8 and DOMAIN 3.2 and 10b."""

import pytest

from evenweave.access.enums import Role
from evenweave.improvement import rules
from evenweave.improvement.enums import ItemStatus, Lack, Lane, Side
from evenweave.improvement.rules import State


@pytest.mark.parametrize(
    ("now", "to", "may"),
    [
        ("pending", "in_progress", True),
        ("pending", "completed", False),
        ("pending", "pending", False),
        ("in_progress", "pending", True),
        ("in_progress", "completed", True),
        ("in_progress", "in_progress", False),
        ("completed", "in_progress", True),
        ("completed", "pending", False),
        ("completed", "completed", False),
    ],
)
def test_an_item_goes_step_by_step(now, to, may):
    assert rules.may_move(now, to) is may


@pytest.mark.parametrize(
    ("status", "management", "workers", "verification", "lane"),
    [
        ("pending", "not_yet", "not_yet", "not_needed", Lane.TO_AGREE),
        ("pending", "agrees", "not_yet", "needed", Lane.TO_AGREE),
        ("pending", "agrees", "disagrees", "needed", Lane.TO_AGREE),
        ("pending", "agrees", "agrees", "not_needed", Lane.AGREED),
        ("pending", "agrees", "agrees", "needed", Lane.AGREED),
        ("in_progress", "not_yet", "not_yet", "needed", Lane.DOING),
        ("in_progress", "agrees", "agrees", "refused", Lane.DOING),
        ("completed", "agrees", "agrees", "asked", Lane.WAITING),
        ("completed", "agrees", "agrees", "needed", Lane.WAITING),
        ("completed", "agrees", "disagrees", "verified", Lane.VERIFIED),
        ("completed", "agrees", "agrees", "not_needed", Lane.VERIFIED),
    ],
)
def test_the_five_columns(status, management, workers, verification, lane):
    assert rules.lane_of(State(status, management, workers, verification)) == lane


@pytest.mark.parametrize(
    ("status", "verification", "own_word"),
    [
        ("completed", "not_needed", True),
        ("completed", "asked", True),
        ("completed", "verified", False),
        ("in_progress", "refused", False),
    ],
)
def test_what_nobody_checked_is_the_factorys_own_word(status, verification, own_word):
    assert rules.is_own_word(State(status, verification=verification)) is own_word


def test_only_what_is_publicly_reported_is_checked():
    assert rules.verification_at_start(is_public=True) == "needed"
    assert rules.verification_at_start(is_public=False) == "not_needed"


@pytest.mark.parametrize(
    ("before", "to", "is_public", "after"),
    [
        (("in_progress", "needed"), "completed", True, ("completed", "asked")),
        (("in_progress", "refused"), "completed", True, ("completed", "asked")),
        (("in_progress", "not_needed"), "completed", False, ("completed", "not_needed")),
        (("completed", "asked"), "in_progress", True, ("in_progress", "needed")),
        (("completed", "not_needed"), "in_progress", False, ("in_progress", "not_needed")),
        (("pending", "needed"), "in_progress", True, ("in_progress", "needed")),
    ],
)
def test_moving_asks_for_the_check_and_takes_it_back(before, to, is_public, after):
    state = rules.moved(State(before[0], "agrees", "agrees", before[1]), to, is_public=is_public)
    assert (state.status, state.verification) == after
    assert (state.management, state.workers) == ("agrees", "agrees")


def test_a_check_verifies_or_sends_back_to_work():
    asked = State("completed", "agrees", "agrees", "asked")
    assert rules.checked(asked, is_accepted=True) == State("completed", "agrees", "agrees", "verified")
    assert rules.checked(asked, is_accepted=False) == State("in_progress", "agrees", "agrees", "refused")


@pytest.mark.parametrize(
    ("before", "is_public", "after"),
    [
        # Completed: it did not hold. Everybody looks anew.
        (State("completed", "agrees", "agrees", "verified"), True, State("pending", "not_yet", "not_yet", "needed")),
        (State("completed", "agrees", "agrees", "not_needed"), False, State("pending")),
        (State("completed", "agrees", "agrees", "asked"), False, State("pending")),
        # Still being worked on: the work goes on.
        (State("in_progress", "agrees", "disagrees", "not_needed"), True,
         State("in_progress", "agrees", "disagrees", "needed")),
        (State("in_progress", "agrees", "agrees", "needed"), False,
         State("in_progress", "agrees", "agrees", "not_needed")),
        (State("in_progress", "agrees", "agrees", "refused"), True,
         State("in_progress", "agrees", "agrees", "refused")),
        (State("pending", "agrees", "not_yet", "not_needed"), False,
         State("pending", "agrees", "not_yet", "not_needed")),
    ],
)
def test_a_new_finding_reopens_what_was_completed(before, is_public, after):
    assert rules.found_again(before, is_public=is_public) == after


@pytest.mark.parametrize(
    ("roots", "held", "item"),
    [
        (["EX-1"], {"EX-1": 3, "EX-2": 4}, 3),
        (["EX-1"], {"EX-2": 4}, None),
        (["EX-1", "EX-2"], {"EX-1": 3, "EX-2": 4}, 3),  # merged: the canonical root's item
        (["EX-1", "EX-2"], {"EX-2": 4}, 4),  # merged: the only one there is
        (["EX-1", "EX-2", "EX-3"], {"EX-3": 9, "EX-2": 4}, 4),
        (["EX-1"], {}, None),
    ],
)
def test_a_finding_attaches_to_the_open_item_of_its_lineage(roots, held, item):
    assert rules.item_for(roots, held) == item


@pytest.mark.parametrize(
    ("state", "is_withdrawn", "moves"),
    [
        (State("pending"), False, ["in_progress"]),
        (State("in_progress"), False, ["pending", "completed"]),
        (State("completed"), False, ["in_progress"]),
        (State("completed", verification="asked"), False, ["in_progress"]),
        (State("completed", verification="verified"), False, []),
        (State("in_progress"), True, []),
    ],
)
def test_where_an_item_may_go(state, is_withdrawn, moves):
    assert rules.moves_from(state, is_withdrawn=is_withdrawn) == [ItemStatus(move) for move in moves]


def test_what_keeps_an_item_from_being_done():
    agreed = State("in_progress", "agrees", "agrees")
    assert rules.lacking(agreed, actions=2, open_actions=0, has_immediate_action=False) == []
    assert rules.lacking(agreed, actions=0, open_actions=0, has_immediate_action=True) == []
    assert rules.lacking(agreed, actions=0, open_actions=0, has_immediate_action=False) == [Lack.ACTION]
    assert rules.lacking(agreed, actions=2, open_actions=1, has_immediate_action=True) == [Lack.OPEN_ACTION]
    assert rules.lacking(State("in_progress"), actions=1, open_actions=0, has_immediate_action=False) == [
        Lack.ANSWER_OF_MANAGEMENT, Lack.ANSWER_OF_WORKERS,
    ]
    disagreed = State("in_progress", "agrees", "disagrees")
    assert rules.lacking(disagreed, actions=1, open_actions=0, has_immediate_action=False) == []


def test_each_answers_for_their_own_side_and_nobody_for_both():
    assert rules.side_of({Role.FACTORY_MANAGER}) == Side.MANAGEMENT
    assert rules.side_of({Role.WORKER_REPRESENTATIVE}) == Side.WORKERS
    assert rules.side_of({Role.ADVISOR, Role.BUYER_OFFICER, Role.PROGRAMME_MANAGER}) is None
    assert rules.side_of({Role.FACTORY_MANAGER, Role.WORKER_REPRESENTATIVE}) is None


def test_one_sides_answer_leaves_the_others_alone():
    state = State("pending", "agrees", "not_yet", "needed")
    assert rules.answered(state, Side.WORKERS, "disagrees") == State("pending", "agrees", "disagrees", "needed")


def test_work_and_proof_close_at_different_times():
    done, verified = State("completed", verification="asked"), State("completed", verification="verified")
    assert rules.is_closed_to_work(done, is_withdrawn=False)
    assert not rules.is_closed_to_evidence(done, is_withdrawn=False)
    assert rules.is_closed_to_evidence(verified, is_withdrawn=False)
    assert not rules.is_closed_to_work(State("in_progress"), is_withdrawn=False)
    assert rules.is_closed_to_work(State("pending"), is_withdrawn=True)
    assert rules.is_closed_to_evidence(State("pending"), is_withdrawn=True)


def test_five_whys_keep_what_is_written():
    rows = [(" Why? ", "Because. "), ("", ""), ("Why that?", "")] + [("a", "b")] * 6
    assert rules.tidy_whys(rows) == [["Why?", "Because."], ["Why that?", ""], ["a", "b"], ["a", "b"], ["a", "b"]]
