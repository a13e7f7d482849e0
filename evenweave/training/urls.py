"""Addresses of this room, and its tab on a factory's pages."""

from django.urls import path, reverse
from django.utils.translation import gettext as _

from evenweave.organisations import tabs
from evenweave.toolkit.parts import Link
from evenweave.training.queries.sessions import factories_with_training
from evenweave.training.views import catalogue, holding, participating, registering

urlpatterns = [
    path("training/", catalogue.training_home, name="training_home"),
    path("training/courses/<str:key>/", catalogue.training_course, name="training_course"),
    path("training/courses/<str:key>/plan/", catalogue.session_plan, name="session_plan"),
    path("training/sessions/<str:ref>/", catalogue.training_session, name="training_session"),
    path("training/sessions/<str:ref>/change/", catalogue.session_change, name="session_change"),
    path("training/sessions/<str:ref>/cancel/", catalogue.session_cancel, name="session_cancel"),
    path("training/sessions/<str:ref>/attendance/", holding.session_attendance, name="session_attendance"),
    path("training/sessions/<str:ref>/close/", holding.session_close, name="session_close"),
    path("training/here/<str:door>/", participating.training_door, name="training_door"),
    path("training/own/<str:link>/", participating.training_own, name="training_own"),
    path("training/own/<str:link>/certificate/", participating.training_own_certificate,
         name="training_own_certificate"),
    path("training/own/<str:link>/<str:stage>/", participating.training_questions, name="training_questions"),
    path("training/registrations/<str:ref>/cancel/", registering.registration_cancel, name="registration_cancel"),
    path("factories/<str:ref>/training/", registering.factory_training, name="factory_training"),
    path(
        "factories/<str:ref>/training/<str:session_ref>/register/", registering.training_register,
        name="training_register",
    ),
]


def _tab(person, factory) -> Link | None:
    if not factories_with_training(person).filter(pk=factory.pk).exists():
        return None
    return Link(_("Training"), reverse("factory_training", args=[factory.ref]))


tabs.register(_tab, order=27)
