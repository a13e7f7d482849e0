"""Addresses of this room."""

from django.urls import path

from evenweave.people import views

urlpatterns = [
    path("account/", views.account, name="account"),
    path("people/invite/", views.person_invite, name="person_invite"),
    path("join/<str:token>/", views.invitation_accept, name="invitation_accept"),
]
