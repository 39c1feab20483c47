"""A version as the bytes of a file, in each format in which it is taken away."""

from reseda.competencies.domain.case import build
from reseda.competencies.domain.case.build import Identity
from reseda.competencies.domain.exchange import moodle, sheet
from reseda.competencies.models import FrameworkVersion
from reseda.competencies.queries.case import identity_of, status_of
from reseda.competencies.queries.known import known


def identity(version: FrameworkVersion, *, has_extensions: bool = False) -> Identity:
    """Say who a version is in CASE, a draft included: that one has neither day nor status yet."""
    draft = {
        "version": str(version.number),
        "status": build.DRAFT,
        "changed_at": version.created_at,
    }
    facts = draft if version.is_draft else status_of(version)
    return identity_of(version.framework, {**facts, "has_extensions": has_extensions})


def case_package(version: FrameworkVersion, *, has_extensions: bool = False) -> bytes:
    """Return a version as a package of CASE 1.1; credits go only with extensions."""
    who = identity(version, has_extensions=has_extensions)
    return build.encode(build.package(who, known(version)))


def moodle_file(version: FrameworkVersion) -> bytes:
    """Return a version as Moodle imports it."""
    framework = version.framework
    return moodle.written(
        known(version), title=framework.title, identifier=str(framework.identifier)
    )


def table(version: FrameworkVersion, language: str) -> tuple[list[str], list[list[object]]]:
    """Return the heads and lines of the table of a version."""
    return sheet.written(known(version), language)
