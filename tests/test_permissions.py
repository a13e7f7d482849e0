"""Who gets through which door: every route × everybody of the cast, in a world with something behind each door.

The table was written by hand from the programme's rules before the policy was read. How to read a row:

    Row("address", sees={...}, hidden={...}, acts={...}, at=...)

`sees` open the page (200), `led_on` are sent on to another one. `hidden` have a role that opens such pages, but not
this one: for them it is not there (404). Everybody else's roles never open such a page, whichever record it is (403).
Who is not signed in is sent to sign in. `acts` may also send the page's form; None: the page takes no form. Who may
not act changes nothing. A row with `sees=None` is an address that only takes a form.

A route without a row fails `test_every_route_has_a_row`: write the row first, from the rules, then look.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import pytest
from django.db import connection, reset_queries, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from evenweave.notifications.models import Notice
from evenweave.notifications.services import mute_signer
from evenweave.reports.models import DocumentFile
from evenweave.toolkit import clock
from evenweave.toolkit.files import files_of
from evenweave.training.queries.holding import door_of, link_of
from tests import world as worlds
from tests.world import World

# The mark has the database made; what it would do around each test is done once around all of them (`built`).
pytestmark = pytest.mark.django_db

# --- the people, in the groups that the rules speak of -----------------------------------------------------------

FACTORY = {"manager", "worker"}  # of Mekong Stitch and its four sisters
ELSEWHERE = {"other_manager"}  # manages another factory
UNPAID = {"unpaid_buyer", "stranger_buyer"}  # one has consent and has not paid, one has neither
BUYERS = {"buyer"} | UNPAID
PAIR = {"assessor", "second_assessor"}
TEAM = PAIR | {"reviewer"}  # everybody who works on one assessment
LEADS = {"team_leader", "programme_manager"}
PM = {"programme_manager"}
ABROAD = {"foreign_manager"}  # a programme manager, of another country
COACH, QUALITY, MINISTRY, ADMIN = {"coach"}, {"quality"}, {"ministry"}, {"administrator"}
NOBODY = {"nobody"}  # signed in, without any standing
ANYBODY = (
    FACTORY | ELSEWHERE | BUYERS | COACH | TEAM | LEADS | ABROAD | QUALITY | MINISTRY | ADMIN | NOBODY | {"anonymous"}
)


@dataclass(frozen=True)
class Row:
    route: str
    sees: set[str] | None
    hidden: set[str] = field(default_factory=set)
    acts: set[str] | None = None
    at: Callable[[World], tuple] = lambda w: ()
    why: str = ""
    # Who is led on to another address instead of seeing a page here.
    led_on: set[str] = field(default_factory=set)
    status: int = 200
    query: Callable[[World], str] = lambda w: ""
    # What the form must say to be heard at all; most are heard empty.
    form: dict[str, str] = field(default_factory=dict)

    def url(self, world: World) -> str:
        return reverse(self.route, args=self.at(world)) + self.query(world)

    def expected_to_see(self) -> dict[str, int]:
        seen = dict.fromkeys(self.sees, self.status) | dict.fromkeys(self.led_on, 302)
        return self._refused() | dict.fromkeys(self.hidden, 404) | seen

    def expected_to_act(self) -> dict[str, str]:
        return {key: "heard" if key in self.acts else "refused" for key in ANYBODY}

    def _refused(self) -> dict[str, int]:
        return dict.fromkeys(ANYBODY, 403) | {"anonymous": SIGN_IN}


SIGN_IN = 302

# --- where things are --------------------------------------------------------------------------------------------


def factory(w):
    return (w.cast.factory.ref,)


def both_factories(w):
    return (w.cast.factory.ref, w.cast.other_factory.ref)


def merged(w):
    return (w.merge.survivor.ref, w.merge.duplicate.ref)


def cycle(w):
    return (w.cycle.ref,)


def planned(w):
    return (w.planned.ref,)


def started(w):
    return (w.started.ref,)


def in_review(w):
    return (w.in_review.ref,)


def with_factory(w):
    return (w.with_factory.ref,)


def replied(w):
    return (w.replied.ref,)


def released(w):
    return (w.released.ref,)


def question(stage: str, *more: str) -> Callable[[World], tuple]:
    return lambda w: (getattr(w, stage).ref, "SH-01", *more)


def cluster(stage: str) -> Callable[[World], tuple]:
    return lambda w: (getattr(w, stage).ref, "osh")


def the(name: str) -> Callable[[World], tuple]:
    return lambda w: (getattr(w, name).ref,)


# --- home: the desk, the log, files ------------------------------------------------------------------------------
# A desk, notices and an account belong to whoever stands somewhere; nobody has none of it. The log is read by whoever
# works with a factory's records; the ministry is told of cases, not of steps, and accounts need no log of factories.

STANDING = ANYBODY - NOBODY - {"anonymous"}

HOME = [
    Row("home", sees={"anonymous"}, led_on=ANYBODY - {"anonymous"}, why="who is signed in is led to the desk"),
    Row("desk", sees=STANDING),
    Row("account", sees=STANDING, acts=STANDING),
    Row("log_list", sees=STANDING - MINISTRY - ADMIN),
    Row("demo", sees=ANYBODY, status=404, why="this is no demo"),
    Row("demo_sign_in", sees=None, at=lambda w: ("buyer",), hidden=ANYBODY, acts=set(), why="this is no demo"),
    Row("styleguide", sees=ANYBODY),
    Row("healthz", sees=ANYBODY),
    Row("readyz", sees=ANYBODY, status=503, why="a test run has no worker"),
    Row("notice_list", sees=STANDING),
    Row("notice_open", sees=set(), led_on={"manager"}, hidden=STANDING - {"manager"},
        at=lambda w: (Notice.objects.filter(person=w.cast.manager, kind="reply.opened").first().ref,),
        why="a notice is one person's"),
    Row("digest_mute", sees=ANYBODY, acts=ANYBODY, at=lambda w: (mute_signer.sign(w.cast.manager.ref),),
        why="whoever holds the signed link of the mail"),
]

# Files go where their record goes: a photo of an assessment that is still secret stays with those who work on it; the
# evidence of a reply goes to both sides of the factory and to no buyer; released reports have their readers.


def first_file(owner: Callable[[World], object]) -> Callable[[World], tuple]:
    return lambda w: (files_of(owner(w)).first().ref,)


def document(name: str, kind: str) -> Callable[[World], tuple]:
    of = {"report": "report", "sent": "progress"}[name]
    return lambda w: (DocumentFile.objects.get(**{of: getattr(w, name)}, language="en", kind=kind).stored.ref,)


READERS = FACTORY | {"buyer"} | COACH | TEAM | LEADS | QUALITY  # of a released report
PLAN_READERS = FACTORY | {"buyer"} | COACH | LEADS | QUALITY  # assessors stand towards an assessment, not a factory
READ_VISITS = FACTORY | COACH | LEADS | QUALITY
FILES = STANDING  # every role opens files of some kind; which one is the record's question

FILE = [
    Row("file", at=document("report", "pdf"), sees=READERS, hidden=FILES - READERS),
    Row("file", at=document("report", "xlsx"), sees=READERS, hidden=FILES - READERS),
    Row("file", at=document("sent", "pdf"), sees=PLAN_READERS, hidden=FILES - PLAN_READERS),
    Row("file", at=first_file(lambda w: w.photo), sees=TEAM | LEADS | QUALITY,
        hidden=FILES - TEAM - LEADS - QUALITY, why="of an assessment in progress"),
    Row("file", at=first_file(lambda w: w.released.photos.get()), sees=READERS, hidden=FILES - READERS,
        why="of a released finding"),
    Row("file", at=first_file(lambda w: w.with_factory.replies.get()),
        sees=FACTORY | COACH | TEAM | LEADS | QUALITY,
        hidden=FILES - FACTORY - COACH - TEAM - LEADS - QUALITY, why="evidence in the factory's reply"),
    Row("file", at=first_file(lambda w: w.found_item.evidence.get()), sees=PLAN_READERS, hidden=FILES - PLAN_READERS,
        why="evidence of a plan item; causes and proof were shared with the first progress report"),
    Row("file", at=first_file(lambda w: w.held_visit.photos.get()), sees=READ_VISITS, hidden=FILES - READ_VISITS,
        why="a photo of a coach's visit"),
    Row("file", at=first_file(lambda w: w.certificate), sees=FACTORY | COACH | TEAM | LEADS,
        hidden=FILES - FACTORY - COACH - TEAM - LEADS, why="a certificate of one of the factory's people"),
]

# --- people ------------------------------------------------------------------------------------------------------
# A manager asks in the factory's people, a buyer its colleagues, the coach a factory's first manager, leaders the
# staff; the administrator keeps accounts. Quality and the ministry, assessors and worker representatives ask nobody in.

INVITERS = {"manager"} | ELSEWHERE | BUYERS | COACH | LEADS | ABROAD | ADMIN

PEOPLE = [
    Row("person_invite", sees=INVITERS, acts=INVITERS),
    Row("invitation_accept", sees=ANYBODY, acts=ANYBODY, at=lambda w: (w.token,), why="the link's secret is the proof"),
    Row("invitation_accept", sees=ANYBODY, acts=ANYBODY, at=lambda w: ("worn-out",), status=410),
]

# --- organisations -----------------------------------------------------------------------------------------------
# That a factory takes part is known to the programme's staff, the ministry, global quality, its own people and the
# buyers it has consented to, paid or not. Its profile is corrected by its manager, its coach and the programme's
# leaders; whether it works any more is the leaders' word alone, because a closed factory leaves the rates.

NAMED_TO = FACTORY | {"buyer", "unpaid_buyer"} | COACH | TEAM | LEADS | MINISTRY | QUALITY
CORRECTORS = {"manager"} | COACH | LEADS
NOT_NAMED_TO = ELSEWHERE | {"stranger_buyer"} | ABROAD

ORGANISATIONS = [
    Row("factory_list", sees=NAMED_TO | NOT_NAMED_TO),
    Row("factory_page", at=factory, sees=NAMED_TO, hidden=NOT_NAMED_TO),
    Row("factory_register", sees=LEADS | ABROAD, acts=LEADS | ABROAD),
    Row("factory_correct", at=factory, sees=CORRECTORS, acts=CORRECTORS, hidden=ELSEWHERE | ABROAD),
    Row("factory_close", at=factory, sees=LEADS, acts=LEADS, hidden=ABROAD),
]

# --- programmes --------------------------------------------------------------------------------------------------
# What a programme offers and by which rules is no secret: everybody who stands somewhere reads it, of every country.
# What may be sold, and for how much, is asked by a programme's staff and by global quality.

THE_STAFF = COACH | TEAM | LEADS | ABROAD | QUALITY

PROGRAMMES = [
    Row("programme_list", sees=STANDING),
    Row("programme_page", at=lambda w: ("KH",), sees=STANDING),
    Row("programme_page", at=lambda w: ("MM",), sees=STANDING, why="a planned programme is read like the others"),
    Row("quote_page", sees=THE_STAFF),
    Row("rule_changes", at=lambda w: ("KH",), sees=PM | QUALITY, acts=PM | QUALITY, hidden=ABROAD,
        why="whose cycles run there, and who watches over all; nothing is written"),
]

# --- enrolment ---------------------------------------------------------------------------------------------------
# The cycle and its steps: the factory's people, its coach, those who lead, and a buyer that has paid for this cycle.
# Consents say who buys from whom: given by the manager alone, read by those who lead; not by a buyer, who must not
# learn of other buyers, nor by the workers' side, the coach or global quality. Money: the one who pays and the
# programme manager; so it is the programme manager who enters a factory into a cycle, which makes an invoice.

CYCLE = FACTORY | COACH | LEADS | QUALITY

ENROLMENT = [
    Row("cycle_list", at=factory, sees=CYCLE | {"buyer"}, hidden=ELSEWHERE | UNPAID | ABROAD),
    Row("cycle_page", at=cycle, sees=CYCLE | {"buyer"}, hidden=ELSEWHERE | UNPAID | ABROAD),
    Row("cycle_page", at=the("second_cycle"), sees=CYCLE, hidden=ELSEWHERE | BUYERS | ABROAD,
        why="nobody has paid for the second cycle"),
    Row("cycle_open", at=factory, sees=PM, acts=PM, hidden=ABROAD),
    Row("sharing", at=factory, sees={"manager"} | LEADS, acts={"manager"}, hidden=ELSEWHERE | ABROAD),
    Row("consent_revoke", at=lambda w: (w.cast.factory.ref, w.cast.nordlys.ref), sees={"manager"}, acts={"manager"},
        hidden=ELSEWHERE),
    Row("credit_list", sees=PM | ABROAD, led_on=BUYERS, why="a buyer's officer is led to the one buyer"),
    Row("buyer_credits", at=lambda w: (w.cast.nordlys.ref,), sees={"buyer"} | PM, hidden=UNPAID | ABROAD),
    Row("credits_buy", at=lambda w: (w.cast.nordlys.ref,), sees=None, acts={"buyer"}, hidden=UNPAID),
    Row("credit_spend", at=lambda w: (w.cast.nordlys.ref,), sees=None, acts={"buyer"}, hidden=UNPAID),
    Row("invoice_list", sees={"manager"} | ELSEWHERE | BUYERS | PM | ABROAD),
    Row("invoice_page", at=the("factory_invoice"), sees={"manager"} | PM, acts=PM,
        hidden=ELSEWHERE | BUYERS | ABROAD),
    Row("invoice_page", at=the("buyer_invoice"), sees={"buyer"} | PM, acts=PM,
        hidden={"manager"} | ELSEWHERE | UNPAID | ABROAD),
]

# --- assessments -------------------------------------------------------------------------------------------------
# Until its draft is sent, an assessment is known to those who work on it, those who lead, and global quality. The
# factory, its workers, its coach, every buyer and the ministry know of none. From the draft on the factory's people
# and coach know it. Buyers read its report and never the assessment itself.

AT_WORK = TEAM | LEADS | QUALITY
KEPT_FROM = FACTORY | ELSEWHERE | COACH | ABROAD
ASSESSMENT = KEPT_FROM | AT_WORK

ASSESSMENTS = [
    Row("assessment_list", sees=ASSESSMENT),
    Row("assessment", at=planned, sees=AT_WORK, hidden=KEPT_FROM),
    Row("assessment", at=started, sees=AT_WORK, hidden=KEPT_FROM),
    Row("assessment", at=in_review, sees=AT_WORK, hidden=KEPT_FROM),
    Row("assessment", at=with_factory, sees=AT_WORK | FACTORY | COACH, hidden=ELSEWHERE | ABROAD),
    Row("assessment", at=replied, sees=AT_WORK | FACTORY | COACH, hidden=ELSEWHERE | ABROAD),
    Row("assessment", at=released, sees=AT_WORK | FACTORY | COACH, hidden=ELSEWHERE | ABROAD),
    Row("assessment_plan", sees=PM | ABROAD, acts=PM | ABROAD),
    Row("assessment_assign", at=planned, sees=LEADS, acts=LEADS, hidden=ABROAD),
    # Answering is the assessors' alone. The sheet itself, private notes included, never leaves those at work.
    Row("assessment_start", at=planned, sees=set(), led_on=PAIR, acts=PAIR),
    Row("assessment_cluster", at=cluster("started"), sees=AT_WORK, hidden=KEPT_FROM),
    Row("assessment_cluster", at=cluster("with_factory"), sees=AT_WORK, hidden=KEPT_FROM),
    Row("assessment_cluster", at=cluster("released"), sees=AT_WORK, hidden=KEPT_FROM),
    Row("assessment_take_cluster", at=cluster("started"), sees=set(), led_on=PAIR, acts=PAIR),
    Row("assessment_check", at=started, sees=PAIR, acts=PAIR),
    Row("question", at=question("started"), sees=PAIR, acts=PAIR),
    Row("question", at=question("with_factory"), sees=PAIR, acts=PAIR),
    Row("question_settle", at=question("started"), sees=set(), led_on=PAIR, acts=PAIR),
    Row("question_photo", at=question("started"), sees=set(), led_on=PAIR, acts=PAIR),
    Row("question_beside", at=question("started", "next"), sees=set(), led_on=PAIR),
    Row("photo_withdraw", at=the("photo"), sees=set(), led_on=PAIR, acts=PAIR),
    Row("comment_resolve", at=the("comment"), sees=set(), led_on=PAIR, acts=PAIR),
    # The review is the reviewer's.
    Row("assessment_review", at=in_review, sees={"reviewer"}),
    Row("review_comment", at=in_review, sees={"reviewer"}, acts={"reviewer"}),
    Row("review_return", at=in_review, sees=set(), led_on={"reviewer"}, acts={"reviewer"}),
    Row("review_approve", at=in_review, sees={"reviewer"}, acts={"reviewer"}),
    # The draft is read by both sides of the factory and its coach from the day it is sent; the manager alone replies.
    Row("assessment_reply", at=with_factory, sees=FACTORY | COACH | AT_WORK, hidden=ELSEWHERE | ABROAD),
    Row("assessment_reply", at=in_review, sees=set(), hidden=ASSESSMENT, why="no draft was sent yet"),
    Row("reply_to_finding", at=question("with_factory"), sees={"manager"}, acts={"manager"}, hidden=ELSEWHERE),
    Row("reply_to_finding", at=question("in_review"), sees=set(), acts=set(), hidden={"manager"} | ELSEWHERE),
    Row("reply_send", at=with_factory, sees={"manager"}, acts={"manager"}, hidden=ELSEWHERE),
    Row("reply_send", at=in_review, sees=set(), acts=set(), hidden={"manager"} | ELSEWHERE),
    Row("extension_ask", at=with_factory, sees={"manager"}, acts={"manager"}, hidden=ELSEWHERE),
    Row("extension", at=lambda w: (w.with_factory.extensions.get().ref,), sees=LEADS, acts=LEADS, hidden=ABROAD),
]

# --- zero tolerance ----------------------------------------------------------------------------------------------
# A case has its own audience: those who lead handle it, global quality watches, the assessors who were there read
# it, the ministry from the moment it was informed. The factory and buyers never; a coach may open one and reads it no
# more, because the coach works in the factory; a reviewer was not there.

CASES = [
    Row("case_list", sees=PAIR | LEADS | QUALITY | MINISTRY | ABROAD),
    Row("case", at=the("kept_case"), sees=PAIR | LEADS | QUALITY, hidden=MINISTRY | ABROAD),
    Row("case", at=the("informed_case"), sees=LEADS | QUALITY | MINISTRY, hidden=PAIR | ABROAD),
    Row("case_open", sees=COACH | LEADS, acts=COACH | LEADS, hidden=PAIR | ABROAD,
        why="of a factory of one's own; assessors open theirs from the assessment"),
    Row("case_open", query=lambda w: f"?factory_ref={w.cast.factory.ref}", sees=COACH | LEADS, hidden=PAIR | ABROAD),
    Row("case_open", query=lambda w: f"?assessment={w.started.ref}", sees=PAIR | LEADS, hidden=COACH | ABROAD,
        why="from the assessment, of which the coach does not know"),
    Row("case_step", at=lambda w: (w.informed_case.ref, "ask_investigation"), sees=set(), led_on=LEADS, acts=LEADS,
        hidden=ABROAD),
    Row("case_close", at=the("informed_case"), sees=set(), led_on=LEADS, acts=LEADS, hidden=ABROAD),
]

# --- reports -----------------------------------------------------------------------------------------------------
# A released report: the factory's people, worker representatives included, its coach, who worked on it, who leads,
# global quality, and the buyer with consent that paid for the cycle. Released and amended by the programme manager.
# A progress report goes where the plan goes, to buyers once it is sent; who writes it is the service model's choice.

MAY_READ_REPORTS = READERS | ELSEWHERE | UNPAID | ABROAD
MAY_READ_PROGRESS = PLAN_READERS | ELSEWHERE | UNPAID | ABROAD
WRITERS = COACH | LEADS  # of the programme's own progress report

REPORTS = [
    Row("report_list", sees=MAY_READ_REPORTS),
    Row("report", at=the("report"), sees=READERS, hidden=MAY_READ_REPORTS - READERS),
    Row("factory_reports", at=factory, sees=READERS | {"unpaid_buyer"},
        hidden=ELSEWHERE | {"stranger_buyer"} | ABROAD, why="that it takes part is known; the list is empty unpaid"),
    Row("report_release", at=replied, sees=PM, acts=PM, hidden=ABROAD),
    Row("report_amend", at=the("report"), sees=PM, acts=PM, hidden=ABROAD),
    Row("progress_list", sees=MAY_READ_PROGRESS),
    Row("progress_report", at=the("sent"), sees=PLAN_READERS, hidden=MAY_READ_PROGRESS - PLAN_READERS),
    Row("progress_report", at=the("due"), sees=PLAN_READERS - {"buyer"},
        hidden=(MAY_READ_PROGRESS - PLAN_READERS) | {"buyer"}),
    Row("progress_write", at=the("to_write"), sees={"manager"}, acts={"manager"}, hidden=ELSEWHERE),
    Row("progress_write", at=the("due"), sees=set(), acts=set(), hidden={"manager"} | ELSEWHERE,
        why="the programme's to write"),
    Row("progress_evaluate", at=the("due"), sees=WRITERS, acts=WRITERS, hidden=ABROAD),
    Row("progress_evaluate", at=the("to_write"), sees=set(), acts=set(), hidden=WRITERS | ABROAD,
        why="the factory's to write"),
    Row("verify_start", sees=ANYBODY),
    Row("verify", at=lambda w: (w.report.code,), sees=ANYBODY, why="it names no factory"),
]

# --- the improvement plan ----------------------------------------------------------------------------------------
# One plan a factory: read by its people, its coach, those who lead, global quality and buyers with consent that paid;
# assessors and reviewers stand towards an assessment and have no business in it. The factory works on it, both sides
# alike, and its coach with it; each side answers for itself; the programme checks; the manager alone shares causes
# and actions with buyers. Every reader may write in the thread but global quality, which watches.

HANDS = FACTORY | COACH
CHECKERS = COACH | LEADS
TALKERS = PLAN_READERS - QUALITY
NOT_THIS_PLAN = ELSEWHERE | UNPAID | ABROAD

IMPROVEMENT = [
    Row("plan_list", sees=NOT_THIS_PLAN, led_on=PLAN_READERS, why="who reads one plan is led to it"),
    Row("plan", at=factory, sees=PLAN_READERS, hidden=NOT_THIS_PLAN),
    Row("plan_item", at=the("found_item"), sees=PLAN_READERS, hidden=NOT_THIS_PLAN),
    Row("plan_item", at=the("own_item"), sees=PLAN_READERS - {"buyer"}, hidden=NOT_THIS_PLAN | {"buyer"},
        why="the factory's own issue is of no cycle a buyer paid for"),
    Row("plan_item_add", at=factory, sees=HANDS, acts=HANDS, hidden=ELSEWHERE),
    Row("plan_item_edit", at=the("found_item"), sees=HANDS, acts=HANDS, hidden=ELSEWHERE),
    Row("plan_item_move", at=the("found_item"), sees=None, acts=HANDS, hidden=ELSEWHERE,
        form={"to": "doing"}),
    Row("plan_item_withdraw", at=the("own_item"), sees=HANDS, acts=HANDS, hidden=ELSEWHERE),
    Row("plan_action_add", at=the("found_item"), sees=HANDS, acts=HANDS, hidden=ELSEWHERE),
    Row("plan_action_done", at=the("action"), sees=HANDS, acts=HANDS, hidden=ELSEWHERE),
    Row("plan_evidence_add", at=the("found_item"), sees=HANDS, acts=HANDS, hidden=ELSEWHERE),
    Row("plan_item_answer", at=the("found_item"), sees=FACTORY, acts=FACTORY, hidden=ELSEWHERE),
    Row("plan_item_check", at=the("found_item"), sees=CHECKERS, acts=CHECKERS, hidden=ABROAD),
    Row("plan_item_message", at=the("found_item"), sees=None, acts=TALKERS, hidden=NOT_THIS_PLAN),
    Row("plan_talk", at=factory, sees=PLAN_READERS, acts=TALKERS, hidden=NOT_THIS_PLAN),
    Row("plan_share", at=factory, sees=set(), led_on={"manager"}, acts={"manager"}, hidden=ELSEWHERE,
        why="shared already, with the first progress report"),
]

# --- advisory ----------------------------------------------------------------------------------------------------
# Visits are announced: the factory's people, its coach, those who lead and global quality read them. Buyers learn of
# them from progress reports; assessors, reviewers and the ministry have no business in them. The coach and those who
# lead plan and log; each side of the factory says for itself whether that is what was agreed.

PLAN_VISITS = COACH | LEADS

ADVISORY = [
    Row("visit_list", sees=READ_VISITS | ELSEWHERE | ABROAD),
    Row("cycle_visits", at=the("second_cycle"), sees=READ_VISITS, hidden=ELSEWHERE | ABROAD),
    Row("visits_lay_out", at=the("second_cycle"), sees=None, acts=PLAN_VISITS, hidden=ABROAD),
    Row("visit_plan", at=the("second_cycle"), sees=PLAN_VISITS, acts=PLAN_VISITS, hidden=ABROAD),
    Row("dialogue_score", at=the("cycle"), sees=PLAN_VISITS, acts=PLAN_VISITS, hidden=ABROAD),
    Row("visit", at=the("held_visit"), sees=READ_VISITS, hidden=ELSEWHERE | ABROAD),
    Row("visit", at=the("coming_visit"), sees=READ_VISITS, hidden=ELSEWHERE | ABROAD),
    Row("visit_move", at=the("coming_visit"), sees=PLAN_VISITS, acts=PLAN_VISITS, hidden=ABROAD),
    Row("visit_cancel", at=the("coming_visit"), sees=PLAN_VISITS, acts=PLAN_VISITS, hidden=ABROAD),
    Row("visit_log", at=the("coming_visit"), sees=PLAN_VISITS, acts=PLAN_VISITS, hidden=ABROAD),
    Row("visit_causes", at=the("visit_work"), sees=PLAN_VISITS, acts=PLAN_VISITS, hidden=ABROAD),
    Row("visit_photo_add", at=the("held_visit"), sees=PLAN_VISITS, acts=PLAN_VISITS, hidden=ABROAD),
    Row("visit_answer", at=the("held_visit"), sees=None, acts=FACTORY, hidden=ELSEWHERE),
]

# --- training ----------------------------------------------------------------------------------------------------
# Courses are open to every factory, so everybody who works with factories sees them; the ministry and who keeps
# accounts do not. Sessions are seen in the programmes of one's factories, those closed to one factory by it alone and
# the programme. Who takes part, by name, is known to the factory's own people and to the programme's staff: to no
# buyer, not to global quality, not to another factory. The manager registers, or the staff; those who lead plan.

SEES_COURSES = STANDING - MINISTRY - ADMIN
TRAINERS = COACH | TEAM | LEADS
REGISTERS = {"manager"} | TRAINERS
HERE = FACTORY | ELSEWHERE | {"buyer", "unpaid_buyer"} | TRAINERS | QUALITY  # who looks into this programme


def course(w):
    return ("supervisory-skills",)


def registering(w):
    return (w.cast.factory.ref, w.coming_session.ref)


TRAINING = [
    Row("training_home", sees=SEES_COURSES),
    Row("training_course", at=course, sees=SEES_COURSES),
    Row("session_plan", at=course, sees=LEADS | ABROAD, acts=LEADS | ABROAD),
    Row("training_session", at=the("coming_session"), sees=HERE, hidden={"stranger_buyer"} | ABROAD),
    Row("training_session", at=the("own_session"), sees=FACTORY | TRAINERS | QUALITY,
        hidden=ELSEWHERE | BUYERS | ABROAD, why="closed to one factory"),
    Row("session_change", at=the("coming_session"), sees=LEADS, acts=LEADS, hidden=ABROAD),
    Row("session_cancel", at=the("coming_session"), sees=LEADS, acts=LEADS, hidden=ABROAD),
    Row("factory_training", at=factory, sees=FACTORY | TRAINERS, hidden=ELSEWHERE | ABROAD),
    Row("training_register", at=registering, sees=REGISTERS, acts=REGISTERS, hidden=ELSEWHERE | ABROAD),
    Row("training_session", at=the("held_session"), sees=HERE, hidden={"stranger_buyer"} | ABROAD, why="it is over"),
    Row("session_attendance", at=the("coming_session"), sees=TRAINERS, acts=TRAINERS, hidden=ABROAD),
    Row("session_close", at=the("coming_session"), sees=TRAINERS, acts=TRAINERS, hidden=ABROAD),
    Row("training_door", at=lambda w: (door_of(w.coming_session, date(2026, 12, 8)),), sees=ANYBODY, acts=ANYBODY,
        why="who is in the room has the signed code of the day"),
    Row("training_door", at=lambda w: ("forged",), sees=ANYBODY, status=410),
    Row("training_own", at=lambda w: (link_of(w.registration),), sees=ANYBODY,
        why="the participant's signed link; it names nobody"),
    Row("training_own", at=lambda w: ("forged",), sees=set(), hidden=ANYBODY, why="a forged link"),
    Row("training_questions", at=lambda w: (link_of(w.registration), "before"), sees=ANYBODY, acts=ANYBODY),
    Row("training_own_certificate", at=lambda w: (link_of(w.certificate.registration),), sees=ANYBODY),
    # Seminars are for the factories and buyers of a programme; a buyer's officer speaks for the buyer alone. What is
    # published with the factory's consent is read by everybody who learns; a draft by the factory's people, its coach
    # and those who lead. The manager alone consents and withdraws; those who lead publish.
    Row("trainer_tree", sees=FACTORY | ELSEWHERE | TRAINERS | ABROAD),
    Row("trainer_passed", at=the("own_trainer"), sees=REGISTERS, acts=REGISTERS, hidden=ELSEWHERE | ABROAD),
    Row("trainer_passed", at=the("certificate"), sees=set(), hidden=REGISTERS | ELSEWHERE | ABROAD,
        why="no certificate of a trainer"),
    # Who leads accredits the programme's staff; global quality reads it.
    Row("accreditation_list", sees=LEADS | ABROAD | QUALITY),
    Row("accreditation_give", sees=LEADS | ABROAD, acts=LEADS | ABROAD),
    Row("accreditation_withdraw", at=the("accreditation"), sees=LEADS, acts=LEADS, hidden=ABROAD),
    Row("seminar_list", sees=SEES_COURSES),
    Row("seminar_plan", sees=LEADS | ABROAD, acts=LEADS | ABROAD),
    Row("seminar", at=the("seminar"), sees=HERE, hidden={"stranger_buyer"} | ABROAD),
    Row("seminar_join", at=the("seminar"), sees={"manager"} | ELSEWHERE | {"buyer", "unpaid_buyer"},
        acts={"manager"} | ELSEWHERE | {"buyer", "unpaid_buyer"}, hidden={"stranger_buyer"}),
    Row("seminar_hold", at=the("seminar"), sees=LEADS, acts=LEADS, hidden=ABROAD),
    Row("seminar_cancel", at=the("seminar"), sees=LEADS, acts=LEADS, hidden=ABROAD),
    Row("practice_list", sees=SEES_COURSES),
    Row("practice", at=the("shared_practice"), sees=SEES_COURSES, why="published, with the factory's consent"),
    Row("practice", at=the("draft_practice"), sees=FACTORY | COACH | LEADS,
        hidden=SEES_COURSES - FACTORY - COACH - LEADS, why="a draft"),
    Row("practice_write", at=factory, sees=FACTORY | COACH | LEADS, acts=FACTORY | COACH | LEADS,
        hidden=ELSEWHERE | ABROAD),
    Row("practice_edit", at=the("draft_practice"), sees=FACTORY | COACH | LEADS, acts=FACTORY | COACH | LEADS,
        hidden=ELSEWHERE | ABROAD),
    Row("practice_consent", at=the("draft_practice"), sees={"manager"}, acts={"manager"}, hidden=ELSEWHERE),
    Row("practice_withdraw", at=the("shared_practice"), sees={"manager"}, acts={"manager"}, hidden=ELSEWHERE),
    Row("practice_publish", at=the("shared_practice"), sees=LEADS, acts=LEADS, hidden=ABROAD),
    Row("registration_cancel", at=the("registration"), sees=REGISTERS, acts=REGISTERS, hidden=ELSEWHERE | ABROAD),
]

# --- committees --------------------------------------------------------------------------------------------------
# A factory's committee is read by the factory's people, its coach, those who lead and global quality; never by a buyer
# or the ministry. Both sides and the coach keep its record; each side signs for itself, and the coach for none. Each
# side, the coach and the leads give members an account; codes on paper come from the coach and the leads alone. A
# calendar's address is its own key.

AT_THE_TABLE = FACTORY | COACH | LEADS | QUALITY
NOT_AT_THIS_TABLE = ELSEWHERE | ABROAD


def of_committee(name: str) -> Callable[[World], tuple]:
    return lambda w: (w.committee[name].ref,)


def _kept(route: str, at: Callable[[World], tuple], *, has_page: bool = True, **more) -> Row:
    return Row(route, at=at, sees=HANDS if has_page else None, acts=HANDS, hidden=ELSEWHERE, **more)


COMMITTEES = [
    Row("committee_list", sees=NOT_AT_THIS_TABLE, led_on=AT_THE_TABLE, why="who reads one committee is led to it"),
    Row("committee_page", at=factory, sees=AT_THE_TABLE, hidden=NOT_AT_THIS_TABLE),
    Row("committees_sheet", sees=AT_THE_TABLE | NOT_AT_THIS_TABLE, why="what is in it is each one's own"),
    _kept("committee_form", factory),
    _kept("member_add", lambda w: (w.cast.factory.ref, "management")),
    Row("committee_member", at=of_committee("member"), sees=AT_THE_TABLE, hidden=NOT_AT_THIS_TABLE),
    _kept("member_chair", of_committee("member"), has_page=False),
    _kept("member_leave", of_committee("member"), has_page=False),
    Row("member_sign_in", at=of_committee("member"), sees=None, acts=FACTORY | COACH | LEADS,
        hidden=NOT_AT_THIS_TABLE, why="an account for a member; for the other side's members a side is told why not"),
    Row("member_codes", at=of_committee("member"), sees=None, acts=COACH | LEADS, hidden=ABROAD,
        why="codes open an account: neither side prints them"),
    _kept("election_call", factory),
    Row("election_page", at=of_committee("election"), sees=AT_THE_TABLE, hidden=NOT_AT_THIS_TABLE),
    _kept("candidate_add", of_committee("election"), has_page=False),
    _kept("candidate_withdraw", of_committee("candidate"), has_page=False),
    _kept("election_count", of_committee("election")),
    _kept("election_tie", of_committee("election"), has_page=False),
    _kept("election_call_off", of_committee("election")),
    _kept("meeting_plan", factory),
    Row("meeting_page", at=of_committee("planned"), sees=AT_THE_TABLE, hidden=NOT_AT_THIS_TABLE, why="planned"),
    Row("meeting_page", at=of_committee("in_session"), sees=AT_THE_TABLE, hidden=NOT_AT_THIS_TABLE, why="in session"),
    Row("meeting_page", at=of_committee("to_sign"), sees=AT_THE_TABLE, hidden=NOT_AT_THIS_TABLE, why="minutes"),
    _kept("meeting_move", of_committee("planned")),
    _kept("meeting_call_off", of_committee("planned")),
    _kept("meeting_open", of_committee("planned"), has_page=False),
    _kept("point_add", of_committee("planned"), has_page=False),
    _kept("meeting_attendance", of_committee("in_session"), has_page=False),
    _kept("agenda_point", of_committee("point")),
    _kept("point_decide", of_committee("point"), has_page=False),
    _kept("decision_take_back", of_committee("decision"), has_page=False),
    _kept("meeting_close", of_committee("in_session")),
    Row("minutes_sign", at=of_committee("to_sign"), sees=None, acts=FACTORY, hidden=ELSEWHERE),
    _kept("minutes_reopen", of_committee("to_sign")),
    Row("file", at=lambda w: (files_of(w.committee["to_sign"])[0].ref,), sees=AT_THE_TABLE,
        hidden=STANDING - AT_THE_TABLE, why="minutes of a committee's meeting"),
    Row("calendar_feed", sees=AT_THE_TABLE | NOT_AT_THIS_TABLE, acts=AT_THE_TABLE | NOT_AT_THIS_TABLE),
    Row("calendar_ics", at=lambda w: (w.committee["token"],), sees=ANYBODY),
]

# --- self-assessment ---------------------------------------------------------------------------------------------
# The factory's own word. Each side fills in its own sheet and no address names a side; nobody else opens one. How far
# it is, the factory, its coach, those who lead and global quality know; what it says, once both sides have given
# theirs. Buyers never read one, whatever they paid; nor do assessors, reviewers and the ministry.

READ_SELF = FACTORY | COACH | LEADS | QUALITY


def of_question(name: str, *more: str) -> Callable[[World], tuple]:
    return lambda w: (getattr(w, name).ref, "SH-01", *more)


SELF_ASSESSMENTS = [
    Row("self_assessment_list", sees=READ_SELF | ELSEWHERE | ABROAD),
    Row("self_assessments_of", at=factory, sees=READ_SELF, hidden=ELSEWHERE | ABROAD),
    Row("self_assessment_open", at=factory, sees=None, acts=FACTORY),
    Row("self_assessment", at=the("open_self"), sees=READ_SELF, hidden=ELSEWHERE | ABROAD),
    Row("self_assessment", at=the("near_self"), sees=READ_SELF, hidden=ELSEWHERE | ABROAD, why="handed in"),
    Row("self_begin", at=the("open_self"), sees=None, acts=FACTORY),
    Row("self_cluster", at=cluster("open_self"), sees=FACTORY, hidden=ELSEWHERE),
    Row("self_question", at=of_question("open_self"), sees=FACTORY, acts=FACTORY, hidden=ELSEWHERE),
    Row("self_settle", at=of_question("open_self"), sees=None, acts=FACTORY),
    Row("self_beside", at=of_question("open_self", "next"), sees=set(), led_on=FACTORY, hidden=ELSEWHERE),
    Row("self_check", at=the("open_self"), sees=FACTORY, acts=FACTORY, hidden=ELSEWHERE),
    Row("self_workbook", at=the("open_self"), sees=FACTORY, hidden=ELSEWHERE),
    Row("self_workbook_send", at=the("open_self"), sees=FACTORY, acts=FACTORY, hidden=ELSEWHERE),
    Row("self_together", at=the("open_self"), sees=set(), hidden=READ_SELF | ELSEWHERE | ABROAD,
        why="one side has not given its answers"),
    Row("self_pair", at=of_question("open_self"), sees=set(), acts=set(), hidden=READ_SELF | ELSEWHERE | ABROAD,
        why="one side has not given its answers"),
    Row("self_hand_in", at=the("open_self"), sees=set(), acts=set(), hidden=FACTORY | ELSEWHERE,
        why="one side has not given its answers"),
    Row("self_together", at=the("both_self"), sees=READ_SELF, hidden=ELSEWHERE | ABROAD),
    Row("self_together_sheet", at=the("both_self"), sees=READ_SELF, hidden=ELSEWHERE | ABROAD),
    Row("self_together_sheet", at=the("open_self"), sees=set(), hidden=READ_SELF | ELSEWHERE | ABROAD,
        why="one side has not given its answers"),
    Row("self_pair", at=of_question("both_self"), sees=READ_SELF, acts=FACTORY, hidden=ELSEWHERE | ABROAD),
    Row("self_agree", at=of_question("both_self"), sees=None, acts=FACTORY),
    Row("self_hand_in", at=the("both_self"), sees=FACTORY, acts=FACTORY, hidden=ELSEWHERE),
    Row("self_accuracy", at=the("near_self"), sees=READ_SELF, hidden=ELSEWHERE | ABROAD),
    Row("self_accuracy", at=the("both_self"), sees=set(), hidden=READ_SELF | ELSEWHERE | ABROAD,
        why="no assessment was released after it"),
]

# --- exchange ----------------------------------------------------------------------------------------------------
# Lists of factories are read in, and a factory is merged with its duplicate, by the programme manager, in the own
# programme.

IMPORTERS = PM | ABROAD
# Whoever reads reports may take their findings out as a sheet; assessors and reviewers work on one at a time.
TAKE_OUT = (READERS - TEAM) | ELSEWHERE | UNPAID | ABROAD

EXCHANGE = [
    Row("data_page", sees=TAKE_OUT),
    Row("result_list", sees=MAY_READ_REPORTS),
    Row("findings_sheet", sees=TAKE_OUT, why="what is in it is each one's own"),
    Row("import_list", sees=IMPORTERS),
    Row("import_new", sees=IMPORTERS, acts=IMPORTERS),
    Row("import_page", at=the("batch"), sees=PM, hidden=ABROAD),
    Row("import_columns", at=the("batch"), sees=PM, acts=PM, hidden=ABROAD),
    Row("import_duplicates", at=the("batch"), sees=PM, hidden=ABROAD),
    Row("import_decide", at=the("batch"), sees=None, acts=PM, hidden=ABROAD),
    Row("import_commit", at=the("batch"), sees=None, acts=PM, hidden=ABROAD),
    Row("import_undo", at=the("batch"), sees=None, acts=PM, hidden=ABROAD),
    Row("merge_find", at=factory, sees=PM, hidden=ABROAD),
    Row("merge_compare", at=both_factories, sees=PM, hidden=ABROAD),
    Row("merge_check", at=both_factories, sees=PM, acts=PM, hidden=ABROAD),
    Row("split_check", at=merged, sees=PM, acts=PM, hidden=ABROAD),
]

TABLE = [
    *HOME, *FILE, *PEOPLE, *ORGANISATIONS, *PROGRAMMES, *ENROLMENT, *ASSESSMENTS, *CASES, *REPORTS, *IMPROVEMENT,
    *COMMITTEES,
    *ADVISORY,
    *SELF_ASSESSMENTS,
    *TRAINING, *EXCHANGE,
]


# --- the world and the walk --------------------------------------------------------------------------------------


@pytest.fixture
def _django_db_helper():
    """Instead of pytest-django's: no transaction of its own around a test, `world` has one."""


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker, tmp_path_factory):
    """The world, once for this file; taken back at the end."""
    with worlds.standing(django_db_blocker, tmp_path_factory.mktemp("files")) as world:
        worlds.plan_the_secret(worlds.complete(world))
        yield world


@pytest.fixture
def world(built, django_db_blocker, settings):
    """The world as it was built, whatever a test does to it; the clock stands at its morning."""
    with worlds.untouched(built, django_db_blocker, settings), clock.at(worlds.NOW):
        yield built


@pytest.fixture(autouse=True, scope="module")
def _no_reports_of_refusals():
    """Thousands of refusals are meant here; their lines in the log would only take time."""
    logging.getLogger("django.request").setLevel(logging.ERROR)
    yield
    logging.getLogger("django.request").setLevel(logging.NOTSET)


@pytest.fixture(scope="module")
def clients(built) -> dict[str, Client]:
    return worlds.clients(built)


def identify(row: Row) -> str:
    return row.route + (f" ({row.why})" if row.why else "")


def our_routes(patterns=None) -> set[str]:
    found = set()
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(pattern, URLResolver):
            found |= our_routes(pattern.url_patterns)
        elif isinstance(pattern, URLPattern) and pattern.callback.__module__.startswith("evenweave."):
            found.add(pattern.name)
    return found


def test_every_route_has_a_row():
    assert our_routes() == {row.route for row in TABLE}


def test_the_table_knows_the_whole_cast(world):
    assert set(world.cast.people) == ANYBODY
    for row in TABLE:
        assert (row.sees or set()) | row.led_on | row.hidden | (row.acts or set()) <= ANYBODY
        assert not ((row.sees or set()) | row.led_on) & row.hidden or row.status == 404


@pytest.mark.parametrize("row", [row for row in TABLE if row.sees is not None], ids=identify)
def test_who_sees(row, world, clients):
    url = row.url(world)
    assert {key: status_of(client.get(url)) for key, client in clients.items()} == row.expected_to_see()


@pytest.mark.parametrize("row", [row for row in TABLE if row.acts is not None], ids=identify)
def test_who_acts(row, world, clients):
    """A form from everybody, with nothing in it: who may not act is refused, and nothing is written."""
    url = row.url(world)
    answers = {}
    for key, client in clients.items():
        reset_queries()  # a connection remembers nine thousand, and the world was built on this one
        with transaction.atomic(), CaptureQueriesContext(connection) as asked:
            answers[key] = heard(client.post(url, row.form))
            transaction.set_rollback(True)
        assert answers[key] == "heard" or writes(asked) == [], key
    assert answers == row.expected_to_act()


def status_of(response) -> int:
    if response.streaming:
        b"".join(response.streaming_content)  # a file stays open until it is read
    return response.status_code


def heard(response) -> str:
    if response.status_code in (403, 404):
        return "refused"
    if response.status_code == 302 and response["Location"].startswith(reverse("account_login")):
        return "refused"
    return "heard"


def writes(asked: CaptureQueriesContext) -> list[str]:
    changing = ("INSERT", "UPDATE", "DELETE")
    return [query["sql"] for query in asked.captured_queries if query["sql"].lstrip().upper().startswith(changing)]


def test_a_refusal_by_role_looks_at_no_record(world, clients):
    """403 says nothing about what is there: it is the same for what is and what never was."""
    for row in (row for row in TABLE if row.at(world) and row.sees is not None and row.status == 200):
        made_up = reverse(row.route, args=[*("zzzzzzzzzzzz" for _ in row.at(world)[:1]), *row.at(world)[1:]])
        refused = [key for key, status in row.expected_to_see().items() if status == 403]
        assert {key: clients[key].get(made_up).status_code for key in refused} == dict.fromkeys(refused, 403), row.route


