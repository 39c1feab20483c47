"""How Django knows this room, what it tells the thread and writes to people."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from reseda.mail.domain.templates import Template, declare
from reseda.service.domain import letters
from reseda.ui import queries as ui
from reseda.ui.domain.parts import ThreadTeller

TO_UNIT = {
    "contact": "Camille Roux",
    "person": "Dominique Martin",
    "school": "École des mines de Sauve",
    "dates": "du 9 au 13 novembre 2026",
    "expires": "24 décembre 2026 à 8 h",
    "address": "https://reseda.example/repondre/exemple/",
}
# Subjects name neither force, unit nor place: they are read over shoulders, on locked phones.
TEMPLATES = (
    Template(
        "service.confirm_period",
        _("À l’unité : confirmer une période"),
        {"fr": "{school} : une réponse vous est demandée", "en": "{school}: a question for you"},
        {
            "fr": (
                "Bonjour {contact},\n\n{person}, de {school}, indique une période {dates}.\n\n"
                "Pouvez-vous la confirmer, corriger ses dates ou dire qu’elle n’a pas lieu ? "
                "Une minute, sans compte à créer :\n{address}\n\n"
                "Ce lien vous est personnel et vaut jusqu’au {expires}.\n\nMerci,\n{school}"
            ),
            "en": (
                "Hello {contact},\n\n{person}, of {school}, mentions a period {dates}.\n\n"
                "Could you confirm it, correct its dates or say that it does not take place? "
                "One minute, no account needed:\n{address}\n\n"
                "This link is for you alone and is valid until {expires}.\n\nThank you,\n{school}"
            ),
        },
        TO_UNIT,
    ),
    Template(
        "service.attest_period",
        _("À l’unité : attester une période"),
        {"fr": "{school} : une attestation à donner", "en": "{school}: a statement to give"},
        {
            "fr": (
                "Bonjour {contact},\n\nLa période de {person}, de {school}, est terminée "
                "({dates}).\n\nPouvez-vous attester, avec des mots simples, les jours servis et ce "
                "qui a été fait ? L’école pourra alors le reconnaître dans ses études :\n"
                "{address}\n\nCe lien vous est personnel et vaut jusqu’au {expires}.\n\n"
                "Merci,\n{school}"
            ),
            "en": (
                "Hello {contact},\n\nThe period of {person}, of {school}, is over ({dates}).\n\n"
                "Could you state, in plain words, the days served and what was done? The school "
                "can then recognise it within the degree:\n{address}\n\n"
                "This link is for you alone and is valid until {expires}.\n\nThank you,\n{school}"
            ),
        },
        TO_UNIT,
    ),
    Template(
        "service.offer_periods",
        _("À l’unité : proposer des périodes"),
        {"fr": "{school} : vos dates à venir", "en": "{school}: your coming dates"},
        {
            "fr": (
                "Bonjour {contact},\n\n{school} prépare, avec ses réservistes, une année où les "
                "études et le service se concilient.\n\nDites-lui les périodes que vous "
                "proposez : une à une, ou en déposant un fichier. Aucun compte à créer, et vous "
                "pouvez revenir les changer :\n{address}\n\n"
                "Ce lien vous est personnel et vaut jusqu’au {expires}.\n\nMerci,\n{school}"
            ),
            "en": (
                "Hello {contact},\n\n{school} prepares, with its reservists, a year in which "
                "studies and service go together.\n\nTell it the periods that you offer: one by "
                "one, or with a file. No account needed, and you can come back to change them:\n"
                "{address}\n\nThis link is for you alone and is valid until {expires}.\n\n"
                "Thank you,\n{school}"
            ),
        },
        {name: TO_UNIT[name] for name in ("contact", "school", "expires", "address")},
    ),
    Template(
        "service.unit_answered",
        _("À la personne : une réponse est arrivée"),
        {"fr": "Une réponse est arrivée", "en": "An answer has arrived"},
        {
            "fr": "Bonjour {person},\n\nUne réponse à votre demande est arrivée :\n{address}\n",
            "en": "Hello {person},\n\nAn answer to your request has arrived:\n{address}\n",
        },
        {"person": "Dominique", "address": "https://reseda.example/mon-engagement/periodes/1/"},
    ),
)
# What each message about absences is called in the list of templates.
LETTERS = {
    "service.leave_asked": _("Aux ressources humaines : une absence demandée"),
    "service.leave_answered": _("À la personne : sa demande d’absence a une réponse"),
    "service.leave_silent_hr": _("Aux ressources humaines : une absence accordée par silence"),
    "service.leave_refused_unit": _("À l’unité : une absence refusée"),
    "service.clause_lapsed": _("À la personne : sa clause de réactivité est tombée"),
}


class ServiceConfig(AppConfig):
    """The room as a Django application."""

    name = "reseda.service"
    label = "service"
    verbose_name = _("Service")

    def ready(self) -> None:
        """Declare the mails, tell the stages of the thread, open the doors of the answer links."""
        for template in TEMPLATES:
            declare(template)
        for code, name in LETTERS.items():
            texts = letters.SUBJECTS[code], letters.BODIES[code], letters.EXAMPLES[code]
            declare(Template(code, name, *texts))
        queries = import_module("reseda.service.queries")
        ui.register(ThreadTeller("engagement", queries.tell_engagement))
        ui.register(ThreadTeller("period", queries.tell_period))
        ui.register(ThreadTeller("confirmation", queries.tell_confirmation))
        import_module("reseda.service.views.unit")
        import_module("reseda.service.views.unit_offers")
        import_module("reseda.service.tasks")
