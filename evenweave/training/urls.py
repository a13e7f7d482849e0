"""Addresses of this room, and its tab on a factory's pages."""

from django.urls import path, reverse
from django.utils.translation import gettext as _

from evenweave.organisations import tabs
from evenweave.toolkit.parts import Link
from evenweave.training.queries.sessions import factories_with_training
from evenweave.training.views import catalogue, holding, participating, practices, registering, seminars, staff

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
    path("training/trainers/", staff.trainer_tree, name="trainer_tree"),
    path("training/trainers/<str:ref>/", staff.trainer_passed, name="trainer_passed"),
    path("accreditations/", staff.accreditation_list, name="accreditation_list"),
    path("accreditations/new/", staff.accreditation_give, name="accreditation_give"),
    path("accreditations/<str:ref>/withdraw/", staff.accreditation_withdraw, name="accreditation_withdraw"),
    path("seminars/", seminars.seminar_list, name="seminar_list"),
    path("seminars/plan/", seminars.seminar_plan, name="seminar_plan"),
    path("seminars/<str:ref>/", seminars.seminar, name="seminar"),
    path("seminars/<str:ref>/come/", seminars.seminar_join, name="seminar_join"),
    path("seminars/<str:ref>/heard/", seminars.seminar_hold, name="seminar_hold"),
    path("seminars/<str:ref>/cancel/", seminars.seminar_cancel, name="seminar_cancel"),
    path("practices/", practices.practice_list, name="practice_list"),
    path("practices/<str:ref>/", practices.practice, name="practice"),
    path("practices/<str:ref>/edit/", practices.practice_edit, name="practice_edit"),
    path("practices/<str:ref>/consent/", practices.practice_consent, name="practice_consent"),
    path("practices/<str:ref>/withdraw/", practices.practice_withdraw, name="practice_withdraw"),
    path("practices/<str:ref>/publish/", practices.practice_publish, name="practice_publish"),
    path("factories/<str:ref>/practices/new/", practices.practice_write, name="practice_write"),
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
