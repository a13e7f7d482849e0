"""The steps of enrolment: cycles, invoices, consents and credits."""

from evenweave.enrolment.services.cycles import anchor_steps, finish_step, open_cycle, reveal_assessment_steps
from evenweave.enrolment.services.invoices import issue_invoice, settle_invoice
from evenweave.enrolment.services.sharing import (
    buy_credits,
    give_consent,
    refresh_buyer,
    revoke_consent,
    spend_credit,
)

__all__ = [
    "anchor_steps",
    "buy_credits",
    "finish_step",
    "give_consent",
    "issue_invoice",
    "open_cycle",
    "refresh_buyer",
    "reveal_assessment_steps",
    "revoke_consent",
    "settle_invoice",
    "spend_credit",
]
