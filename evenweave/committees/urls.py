"""Addresses of this room, and its tab on a factory's pages."""

from django.urls import path, reverse
from django.utils.translation import gettext as _

from evenweave.committees.queries.reading import sees_committee
from evenweave.committees.views import committees, elections, feed, meetings
from evenweave.organisations import tabs
from evenweave.toolkit.parts import Link

urlpatterns = [
    path("committees/", committees.committee_list, name="committee_list"),
    path("committees/sheet/", committees.committees_sheet, name="committees_sheet"),
    path("committees/members/<str:ref>/", committees.committee_member, name="committee_member"),
    path("committees/members/<str:ref>/chair/", committees.member_chair, name="member_chair"),
    path("committees/members/<str:ref>/leave/", committees.member_leave, name="member_leave"),
    path("committees/members/<str:ref>/sign-in/", committees.member_sign_in, name="member_sign_in"),
    path("committees/members/<str:ref>/codes/", committees.member_codes, name="member_codes"),
    path("committees/elections/<str:ref>/", elections.election_page, name="election_page"),
    path("committees/elections/<str:ref>/candidates/add/", elections.candidate_add, name="candidate_add"),
    path("committees/elections/<str:ref>/count/", elections.election_count, name="election_count"),
    path("committees/elections/<str:ref>/tie/", elections.election_tie, name="election_tie"),
    path("committees/elections/<str:ref>/call-off/", elections.election_call_off, name="election_call_off"),
    path("committees/candidates/<str:ref>/withdraw/", elections.candidate_withdraw, name="candidate_withdraw"),
    path("committees/meetings/<str:ref>/", meetings.meeting_page, name="meeting_page"),
    path("committees/meetings/<str:ref>/move/", meetings.meeting_move, name="meeting_move"),
    path("committees/meetings/<str:ref>/call-off/", meetings.meeting_call_off, name="meeting_call_off"),
    path("committees/meetings/<str:ref>/open/", meetings.meeting_open, name="meeting_open"),
    path("committees/meetings/<str:ref>/attendance/", meetings.meeting_attendance, name="meeting_attendance"),
    path("committees/meetings/<str:ref>/points/add/", meetings.point_add, name="point_add"),
    path("committees/meetings/<str:ref>/close/", meetings.meeting_close, name="meeting_close"),
    path("committees/meetings/<str:ref>/sign/", meetings.minutes_sign, name="minutes_sign"),
    path("committees/meetings/<str:ref>/reopen/", meetings.minutes_reopen, name="minutes_reopen"),
    path("committees/points/<str:ref>/", meetings.agenda_point, name="agenda_point"),
    path("committees/points/<str:ref>/decide/", meetings.point_decide, name="point_decide"),
    path("committees/decisions/<str:ref>/take-back/", meetings.decision_take_back, name="decision_take_back"),
    path("committees/<str:factory_ref>/", committees.committee_page, name="committee_page"),
    path("committees/<str:factory_ref>/record/", committees.committee_form, name="committee_form"),
    path("committees/<str:factory_ref>/members/add/<str:side>/", committees.member_add, name="member_add"),
    path("committees/<str:factory_ref>/elections/call/", elections.election_call, name="election_call"),
    path("committees/<str:factory_ref>/meetings/plan/", meetings.meeting_plan, name="meeting_plan"),
    path("calendar/", feed.calendar_feed, name="calendar_feed"),
    path("calendar/<str:token>.ics", feed.calendar_ics, name="calendar_ics"),
]


def _tab(person, factory) -> Link | None:
    if not sees_committee(person, factory):
        return None
    return Link(_("Committee"), reverse("committee_page", args=[factory.ref]))


tabs.register(_tab, order=25)
