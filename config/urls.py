"""Addresses of the site: each room gives its own, in French."""

from django.urls import URLPattern, URLResolver, include, path

ROOMS = (
    "ui",
    "people",
    "documents",
    "mail",
    "law",
    "schools",
    "service",
    "timetable",
    "competencies",
    "recognition",
    "credentials",
    "hall",
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("reseda.people.urls.sign_in")),
    *(path("", include(f"reseda.{room}.urls")) for room in ROOMS),
]

handler403 = "reseda.hall.views.problems.forbidden"
handler404 = "reseda.hall.views.problems.not_found"
handler500 = "reseda.hall.views.problems.broken"
