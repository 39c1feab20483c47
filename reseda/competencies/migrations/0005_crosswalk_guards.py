"""What the database refuses by itself: a change to what is published, a pair of other frameworks."""

from typing import Any

from django.db import migrations

FRAMEWORK = "competencies_frameworkversion"
FROZEN = "what was published is frozen"
ELSEWHERE = "the ends of a link belong to its version"
OTHERS = "a pair is of the two versions that are compared"
DRAFTS = "a crosswalk compares frozen versions of its two frameworks"


def _published(key: str, table: str = FRAMEWORK) -> str:
    return f"EXISTS (SELECT 1 FROM {table} v WHERE v.id = {key} AND v.status <> 'draft')"


def _stray(end: str) -> str:
    return (
        f"(NEW.{end}_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM competencies_item i "
        f"WHERE i.id = NEW.{end}_id AND i.version_id = NEW.version_id))"
    )


def _unfit(end: str) -> str:
    return (
        f"NOT EXISTS (SELECT 1 FROM {FRAMEWORK} v JOIN competencies_crosswalk c "
        f"ON c.id = NEW.crosswalk_id WHERE v.id = NEW.{end}_id AND v.status <> 'draft' "
        f"AND v.framework_id = c.{end}_id)"
    )


CROSSWALK = "competencies_crosswalkversion"
PAIR = (
    f"NOT EXISTS (SELECT 1 FROM {CROSSWALK} c "
    "JOIN competencies_item o ON o.id = NEW.origin_id AND o.version_id = c.source_id "
    "JOIN competencies_item d ON d.id = NEW.destination_id AND d.version_id = c.target_id "
    "WHERE c.id = NEW.version_id)"
)
KEPT = (
    *("crosswalk_id", "number", "source_id", "target_id", "source_kinds", "target_kinds"),
    *("reviewers", "is_blind", "note", "published_at"),
)
REWRITTEN = (
    "OLD.status <> 'draft' AND (NEW.status = 'draft' "
    "OR (OLD.status = 'retired' AND NEW.status <> 'retired') OR "
    + " OR ".join(f"NEW.{name} <> OLD.{name}" for name in KEPT)
    + ")"
)
REVIEWED = (
    f"EXISTS (SELECT 1 FROM competencies_mapping m JOIN {CROSSWALK} v ON v.id = m.version_id "
    "WHERE m.id = {row}.mapping_id AND v.status <> 'draft')"
)
EDGES = ("INSERT", "UPDATE")


def _frozen(name: str, table: str, versions: str) -> list[tuple[str, str, str, str, str]]:
    """Rows of a published version are neither added, changed nor removed."""
    new, old = _published("NEW.version_id", versions), _published("OLD.version_id", versions)
    return [
        (f"{name}_frozen_insert", table, "INSERT", new, FROZEN),
        (f"{name}_frozen_update", table, "UPDATE", f"{old} OR {new}", FROZEN),
        (f"{name}_frozen_delete", table, "DELETE", old, FROZEN),
    ]


# name, table, moment, condition, message
GUARDS: list[tuple[str, str, str, str, str]] = [
    *_frozen("association", "association", FRAMEWORK),
    *_frozen("definition", "definition", FRAMEWORK),
    *_frozen("mapping", "mapping", CROSSWALK),
    *_frozen("suggestion", "suggestion", CROSSWALK),
    *(
        (f"association_stray_{moment.lower()}", "association", moment, condition, ELSEWHERE)
        for moment in EDGES
        for condition in [f"{_stray('origin')} OR {_stray('destination')}"]
    ),
    *(
        (f"{table}_pair_{moment.lower()}", table, moment, PAIR, OTHERS)
        for table in ("mapping", "suggestion")
        for moment in EDGES
    ),
    (
        "framework_about_frozen",
        "frameworkversion",
        "UPDATE",
        "OLD.status <> 'draft' AND NEW.about <> OLD.about",
        FROZEN,
    ),
    *(
        (
            f"crosswalk_versions_{moment.lower()}",
            "crosswalkversion",
            moment,
            f"{_unfit('source')} OR {_unfit('target')}",
            DRAFTS,
        )
        for moment in EDGES
    ),
    ("crosswalk_frozen_update", "crosswalkversion", "UPDATE", REWRITTEN, FROZEN),
    ("crosswalk_frozen_delete", "crosswalkversion", "DELETE", "OLD.status <> 'draft'", FROZEN),
    ("review_frozen_insert", "review", "INSERT", REVIEWED.format(row="NEW"), FROZEN),
    ("review_frozen_update", "review", "UPDATE", REVIEWED.format(row="NEW"), FROZEN),
    ("review_frozen_delete", "review", "DELETE", REVIEWED.format(row="OLD"), FROZEN),
]


def install(apps: Any, schema_editor: Any) -> None:
    """Write every guard in the language of this database."""
    with schema_editor.connection.cursor() as cursor:
        for name, table, moment, condition, message in GUARDS:
            on = f"BEFORE {moment} ON competencies_{table}"
            if schema_editor.connection.vendor == "sqlite":
                cursor.execute(
                    f"CREATE TRIGGER competencies_{name} {on} WHEN {condition} "
                    f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
                )
                continue
            row = "OLD" if moment == "DELETE" else "NEW"
            cursor.execute(
                f"CREATE FUNCTION competencies_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ "
                f"BEGIN IF {condition} THEN RAISE EXCEPTION '{message}'; END IF; "
                f"RETURN {row}; END $$"
            )
            cursor.execute(
                f"CREATE TRIGGER competencies_{name} {on} "
                f"FOR EACH ROW EXECUTE FUNCTION competencies_{name}()"
            )


def remove(apps: Any, schema_editor: Any) -> None:
    """Drop every guard."""
    with schema_editor.connection.cursor() as cursor:
        for name, table, *_rest in GUARDS:
            if schema_editor.connection.vendor == "sqlite":
                cursor.execute(f"DROP TRIGGER competencies_{name}")
            else:
                cursor.execute(f"DROP TRIGGER competencies_{name} ON competencies_{table}")
                cursor.execute(f"DROP FUNCTION competencies_{name}()")


class Migration(migrations.Migration):
    dependencies = [("competencies", "0004_crosswalks")]
    operations = [migrations.RunPython(install, remove)]
