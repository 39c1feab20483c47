"""Addresses of this room."""

from django.urls import URLPattern, URLResolver, path

from reseda.law import views

app_name = "law"

urlpatterns: list[URLPattern | URLResolver] = [
    path("droit/", views.list_values, name="list_values"),
]
