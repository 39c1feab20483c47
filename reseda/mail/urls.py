"""Addresses of this room."""

from django.urls import URLPattern, URLResolver, path

from reseda.mail import views

app_name = "mail"

urlpatterns: list[URLPattern | URLResolver] = [
    path("courriers/", views.list_mail, name="outbox"),
    path("courriers/<uuid:pk>/relancer/", views.retry_mail, name="retry_mail"),
    path("courriers/modeles/", views.list_templates, name="list_templates"),
    path("courriers/modeles/<str:code>/<str:language>/", views.edit_template, name="edit_template"),
    path(
        "courriers/modeles/<str:code>/<str:language>/apercu/",
        views.preview_template,
        name="preview_template",
    ),
    path(
        "courriers/modeles/<str:code>/<str:language>/retablir/",
        views.reset_template,
        name="reset_template",
    ),
    path("demo/courriers/", views.list_demo_mail, name="list_demo_mail"),
]
