"""What is done about training."""

from evenweave.training.services.accrediting import accredit, withdraw_accreditation
from evenweave.training.services.holding import answer_questions, close_session, note_by_code, note_list
from evenweave.training.services.merging import merge_training
from evenweave.training.services.passing_on import note_passed_on
from evenweave.training.services.planning import cancel_session, change_session, plan_session
from evenweave.training.services.practices import (
    consent_to_practice,
    edit_practice,
    publish_practice,
    withdraw_practice,
    write_practice,
)
from evenweave.training.services.registering import Participant, cancel_registration, register
from evenweave.training.services.seminars import cancel_seminar, hold_seminar, join_seminar, plan_seminar

__all__ = [
    "Participant",
    "accredit",
    "answer_questions",
    "cancel_registration",
    "cancel_seminar",
    "cancel_session",
    "change_session",
    "close_session",
    "consent_to_practice",
    "edit_practice",
    "hold_seminar",
    "join_seminar",
    "merge_training",
    "note_by_code",
    "note_list",
    "note_passed_on",
    "plan_seminar",
    "plan_session",
    "publish_practice",
    "register",
    "withdraw_accreditation",
    "withdraw_practice",
    "write_practice",
]
