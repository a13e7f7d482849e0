"""Addresses of this room."""

from django.urls import path

from evenweave.home import views

urlpatterns = [
    path("", views.home, name="home"),
    path("today/", views.desk, name="desk"),
    path("log/", views.log_list, name="log_list"),
    path("files/<str:ref>/", views.file, name="file"),
    path("demo/", views.demo, name="demo"),
    # A script posts without the slash; pages get the address with it, the last of one name.
    path("demo/sign-in/<slug:key>", views.demo_sign_in, name="demo_sign_in"),
    path("demo/sign-in/<slug:key>/", views.demo_sign_in, name="demo_sign_in"),
]
