"""What people submit of the record: an engagement, to whom it is disclosed, a period, answers."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from django.utils.functional import lazy
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reseda.documents.forms import UploadField
from reseda.service.domain.rules import Declaration, Statement
from reseda.service.models import Ceiling, Engagement, Force, Period, Training
from reseda.service.queries import Opening

DAY_START, NOON, DAY_END = time(0), time(12), time(23, 59)
STARTS = {"morning": DAY_START, "noon": NOON}
ENDS = {"noon": NOON, "evening": DAY_END}
CAPACITIES = {
    "engagement": pgettext_lazy("capacity", "engagement"),
    "rigour": _("rigueur"),
    "sharing": _("sens du partage"),
    "teamwork": _("travail d’équipe"),
    "cohesion": _("cohésion, sens du collectif"),
    "leadership": _("commandement, entraînement des autres"),
    "management": _("organisation et conduite d’un groupe"),
    "decision": _("prise de décision"),
    "crisis": _("gestion de crise"),
    "risk": _("gestion des risques"),
    "emotions": _("maîtrise des émotions"),
    "anticipation": _("anticipation"),
}


def spelled(choices: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Return choices whose names begin with a capital, as they stand alone."""
    return [(code, capitalised(name)) for code, name in choices]


capitalised = lazy(capfirst, str)


def _day_input() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def _time_input() -> forms.TimeInput:
    return forms.TimeInput(format="%H:%M", attrs={"type": "time"})


class EngagementForm(forms.Form):
    """A contract as its holder declares it; what concerns the unit may be left for later."""

    force = forms.ChoiceField(label=_("Votre réserve"), choices=spelled(Force.choices))
    contract_start_on = forms.DateField(label=_("Début du contrat"), widget=_day_input())
    contract_end_on = forms.DateField(label=_("Fin du contrat"), widget=_day_input())
    training = forms.ChoiceField(label=_("Votre formation"), choices=spelled(Training.choices))
    ceiling = forms.ChoiceField(
        label=_("Plafond de jours"),
        choices=spelled(Ceiling.choices),
        initial=Ceiling.ORDINARY,
        required=False,
        help_text=_("Laissez « ordinaire » si votre unité ne vous a rien dit d’autre."),
    )
    unit_name = forms.CharField(
        label=_("Unité"),
        max_length=160,
        required=False,
        help_text=_("Chiffrée. Elle ne figure ni dans les courriels, ni chez vos enseignants."),
    )
    contact_name = forms.CharField(
        label=_("Correspondant dans l’unité"), max_length=160, required=False
    )
    contact_email = forms.EmailField(
        label=_("Son adresse électronique"),
        required=False,
        help_text=_("Pour lui demander, quand vous le voudrez, de confirmer vos périodes."),
    )

    @classmethod
    def of(cls, engagement: Engagement) -> "EngagementForm":
        """Return the form filled with what was declared."""
        return cls(initial={name: getattr(engagement, name) for name in cls.base_fields})

    def declaration(self) -> Declaration:
        """Return what the valid form declares."""
        given = dict(self.cleaned_data)
        given["ceiling"] = given["ceiling"] or Ceiling.ORDINARY.value
        return Declaration(**given)


class DisclosureForm(forms.Form):
    """Who may know: nobody is checked by default."""

    audiences = forms.MultipleChoiceField(
        label=_("Qui peut savoir"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, openings: list[Opening], **options: Any) -> None:
        """Offer the audiences of this person, with what each would see."""
        super().__init__(*args, **options)
        field = self.fields["audiences"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [(one.audience, capitalised(str(one.label))) for one in openings]


class Stretch(forms.Form):
    """Two ends of a stretch of service, each a day with a half-day or an hour."""

    starts_on = forms.DateField(label=_("Premier jour"), widget=_day_input())
    starts_half = forms.ChoiceField(
        label=pgettext_lazy("half-day", "Moment"),
        choices=[("morning", _("dès le matin")), ("noon", _("à partir de midi"))],
    )
    starts_time = forms.TimeField(
        label=_("Heure exacte, si la convocation la donne"), widget=_time_input(), required=False
    )
    ends_on = forms.DateField(label=_("Dernier jour"), widget=_day_input())
    ends_half = forms.ChoiceField(
        label=pgettext_lazy("half-day", "Moment"),
        choices=[("evening", _("jusqu’au soir")), ("noon", _("jusqu’à midi"))],
    )
    ends_time = forms.TimeField(
        label=_("Heure exacte, si la convocation la donne"), widget=_time_input(), required=False
    )

    @property
    def starts_at(self) -> datetime:
        """The first instant of service."""
        return self._instant("starts", STARTS)

    @property
    def ends_at(self) -> datetime:
        """The instant at which service ends."""
        return self._instant("ends", ENDS)

    def _instant(self, end: str, hours: dict[str, time]) -> datetime:
        given = self.cleaned_data
        hour = given[f"{end}_time"] or hours[given[f"{end}_half"]]
        return timezone.make_aware(datetime.combine(given[f"{end}_on"], hour))

    @staticmethod
    def of_dates(period: Period) -> dict[str, object]:
        """Return the initial values that say the dates of a period."""
        start, end = timezone.localtime(period.starts_at), timezone.localtime(period.ends_at)
        starts = {hour: word for word, hour in STARTS.items()}.get(start.time())
        ends = {hour: word for word, hour in ENDS.items()}.get(end.time())
        return {
            "starts_on": start.date(),
            "starts_half": starts or "morning",
            "starts_time": None if starts else start.time(),
            "ends_on": end.date(),
            "ends_half": ends or "evening",
            "ends_time": None if ends else end.time(),
        }


class PeriodForm(Stretch):
    """A convocation as its holder enters it."""

    purpose = forms.CharField(
        label=pgettext_lazy("period", "Objet"),
        max_length=200,
        required=False,
        help_text=_("Chiffré : pour vous. Les enseignants ne le voient jamais."),
    )
    place = forms.CharField(label=_("Lieu"), max_length=200, required=False)
    convocation = UploadField(label=_("Convocation"), required=False)

    @classmethod
    def of(cls, period: Period) -> "PeriodForm":
        """Return the form filled with a period."""
        said = {"purpose": period.purpose, "place": period.place}
        return cls(initial={**cls.of_dates(period), **said})


class ConfirmForm(Stretch):
    """A unit says whether a period takes place, and at which dates."""

    answer = forms.ChoiceField(
        label=_("Votre réponse"),
        widget=forms.RadioSelect,
        choices=[
            ("yes", _("Oui, à ces dates")),
            ("corrected", _("Oui, mais à d’autres dates, que je corrige ci-dessous")),
            ("no", _("Non, elle n’a pas lieu")),
        ],
    )
    name = forms.CharField(label=_("Votre nom"), max_length=160)


class DaysField(forms.DecimalField):
    """A number of days, typed with a comma or a point in any language."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> Any:
        """Read « 2,5 » and « 2.5 » alike."""
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)


class AttestForm(forms.Form):
    """A unit attests a period in plain words; neither rank nor anything protected is asked."""

    days = DaysField(
        label=_("Jours servis"),
        max_digits=5,
        decimal_places=1,
        help_text=_("Par demi-journées : 2,5 par exemple."),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    activities = forms.CharField(
        label=_("Ce qui a été fait, avec des mots simples"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Rien de protégé : ni mission, ni matériel, ni lieu sensible."),
    )
    capacities = forms.MultipleChoiceField(
        label=_("Capacités montrées"),
        widget=forms.CheckboxSelectMultiple,
        choices=list(CAPACITIES.items()),
        required=False,
    )
    others = forms.CharField(label=_("Autres capacités"), max_length=300, required=False)
    name = forms.CharField(label=_("Votre nom"), max_length=160)
    title = forms.CharField(label=_("Votre fonction"), max_length=160)

    def statement(self) -> Statement:
        """Return what the valid form attests; capacities are kept in French, one a line."""
        given = self.cleaned_data
        with translation.override("fr"):
            said = [str(CAPACITIES[code]) for code in given["capacities"]]
        return Statement(
            days=given["days"],
            activities=given["activities"],
            capacities="\n".join([*said, *filter(None, [given["others"]])]),
            name=given["name"],
            title=given["title"],
        )


def refuse(form: forms.Form, error: ValidationError) -> None:
    """Show the refusal of an action on the fields it names, else above the form."""
    if hasattr(error, "error_dict") and not set(error.error_dict) <= set(form.fields):
        form.add_error(None, error.messages)
    else:
        form.add_error(None, error)
