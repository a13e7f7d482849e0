"""What is done about training."""

from evenweave.training.services.planning import cancel_session, change_session, plan_session
from evenweave.training.services.registering import Participant, cancel_registration, register

__all__ = ["Participant", "cancel_registration", "cancel_session", "change_session", "plan_session", "register"]
