"""What a reviewer thought first; the table is made anew on SQLite, so its guards are put back."""

import importlib
from typing import Any

from django.db import migrations, models

guards = importlib.import_module("reseda.competencies.migrations.0005_crosswalk_guards")


def again(apps: Any, schema_editor: Any) -> None:
    """Install the guards of reviews, which SQLite drops with the table that it replaces."""
    if schema_editor.connection.vendor != "sqlite":
        return
    with schema_editor.connection.cursor() as cursor:
        for name, table, moment, condition, message in guards.GUARDS:
            if table == "review":
                cursor.execute(f"DROP TRIGGER IF EXISTS competencies_{name}")
                cursor.execute(
                    f"CREATE TRIGGER competencies_{name} BEFORE {moment} ON competencies_{table} "
                    f"WHEN {condition} BEGIN SELECT RAISE(ABORT, '{message}'); END"
                )


class Migration(migrations.Migration):
    dependencies = [("competencies", "0006_removals")]
    operations = [
        migrations.RunPython(migrations.RunPython.noop, again),
        migrations.AddField(
            model_name="review",
            name="first_relation",
            field=models.CharField(
                blank=True,
                choices=[
                    ("total", "convergente, totale"),
                    ("partial", "convergente, partielle"),
                    ("complementary", "complémentaire"),
                    ("none", "aucune correspondance"),
                ],
                default="",
                editable=False,
                max_length=13,
            ),
        ),
        migrations.RunPython(again, migrations.RunPython.noop),
    ]
