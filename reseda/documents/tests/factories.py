"""Who and what the tests of this room need."""

import io
import zipfile
from datetime import date

from reseda.people.models import Mandate, Organisation, Person

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
ICS = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"


def a_school(slug="ecole"):
    return Organisation.objects.create(kind="school", name=f"École {slug}", slug=slug)


def a_person(role, school):
    email = f"{role}.{Person.objects.count()}@example.org"
    person = Person.objects.create(email=email, first_name="Nour", last_name="Petit")
    Mandate.objects.create(person=person, role=role, organisation=school, from_on=date(2020, 9, 1))
    return person


def archive(parts, compression=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as made:
        for name, data in parts.items():
            made.writestr(name, data)
    return file.getvalue()
