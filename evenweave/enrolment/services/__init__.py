"""The steps of enrolment: cycles, invoices, consents and credits."""

from evenweave.enrolment.services.cycles import anchor_steps, finish_step, open_cycle
from evenweave.enrolment.services.payments import credit_invoice, settle_invoice
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
    "credit_invoice",
    "finish_step",
    "give_consent",
    "open_cycle",
    "refresh_buyer",
    "revoke_consent",
    "settle_invoice",
    "spend_credit",
]
