"""The band of a factory on pages of its reports, which stand at addresses of their own."""

from dataclasses import replace

from django.http import HttpRequest
from django.urls import reverse

from evenweave.organisations.models import Factory
from evenweave.organisations.tabs import Band, band


def reports_band(request: HttpRequest, factory: Factory) -> Band:
    """The factory's band with its tab "Reports" as the current one."""
    made = band(request, factory)
    here = reverse("factory_reports", args=[factory.ref])
    return replace(made, links=[replace(link, is_current=link.href == here) for link in made.links])
