"""The notice table: for each kind, the permission its readers must hold, who among them is told, and how.

A notice can never tell someone of a record they could not open: readers are `people_who_may(action, record)`,
narrowed to `roles`, and the permission is asked again when the notice is shown or mailed."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from evenweave.access.enums import Action, Role


@dataclass(frozen=True)
class Kind:
    """One kind of notice. `line` is what the desk and the mail's subject say: never the content of the record."""

    key: str
    action: Action
    roles: frozenset[Role]
    line: str | Promise
    is_mailed_at_once: bool = True


_FACTORY = frozenset({Role.FACTORY_MANAGER, Role.MANAGEMENT_REPRESENTATIVE, Role.WORKER_REPRESENTATIVE})
_MANAGER = frozenset({Role.FACTORY_MANAGER})
_LEADS = frozenset({Role.TEAM_LEADER, Role.PROGRAMME_MANAGER})
_BUYERS = frozenset({Role.BUYER_OFFICER})

NOTICES: dict[str, Kind] = {
    kind.key: kind
    for kind in (
        Kind("cycle.opened", Action.CYCLE_VIEW, _FACTORY | {Role.ADVISOR}, _("A new cycle has begun")),
        Kind("invoice.issued", Action.INVOICE_VIEW, _MANAGER, _("An invoice is ready")),
        Kind("access.granted", Action.FACTORY_VIEW, _BUYERS, _("A factory shares its record with you")),
        Kind("assessment.planned", Action.ASSESSMENT_ASSIGN, _LEADS, _("An assessment waits for assessors and a day")),
        Kind(
            "assessment.assigned",
            Action.ASSESSMENT_ANSWER,
            frozenset({Role.ASSESSOR}),
            _("You are to assess a factory"),
        ),
        Kind(
            "assessment.submitted",
            Action.ASSESSMENT_REVIEW,
            frozenset({Role.REVIEWER}),
            _("An assessment waits for your review"),
        ),
        Kind(
            "assessment.returned",
            Action.ASSESSMENT_ANSWER,
            frozenset({Role.ASSESSOR}),
            _("An assessment came back with comments"),
        ),
        Kind("reply.opened", Action.REPLY_WRITE, _MANAGER, _("Draft findings wait for your reply")),
        Kind("extension.asked", Action.REPLY_DECIDE, _LEADS, _("A factory asks for more time to reply")),
        Kind("extension.decided", Action.REPLY_WRITE, _MANAGER, _("Your request for more time was decided")),
        Kind(
            "reply.closed",
            Action.REPORT_RELEASE,
            frozenset({Role.PROGRAMME_MANAGER}),
            _("A report is ready for release"),
        ),
        Kind("zero_tolerance.opened", Action.ZERO_TOLERANCE_HANDLE, _LEADS, _("A zero-tolerance case was opened")),
        Kind(
            "zero_tolerance.informed",
            Action.ZERO_TOLERANCE_VIEW,
            frozenset({Role.MINISTRY}),
            _("The programme informs you of a case"),
        ),
        Kind(
            "report.released",
            Action.REPORT_VIEW,
            _FACTORY | _BUYERS | {Role.ADVISOR},
            _("An assessment report was released"),
        ),
        Kind(
            "report.amended",
            Action.REPORT_VIEW,
            _FACTORY | _BUYERS | {Role.ADVISOR},
            _("An assessment report was amended"),
        ),
        Kind(
            "plan.shared",
            Action.PLAN_DETAIL,
            _BUYERS,
            _("A factory shares causes and actions"),
            is_mailed_at_once=False,
        ),
        Kind(
            "plan.check_asked",
            Action.PLAN_VERIFY,
            frozenset({Role.ADVISOR, Role.TEAM_LEADER}),
            _("A plan item waits for your check"),
        ),
        Kind("plan.checked", Action.PLAN_EDIT, _FACTORY, _("A plan item was checked"), is_mailed_at_once=False),
        Kind(
            "thread.written",
            Action.THREAD_VIEW,
            _FACTORY | _BUYERS | {Role.ADVISOR},
            _("A new message in the shared thread"),
            is_mailed_at_once=False,
        ),
        Kind("progress.sent", Action.PROGRESS_VIEW, _BUYERS | {Role.ADVISOR}, _("A progress report was sent")),
        Kind("progress.due", Action.PROGRESS_WRITE, _MANAGER, _("A progress report is due soon")),
        Kind(
            "progress.evaluation_due",
            Action.PROGRESS_EVALUATE,
            frozenset({Role.ADVISOR}),
            _("A factory's evaluation is due soon"),
        ),
        Kind(
            "progress.overdue",
            Action.PROGRESS_VIEW,
            _MANAGER | _LEADS | {Role.ADVISOR},
            _("A progress report is overdue"),
        ),
        Kind(
            "committee.election_called",
            Action.COMMITTEE_VIEW,
            _FACTORY | {Role.ADVISOR},
            _("An election to the committee was called"),
        ),
        Kind(
            "committee.meeting_planned",
            Action.COMMITTEE_VIEW,
            _FACTORY | {Role.ADVISOR},
            _("The committee's next meeting has a day"),
        ),
        Kind(
            "committee.meeting_called_off",
            Action.COMMITTEE_VIEW,
            _FACTORY | {Role.ADVISOR},
            _("A meeting of the committee was called off"),
        ),
        Kind("committee.minutes_closed", Action.MINUTES_SIGN, _FACTORY, _("Minutes wait for your signature")),
        Kind(
            "committee.minutes_signed",
            Action.COMMITTEE_VIEW,
            _FACTORY | {Role.ADVISOR},
            _("Both sides signed the minutes"),
            is_mailed_at_once=False,
        ),
        Kind(
            "committee.term_ending",
            Action.COMMITTEE_VIEW,
            _FACTORY | {Role.ADVISOR},
            _("A term on the committee ends soon"),
        ),
        Kind("visit.planned", Action.VISIT_VIEW, _FACTORY | {Role.ADVISOR}, _("A coach's visit is planned")),
        Kind("visit.moved", Action.VISIT_VIEW, _FACTORY | {Role.ADVISOR}, _("A coach's visit was moved or cancelled")),
        Kind(
            "visit.logged", Action.VISIT_ANSWER, _FACTORY,
            _("A coach's visit is logged: say whether it is what you agreed"),
        ),
        Kind("visit.answered", Action.VISIT_LOG, frozenset({Role.ADVISOR}), _("A side sees a visit differently")),
        Kind("training.registered", Action.TRAINING_PEOPLE, _MANAGER, _("People of yours are registered for a course")),
        Kind("training.moved_up", Action.TRAINING_PEOPLE, _MANAGER, _("A seat in a course came free for you")),
        Kind("training.changed", Action.TRAINING_PEOPLE, _MANAGER, _("A course of yours has another day or place")),
        Kind("training.cancelled", Action.TRAINING_PEOPLE, _MANAGER, _("A course of yours does not take place")),
        Kind("training.certificates", Action.TRAINING_PEOPLE, _MANAGER, _("Certificates of a course are ready")),
        Kind("seminar.cancelled", Action.SEMINAR_JOIN, _MANAGER | _BUYERS, _("A seminar of yours does not take place")),
        Kind("practice.written", Action.PRACTICE_CONSENT, _MANAGER, _("A good practice waits for your consent")),
        Kind("practice.consented", Action.PRACTICE_PUBLISH, _LEADS, _("A good practice can be published")),
        Kind("practice.withdrawn", Action.PRACTICE_PUBLISH, _LEADS, _("A factory withdrew a good practice")),
        Kind("practice.published", Action.PRACTICE_CONSENT, _MANAGER, _("A good practice of yours is published")),
        Kind(
            "self_assessment.opened", Action.SELF_ASSESSMENT_ANSWER, _FACTORY,
            _("A self-assessment is open: each side answers for itself"),
        ),
        Kind(
            "self_assessment.given", Action.SELF_ASSESSMENT_ANSWER, _FACTORY,
            _("One side has given its answers to the self-assessment"),
        ),
        Kind(
            "self_assessment.compared", Action.SELF_ASSESSMENT_VIEW, _FACTORY | {Role.ADVISOR},
            _("Both sides have answered: compare the self-assessment"),
        ),
        Kind(
            "self_assessment.proposed", Action.SELF_ASSESSMENT_ANSWER, _FACTORY,
            _("One side proposes answers for the whole factory"), is_mailed_at_once=False,
        ),
        Kind(
            "self_assessment.handed_in", Action.SELF_ASSESSMENT_VIEW, _FACTORY | _LEADS | {Role.ADVISOR},
            _("A self-assessment was handed in"),
        ),
    )
}
