"""What the database refuses by itself, across tables.

A level of another competency, an activity or an evidence of somebody else, a change to what was
published or decided. Rebuilding these tables on SQLite drops their triggers: a later migration of
them runs `install` again.
"""

from typing import Any

from django.db import migrations

OTHER_LEVEL = "a level belongs to its competency"
OTHER_PERSON = "an activity and its evidence belong to the person of the file"
FROZEN = "what was published or decided is frozen"
CEILING = "the ceiling in ECTS is the one of the regulation"

STRAY_LEVEL = (
    "NEW.level_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM competencies_item i WHERE "
    "i.id = NEW.level_id AND i.parent_id = NEW.item_id AND i.kind = 'level')"
)
OWNER = (
    "(SELECT e.person_id FROM service_period p JOIN service_engagement e "
    "ON e.id = p.engagement_id WHERE p.id = NEW.period_id)"
)
FILE_PERSON = "(SELECT f.person_id FROM recognition_recognitionfile f WHERE f.id = NEW.file_id)"

# name, table, moments, condition, message
GUARDS = [
    ("position_level", "selfposition", ("INSERT", "UPDATE"), STRAY_LEVEL, OTHER_LEVEL),
    ("assessment_level", "assessment", ("INSERT", "UPDATE"), STRAY_LEVEL, OTHER_LEVEL),
    ("decision_level", "decisionlevel", ("INSERT", "UPDATE"), STRAY_LEVEL, OTHER_LEVEL),
    ("evidence_owner", "evidence", ("INSERT", "UPDATE"), f"NEW.person_id <> {OWNER}", OTHER_PERSON),
    (
        "activity_owner",
        "fileactivity",
        ("INSERT", "UPDATE"),
        f"{FILE_PERSON} <> {OWNER}",
        OTHER_PERSON,
    ),
    (
        "file_evidence_owner",
        "fileevidence",
        ("INSERT", "UPDATE"),
        f"{FILE_PERSON} <> (SELECT v.person_id FROM recognition_evidence v "
        "WHERE v.id = NEW.evidence_id)",
        OTHER_PERSON,
    ),
    (
        "decision_ceiling",
        "decision",
        ("INSERT",),
        "NEW.max_ects <> (SELECT r.max_ects FROM recognition_regulation r "
        "WHERE r.id = NEW.regulation_id)",
        CEILING,
    ),
    ("decision_frozen", "decision", ("UPDATE",), "OLD.id IS NOT NULL", FROZEN),
    ("file_frozen", "recognitionfile", ("UPDATE",), "OLD.status = 'decided'", FROZEN),
    ("regulation_frozen", "regulation", ("UPDATE",), "OLD.published_on IS NOT NULL", FROZEN),
]


def _sqlite() -> tuple[list[str], list[str]]:
    made = [
        (f"recognition_{name}_{moment.lower()}", moment, table, condition, message)
        for name, table, moments, condition, message in GUARDS
        for moment in moments
    ]
    return (
        [
            f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {moment} ON recognition_{table} "
            f"WHEN {condition} BEGIN SELECT RAISE(ABORT, '{message}'); END"
            for name, moment, table, condition, message in made
        ],
        [f"DROP TRIGGER IF EXISTS {each[0]}" for each in made],
    )


def _postgresql() -> tuple[list[str], list[str]]:
    install, remove = [], []
    for name, table, moments, condition, message in GUARDS:
        install += [
            f"CREATE OR REPLACE FUNCTION recognition_{name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF {condition} THEN RAISE EXCEPTION '{message}' "
            "USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
            f"CREATE OR REPLACE TRIGGER recognition_{name} BEFORE {' OR '.join(moments)} "
            f"ON recognition_{table} FOR EACH ROW EXECUTE FUNCTION recognition_{name}()",
        ]
        remove += [
            f"DROP TRIGGER IF EXISTS recognition_{name} ON recognition_{table}",
            f"DROP FUNCTION IF EXISTS recognition_{name}",
        ]
    return install, remove


STATEMENTS = {"sqlite": _sqlite(), "postgresql": _postgresql()}


def _run(statements: list[str], connection: Any) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def install(apps: Any, schema_editor: Any) -> None:
    _run(STATEMENTS[schema_editor.connection.vendor][0], schema_editor.connection)


def remove(apps: Any, schema_editor: Any) -> None:
    _run(STATEMENTS[schema_editor.connection.vendor][1], schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("recognition", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
