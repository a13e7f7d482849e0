"""Every address of the house, room by room."""

from django.urls import URLPattern, URLResolver, include, path

from evenweave.config.styleguide import styleguide

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("styleguide/", styleguide, name="styleguide"),
    path("", include("evenweave.config.health")),
    path("", include("evenweave.home.urls")),
    path("", include("evenweave.exchange.urls")),
    path("", include("evenweave.reports.urls")),
    path("", include("evenweave.indicators.urls")),
    path("", include("evenweave.advisory.urls")),
    path("", include("evenweave.training.urls")),
    path("", include("evenweave.committees.urls")),
    path("", include("evenweave.selfassessments.urls")),
    path("", include("evenweave.improvement.urls")),
    path("", include("evenweave.assessments.urls")),
    path("", include("evenweave.enrolment.urls")),
    path("", include("evenweave.programmes.urls")),
    path("", include("evenweave.organisations.urls")),
    path("", include("evenweave.people.urls")),
    path("", include("evenweave.notifications.urls")),
]
