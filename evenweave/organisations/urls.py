"""Addresses of this room."""

from django.urls import path

from evenweave.organisations import views

urlpatterns = [
    path("factories/", views.factory_list, name="factory_list"),
    path("factories/register/", views.factory_register, name="factory_register"),
    path("factories/<str:ref>/", views.factory_page, name="factory_page"),
    path("factories/<str:ref>/correct/", views.factory_correct, name="factory_correct"),
    path("factories/<str:ref>/close/", views.factory_close, name="factory_close"),
]
