"""The whole permission policy: role × action → how far the record must have travelled.

What is not here is refused. `evenweave policy` prints it. Read a line as: "a factory manager may reply.view
records that have travelled at least to the factory". Which records a person's standing reaches is scope.py's;
that a buyer's standing needs the factory's consent and a paid cycle is decided where standings are written.
"""

from evenweave.access.enums import Action as A
from evenweave.access.enums import Role, Shared

STAFF, FACTORY, BUYERS = Shared.STAFF, Shared.FACTORY, Shared.BUYERS

_EVERYONE = {A.DESK_VIEW: STAFF, A.NOTICE_VIEW: STAFF, A.FILE_VIEW: STAFF, A.PROGRAMME_VIEW: Shared.PUBLIC}

_FACTORY_SIDE = _EVERYONE | {
    A.LOG_VIEW: FACTORY,
    A.FACTORY_VIEW: FACTORY,
    A.FACTORY_PROFILE: FACTORY,
    A.CYCLE_VIEW: FACTORY,
    A.ASSESSMENT_VIEW: FACTORY,
    A.REPLY_VIEW: FACTORY,
    A.REPORT_VIEW: FACTORY,
    A.FINDING_EXPORT: FACTORY,

    A.PLAN_VIEW: FACTORY,
    A.PLAN_DETAIL: FACTORY,
    A.PLAN_EDIT: FACTORY,
    A.PLAN_AGREE: FACTORY,
    A.THREAD_VIEW: FACTORY,
    A.THREAD_WRITE: FACTORY,
    A.PROGRESS_VIEW: FACTORY,

    A.COMMITTEE_VIEW: FACTORY,
    A.COMMITTEE_EDIT: FACTORY,
    A.MEMBER_SIGN_IN: FACTORY,
    A.MINUTES_SIGN: FACTORY,
    A.VISIT_VIEW: FACTORY,
    A.VISIT_ANSWER: FACTORY,

    A.TRAINING_VIEW: FACTORY,
    A.TRAINING_PEOPLE: FACTORY,
    A.SEMINAR_VIEW: FACTORY,
    A.PRACTICE_WRITE: FACTORY,

    # Of its own side from the start (queries.own_sheet); of both once both have given theirs.
    A.SELF_ASSESSMENT_VIEW: FACTORY,
    A.SELF_ASSESSMENT_ANSWER: FACTORY,
}

_PROGRAMME_STAFF = _EVERYONE | {
    A.LOG_VIEW: STAFF,
    A.FACTORY_VIEW: STAFF,
    A.FACTORY_PROFILE: STAFF,
    A.FACTORY_REGISTER: STAFF,
    A.FACTORY_EDIT: STAFF,
    # The leaders' word, not the factory's: a closed factory leaves the rates.
    A.FACTORY_CLOSE: STAFF,
    A.PERSON_INVITE: STAFF,
    A.PROGRAMME_COVERAGE: STAFF,
    A.SERVICE_QUOTE: STAFF,
    A.CYCLE_VIEW: STAFF,
    A.CONSENT_VIEW: STAFF,
    A.ASSESSMENT_VIEW: STAFF,
    A.ASSESSMENT_ASSIGN: STAFF,
    A.REPLY_VIEW: STAFF,
    A.REPLY_DECIDE: STAFF,
    A.ZERO_TOLERANCE_OPEN: STAFF,
    A.ZERO_TOLERANCE_VIEW: STAFF,
    A.ZERO_TOLERANCE_IDENTITY: STAFF,
    A.ZERO_TOLERANCE_HANDLE: STAFF,
    A.REPORT_VIEW: STAFF,
    A.FINDING_EXPORT: STAFF,

    A.PLAN_VIEW: STAFF,
    A.PLAN_DETAIL: STAFF,
    A.PLAN_VERIFY: STAFF,
    A.THREAD_VIEW: STAFF,
    A.THREAD_WRITE: STAFF,
    A.PROGRESS_VIEW: STAFF,
    A.PROGRESS_EVALUATE: STAFF,

    A.COMMITTEE_VIEW: STAFF,
    # Codes open an account: neither side prints them for anybody.
    A.MEMBER_SIGN_IN: STAFF,
    A.CODES_PRINT: STAFF,
    A.VISIT_VIEW: STAFF,
    A.VISIT_PLAN: STAFF,
    A.VISIT_LOG: STAFF,

    A.TRAINING_VIEW: STAFF,
    A.TRAINING_PEOPLE: STAFF,
    A.TRAINING_REGISTER: STAFF,
    A.TRAINING_PLAN: STAFF,
    A.TRAINING_HOLD: STAFF,
    A.SEMINAR_VIEW: STAFF,
    A.SEMINAR_PLAN: STAFF,
    A.ACCREDITATION_VIEW: STAFF,
    A.ACCREDITATION_GIVE: STAFF,
    A.PRACTICE_WRITE: STAFF,
    A.PRACTICE_PUBLISH: STAFF,

    # What a side says, no role reads at STAFF: not before both have given theirs.
    A.SELF_ASSESSMENT_VIEW: FACTORY,
}

GRANTS: dict[Role, dict[A, Shared]] = {
    Role.FACTORY_MANAGER: _FACTORY_SIDE
    | {
        A.FACTORY_EDIT: FACTORY,
        A.CONSENT_VIEW: FACTORY,
        A.CONSENT_GIVE: FACTORY,
        A.INVOICE_VIEW: FACTORY,
        A.REPLY_WRITE: FACTORY,
        A.PROGRESS_WRITE: FACTORY,
        A.PERSON_INVITE: FACTORY,
        A.TRAINING_REGISTER: FACTORY,
        A.SEMINAR_JOIN: FACTORY,
        A.PRACTICE_CONSENT: FACTORY,
    },
    # Sits on the committee for management: the same as the workers' side, and nothing of the manager's own.
    Role.MANAGEMENT_REPRESENTATIVE: _FACTORY_SIDE,
    Role.WORKER_REPRESENTATIVE: _FACTORY_SIDE,
    # The coach knows the factory and its released results; never that an assessment is planned or running.
    Role.ADVISOR: _EVERYONE
    | {
        A.LOG_VIEW: FACTORY,
        A.FACTORY_VIEW: FACTORY,
        A.FACTORY_PROFILE: FACTORY,
        A.FACTORY_EDIT: FACTORY,
        A.PERSON_INVITE: FACTORY,
        A.CYCLE_VIEW: FACTORY,
        A.ASSESSMENT_VIEW: FACTORY,
        A.REPLY_VIEW: FACTORY,
        A.ZERO_TOLERANCE_OPEN: FACTORY,
        A.REPORT_VIEW: FACTORY,
        A.FINDING_EXPORT: FACTORY,

        A.PLAN_VIEW: FACTORY,
        A.PLAN_DETAIL: FACTORY,
        A.PLAN_EDIT: FACTORY,
        A.PLAN_VERIFY: FACTORY,
        A.THREAD_VIEW: FACTORY,
        A.THREAD_WRITE: FACTORY,
        A.PROGRESS_VIEW: FACTORY,
        A.PROGRESS_EVALUATE: FACTORY,

        A.COMMITTEE_VIEW: FACTORY,
        A.COMMITTEE_EDIT: FACTORY,
        A.MEMBER_SIGN_IN: FACTORY,
        A.CODES_PRINT: FACTORY,
        A.VISIT_VIEW: FACTORY,
        A.VISIT_PLAN: FACTORY,
        A.VISIT_LOG: FACTORY,

        A.TRAINING_VIEW: FACTORY,
        A.TRAINING_PEOPLE: FACTORY,
        A.TRAINING_REGISTER: FACTORY,
        A.SEMINAR_VIEW: FACTORY,
        A.PRACTICE_WRITE: FACTORY,
        A.SELF_ASSESSMENT_VIEW: FACTORY,
    },
    Role.BUYER_OFFICER: _EVERYONE
    | {
        A.FACTORY_VIEW: BUYERS,
        A.PERSON_INVITE: BUYERS,
        A.INVOICE_VIEW: BUYERS,
        A.CREDIT_VIEW: BUYERS,
        A.CREDIT_BUY: BUYERS,
        A.CYCLE_VIEW: BUYERS,
        A.REPORT_VIEW: BUYERS,
        A.FINDING_EXPORT: BUYERS,

        A.PLAN_VIEW: BUYERS,
        A.PLAN_DETAIL: BUYERS,
        A.THREAD_VIEW: BUYERS,
        A.THREAD_WRITE: BUYERS,
        A.PROGRESS_VIEW: BUYERS,
        A.LOG_VIEW: BUYERS,

        A.TRAINING_VIEW: BUYERS,
        A.SEMINAR_VIEW: BUYERS,
        A.SEMINAR_JOIN: BUYERS,
    },
    # Advisors and reviewers of a programme between two tasks: who takes part, and no more. What they work on is a
    # standing of its own (ADVISOR towards a factory, ASSESSOR or REVIEWER towards one assessment). Any of them may be
    # the trainer of a session, which is nobody's secret.
    Role.STAFF: _EVERYONE
    | {
        A.SERVICE_QUOTE: FACTORY,
        A.FACTORY_VIEW: FACTORY,
        A.TRAINING_VIEW: STAFF,
        A.TRAINING_PEOPLE: STAFF,
        A.TRAINING_REGISTER: STAFF,
        A.TRAINING_HOLD: STAFF,
        A.SEMINAR_VIEW: STAFF,
    },
    Role.ASSESSOR: _EVERYONE
    | {
        A.LOG_VIEW: STAFF,
        A.ASSESSMENT_VIEW: STAFF,
        A.ASSESSMENT_ANSWER: STAFF,
        A.ASSESSMENT_SUBMIT: STAFF,
        A.REPLY_VIEW: STAFF,
        A.ZERO_TOLERANCE_OPEN: STAFF,
        A.ZERO_TOLERANCE_VIEW: STAFF,
        A.ZERO_TOLERANCE_IDENTITY: STAFF,
        A.REPORT_VIEW: STAFF,
    },
    Role.REVIEWER: _EVERYONE
    | {
        A.LOG_VIEW: STAFF,
        A.ASSESSMENT_VIEW: STAFF,
        A.ASSESSMENT_REVIEW: STAFF,
        A.REPLY_VIEW: STAFF,
        A.REPORT_VIEW: STAFF,
    },
    Role.TEAM_LEADER: _PROGRAMME_STAFF,
    Role.PROGRAMME_MANAGER: _PROGRAMME_STAFF
    | {
        A.FACTORY_IMPORT: STAFF,
        A.FACTORY_MERGE: STAFF,
        A.RULES_COMPARE: STAFF,
        A.CYCLE_OPEN: STAFF,
        A.INVOICE_VIEW: STAFF,
        A.INVOICE_SETTLE: STAFF,

        A.CREDIT_VIEW: STAFF,
        A.ASSESSMENT_PLAN: STAFF,
        A.REPORT_RELEASE: STAFF,
        A.REPORT_AMEND: STAFF,
    },
    # Zero-tolerance cases reach the ministry when a step informs it; a factory's report does not (DOMAIN 7).
    Role.MINISTRY: _EVERYONE
    | {
        A.PROGRAMME_COVERAGE: FACTORY,
        A.FACTORY_VIEW: FACTORY,
        A.ZERO_TOLERANCE_VIEW: FACTORY,

    },
    Role.QUALITY: _EVERYONE
    | {
        A.PROGRAMME_COVERAGE: STAFF,
        A.SERVICE_QUOTE: STAFF,
        A.RULES_COMPARE: STAFF,
        A.LOG_VIEW: STAFF,
        A.FACTORY_VIEW: STAFF,
        A.FACTORY_PROFILE: STAFF,
        A.CYCLE_VIEW: STAFF,
        A.ASSESSMENT_VIEW: STAFF,
        A.REPLY_VIEW: STAFF,
        A.ZERO_TOLERANCE_VIEW: STAFF,
        A.REPORT_VIEW: STAFF,
        A.FINDING_EXPORT: STAFF,

        A.PLAN_VIEW: STAFF,
        A.PLAN_DETAIL: STAFF,
        A.THREAD_VIEW: STAFF,
        A.PROGRESS_VIEW: STAFF,

        A.COMMITTEE_VIEW: STAFF,
        A.VISIT_VIEW: STAFF,

        A.TRAINING_VIEW: STAFF,
        A.ACCREDITATION_VIEW: STAFF,
        A.SEMINAR_VIEW: STAFF,
        A.SELF_ASSESSMENT_VIEW: FACTORY,
    },
    # Runs the installation and its accounts; reads no programme's records.
    Role.ADMINISTRATOR: _EVERYONE | {A.PERSON_INVITE: STAFF},
}


def roles_allowing(action: A) -> dict[Role, Shared]:
    """The roles that may take `action`, each with the least sharing a record needs."""
    return {role: grants[action] for role, grants in GRANTS.items() if action in grants}
