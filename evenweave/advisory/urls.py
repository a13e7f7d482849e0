"""Addresses of this room, and its tab on a factory's pages."""

from django.urls import path, reverse
from django.utils.translation import gettext as _

from evenweave.advisory import views
from evenweave.advisory.queries import newest_cycle_for
from evenweave.organisations import tabs
from evenweave.toolkit.parts import Link

urlpatterns = [
    path("visits/", views.visit_list, name="visit_list"),
    path("visits/cycles/<str:ref>/", views.cycle_visits, name="cycle_visits"),
    path("visits/cycles/<str:ref>/lay-out/", views.visits_lay_out, name="visits_lay_out"),
    path("visits/cycles/<str:ref>/plan/", views.visit_plan, name="visit_plan"),
    path("visits/cycles/<str:ref>/dialogue/", views.dialogue_score, name="dialogue_score"),
    path("visits/causes/<str:ref>/", views.visit_causes, name="visit_causes"),
    path("visits/<str:ref>/", views.visit, name="visit"),
    path("visits/<str:ref>/move/", views.visit_move, name="visit_move"),
    path("visits/<str:ref>/cancel/", views.visit_cancel, name="visit_cancel"),
    path("visits/<str:ref>/log/", views.visit_log, name="visit_log"),
    path("visits/<str:ref>/photo/", views.visit_photo_add, name="visit_photo_add"),
    path("visits/<str:ref>/answer/", views.visit_answer, name="visit_answer"),
]


def _tab(person, factory) -> Link | None:
    cycle = newest_cycle_for(person, factory)
    return Link(_("Visits"), reverse("cycle_visits", args=[cycle.ref])) if cycle else None


tabs.register(_tab, order=25)
