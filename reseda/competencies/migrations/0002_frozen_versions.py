"""Triggers by which the database refuses to change what a published version says."""

from typing import Any

from django.db import migrations

ITEM, VERSION = "competencies_item", "competencies_frameworkversion"
FROZEN = "a published framework version is frozen"
ELSEWHERE = "the parent of an item belongs to its version"


def _is_frozen(row: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM {VERSION} v WHERE v.id = {row}.version_id AND v.status <> 'draft')"
    )


def _strays(row: str) -> str:
    return (
        f"{row}.parent_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {ITEM} p "
        f"WHERE p.id = {row}.parent_id AND p.version_id = {row}.version_id)"
    )


KEPT = "OLD.status <> 'draft'"
# A published version may only be retired; a retired one changes no more.
REWRITTEN = (
    "OLD.status <> 'draft' AND (NEW.framework_id <> OLD.framework_id OR NEW.number <> OLD.number "
    "OR NEW.published_at <> OLD.published_at OR NEW.status = 'draft' "
    "OR (OLD.status = 'retired' AND NEW.status <> 'retired'))"
)


def _sqlite(name: str, event: str, table: str, condition: str, message: str) -> str:
    return (
        f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {event} ON {table} WHEN {condition} "
        f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )


def _postgresql(name: str, body: str) -> str:
    return (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {body} IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
    )


def _refuse(condition: str, message: str) -> str:
    return f"IF {condition} THEN RAISE EXCEPTION '{message}'; END IF;"


INSTALL = {
    "sqlite": [
        _sqlite("item_frozen_insert", "INSERT", ITEM, _is_frozen("NEW"), FROZEN),
        _sqlite(
            "item_frozen_update",
            "UPDATE",
            ITEM,
            f"{_is_frozen('OLD')} OR {_is_frozen('NEW')}",
            FROZEN,
        ),
        _sqlite("item_frozen_delete", "DELETE", ITEM, _is_frozen("OLD"), FROZEN),
        _sqlite("item_strays_insert", "INSERT", ITEM, _strays("NEW"), ELSEWHERE),
        _sqlite("item_strays_update", "UPDATE", ITEM, _strays("NEW"), ELSEWHERE),
        _sqlite("version_frozen_update", "UPDATE", VERSION, REWRITTEN, FROZEN),
        _sqlite("version_frozen_delete", "DELETE", VERSION, KEPT, FROZEN),
    ],
    "postgresql": [
        _postgresql(
            "competencies_item_frozen",
            f"IF TG_OP <> 'INSERT' THEN {_refuse(_is_frozen('OLD'), FROZEN)} END IF; "
            f"IF TG_OP <> 'DELETE' THEN {_refuse(_is_frozen('NEW'), FROZEN)} "
            f"{_refuse(_strays('NEW'), ELSEWHERE)} END IF;",
        ),
        _postgresql(
            "competencies_version_frozen",
            f"IF TG_OP = 'DELETE' THEN {_refuse(KEPT, FROZEN)} "
            f"ELSE {_refuse(REWRITTEN, FROZEN)} END IF;",
        ),
        f"CREATE OR REPLACE TRIGGER item_frozen BEFORE INSERT OR UPDATE OR DELETE ON {ITEM} "
        "FOR EACH ROW EXECUTE FUNCTION competencies_item_frozen()",
        f"CREATE OR REPLACE TRIGGER version_frozen BEFORE UPDATE OR DELETE ON {VERSION} "
        "FOR EACH ROW EXECUTE FUNCTION competencies_version_frozen()",
    ],
}
REMOVE = {
    "sqlite": [
        f"DROP TRIGGER IF EXISTS {name}"
        for name in (
            "item_frozen_insert",
            "item_frozen_update",
            "item_frozen_delete",
            "item_strays_insert",
            "item_strays_update",
            "version_frozen_update",
            "version_frozen_delete",
        )
    ],
    "postgresql": [
        f"DROP TRIGGER IF EXISTS item_frozen ON {ITEM}",
        f"DROP TRIGGER IF EXISTS version_frozen ON {VERSION}",
    ],
}


def run(statements: dict[str, list[str]], connection: Any) -> None:
    """Run the statements of this connection's database."""
    with connection.cursor() as cursor:
        for statement in statements[connection.vendor]:
            cursor.execute(statement)


def install(apps: Any, schema_editor: Any) -> None:
    run(INSTALL, schema_editor.connection)


def remove(apps: Any, schema_editor: Any) -> None:
    run(REMOVE, schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("competencies", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
