"""Addresses of this room."""

from django.urls import path, reverse
from django.utils.translation import gettext as _

from evenweave.access.enums import Action
from evenweave.exchange import queries, views
from evenweave.organisations import tabs
from evenweave.organisations.models import Factory
from evenweave.organisations.queries import Ties
from evenweave.toolkit.parts import Link

urlpatterns = [
    path("imports/", views.import_list, name="import_list"),
    path("imports/new/", views.import_new, name="import_new"),
    path("imports/<str:ref>/", views.import_page, name="import_page"),
    path("imports/<str:ref>/columns/", views.import_columns, name="import_columns"),
    path("imports/<str:ref>/duplicates/", views.import_duplicates, name="import_duplicates"),
    path("imports/<str:ref>/decide/", views.import_decide, name="import_decide"),
    path("imports/<str:ref>/commit/", views.import_commit, name="import_commit"),
    path("imports/<str:ref>/undo/", views.import_undo, name="import_undo"),
    path("data/", views.data_page, name="data_page"),
    path("data/findings.xlsx", views.findings_sheet, name="findings_sheet"),
    path("factories/results/", views.result_list, name="result_list"),
    path("factories/<str:ref>/merge/", views.merge_find, name="merge_find"),
    path("factories/<str:ref>/merge/<str:other>/", views.merge_compare, name="merge_compare"),
    path("factories/<str:ref>/merge/<str:other>/check/", views.merge_check, name="merge_check"),
    path("factories/<str:ref>/split/<str:other>/", views.split_check, name="split_check"),
]


def _import_link(ties: Ties) -> Link | None:
    if not ties.allow(Action.FACTORY_IMPORT):
        return None
    return Link(_("Import a list"), reverse("import_list"), icon="upload")


def _results_link(ties: Ties) -> Link | None:
    if not ties.allow(Action.REPORT_VIEW):
        return None
    return Link(_("Results"), reverse("result_list"), icon="scale")


def _merge_link(person, factory: Factory) -> Link | None:
    if not queries.may_merge(person, factory):
        return None
    return Link(_("Merge with a duplicate"), reverse("merge_find", args=[factory.ref]))


tabs.register_list_link(_results_link)
tabs.register_list_link(_import_link)
tabs.register_action(_merge_link)
