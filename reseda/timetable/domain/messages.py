"""The messages that this room sends: neutral subjects, nothing military."""

from reseda.mail.domain.templates import Template

_VARIABLES = {
    "first_name": "Camille",
    "student": "Alix Moreau",
    "from_day": "9 novembre 2026",
    "to_day": "13 novembre 2026",
    "url": "https://reseda.exemple.fr/amenagements/12/",
}

MESSAGES = (
    Template(
        code="timetable.request_to_decide",
        name="timetable.request_to_decide",
        subject={
            "fr": "Une demande d’aménagement attend votre décision",
            "en": "A request for accommodation awaits your decision",
        },
        body={
            "fr": (
                "Bonjour {first_name},\n\n{student} demande un aménagement de ses études "
                "du {from_day} au {to_day}.\n\n"
                "La demande, les séances concernées et la décision :\n"
                "{url}\n"
            ),
            "en": (
                "Hello {first_name},\n\n{student} asks for an accommodation of studies "
                "from {from_day} to {to_day}.\n\nThe request, the classes concerned and the "
                "decision:\n{url}\n"
            ),
        },
        variables=_VARIABLES,
    ),
    Template(
        code="timetable.request_decided",
        name="timetable.request_decided",
        subject={
            "fr": "Votre demande d’aménagement a reçu une réponse",
            "en": "Your request for accommodation has an answer",
        },
        body={
            "fr": (
                "Bonjour {first_name},\n\nVotre demande d’aménagement du {from_day} au {to_day} "
                "a reçu une réponse.\n\nLa lire :\n{url}\n"
            ),
            "en": (
                "Hello {first_name},\n\nYour request for accommodation from {from_day} to {to_day} "
                "has an answer.\n\nRead it:\n{url}\n"
            ),
        },
        variables=_VARIABLES,
    ),
    Template(
        code="timetable.absence_justified",
        name="timetable.absence_justified",
        subject={"fr": "Une absence justifiée", "en": "A justified absence"},
        body={
            "fr": (
                "Bonjour {first_name},\n\n{student} sera absent ou absente de vos séances entre le "
                "{from_day} et le {to_day} : absence justifiée, engagement reconnu.\n\n"
                "Les séances et le rattrapage convenu :\n{url}\n"
            ),
            "en": (
                "Hello {first_name},\n\n{student} will miss your classes between {from_day} and "
                "{to_day}: justified absence, recognised engagement.\n\n"
                "The classes and how they are caught up:\n{url}\n"
            ),
        },
        variables=_VARIABLES,
    ),
)
