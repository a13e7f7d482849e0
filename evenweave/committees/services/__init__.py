"""Steps on a committee: its seats, elections, meetings and minutes."""

from evenweave.committees.services.electing import (
    call_election,
    call_off_election,
    count_ballots,
    decide_tie,
    nominate,
    withdraw_candidate,
)
from evenweave.committees.services.feeding import renew_feed, stop_feed
from evenweave.committees.services.forming import (
    add_member,
    choose_chair,
    correct_committee,
    form_committee,
    give_sign_in,
    member_leaves,
    merge_committees,
    print_member_codes,
)
from evenweave.committees.services.meeting import (
    add_point,
    call_off_meeting,
    decide,
    move_meeting,
    note_attendance,
    note_point,
    open_meeting,
    plan_meeting,
    take_back_decision,
)
from evenweave.committees.services.minuting import close_minutes, reopen_minutes, sign_minutes
from evenweave.committees.services.terms import announce_ends_of_terms

__all__ = [
    "add_member",
    "add_point",
    "announce_ends_of_terms",
    "call_election",
    "call_off_election",
    "call_off_meeting",
    "choose_chair",
    "close_minutes",
    "correct_committee",
    "count_ballots",
    "decide",
    "decide_tie",
    "form_committee",
    "give_sign_in",
    "member_leaves",
    "merge_committees",
    "move_meeting",
    "nominate",
    "note_attendance",
    "note_point",
    "open_meeting",
    "plan_meeting",
    "print_member_codes",
    "renew_feed",
    "reopen_minutes",
    "sign_minutes",
    "stop_feed",
    "take_back_decision",
    "withdraw_candidate",
]
