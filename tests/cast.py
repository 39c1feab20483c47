"""The cast of the tests is the demo's: the same people, in the same roles."""

from reseda.hall.management.demo.cast import (
    DATA_PROTECTION,
    DIRECTOR,
    ENGINEER,
    HUMAN_RESOURCES,
    JURY,
    REFERENT,
    REGISTRY,
    ROLES,
    STAFF,
    STRANGER,
    STUDENT,
    TEACHER,
    UNIT,
    Member,
)

__all__ = [
    "DATA_PROTECTION",
    "DIRECTOR",
    "ENGINEER",
    "HUMAN_RESOURCES",
    "JURY",
    "REFERENT",
    "REGISTRY",
    "ROLES",
    "STAFF",
    "STRANGER",
    "STUDENT",
    "TEACHER",
    "UNIT",
    "Member",
]
