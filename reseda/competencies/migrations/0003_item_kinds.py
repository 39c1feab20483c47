"""More kinds of items, credits, where an item was taken from, and what a version says of itself.

SQLite rebuilds a table to change it: its triggers are lost, and those of any table that name it stop
the change. All of them are set aside for the time of the migration, then put back as they were.
"""

from typing import Any

from django.db import migrations, models

SET_ASIDE = "competencies_triggers_set_aside"


def set_aside(apps: Any, schema_editor: Any) -> None:
    """Keep the text of every trigger of a SQLite database in a table, and drop them."""
    if schema_editor.connection.vendor != "sqlite":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE {SET_ASIDE} AS SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        )
        cursor.execute(f"SELECT name FROM {SET_ASIDE}")
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP TRIGGER "{name}"')


def put_back(apps: Any, schema_editor: Any) -> None:
    """Create again the triggers that were set aside."""
    if schema_editor.connection.vendor != "sqlite":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(f"SELECT sql FROM {SET_ASIDE}")
        for (sql,) in cursor.fetchall():
            cursor.execute(sql)
        cursor.execute(f"DROP TABLE {SET_ASIDE}")


class Migration(migrations.Migration):
    dependencies = [("competencies", "0002_frozen_versions")]
    operations = [
        migrations.RunPython(set_aside, put_back),
        migrations.RemoveConstraint(
            model_name="item",
            name="item_competencies_alone_stand_at_the_top",
        ),
        migrations.AddField(
            model_name="frameworkversion",
            name="about",
            field=models.JSONField(blank=True, default=dict, verbose_name="présentation"),
        ),
        migrations.AddField(
            model_name="item",
            name="credits",
            field=models.DecimalField(
                blank=True, decimal_places=1, max_digits=4, null=True, verbose_name="crédits ECTS"
            ),
        ),
        migrations.AddField(
            model_name="item",
            name="extra",
            field=models.JSONField(blank=True, default=dict, editable=False),
        ),
        migrations.AddField(
            model_name="item",
            name="parent_link",
            field=models.UUIDField(blank=True, db_index=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="item",
            name="source_uri",
            field=models.CharField(blank=True, max_length=500, verbose_name="adresse d’origine"),
        ),
        migrations.AlterField(
            model_name="item",
            name="kind",
            field=models.CharField(
                choices=[
                    ("group", "regroupement"),
                    ("block", "bloc de compétences"),
                    ("teaching_unit", "unité d’enseignement"),
                    ("competency", "compétence"),
                    ("component", "composante essentielle"),
                    ("situation_family", "famille de situations"),
                    ("level", "niveau de développement"),
                    ("critical_learning", "apprentissage critique"),
                    ("indicator", "indicateur"),
                    ("resource", "ressource"),
                ],
                max_length=20,
                verbose_name="nature",
            ),
        ),
        migrations.AlterField(
            model_name="item",
            name="statement",
            field=models.TextField(max_length=2000, verbose_name="énoncé en français"),
        ),
        migrations.AlterField(
            model_name="item",
            name="statement_en",
            field=models.TextField(blank=True, max_length=2000, verbose_name="énoncé en anglais"),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("parent__isnull", False),
                    ("kind__in", ("group", "block", "competency", "teaching_unit")),
                    _connector="OR",
                ),
                name="item_inner_kinds_have_a_parent",
            ),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("credits__isnull", True),
                    models.Q(("credits__gte", 0), ("kind", "teaching_unit")),
                    _connector="OR",
                ),
                name="item_credits_are_of_teaching_units",
            ),
        ),
        migrations.RunPython(put_back, set_aside),
    ]
