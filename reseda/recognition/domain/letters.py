"""The default texts of this room's messages: neutral, without force, unit, place or name."""

from collections.abc import Mapping

SIGNED_FR = "\n\nRéséda, pour votre école"
SIGNED_EN = "\n\nRéséda, on behalf of your school"

SUBJECTS: Mapping[str, Mapping[str, str]] = {
    "recognition.submitted": {
        "fr": "Votre dossier {reference} est déposé",
        "en": "Your file {reference} has been submitted",
    },
    "recognition.complement": {
        "fr": "Votre dossier {reference} : un complément est demandé",
        "en": "Your file {reference}: more is needed",
    },
    "recognition.decided": {
        "fr": "Votre dossier {reference} : la décision est à lire",
        "en": "Your file {reference}: the decision can be read",
    },
    "recognition.convened": {
        "fr": "Vous siégez le {day}",
        "en": "You sit on {day}",
    },
}

BODIES: Mapping[str, Mapping[str, str]] = {
    "recognition.submitted": {
        "fr": "Bonjour,\n\nVotre dossier {reference} est bien arrivé. Vous pouvez le suivre, et le "
        f"retirer tant qu’il n’est pas décidé :\n{{url}}{SIGNED_FR}",
        "en": "Hello,\n\nYour file {reference} has arrived. You can follow it, and withdraw it "
        f"until it is decided:\n{{url}}{SIGNED_EN}",
    },
    "recognition.complement": {
        "fr": "Bonjour,\n\nPour avancer, votre dossier {reference} a besoin d’un complément. Ce "
        f"qui est demandé se lit ici :\n{{url}}{SIGNED_FR}",
        "en": "Hello,\n\nTo go on, your file {reference} needs something more. What is asked can "
        f"be read here:\n{{url}}{SIGNED_EN}",
    },
    "recognition.decided": {
        "fr": "Bonjour,\n\nUne décision a été prise sur votre dossier {reference}. La décision, sa "
        "motivation et les voies de recours se lisent ici :\n{url}\n\nVoies de recours :\n{appeal}"
        f"{SIGNED_FR}",
        "en": "Hello,\n\nA decision has been taken on your file {reference}. The decision, its "
        "grounds and how to appeal can be read here:\n{url}\n\nHow to appeal (in French):\n"
        f"{{appeal}}{SIGNED_EN}",
    },
    "recognition.convened": {
        "fr": "Bonjour,\n\nVous êtes membre d’une session qui se tient le {day}. Son ordre du jour "
        f"est ici :\n{{url}}{SIGNED_FR}",
        "en": "Hello,\n\nYou are a member of a session held on {day}. Its agenda is here:\n"
        f"{{url}}{SIGNED_EN}",
    },
}

EXAMPLES: Mapping[str, Mapping[str, str]] = {
    "recognition.submitted": {
        "reference": "2026-014",
        "url": "https://reseda.example/mon-dossier/14/",
    },
    "recognition.complement": {
        "reference": "2026-014",
        "url": "https://reseda.example/mon-dossier/14/",
    },
    "recognition.decided": {
        "reference": "2026-014",
        "url": "https://reseda.example/mon-dossier/14/",
        "appeal": "Recours gracieux auprès de la direction dans les deux mois.",
    },
    "recognition.convened": {
        "day": "18/06/2026",
        "url": "https://reseda.example/jurys/3/",
    },
}
