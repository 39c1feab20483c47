"""What the database refuses by itself: overlapping periods, an attestation without a confirmation.

PostgreSQL has an exclusion constraint for the first; SQLite, where writers come one at a time, has
triggers. Rebuilding these tables on SQLite drops its triggers: a later migration of them runs
`install` again.
"""

from typing import Any

from django.db import migrations

CLASH = (
    "SELECT RAISE(ABORT, 'periods_of_an_engagement_do_not_overlap') WHERE NEW.status <> 'cancelled' "
    "AND EXISTS (SELECT 1 FROM service_period p WHERE p.engagement_id = NEW.engagement_id "
    "AND p.id IS NOT NEW.id AND p.status <> 'cancelled' "
    "AND p.starts_at < NEW.ends_at AND NEW.starts_at < p.ends_at);"
)
UNCONFIRMED = "('planned', 'cancelled')"
INSTALL = {
    "sqlite": [
        f"CREATE TRIGGER service_period_insert BEFORE INSERT ON service_period BEGIN {CLASH} END",
        f"CREATE TRIGGER service_period_update BEFORE UPDATE ON service_period BEGIN {CLASH} "
        "SELECT RAISE(ABORT, 'attested_only_when_confirmed') "
        f"WHERE NEW.status IN {UNCONFIRMED} AND EXISTS "
        "(SELECT 1 FROM service_attestation a WHERE a.period_id = NEW.id); END",
        "CREATE TRIGGER service_attestation_insert BEFORE INSERT ON service_attestation BEGIN "
        "SELECT RAISE(ABORT, 'attested_only_when_confirmed') WHERE EXISTS (SELECT 1 FROM "
        f"service_period p WHERE p.id = NEW.period_id AND p.status IN {UNCONFIRMED}); END",
    ],
    "postgresql": [
        # A range of one key stands for the key: no extension is needed to mix it with the dates.
        "ALTER TABLE service_period ADD CONSTRAINT periods_of_an_engagement_do_not_overlap "
        "EXCLUDE USING gist (int8range(engagement_id, engagement_id, '[]') WITH &&, "
        "tstzrange(starts_at, ends_at, '[)') WITH &&) WHERE (status <> 'cancelled')",
        "CREATE FUNCTION service_attested_only_when_confirmed() RETURNS trigger LANGUAGE plpgsql "
        "AS $$ BEGIN IF TG_TABLE_NAME = 'service_attestation' THEN "
        "IF EXISTS (SELECT 1 FROM service_period p WHERE p.id = NEW.period_id "
        f"AND p.status IN {UNCONFIRMED}) THEN "
        "RAISE EXCEPTION 'attested_only_when_confirmed' USING ERRCODE = 'check_violation'; END IF; "
        f"ELSIF NEW.status IN {UNCONFIRMED} AND EXISTS "
        "(SELECT 1 FROM service_attestation a WHERE a.period_id = NEW.id) THEN "
        "RAISE EXCEPTION 'attested_only_when_confirmed' USING ERRCODE = 'check_violation'; END IF; "
        "RETURN NEW; END $$",
        "CREATE TRIGGER service_period_attested BEFORE UPDATE ON service_period "
        "FOR EACH ROW EXECUTE FUNCTION service_attested_only_when_confirmed()",
        "CREATE TRIGGER service_attestation_attested BEFORE INSERT OR UPDATE ON service_attestation "
        "FOR EACH ROW EXECUTE FUNCTION service_attested_only_when_confirmed()",
    ],
}
REMOVE = {
    "sqlite": [
        "DROP TRIGGER IF EXISTS service_period_insert",
        "DROP TRIGGER IF EXISTS service_period_update",
        "DROP TRIGGER IF EXISTS service_attestation_insert",
    ],
    "postgresql": [
        "DROP TRIGGER IF EXISTS service_attestation_attested ON service_attestation",
        "DROP TRIGGER IF EXISTS service_period_attested ON service_period",
        "DROP FUNCTION IF EXISTS service_attested_only_when_confirmed",
        "ALTER TABLE service_period DROP CONSTRAINT periods_of_an_engagement_do_not_overlap",
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
    dependencies = [("service", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
