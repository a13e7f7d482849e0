"""Addresses of this room."""

from django.urls import path

from evenweave.programmes import views

urlpatterns = [
    path("programmes/", views.programme_list, name="programme_list"),
    path("programmes/quote/", views.quote_page, name="quote_page"),
    path("programmes/<str:code>/", views.programme_page, name="programme_page"),
]
