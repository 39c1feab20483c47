"""Addresses of this room."""

from django.urls import URLPattern, URLResolver, path

from reseda.documents import views

app_name = "documents"

urlpatterns: list[URLPattern | URLResolver] = [
    path("documents/<uuid:pk>/", views.download_file, name="download_file"),
]
