"""Addresses of this room."""

from django.urls import URLPattern, URLResolver, path

from reseda.timetable.views import (
    accommodation,
    accommodation_absences,
    accommodation_reviews,
    calendars,
    feeds,
    rules,
)

app_name = "timetable"

urlpatterns: list[URLPattern | URLResolver] = [
    path("mon-emploi-du-temps/", feeds.index, name="feeds"),
    path("mon-emploi-du-temps/<int:pk>/", feeds.feed, name="feed"),
    path("mon-emploi-du-temps/<int:pk>/groupes/", feeds.choose, name="choose_groups"),
    path("mon-emploi-du-temps/<int:pk>/corriger/", feeds.correct, name="correct"),
    path("mon-emploi-du-temps/<int:pk>/relire/", feeds.refresh, name="refresh"),
    path("mon-emploi-du-temps/<int:pk>/accepter/", feeds.accept, name="accept"),
    path("mon-emploi-du-temps/<int:pk>/retirer/", feeds.remove, name="remove"),
    path("emploi-du-temps/regles/", rules.index, name="rules"),
    path("emploi-du-temps/regles/nommer/", rules.name, name="name_lessons"),
    path("emploi-du-temps/regles/<int:pk>/", rules.rule, name="rule"),
    path("emploi-du-temps/regles/<int:pk>/deplacer/", rules.move, name="move_rule"),
    path("emploi-du-temps/regles/<int:pk>/retirer/", rules.remove, name="remove_rule"),
    path("emploi-du-temps/regles/<int:pk>/defaire/", rules.take_back, name="take_back_rule"),
    path("mon-engagement/periodes/<int:pk>/conflits/", accommodation.conflicts, name="conflicts"),
    path("amenagements/", accommodation.requests, name="requests"),
    path("amenagements/<int:pk>/", accommodation.request_page, name="request"),
    path("amenagements/<int:pk>/retirer/", accommodation.withdraw, name="withdraw"),
    path("amenagements/<int:pk>/accepter/", accommodation.agree, name="agree"),
    path("amenagements/<int:pk>/contrat/", accommodation.take_contract, name="contract"),
    path("amenagements/<int:pk>/actualiser/", accommodation.follow, name="follow"),
    path("amenagements/<int:pk>/signaler/", accommodation_reviews.report, name="report_concern"),
    path("amenagements/bilans/", accommodation_reviews.review_list, name="reviews"),
    path("amenagements/bilans/<int:pk>/", accommodation_reviews.review, name="review"),
    path("amenagements/bilans/<int:pk>/refaire/", accommodation_reviews.redo, name="redo_review"),
    path("signalements/<int:pk>/", accommodation_reviews.concern, name="concern"),
    path("signalements/<int:pk>/lire/", accommodation_reviews.open_concern, name="open_concern"),
    path(
        "signalements/<int:pk>/retirer/",
        accommodation_reviews.withdraw_concern,
        name="withdraw_concern",
    ),
    path("absences/", accommodation_absences.absences, name="absences"),
    path("absences/vues/", accommodation_absences.see_all, name="see_absences"),
    path("absences/<int:pk>/vue/", accommodation_absences.see, name="see_absence"),
    path("mon-agenda/", calendars.mine, name="calendar"),
    path("mon-agenda/ouvrir/", calendars.open_access, name="open_calendar"),
    path("mon-agenda/fermer/", calendars.close_access, name="close_calendar"),
    path("agenda/<str:token>.ics", calendars.agenda, name="agenda"),
]
