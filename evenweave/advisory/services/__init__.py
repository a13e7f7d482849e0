"""What is done about visits."""

from evenweave.advisory.services.logging_visits import (
    Next,
    TookPart,
    Work,
    add_visit_photo,
    draw_causes,
    log_visit,
)
from evenweave.advisory.services.planning import cancel_visit, lay_out_visits, move_visit, plan_visit
from evenweave.advisory.services.saying import answer_visit, score_dialogue

__all__ = [
    "Next",
    "TookPart",
    "Work",
    "add_visit_photo",
    "answer_visit",
    "cancel_visit",
    "draw_causes",
    "lay_out_visits",
    "log_visit",
    "move_visit",
    "plan_visit",
    "score_dialogue",
]
