"""Addresses of this room."""

from django.urls import URLPattern, URLResolver, path

from reseda.hall import views

app_name = "hall"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("healthz", views.healthz, name="healthz"),
]
