"""Addresses of this room."""

from django.urls import URLPattern, URLResolver, path, re_path

from reseda.competencies.api import addresses
from reseda.competencies.views import crosswalk_addresses, exchange, frameworks, items

app_name = "competencies"

VERSION = "competences/<int:pk>/"
ITEM = "competences/elements/<int:pk>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("competences/", frameworks.list_frameworks, name="list_frameworks"),
    path("competences/nouveau/", frameworks.create_framework, name="create_framework"),
    re_path(r"^competences/modele\.(?P<kind>csv|xlsx)$", exchange.template, name="template"),
    path(VERSION, frameworks.show_version, name="show_version"),
    path(f"{VERSION}publier/", frameworks.publish, name="publish"),
    path(f"{VERSION}retirer/", frameworks.retire, name="retire"),
    path(f"{VERSION}nouvelle-version/", frameworks.derive, name="derive"),
    path(f"{VERSION}ajouter/", items.add_item, name="add_item"),
    path(ITEM, items.edit_item, name="edit_item"),
    path(f"{ITEM}supprimer/", items.delete_item, name="delete_item"),
    re_path(
        r"^competences/elements/(?P<pk>\d+)/(?P<way>monter|descendre)/$",
        items.move_item,
        name="move_item",
    ),
    re_path(
        r"^competences/(?P<pk>\d+)/referentiel\.(?P<kind>csv|xlsx)$",
        exchange.export,
        name="export",
    ),
    path(f"{VERSION}import/", exchange.import_items, name="import_items"),
    path(f"{VERSION}import/<uuid:key>/", exchange.preview_import, name="preview_import"),
    path(f"{VERSION}import/<uuid:key>/confirmer/", exchange.confirm_import, name="confirm_import"),
    path(f"{VERSION}import/<uuid:key>/abandonner/", exchange.cancel_import, name="cancel_import"),
    *addresses.urlpatterns,
    *crosswalk_addresses.urlpatterns,
]
