"""Addresses of this room."""

from django.urls import URLPattern, URLResolver, path, re_path

from reseda.competencies.api import addresses
from reseda.competencies.views import (
    about,
    crosswalk_addresses,
    exchange,
    frameworks,
    items,
    units,
    versions,
)

app_name = "competencies"

VERSION = "competences/<int:pk>/"
ITEM = "competences/elements/<int:pk>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("competences/", frameworks.list_frameworks, name="list_frameworks"),
    path("competences/nouveau/", frameworks.create_framework, name="create_framework"),
    re_path(r"^competences/modele\.(?P<kind>csv|xlsx)$", exchange.template, name="template"),
    path(VERSION, frameworks.show_version, name="show_version"),
    path(f"{VERSION}publier/", versions.publish, name="publish"),
    path(f"{VERSION}retirer/", versions.retire, name="retire"),
    path(f"{VERSION}nouvelle-version/", versions.derive, name="derive"),
    path(f"{VERSION}elements/", frameworks.list_items, name="list_items"),
    path(f"{VERSION}unites/", units.show_units, name="show_units"),
    path(f"{VERSION}presentation/", about.show_about, name="show_about"),
    path(f"{VERSION}versions/", versions.list_versions, name="list_versions"),
    path(f"{VERSION}comparer/", versions.compare, name="compare"),
    path(f"{VERSION}titre/", versions.rename, name="rename"),
    path(f"{VERSION}supprimer/", versions.delete_draft, name="delete_draft"),
    path(f"{VERSION}tirer/", versions.derive_framework, name="derive_framework"),
    path(f"{VERSION}ajouter/", items.add_item, name="add_item"),
    path(ITEM, items.edit_item, name="edit_item"),
    path(f"{ITEM}supprimer/", items.delete_item, name="delete_item"),
    path(f"{ITEM}dupliquer/", items.duplicate_item, name="duplicate_item"),
    path(f"{ITEM}place/", items.place_item, name="place_item"),
    path(f"{ITEM}branche/", frameworks.show_branch, name="show_branch"),
    path("competences/remettre/<int:pk>/", items.restore, name="restore"),
    re_path(
        r"^competences/elements/(?P<pk>\d+)/(?P<way>monter|descendre|entrer|sortir)/$",
        items.move_item,
        name="move_item",
    ),
    re_path(
        r"^competences/(?P<pk>\d+)/referentiel\.(?P<kind>csv|xlsx|moodle\.csv|case\.json)$",
        exchange.export,
        name="export",
    ),
    path("competences/importer/", exchange.import_framework, name="import_framework"),
    path("competences/importer/<uuid:key>/", exchange.preview_framework, name="preview_framework"),
    path(
        "competences/importer/<uuid:key>/abandonner/",
        exchange.cancel_framework,
        name="cancel_framework",
    ),
    path(f"{VERSION}import/", exchange.import_items, name="import_items"),
    path(f"{VERSION}import/<uuid:key>/", exchange.preview_import, name="preview_import"),
    path(f"{VERSION}import/<uuid:key>/confirmer/", exchange.confirm_import, name="confirm_import"),
    path(f"{VERSION}import/<uuid:key>/abandonner/", exchange.cancel_import, name="cancel_import"),
    *addresses.urlpatterns,
    *crosswalk_addresses.urlpatterns,
]
