"""A decision points to the frozen crosswalk behind it; an evidence names abilities of the reserve.

Decisions are guarded by triggers: on SQLite they only receive a nullable column, added in place.
"""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

NAME = "recognition_decision_crosswalk"
TABLE = "recognition_decision"
STRAY = (
    "NEW.crosswalk_version_id IS NOT NULL AND NOT EXISTS ("
    "SELECT 1 FROM competencies_crosswalkversion c WHERE c.id = NEW.crosswalk_version_id "
    "AND c.status <> 'draft' AND c.target_id = NEW.framework_version_id)"
)
MESSAGE = "the crosswalk of a decision is published and leads to its framework"


def install(apps: Any, schema_editor: Any) -> None:
    """Refuse a decision whose crosswalk is a draft or leads to another framework."""
    with schema_editor.connection.cursor() as cursor:
        if schema_editor.connection.vendor == "sqlite":
            cursor.execute(
                f"CREATE TRIGGER {NAME} BEFORE INSERT ON {TABLE} WHEN {STRAY} "
                f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
            )
            return
        cursor.execute(
            f"CREATE FUNCTION {NAME}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {STRAY} "
            f"THEN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'check_violation'; END IF; "
            "RETURN NEW; END $$"
        )
        cursor.execute(
            f"CREATE TRIGGER {NAME} BEFORE INSERT ON {TABLE} FOR EACH ROW EXECUTE FUNCTION {NAME}()"
        )


def remove(apps: Any, schema_editor: Any) -> None:
    """Drop the guard."""
    with schema_editor.connection.cursor() as cursor:
        if schema_editor.connection.vendor == "sqlite":
            cursor.execute(f"DROP TRIGGER {NAME}")
            return
        cursor.execute(f"DROP TRIGGER {NAME} ON {TABLE}")
        cursor.execute(f"DROP FUNCTION {NAME}()")


class Migration(migrations.Migration):
    dependencies = [
        ("competencies", "0005_crosswalk_guards"),
        ("recognition", "0002_guards"),
    ]

    operations = [
        migrations.AddField(
            model_name="decision",
            name="crosswalk_version",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decisions",
                to="competencies.crosswalkversion",
                verbose_name="table de correspondance",
            ),
        ),
        migrations.CreateModel(
            name="EvidenceAbility",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ability_links",
                        to="recognition.evidence",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="competencies.item",
                    ),
                ),
            ],
            options={
                "ordering": ["item__rank", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("evidence", "item"), name="evidence_ability_once"
                    )
                ],
            },
        ),
        migrations.RunPython(install, remove),
    ]
