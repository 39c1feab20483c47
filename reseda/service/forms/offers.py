"""What people submit of the periods that units offer: one, a file of them, a unit to ask."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from reseda.documents.domain.uploads import MIB, Upload
from reseda.documents.forms import UploadField
from reseda.schools.domain.sheets import Fault
from reseda.schools.domain.workbooks import Unreadable
from reseda.schools.forms import refusal as table_refusal
from reseda.service.domain import qualifications
from reseda.service.domain.offers import LINK_DAYS, MOST_PLACES, Invitation, Proposal
from reseda.service.forms.record import Stretch, spelled
from reseda.service.models import Force, Offer, Period

FILE_LIMIT = MIB
COLUMNS: dict[str, str | Promise] = {
    "starts_at": gettext_lazy("Début"),
    "ends_at": gettext_lazy("Fin"),
    "capacity": gettext_lazy("Places"),
    "purpose": pgettext_lazy("period", "Objet"),
    "place": gettext_lazy("Lieu"),
    "force": gettext_lazy("Force"),
    "unit_name": gettext_lazy("Unité"),
    "requires": gettext_lazy("Qualifications demandées"),
    "grants": gettext_lazy("Qualifications acquises"),
    "uid": pgettext_lazy("column", "Id"),
}
UNREADABLE: dict[str, str | Promise] = {
    "broken_calendar": gettext_lazy(
        "Cet agenda est abîmé : exportez-le à nouveau depuis votre calendrier (.ics)."
    ),
    "no_events": gettext_lazy("Cet agenda ne contient aucun événement."),
}
FAULTS: dict[str, str | Promise] = {
    "missing": gettext_lazy("La case est vide : écrivez le premier jour."),
    "no_end": gettext_lazy("Le début a une heure : donnez aussi la fin."),
    "not_a_date": gettext_lazy(
        "Date illisible : écrivez 09/11/2026, 09/11/2026 matin, 09/11/2026 14h30 ou 2026-11-09."
    ),
    "not_a_number": gettext_lazy("Écrivez un nombre de places, en chiffres."),
    "no_force": gettext_lazy("La force manque : remplissez la colonne, ou choisissez-la."),
    "unknown_force": gettext_lazy(
        "Force inconnue : écrivez terre, marine, air, gendarmerie, police ou sécurité civile."
    ),
    "too_long_text": gettext_lazy("Trop long : %(limit)s caractères au plus."),
    "long_code": gettext_lazy(
        "Une qualification a %(limit)s caractères au plus ; séparez-les par des virgules."
    ),
    "repeated": gettext_lazy("La même période est déjà à la ligne %(first)s : gardez-en une."),
    "too_many": gettext_lazy("%(most)s périodes au plus par fichier : découpez-le."),
    "recurrence": gettext_lazy(
        "Cette répétition ne peut pas être dépliée : donnez-lui une fin, en %(most)s fois au plus, "
        "par jour, semaine, mois ou année."
    ),
    "ends_before_start": gettext_lazy("La fin précède le début."),
    "too_long": gettext_lazy("Cette période dure plus d’un an : vérifiez l’année de la fin."),
    "no_purpose": gettext_lazy("Dites en quelques mots ce que l’on y fait."),
    "capacity": gettext_lazy("Entre 1 et %(most)s places."),
    "too_many_qualifications": gettext_lazy("%(most)s qualifications au plus."),
    "requires_what_it_grants": gettext_lazy(
        "« %(name)s » est à la fois demandée et acquise : gardez-la d’un seul côté."
    ),
}


def unreadable(error: Unreadable) -> str:
    """Say why a file cannot be read, and what to do."""
    if error.code in UNREADABLE:
        return str(UNREADABLE[error.code])
    return table_refusal(error, COLUMNS)


def sentence(fault: Fault) -> str:
    """Say why a line is refused, and what to write instead."""
    return str(FAULTS[fault.code]) % fault.facts


class CodesField(forms.CharField):
    """Qualifications separated by commas; its value is the tuple of their codes."""

    def prepare_value(self, value: Any) -> Any:
        """Write codes one after the other."""
        return ", ".join(value) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> Any:
        """Read the codes."""
        try:
            return qualifications.read(super().to_python(value) or "")
        except ValueError as error:
            message = _("« %(code)s » est trop long : %(limit)s caractères au plus.")
            facts = {"code": str(error)[:60], "limit": qualifications.LONGEST}
            raise ValidationError(message % facts, code="long_code") from error

    def validate(self, value: Any) -> None:
        """Accept none."""
        del value

    def run_validators(self, value: Any) -> None:
        """Run none: codes are checked while read."""
        del value


def _codes(label: Any, help_text: Any) -> CodesField:
    widget = forms.TextInput(attrs={"list": "qualifications-connues", "autocomplete": "off"})
    return CodesField(
        label=label, help_text=help_text, max_length=500, required=False, widget=widget
    )


class UnitOfferForm(Stretch):
    """A period as the unit itself proposes it: its force and its name are already known."""

    purpose = forms.CharField(
        label=pgettext_lazy("period", "Objet"),
        max_length=200,
        help_text=gettext_lazy("Rien de protégé : « formation initiale », « exercice »…"),
    )
    capacity = forms.IntegerField(
        label=gettext_lazy("Places"), min_value=1, max_value=MOST_PLACES, initial=1
    )
    place = forms.CharField(label=gettext_lazy("Lieu"), max_length=200, required=False)
    requires = _codes(
        gettext_lazy("Qualifications demandées"),
        gettext_lazy("Séparées par des virgules. Rien : ouverte à tous."),
    )
    grants = _codes(
        gettext_lazy("Qualifications acquises"), gettext_lazy("Ce que la période donne.")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        """Leave out the exact hours' hint of convocations: an offer is a forecast."""
        super().__init__(*args, **options)
        for name in ("starts_time", "ends_time"):
            self.fields[name].label = _("Heure exacte, si elle est connue")

    def proposal(self, **known: str) -> Proposal:
        """Return what the valid form proposes; `known` is what the form does not ask."""
        given = self.cleaned_data
        asked = {name: given[name] for name in self._asked if name in given}
        return Proposal(**{**known, **asked}, starts_at=self.starts_at, ends_at=self.ends_at)

    _asked = (
        "force",
        "purpose",
        "capacity",
        "unit_name",
        "place",
        "contact_name",
        "contact_email",
        "requires",
        "grants",
    )

    @classmethod
    def of_offer(cls, offer: Offer) -> dict[str, object]:
        """Return the initial values that say an offer."""
        said = {name: getattr(offer, name) for name in cls._asked}
        dates = Period(starts_at=offer.starts_at, ends_at=offer.ends_at)
        return {**said, **cls.of_dates(dates)}


class OfferForm(UnitOfferForm):
    """A period as the référent enters it for a unit."""

    force = forms.ChoiceField(label=gettext_lazy("Force"), choices=spelled(Force.choices))
    unit_name = forms.CharField(label=gettext_lazy("Unité"), max_length=160, required=False)
    contact_name = forms.CharField(
        label=gettext_lazy("Correspondant dans l’unité"), max_length=160, required=False
    )
    contact_email = forms.EmailField(label=gettext_lazy("Son adresse électronique"), required=False)


class OfferFileForm(forms.Form):
    """A file of periods, and what its lines leave unsaid."""

    file = UploadField(
        label=gettext_lazy("Fichier"), kinds=("csv", "xlsx", "ics"), limit=FILE_LIMIT
    )
    force = forms.ChoiceField(
        label=gettext_lazy("Force des lignes qui n’en disent pas"),
        choices=[("", gettext_lazy("Toutes les lignes la disent")), *spelled(Force.choices)],
        required=False,
    )
    unit_name = forms.CharField(
        label=gettext_lazy("Unité des lignes qui n’en disent pas"), max_length=160, required=False
    )

    def data_of_file(self) -> bytes:
        """Return the bytes of the valid form's file."""
        upload = self.cleaned_data["file"]
        return upload.data if isinstance(upload, Upload) else b""


class UnitFileForm(forms.Form):
    """A file of periods given by the unit itself."""

    file = UploadField(
        label=gettext_lazy("Fichier"), kinds=("csv", "xlsx", "ics"), limit=FILE_LIMIT
    )


class PreviewedForm(forms.Form):
    """A file already read, that its page gives back to be written."""

    content = forms.CharField(max_length=2 * FILE_LIMIT)
    force = forms.ChoiceField(choices=[("", ""), *Force.choices], required=False)
    unit_name = forms.CharField(max_length=160, required=False)
    drops_missing = forms.BooleanField(required=False)

    def clean_content(self) -> bytes:
        """Return the bytes of the file."""
        try:
            data = base64.b64decode(self.cleaned_data["content"], validate=True)
        except (binascii.Error, ValueError) as error:
            raise ValidationError(_("Choisissez à nouveau le fichier."), code="lost") from error
        return data


class InvitationForm(forms.Form):
    """A unit to ask: whom, at which address, until when."""

    force = forms.ChoiceField(label=gettext_lazy("Force"), choices=spelled(Force.choices))
    unit_name = forms.CharField(label=gettext_lazy("Unité"), max_length=160, required=False)
    contact_name = forms.CharField(
        label=gettext_lazy("Correspondant dans l’unité"), max_length=160, required=False
    )
    contact_email = forms.EmailField(
        label=gettext_lazy("Son adresse électronique"),
        widget=forms.EmailInput(attrs={"list": "contacts-connus"}),
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("Le lien vaut"),
        coerce=int,
        choices=lambda: [(days, _("%(n)s jours") % {"n": days}) for days in (30, 60, 120)],
        initial=LINK_DAYS,
    )

    def invitation(self) -> Invitation:
        """Return whom the valid form asks."""
        given: Mapping[str, Any] = self.cleaned_data
        return Invitation(**given)
