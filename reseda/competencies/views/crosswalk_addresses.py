"""Where the pages of crosswalks are."""

from django.urls import URLPattern, path, re_path

from reseda.competencies.views import coverage, crosswalks, matrix, overview, reviews

ROOM = "competences/correspondances/"
VERSION = f"{ROOM}<int:pk>/"
PAIR = f"{VERSION}couples/<int:origin>/<int:destination>/"

urlpatterns: list[URLPattern] = [
    path(ROOM, crosswalks.list_crosswalks, name="list_crosswalks"),
    path(f"{ROOM}nouvelle/", crosswalks.create_crosswalk, name="create_crosswalk"),
    path(VERSION, overview.show_crosswalk, name="show_crosswalk"),
    path(f"{VERSION}regler/", crosswalks.edit_crosswalk, name="edit_crosswalk"),
    path(f"{VERSION}publier/", crosswalks.publish_crosswalk, name="publish_crosswalk"),
    path(f"{VERSION}retirer/", crosswalks.retire_crosswalk, name="retire_crosswalk"),
    path(f"{VERSION}supprimer/", crosswalks.delete_crosswalk, name="delete_crosswalk"),
    path(f"{VERSION}nouvelle-version/", crosswalks.derive_crosswalk, name="derive_crosswalk"),
    path(f"{VERSION}suggestions/", overview.ask_suggestions, name="ask_suggestions"),
    path(f"{VERSION}suggestions/etat/", overview.suggestions_state, name="suggestions_state"),
    path(f"{VERSION}matrice/", matrix.show_matrix, name="show_matrix"),
    path(f"{VERSION}avis/", matrix.give_reviews, name="give_reviews"),
    path(f"{VERSION}avis/annuler/", matrix.undo_reviews, name="undo_reviews"),
    path(f"{VERSION}lignes/", reviews.review_list, name="review_list"),
    path(f"{VERSION}lignes/<int:origin>/", reviews.review_origin, name="review_origin"),
    path(PAIR, reviews.show_pair, name="show_pair"),
    path(f"{PAIR}trancher/", reviews.settle_pair, name="settle_pair"),
    path(f"{PAIR}rouvrir/", reviews.reopen_pair, name="reopen_pair"),
    path(f"{VERSION}avis-opposes/", reviews.list_conflicts, name="list_conflicts"),
    path(f"{VERSION}couverture/", coverage.show_coverage, name="show_coverage"),
    re_path(
        rf"^{ROOM}(?P<pk>\d+)/couverture\.(?P<kind>csv|xlsx)\Z",
        coverage.export_coverage,
        name="export_coverage",
    ),
    re_path(
        rf"^{ROOM}(?P<pk>\d+)/correspondance\.(?P<kind>csv|xlsx|sssom\.tsv)\Z",
        overview.export_crosswalk,
        name="export_crosswalk",
    ),
]
