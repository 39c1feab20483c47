"""Addresses of this room."""

from django.urls import URLPattern, URLResolver, path

from reseda.people import views

app_name = "people"

urlpatterns: list[URLPattern | URLResolver] = [
    path("repondre/<str:token>/", views.answer, name="answer"),
]
