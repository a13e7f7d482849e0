"""What is done about training."""

from evenweave.training.services.holding import answer_questions, close_session, note_by_code, note_list
from evenweave.training.services.merging import merge_training
from evenweave.training.services.planning import cancel_session, change_session, plan_session
from evenweave.training.services.registering import Participant, cancel_registration, register

__all__ = [
    "Participant",
    "answer_questions",
    "cancel_registration",
    "cancel_session",
    "change_session",
    "close_session",
    "merge_training",
    "note_by_code",
    "note_list",
    "plan_session",
    "register",
]
