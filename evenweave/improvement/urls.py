"""Addresses of this room, and its tab on a factory's pages."""

from django.urls import path, reverse
from django.utils.translation import gettext as _

from evenweave.improvement.queries import sees_a_plan
from evenweave.improvement.views import items, plans
from evenweave.organisations import tabs
from evenweave.toolkit.parts import Link

urlpatterns = [
    path("plans/", plans.plan_list, name="plan_list"),
    path("plans/actions/<str:ref>/done/", items.plan_action_done, name="plan_action_done"),
    path("plans/items/<str:ref>/", items.plan_item, name="plan_item"),
    path("plans/items/<str:ref>/edit/", items.plan_item_edit, name="plan_item_edit"),
    path("plans/items/<str:ref>/actions/add/", items.plan_action_add, name="plan_action_add"),
    path("plans/items/<str:ref>/move/", items.plan_item_move, name="plan_item_move"),
    path("plans/items/<str:ref>/answer/", items.plan_item_answer, name="plan_item_answer"),
    path("plans/items/<str:ref>/check/", items.plan_item_check, name="plan_item_check"),
    path("plans/items/<str:ref>/evidence/add/", items.plan_evidence_add, name="plan_evidence_add"),
    path("plans/items/<str:ref>/message/", items.plan_item_message, name="plan_item_message"),
    path("plans/items/<str:ref>/withdraw/", items.plan_item_withdraw, name="plan_item_withdraw"),
    path("plans/<str:factory_ref>/", plans.plan, name="plan"),
    path("plans/<str:factory_ref>/add/", plans.plan_item_add, name="plan_item_add"),
    path("plans/<str:factory_ref>/share/", plans.plan_share, name="plan_share"),
    path("plans/<str:factory_ref>/talk/", plans.plan_talk, name="plan_talk"),
]


def _tab(person, factory) -> Link | None:
    return Link(_("Plan"), reverse("plan", args=[factory.ref])) if sees_a_plan(person, factory) else None


tabs.register(_tab, order=20)
