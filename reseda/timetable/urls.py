"""Addresses of this room."""

from django.urls import URLPattern, URLResolver, path

from reseda.timetable.views import accommodation, calendars, feeds, rules

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
    path("absences/", accommodation.absences, name="absences"),
    path("absences/vues/", accommodation.see_all, name="see_absences"),
    path("absences/<int:pk>/vue/", accommodation.see, name="see_absence"),
    path("mon-agenda/", calendars.mine, name="calendar"),
    path("mon-agenda/ouvrir/", calendars.open_access, name="open_calendar"),
    path("mon-agenda/fermer/", calendars.close_access, name="close_calendar"),
    path("agenda/<str:token>.ics", calendars.agenda, name="agenda"),
]
