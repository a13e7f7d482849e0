"""The steps of a self-assessment."""

from evenweave.selfassessments.services.answering import answer, begin, give, settle_own
from evenweave.selfassessments.services.opening import open_self_assessment
from evenweave.selfassessments.services.together import Incomplete, agree, hand_in, propose
from evenweave.selfassessments.services.workbook import Taken, take_workbook

__all__ = [
    "Incomplete",
    "Taken",
    "agree",
    "answer",
    "begin",
    "give",
    "hand_in",
    "open_self_assessment",
    "propose",
    "settle_own",
    "take_workbook",
]
