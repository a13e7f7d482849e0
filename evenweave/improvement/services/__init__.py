"""Steps on the improvement plan. A buyer takes none of them but one: writing in the shared thread."""

from evenweave.improvement.services.adopting import (
    Admitted,
    adopt_admitted,
    adopt_findings,
    correct_finding,
    withdraw_finding,
)
from evenweave.improvement.services.agreeing import answer_agreement
from evenweave.improvement.services.checking import decide_check
from evenweave.improvement.services.merging import merge_plans
from evenweave.improvement.services.sharing import share_details
from evenweave.improvement.services.talking import write_message
from evenweave.improvement.services.working import (
    EditConflict,
    add_action,
    add_evidence,
    add_self_found,
    edit_item,
    finish_action,
    move_item,
    take_back_action,
    withdraw_item,
)

__all__ = [
    "Admitted",
    "EditConflict",
    "add_action",
    "add_evidence",
    "add_self_found",
    "adopt_admitted",
    "adopt_findings",
    "answer_agreement",
    "correct_finding",
    "decide_check",
    "edit_item",
    "finish_action",
    "merge_plans",
    "move_item",
    "share_details",
    "take_back_action",
    "withdraw_finding",
    "withdraw_item",
    "write_message",
]
