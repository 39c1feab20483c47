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
                "a reçu une réponse.\n\nLa lire, et accepter les mesures s’il y en a :\n{url}\n"
            ),
            "en": (
                "Hello {first_name},\n\nYour request for accommodation from {from_day} to {to_day} "
                "has an answer.\n\nRead it, and agree to the measures if there are any:\n{url}\n"
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
                "Ce qui est convenu, séance par séance :\n{lessons}\n\n"
                "Les retrouver et dire que c’est lu :\n{url}\n"
            ),
            "en": (
                "Hello {first_name},\n\n{student} will miss your classes between {from_day} and "
                "{to_day}: justified absence, recognised engagement.\n\n"
                "What is agreed, class by class:\n{lessons}\n\n"
                "Find them and say that you read it:\n{url}\n"
            ),
        },
        variables={
            **_VARIABLES,
            "lessons": (
                "– M314 Mesures TP, 10 novembre 2026, 13:00 : séance de rattrapage, "
                "16 novembre 2026, 08:00"
            ),
        },
    ),
    Template(
        code="timetable.absence_changed",
        name="timetable.absence_changed",
        subject={
            "fr": "Des absences justifiées ont changé",
            "en": "Justified absences have changed",
        },
        body={
            "fr": (
                "Bonjour {first_name},\n\nL’emploi du temps a changé : les absences justifiées de "
                "{student} dans vos séances, entre le {from_day} et le {to_day}, ont suivi.\n\n"
                "Les séances et le rattrapage convenu :\n{url}\n"
            ),
            "en": (
                "Hello {first_name},\n\nThe timetable has changed: the justified absences of "
                "{student} in your classes, between {from_day} and {to_day}, have followed.\n\n"
                "The classes and how they are caught up:\n{url}\n"
            ),
        },
        variables=_VARIABLES,
    ),
    Template(
        code="timetable.review_held",
        name="timetable.review_held",
        subject={
            "fr": "Le bilan de votre aménagement est fait",
            "en": "The review of your accommodation is done",
        },
        body={
            "fr": (
                "Bonjour {first_name},\n\nLe bilan de votre aménagement du {from_day} au {to_day} "
                "est fait. Vous pouvez y ajouter votre mot.\n\nLe lire :\n{url}\n"
            ),
            "en": (
                "Hello {first_name},\n\nThe review of your accommodation from {from_day} to "
                "{to_day} is done. You may add your own words to it.\n\nRead it:\n{url}\n"
            ),
        },
        variables=_VARIABLES,
    ),
    Template(
        code="timetable.concern_reported",
        name="timetable.concern_reported",
        subject={"fr": "Un signalement vous attend", "en": "A report awaits you"},
        body={
            "fr": (
                "Bonjour {first_name},\n\nUn élève vous adresse un signalement au sujet d’un "
                "aménagement de ses études. Il ne se lit que dans Réséda.\n\nLe lire :\n{url}\n"
            ),
            "en": (
                "Hello {first_name},\n\nA student sends you a report about an accommodation of "
                "studies. It can be read in Réséda alone.\n\nRead it:\n{url}\n"
            ),
        },
        variables=_VARIABLES,
    ),
    Template(
        code="timetable.concern_answered",
        name="timetable.concern_answered",
        subject={"fr": "Votre signalement a une réponse", "en": "Your report has an answer"},
        body={
            "fr": (
                "Bonjour {first_name},\n\nVotre signalement a reçu une réponse.\n\n"
                "La lire :\n{url}\n"
            ),
            "en": (
                "Hello {first_name},\n\nYour report has received an answer.\n\nRead it:\n{url}\n"
            ),
        },
        variables=_VARIABLES,
    ),
    Template(
        code="timetable.plan_published",
        name="timetable.plan_published",
        subject={"fr": "Votre plan d’année est publié", "en": "Your plan of the year is published"},
        body={
            "fr": (
                "Bonjour {first_name},\n\nVotre plan d’année est publié. Vous y verrez ce qui est "
                "retenu pour vous et pourquoi ; dites si cela vous convient.\n\n"
                "Le lire et répondre :\n{url}\n"
            ),
            "en": (
                "Hello {first_name},\n\nYour plan of the year is published. It shows what is kept "
                "for you, and why; say whether it suits you.\n\nRead it and answer:\n{url}\n"
            ),
        },
        variables={
            "first_name": "Camille",
            "url": "https://reseda.exemple.fr/mon-engagement/12/possibilites/",
        },
    ),
    Template(
        code="timetable.plan_to_unit",
        name="timetable.plan_to_unit",
        subject={
            "fr": "Places retenues sur vos périodes",
            "en": "Places taken on your periods",
        },
        body={
            "fr": (
                "Bonjour {contact},\n\n{school} a publié son plan de l’année. Voici les places "
                "retenues sur les périodes que vous proposez ; chaque personne doit encore "
                "confirmer.\n\n{places}\n"
            ),
            "en": (
                "Hello {contact},\n\n{school} published its plan of the year. These places are "
                "taken on the periods that you offer; each person has yet to confirm.\n\n"
                "{places}\n"
            ),
        },
        variables={
            "contact": "Lou Vidal",
            "school": "École d’ingénieurs des Causses",
            "places": "– du 3 au 7 mai 2027 : 4 places retenues sur 12",
        },
    ),
)
