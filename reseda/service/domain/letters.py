"""The default texts of the messages about absences and the reactivity clause: neutral subjects,
neither force, unit nor place; no name but in what the reservist lets the unit know.
"""

from collections.abc import Mapping

EXAMPLE = "https://reseda.example/mon-engagement/autorisations/1/"
SUBJECTS: Mapping[str, Mapping[str, str]] = {
    "service.leave_asked": {"fr": "Une demande vous attend", "en": "A request awaits you"},
    "service.leave_answered": {"fr": "Une réponse est arrivée", "en": "An answer has arrived"},
    "service.leave_silent_hr": {
        "fr": "Une demande est accordée, faute de réponse",
        "en": "A request is granted, for want of an answer",
    },
    "service.leave_refused_unit": {
        "fr": "{school} : une absence n’a pas pu être accordée",
        "en": "{school}: an absence could not be granted",
    },
    "service.clause_lapsed": {
        "fr": "Une clause a pris fin",
        "en": "A clause has come to an end",
    },
}
BODIES: Mapping[str, Mapping[str, str]] = {
    "service.leave_asked": {
        "fr": "Bonjour {person},\n\nUne demande d’absence d’un membre du personnel vous attend. "
        "Les délais de réponse y sont dits :\n{address}\n",
        "en": "Hello {person},\n\nA request of absence of a member of the staff awaits you. The "
        "time you have to answer is said there:\n{address}\n",
    },
    "service.leave_answered": {
        "fr": "Bonjour {person},\n\nVotre demande d’absence a une réponse :\n{address}\n",
        "en": "Hello {person},\n\nYour request of absence has an answer:\n{address}\n",
    },
    "service.leave_silent_hr": {
        "fr": "Bonjour {person},\n\nLe délai pour répondre à une demande d’absence est passé : "
        "elle est accordée. La personne est prévenue :\n{address}\n",
        "en": "Hello {person},\n\nThe time to answer a request of absence is over: it is granted. "
        "The person was told:\n{address}\n",
    },
    "service.leave_refused_unit": {
        "fr": "Bonjour {contact},\n\n{school} n’a pas pu accorder à {person} son absence {dates}. "
        "Motif : {reason}\n\nCe message vous est adressé avec son accord.\n\n{school}",
        "en": "Hello {contact},\n\n{school} could not grant {person} an absence {dates}. Reason: "
        "{reason}\n\nYou are told with their consent.\n\n{school}",
    },
    "service.clause_lapsed": {
        "fr": "Bonjour {person},\n\nUne clause de votre contrat a pris fin avec le changement que "
        "vous avez noté. Ce qu’il faut faire :\n{address}\n",
        "en": "Hello {person},\n\nA clause of your contract came to an end with the change you "
        "noted. What to do now:\n{address}\n",
    },
}
EXAMPLES: Mapping[str, Mapping[str, str]] = {
    **{
        code: {"person": "Dominique", "address": EXAMPLE}
        for code in (
            "service.leave_asked",
            "service.leave_answered",
            "service.leave_silent_hr",
            "service.clause_lapsed",
        )
    },
    "service.leave_refused_unit": {
        "contact": "Camille Roux",
        "person": "Dominique Martin",
        "school": "École des mines de Sauve",
        "dates": "du 9 au 13 novembre 2026",
        "reason": "Soutenances ce jour-là.",
    },
}
