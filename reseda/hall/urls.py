"""Addresses of this room; the doors of the demo exist only in the demo."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, path

from reseda.hall.views import demo, pages, problems

app_name = "hall"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.home, name="home"),
    path("journal/", pages.journal, name="journal"),
    path("aide/", pages.help_page, name="help"),
    path("healthz", problems.healthz, name="healthz"),
]
if settings.IS_DEMO:
    urlpatterns += [path("demo/connexion/<slug:role>/", demo.sign_in, name="demo_sign_in")]
