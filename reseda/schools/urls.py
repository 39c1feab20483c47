"""Addresses of this room."""

from django.urls import URLPattern, URLResolver, path, re_path

from reseda.schools.views import frame, imports, students

app_name = "schools"

urlpatterns: list[URLPattern | URLResolver] = [
    path("ecole/", frame.school, name="school"),
    path("ecole/annees/nouvelle/", frame.create_year, name="create_year"),
    path("ecole/annees/<int:pk>/", frame.edit_year, name="edit_year"),
    path("ecole/formations/nouvelle/", frame.create_programme, name="create_programme"),
    path("ecole/formations/<int:pk>/", frame.edit_programme, name="edit_programme"),
    path("ecole/promotions/nouvelle/", frame.create_cohort, name="create_cohort"),
    path("ecole/promotions/<int:pk>/", frame.edit_cohort, name="edit_cohort"),
    path("ecole/eleves/", students.list_students, name="list_students"),
    path("ecole/import/", imports.import_people, name="import_people"),
    re_path(
        r"^ecole/import/modele\.(?P<kind>csv|xlsx)$",
        imports.import_template,
        name="import_template",
    ),
    path("ecole/import/<uuid:key>/", imports.preview_import, name="preview_import"),
    path("ecole/import/<uuid:key>/confirmer/", imports.confirm_import, name="confirm_import"),
    path("ecole/import/<uuid:key>/abandonner/", imports.cancel_import, name="cancel_import"),
]
