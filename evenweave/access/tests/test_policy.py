"""Promises of the policy, written by hand from DESIGN 4 and DOMAIN 7 before the table was read."""

import csv
import io

from click.testing import CliRunner

from evenweave.access.commands import policy as print_policy
from evenweave.access.enums import Action, Role, Shared
from evenweave.access.policy import GRANTS


def allowed(role: Role, action: Action) -> Shared | None:
    return GRANTS[role].get(action)


def test_every_role_is_in_the_table():
    assert set(GRANTS) == set(Role)


def test_nobody_on_the_factory_or_buyer_side_reaches_what_is_shared_with_staff_only():
    at_the_factory = {Role.FACTORY_MANAGER, Role.WORKER_REPRESENTATIVE, Role.ADVISOR}
    outside = at_the_factory | {Role.STAFF, Role.BUYER_OFFICER, Role.MINISTRY}
    own_things = {Action.DESK_VIEW, Action.NOTICE_VIEW, Action.FILE_VIEW}
    reaching = {
        (role, action)
        for role in outside
        for action, least in GRANTS[role].items()
        if least <= Shared.STAFF and action not in own_things
    }
    # Any of the programme's staff may be the trainer of a session, which is nobody's secret.
    assert reaching == {
        (Role.STAFF, action)
        for action in (
            Action.TRAINING_VIEW, Action.TRAINING_PEOPLE, Action.TRAINING_REGISTER, Action.TRAINING_HOLD,
            Action.SEMINAR_VIEW,
        )
    }


def test_only_the_cases_own_staff_learn_who_a_protected_person_is():
    may = {role for role in Role if allowed(role, Action.ZERO_TOLERANCE_IDENTITY) is not None}
    assert may == {Role.ASSESSOR, Role.TEAM_LEADER, Role.PROGRAMME_MANAGER}


def test_release_is_the_programme_managers():
    for action in (Action.REPORT_RELEASE, Action.REPORT_AMEND, Action.ASSESSMENT_PLAN):
        assert {role for role in Role if allowed(role, action) is not None} == {Role.PROGRAMME_MANAGER}


def test_a_buyer_writes_nothing_but_in_the_shared_thread_and_its_own_credits():
    writing = {
        Action.PLAN_EDIT,
        Action.PLAN_AGREE,
        Action.PLAN_VERIFY,
        Action.PROGRESS_WRITE,
        Action.REPLY_WRITE,
        Action.FACTORY_EDIT,
        Action.CONSENT_GIVE,
        Action.ASSESSMENT_ANSWER,
        Action.REPORT_RELEASE,
    }
    assert not writing & set(GRANTS[Role.BUYER_OFFICER])
    assert allowed(Role.BUYER_OFFICER, Action.THREAD_WRITE) == Shared.BUYERS


def test_worker_representatives_see_a_report_from_its_release_to_the_factory():
    assert allowed(Role.WORKER_REPRESENTATIVE, Action.REPORT_VIEW) == Shared.FACTORY


def test_the_ministry_reads_no_factorys_report():
    assert allowed(Role.MINISTRY, Action.REPORT_VIEW) is None
    assert allowed(Role.MINISTRY, Action.ZERO_TOLERANCE_VIEW) == Shared.FACTORY


def test_the_printed_policy_is_the_table():
    result = CliRunner().invoke(print_policy, ["--format", "csv"])
    rows = list(csv.DictReader(io.StringIO(result.output)))
    assert list(rows[0]) == ["role", "action", "scope", "least_sharing"]
    assert len(rows) == sum(len(grants) for grants in GRANTS.values())
    assert {"role": "buyer_officer", "action": "report.view", "scope": "buyer", "least_sharing": "BUYERS"} in rows
