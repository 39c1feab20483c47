"""Addresses of this room; those of django-allauth are in `urls.sign_in`, without a name space."""

from django.urls import URLPattern, URLResolver, path

from reseda.people.views import account, links, persons, rights, sign_in

app_name = "people"

urlpatterns: list[URLPattern | URLResolver] = [
    path("connexion/lien/", sign_in.request_link, name="request_link"),
    path("connexion/lien/envoye/", sign_in.link_sent, name="link_sent"),
    path("connexion/lien/<str:token>/", sign_in.use_link, name="use_link"),
    path("mon-compte/", account.account, name="account"),
    path("mon-compte/sessions/autres/", account.end_other_sessions, name="end_other_sessions"),
    path("mon-compte/sessions/<int:pk>/fermer/", account.end_session, name="end_session"),
    path("personnes/", persons.list_persons, name="list_persons"),
    path("personnes/nouvelle/", persons.add_person, name="add_person"),
    path("personnes/<int:pk>/", persons.show_person, name="show_person"),
    path("personnes/<int:pk>/mandats/", persons.give_mandate, name="give_mandate"),
    path("mandats/<int:pk>/arreter/", persons.end_mandate, name="end_mandate"),
    path("mandats/<int:pk>/retablir/", persons.restore_mandate, name="restore_mandate"),
    path("droits/", rights.show_rights, name="show_rights"),
    path("mes-reponses/", links.list_answers, name="list_answers"),
    path("mes-reponses/<int:pk>/", links.reissue, name="reissue"),
    path("repondre/<str:token>/", links.answer, name="answer"),
    path("repondre/<str:token>/renvoyer/", links.resend, name="resend"),
]
