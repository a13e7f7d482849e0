"""Addresses of this room, and its tab on a factory's pages. None of them names a side: who opens a sheet opens the
sheet of the own side."""

from django.urls import path, reverse
from django.utils.translation import gettext as _

from evenweave.access.enums import Action
from evenweave.organisations import tabs
from evenweave.organisations.queries import may
from evenweave.selfassessments.views import overview, questions, together, workbooks
from evenweave.toolkit.parts import Link

BASE = "self-assessments/<str:ref>/"

urlpatterns = [
    path("self-assessments/", overview.self_assessment_list, name="self_assessment_list"),
    path("self-assessments/of/<str:ref>/", overview.self_assessments_of, name="self_assessments_of"),
    path("self-assessments/of/<str:ref>/open/", overview.self_assessment_open, name="self_assessment_open"),
    path(BASE, overview.self_assessment, name="self_assessment"),
    path(f"{BASE}begin/", overview.self_begin, name="self_begin"),
    path(f"{BASE}clusters/<slug:cluster>/", overview.self_cluster, name="self_cluster"),
    path(f"{BASE}questions/<str:question_id>/", questions.self_question, name="self_question"),
    path(f"{BASE}questions/<str:question_id>/settle/", questions.self_settle, name="self_settle"),
    path(f"{BASE}questions/<str:question_id>/<slug:way>/", questions.self_beside, name="self_beside"),
    path(f"{BASE}check/", questions.self_check, name="self_check"),
    path(f"{BASE}workbook/", workbooks.self_workbook, name="self_workbook"),
    path(f"{BASE}workbook/send/", workbooks.self_workbook_send, name="self_workbook_send"),
    path(f"{BASE}together/", together.self_together, name="self_together"),
    path(f"{BASE}together.xlsx", workbooks.self_together_sheet, name="self_together_sheet"),
    path(f"{BASE}together/<str:question_id>/", together.self_pair, name="self_pair"),
    path(f"{BASE}together/<str:question_id>/agree/", together.self_agree, name="self_agree"),
    path(f"{BASE}hand-in/", together.self_hand_in, name="self_hand_in"),
    path(f"{BASE}accuracy/", together.self_accuracy, name="self_accuracy"),
]


def _tab(person, factory) -> Link | None:
    if not may(person, Action.SELF_ASSESSMENT_VIEW, factory):
        return None
    return Link(_("Self-assessment"), reverse("self_assessments_of", args=[factory.ref]))


tabs.register(_tab, order=15)
