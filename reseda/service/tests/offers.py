"""Proposals, lines of files and units asked, for the tests of offers."""

from reseda.people.models import AnswerLink, Person
from reseda.schools.models import School
from reseda.service.actions import offer_calls
from reseda.service.domain.offer_files import Draft
from reseda.service.domain.offers import Invitation, Proposal
from reseda.service.tests import factories as make
from reseda.service.tests.conftest import latest_link


def proposal(**given: object) -> Proposal:
    said: dict[str, object] = {
        "force": "terre",
        "starts_at": make.ago(-20),
        "ends_at": make.ago(-22),
        "purpose": make.PURPOSE,
        "capacity": 3,
        "unit_name": make.UNIT,
        "place": make.PLACE,
        "requires": ("FMIR",),
    }
    return Proposal(**{**said, **given})  # type: ignore[arg-type]


def draft(uid: str = "A1", **given: object) -> Draft:
    return Draft(2, uid, proposal(**given))


def asked(school: School, by: Person, **given: str) -> AnswerLink:
    said = {"force": "terre", "contact_email": "lou@example.org", "unit_name": make.UNIT}
    offer_calls.ask_unit(school, invitation=Invitation(**{**said, **given}), by=by)  # type: ignore[arg-type]
    return latest_link()
