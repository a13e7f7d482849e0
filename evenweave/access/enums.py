"""The words of permission: how far a record has travelled, who a person is, what may be done."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Shared(IntegerChoices):
    """How far a record has travelled; a step moves it, never a form field."""

    STAFF = 10, _("Programme staff")
    FACTORY = 20, _("The factory")
    BUYERS = 30, _("Authorised buyers")
    PUBLIC = 40, _("Everyone")


class Role(TextChoices):
    FACTORY_MANAGER = "factory_manager", _("Factory manager")
    MANAGEMENT_REPRESENTATIVE = "management_representative", _("Management representative")
    WORKER_REPRESENTATIVE = "worker_representative", _("Worker representative")
    ADVISOR = "advisor", _("Factory's coach")
    BUYER_OFFICER = "buyer_officer", _("Buyer's compliance officer")
    STAFF = "staff", _("Programme staff")
    ASSESSOR = "assessor", _("Assessor")
    REVIEWER = "reviewer", _("Quality reviewer")
    TEAM_LEADER = "team_leader", _("Team leader")
    PROGRAMME_MANAGER = "programme_manager", _("Programme manager")
    MINISTRY = "ministry", _("Ministry observer")
    QUALITY = "quality", _("Global quality")
    ADMINISTRATOR = "administrator", _("Administrator")


class Scope(TextChoices):
    """What a role's standing points at."""

    FACTORY = "factory", _("one factory")
    ASSESSMENT = "assessment", _("one assessment")
    BUYER = "buyer", _("a buyer's consented factories")
    PROGRAMME = "programme", _("a country programme")
    WHOLE = "whole", _("everything")


SCOPE_OF = {
    Role.FACTORY_MANAGER: Scope.FACTORY,
    Role.MANAGEMENT_REPRESENTATIVE: Scope.FACTORY,
    Role.WORKER_REPRESENTATIVE: Scope.FACTORY,
    Role.ADVISOR: Scope.FACTORY,
    Role.BUYER_OFFICER: Scope.BUYER,
    Role.STAFF: Scope.PROGRAMME,
    Role.ASSESSOR: Scope.ASSESSMENT,
    Role.REVIEWER: Scope.ASSESSMENT,
    Role.TEAM_LEADER: Scope.PROGRAMME,
    Role.PROGRAMME_MANAGER: Scope.PROGRAMME,
    Role.MINISTRY: Scope.PROGRAMME,
    Role.QUALITY: Scope.WHOLE,
    Role.ADMINISTRATOR: Scope.WHOLE,
}


class Action(TextChoices):
    """Everything that can be asked of the house. A new page begins with a line here and in policy.py."""

    DESK_VIEW = "desk.view", _("open one's own desk")
    LOG_VIEW = "log.view", _("read the steps taken")
    FILE_VIEW = "file.view", _("open a stored file")
    NOTICE_VIEW = "notice.view", _("read one's own notices")

    FACTORY_VIEW = "factory.view", _("see that a factory takes part")
    FACTORY_PROFILE = "factory.profile", _("read a factory's profile")
    FACTORY_REGISTER = "factory.register", _("register a factory")
    FACTORY_EDIT = "factory.edit", _("correct a factory's profile")
    FACTORY_CLOSE = "factory.close", _("note that a factory has closed, or works again")
    FACTORY_IMPORT = "factory.import", _("import a list of factories")
    FACTORY_MERGE = "factory.merge", _("merge a factory with its duplicate, or split them again")
    PERSON_INVITE = "person.invite", _("invite a person")

    PROGRAMME_VIEW = "programme.view", _("read what a country programme offers, and its rules")
    PROGRAMME_COVERAGE = "programme.coverage", _("read how much of a country's registry takes part")
    SERVICE_QUOTE = "service.quote", _("ask what may be sold, and at what price")
    RULES_COMPARE = "rules.compare", _("see which running cycles a change of the rules would break")

    CYCLE_VIEW = "cycle.view", _("see a factory's cycle and its steps")
    CYCLE_OPEN = "cycle.open", _("enter a factory into a cycle")
    INVOICE_VIEW = "invoice.view", _("read an invoice that one pays or issues")
    INVOICE_SETTLE = "invoice.settle", _("note an invoice as paid")
    CONSENT_VIEW = "consent.view", _("read a factory's consents")
    CONSENT_GIVE = "consent.give", _("give or withdraw a factory's consent to a buyer")
    CREDIT_BUY = "credit.buy", _("buy or spend a buyer's credits")
    CREDIT_VIEW = "credit.view", _("read a buyer's credits")

    ASSESSMENT_PLAN = "assessment.plan", _("plan an unannounced assessment")
    ASSESSMENT_ASSIGN = "assessment.assign", _("choose the assessors and the day")
    ASSESSMENT_VIEW = "assessment.view", _("see an assessment")
    ASSESSMENT_ANSWER = "assessment.answer", _("answer the questions of an assessment")
    ASSESSMENT_SUBMIT = "assessment.submit", _("submit an assessment for review")
    ASSESSMENT_REVIEW = "assessment.review", _("review an assessment")
    REPLY_VIEW = "reply.view", _("read the draft findings and the factory's replies")
    REPLY_WRITE = "reply.write", _("answer the findings for the factory")
    REPLY_DECIDE = "reply.decide", _("decide on a request for more time")
    ZERO_TOLERANCE_OPEN = "zero_tolerance.open", _("open a zero-tolerance case")
    ZERO_TOLERANCE_VIEW = "zero_tolerance.view", _("read a zero-tolerance case")
    ZERO_TOLERANCE_IDENTITY = "zero_tolerance.identity", _("read who the protected person of a case is")
    ZERO_TOLERANCE_HANDLE = "zero_tolerance.handle", _("take a step in a zero-tolerance case")

    REPORT_VIEW = "report.view", _("read an assessment report")
    REPORT_RELEASE = "report.release", _("release an assessment report")
    REPORT_AMEND = "report.amend", _("amend a released report")
    FINDING_EXPORT = "finding.export", _("take findings out as a sheet")

    PLAN_VIEW = "plan.view", _("see the improvement plan")
    PLAN_DETAIL = "plan.detail", _("see root causes, actions and evidence of a plan item")
    PLAN_EDIT = "plan.edit", _("work on the improvement plan")
    PLAN_AGREE = "plan.agree", _("agree or disagree with a plan item for one's side")
    PLAN_VERIFY = "plan.verify", _("verify that a publicly reported item is remedied")
    THREAD_VIEW = "thread.view", _("read the plan's shared thread")
    THREAD_WRITE = "thread.write", _("write in the plan's shared thread")
    PROGRESS_VIEW = "progress.view", _("read a progress report")
    PROGRESS_WRITE = "progress.write", _("write and send the factory's progress report")
    PROGRESS_EVALUATE = "progress.evaluate", _("write and send the programme's progress report")

    COMMITTEE_VIEW = "committee.view", _("read a factory's committee, its meetings and minutes")
    COMMITTEE_EDIT = "committee.edit", _("keep a committee's seats, elections and meetings")
    MEMBER_SIGN_IN = "member.sign_in", _("give a member of one's own side an account with a phone number")
    CODES_PRINT = "codes.print", _("print one-time sign-in codes for a member")
    MINUTES_SIGN = "minutes.sign", _("sign the minutes of a meeting for one's side")
    VISIT_VIEW = "visit.view", _("read a coach's visits")
    VISIT_PLAN = "visit.plan", _("plan a coach's visits")
    VISIT_LOG = "visit.log", _("log a coach's visit and score the dialogue")
    VISIT_ANSWER = "visit.answer", _("say for one's side whether a visit's log is what was agreed")

    TRAINING_VIEW = "training.view", _("see the courses and their sessions")
    TRAINING_PEOPLE = "training.people", _("read who of a factory is registered for a training")
    TRAINING_REGISTER = "training.register", _("register a factory's people for a training")
    TRAINING_PLAN = "training.plan", _("plan a session of a course")
    TRAINING_HOLD = "training.hold", _("hold a session: note who came, close it")
    ACCREDITATION_VIEW = "accreditation.view", _("read the accreditations of a programme's staff")
    ACCREDITATION_GIVE = "accreditation.give", _("accredit a programme's staff, or no more")
    SEMINAR_VIEW = "seminar.view", _("see seminars and read the library of good practice")
    SEMINAR_PLAN = "seminar.plan", _("plan a seminar")
    SEMINAR_JOIN = "seminar.join", _("come to a seminar for a factory or a buyer")
    PRACTICE_WRITE = "practice.write", _("write down a good practice of a factory")
    PRACTICE_CONSENT = "practice.consent", _("let others read a good practice of the factory, or no more")
    PRACTICE_PUBLISH = "practice.publish", _("publish a good practice that the factory has consented to")
    SELF_ASSESSMENT_VIEW = "self_assessment.view", _("follow a self-assessment; read it once both sides have answered")
    SELF_ASSESSMENT_ANSWER = "self_assessment.answer", _("fill in a self-assessment for one's side")
