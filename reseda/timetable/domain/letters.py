"""The message by which reservists share when they are free; neutral, nothing military."""

from reseda.mail.domain.templates import Template

UNIT_CALENDAR = Template(
    code="timetable.unit_calendar",
    name="timetable.unit_calendar",
    subject={
        "fr": "{person} partage ses disponibilités",
        "en": "{person} shares when they are free",
    },
    body={
        "fr": (
            "Bonjour {contact},\n\n{person} partage avec vous ses disponibilités jusqu’au "
            "{to_day}, par demi-journées. Collez cette adresse dans votre calendrier "
            "(« s’abonner à un agenda ») : elle se tient à jour seule.\n{address}\n\n"
            "Gardez-la pour vous : qui l’a peut la lire. {person} peut la fermer à tout moment.\n"
        ),
        "en": (
            "Hello {contact},\n\n{person} shares with you when they are free until {to_day}, by "
            "half-days. Paste this address into your calendar (“subscribe to a calendar”): it "
            "keeps itself up to date.\n{address}\n\nKeep it for yourself: whoever has it can read "
            "it. {person} can close it at any time.\n"
        ),
    },
    variables={
        "contact": "Lou Vidal",
        "person": "Camille Roux",
        "to_day": "30 juin 2027",
        "address": "https://reseda.exemple.fr/agenda/unite/exemple.ics",
    },
)
