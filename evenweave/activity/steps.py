"""Every step that is written to the log, as a past-tense verb people can read."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Step(TextChoices):
    PERSON_INVITED = "person.invited", _("invited a person")
    PERSON_JOINED = "person.joined", _("accepted an invitation")
    PERSON_ERASED = "person.erased", _("erased a person's data")

    FACTORY_REGISTERED = "factory.registered", _("registered the factory")
    FACTORY_CORRECTED = "factory.corrected", _("corrected the factory's profile")
    FACTORY_IMPORTED = "factory.imported", _("imported the factory from a list")
    FACTORY_IMPORT_UNDONE = "factory.import_undone", _("undid an import")
    FACTORY_MERGED = "factory.merged", _("merged a duplicate into the factory")
    FACTORY_CLOSED = "factory.closed", _("noted that the factory closed")
    FACTORY_REOPENED = "factory.reopened", _("noted that the factory works again")

    CYCLE_OPENED = "cycle.opened", _("opened a cycle")
    CYCLE_STEP_DONE = "cycle.step_done", _("completed a step of the cycle")
    ADVISOR_ASSIGNED = "advisor.assigned", _("assigned a coach")
    INVOICE_ISSUED = "invoice.issued", _("issued an invoice")
    INVOICE_CREDITED = "invoice.credited", _("issued a credit note")
    INVOICE_PAID = "invoice.paid", _("noted an invoice as paid")
    CONSENT_GIVEN = "consent.given", _("consented to share with a buyer")
    CONSENT_REVOKED = "consent.revoked", _("withdrew consent from a buyer")
    CREDITS_BOUGHT = "credits.bought", _("bought credits")
    CREDIT_SPENT = "credit.spent", _("spent a credit on a cycle")

    ASSESSMENT_PLANNED = "assessment.planned", _("planned an assessment")
    ASSESSMENT_ASSIGNED = "assessment.assigned", _("chose assessors and day")
    ASSESSMENT_STARTED = "assessment.started", _("started the assessment")
    ASSESSMENT_SUBMITTED = "assessment.submitted", _("submitted the assessment for review")
    ASSESSMENT_RETURNED = "assessment.returned", _("returned the assessment with comments")
    ASSESSMENT_APPROVED = "assessment.approved", _("approved the assessment")
    REPLY_GIVEN = "reply.given", _("replied to a finding")
    REPLY_CLOSED = "reply.closed", _("sent the factory's replies")
    EXTENSION_ASKED = "extension.asked", _("asked for more time to reply")
    EXTENSION_DECIDED = "extension.decided", _("decided on more time to reply")
    ZERO_TOLERANCE_OPENED = "zero_tolerance.opened", _("opened a zero-tolerance case")
    ZERO_TOLERANCE_STEP = "zero_tolerance.step", _("took a step in a zero-tolerance case")
    ZERO_TOLERANCE_CLOSED = "zero_tolerance.closed", _("closed a zero-tolerance case")

    REPORT_RELEASED = "report.released", _("released the assessment report")
    REPORT_AMENDED = "report.amended", _("amended the assessment report")
    PLAN_ITEM_ADDED = "plan_item.added", _("added an item to the plan")
    PLAN_ITEM_REOPENED = "plan_item.reopened", _("reopened a plan item")
    PLAN_ITEM_CHANGED = "plan_item.changed", _("worked on a plan item")
    PLAN_ITEM_MOVED = "plan_item.moved", _("moved a plan item")
    PLAN_ITEM_AGREED = "plan_item.agreed", _("agreed or disagreed with a plan item")
    PLAN_ITEM_EVIDENCE = "plan_item.evidence", _("added evidence to a plan item")
    PLAN_ITEM_VERIFICATION = "plan_item.verification", _("decided on the check of a plan item")
    PLAN_ITEM_WITHDRAWN = "plan_item.withdrawn", _("withdrew a plan item")
    PLAN_SHARED = "plan.shared", _("shared causes and actions with buyers")
    THREAD_WRITTEN = "thread.written", _("wrote in the shared thread")
    PROGRESS_SENT = "progress.sent", _("sent a progress report")
    PROGRESS_OVERDUE = "progress.overdue", _("raised an overdue progress report")
