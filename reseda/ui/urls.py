"""Addresses of this room."""

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, path
from django.views.i18n import set_language

from reseda.ui import views

app_name = "ui"

urlpatterns: list[URLPattern | URLResolver] = [
    path("composants/", views.show_gallery, name="show_gallery"),
    path("accessibilite/", views.show_accessibility, name="show_accessibility"),
    path("apparence/", views.set_theme, name="set_theme"),
    path("langue/", login_not_required(set_language), name="set_language"),
]
