"""Addresses of this room."""

from django.urls import path, reverse
from django.utils.translation import gettext as _

from evenweave.enrolment import queries, screens, views
from evenweave.organisations import tabs
from evenweave.programmes import sections
from evenweave.toolkit.parts import Link

urlpatterns = [
    path("factories/<str:ref>/cycles/", views.cycle_list, name="cycle_list"),
    path("factories/<str:ref>/cycles/new/", views.cycle_open, name="cycle_open"),
    path("factories/<str:ref>/sharing/", views.sharing, name="sharing"),
    path("factories/<str:ref>/sharing/<str:buyer_ref>/withdraw/", views.consent_revoke, name="consent_revoke"),
    path("programmes/<str:code>/changes/", views.rule_changes, name="rule_changes"),
    path("cycles/<str:ref>/", views.cycle_page, name="cycle_page"),
    path("credits/", views.credit_list, name="credit_list"),
    path("credits/<str:ref>/", views.buyer_credits, name="buyer_credits"),
    path("credits/<str:ref>/buy/", views.credits_buy, name="credits_buy"),
    path("credits/<str:ref>/spend/", views.credit_spend, name="credit_spend"),
    path("invoices/", views.invoice_list, name="invoice_list"),
    path("invoices/<str:ref>/", views.invoice_page, name="invoice_page"),
]


def _cycles_tab(person, factory) -> Link | None:
    if not queries.factories_with_cycles(person).filter(pk=factory.pk).exists():
        return None
    return Link(_("Cycles"), reverse("cycle_list", args=[factory.ref]))


def _sharing_tab(person, factory) -> Link | None:
    if not queries.factories_of_ledger(person).filter(pk=factory.pk).exists():
        return None
    return Link(_("Sharing"), reverse("sharing", args=[factory.ref]))


tabs.register(_cycles_tab, order=40)
tabs.register(_sharing_tab, order=50)
sections.register(screens.coverage_section)
sections.register(screens.rules_section)
