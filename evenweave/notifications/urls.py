"""Addresses of this room."""

from django.urls import path

from evenweave.notifications import views

urlpatterns = [
    path("notices/", views.notice_list, name="notice_list"),
    path("notices/<str:ref>/", views.notice_open, name="notice_open"),
    path("digest/stop/<str:signed_ref>/", views.digest_mute, name="digest_mute"),
]
