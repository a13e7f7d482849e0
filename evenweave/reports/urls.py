"""Addresses of this room."""

from django.urls import path, reverse
from django.utils.translation import gettext as _

from evenweave.access.enums import Action
from evenweave.access.scope import permitted
from evenweave.organisations import tabs
from evenweave.reports.models import Report
from evenweave.reports.views import progress, releasing, reports, verifying
from evenweave.toolkit.parts import Link

urlpatterns = [
    path("reports/", reports.report_list, name="report_list"),
    path("reports/<str:ref>/", reports.report, name="report"),
    path("reports/<str:ref>/amend/", releasing.report_amend, name="report_amend"),
    path("factories/<str:ref>/reports/", reports.factory_reports, name="factory_reports"),
    path("assessments/<str:ref>/release/", releasing.report_release, name="report_release"),
    path("progress/", progress.progress_list, name="progress_list"),
    path("progress/<str:ref>/", progress.progress_report, name="progress_report"),
    path("progress/<str:ref>/write/", progress.progress_write, name="progress_write"),
    path("progress/<str:ref>/evaluate/", progress.progress_evaluate, name="progress_evaluate"),
    path("verify/", verifying.verify_start, name="verify_start"),
    path("verify/<str:code>/", verifying.verify, name="verify"),
]


def _tab(person, factory) -> Link | None:
    """For whoever has a report of the factory to read."""
    if not permitted(person, Action.REPORT_VIEW, Report.objects.filter(factory=factory)).exists():
        return None
    return Link(_("Reports"), reverse("factory_reports", args=[factory.ref]))


tabs.register(_tab, order=30)
