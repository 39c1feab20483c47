"""What people submit about their studies, and what a feed that was given turns out to be."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from reseda.documents.http import Unfetchable, fetch
from reseda.people.models import Person
from reseda.timetable.domain.events import Reading, UnreadableCalendar
from reseda.timetable.domain.reading import read
from reseda.timetable.models import Absence, AccommodationRequest, Kind

MOST_BYTES = 10 * 1024 * 1024
UNREADABLE = {
    "too_large": _("Ce fichier est trop gros : un emploi du temps pèse moins de 10 Mio."),
    "too_many_events": _("Ce calendrier a trop d’événements pour être celui d’une année."),
}
NOT_A_CALENDAR = _(
    "Ce n’est pas un calendrier iCalendar. Dans ADE ou HyperPlanning, choisissez « Exporter », "
    "puis le format iCal (.ics)."
)
UNFETCHABLE = {
    "private_address": _("Cette adresse désigne un réseau interne : elle est refusée."),
    "bad_scheme": _("L’adresse doit commencer par https:// ou http://."),
    "too_large": UNREADABLE["too_large"],
    "timeout": _("Le serveur de l’emploi du temps n’a pas répondu à temps. Réessayez plus tard."),
}
NOT_FETCHED = _("Cette adresse ne répond pas. Ouvrez-la dans un navigateur pour la vérifier.")


def parsed(data: bytes) -> Reading:
    """Read a feed, or raise `ValidationError` in the words of whoever gave it."""
    try:
        return read(data)
    except UnreadableCalendar as error:
        raise ValidationError(
            UNREADABLE.get(error.code, NOT_A_CALENDAR), code=error.code
        ) from error


def fetched(address: str, etag: str = "") -> tuple[bytes | None, str]:
    """Fetch a feed: its bytes (None when unchanged since `etag`) and its new tag.

    Raises `ValidationError` when the address is refused or does not answer with a file.
    """
    try:
        answer = fetch(address, etag=etag)
    except Unfetchable as error:
        raise ValidationError(UNFETCHABLE.get(error.code, NOT_FETCHED), code=error.code) from error
    if answer.status == 304:  # noqa: PLR2004 (HTTP: not modified)
        return None, etag
    if answer.status != 200:  # noqa: PLR2004 (HTTP: found)
        raise ValidationError(NOT_FETCHED, code="not_found")
    return answer.body, answer.etag


class FeedForm(forms.Form):
    """A timetable to add: a file or an address, one of the two."""

    name = forms.CharField(
        label=_("Nom"), max_length=80, initial=_("Mon emploi du temps"), required=False
    )
    file = forms.FileField(
        label=_("Fichier .ics"),
        required=False,
        allow_empty_file=True,
        help_text=_("Exporté d’ADE ou d’HyperPlanning au format iCal."),
        widget=forms.ClearableFileInput(attrs={"accept": ".ics,text/calendar"}),
    )
    address = forms.CharField(
        label=_("Adresse d’abonnement"),
        required=False,
        max_length=2000,
        help_text=_("Elle sera relue plusieurs fois par jour. Elle reste secrète."),
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )

    def clean(self) -> dict[str, Any]:
        """Read what was given, so that nothing unreadable is ever kept."""
        data = super().clean() or {}
        file, address = data.get("file"), (data.get("address") or "").strip()
        if self.errors:
            return data
        if bool(file) == bool(address):
            raise ValidationError(
                _("Donnez un fichier ou une adresse, l’un des deux."), code="one_of_two"
            )
        data["reading"] = self._from_file(file) if file else self._from_address(address)
        data["address"] = address
        data["name"] = data.get("name") or str(_("Mon emploi du temps"))
        return data

    def _from_file(self, file: Any) -> Reading | None:
        if file.size > MOST_BYTES:
            self.add_error("file", UNREADABLE["too_large"])
            return None
        try:
            return parsed(file.read())
        except ValidationError as error:
            self.add_error("file", error)
            return None

    def _from_address(self, address: str) -> Reading | None:
        try:
            body, _etag = fetched(address)
            return parsed(body or b"")
        except ValidationError as error:
            self.add_error("address", error)
            return None


class GroupsForm(forms.Form):
    """Which sub-groups of the feed are the person’s own."""

    groups = forms.MultipleChoiceField(
        label=_("Mes groupes"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Sans choix, toutes les séances comptent."),
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["groups"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 (for the type checker)
        field.choices = choices


class KindForm(forms.Form):
    """What a lesson really is."""

    uid = forms.CharField(max_length=255, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("Type"), choices=Kind.choices)


class RequestForm(forms.Form):
    """What a student asks for around a period."""

    wish = forms.CharField(
        label=_("Ce que je demande"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_(
            "Par exemple : excuser mon absence aux cours, reporter l’examen, rattraper le TP. "
            "N’écrivez ni l’unité ni le lieu."
        ),
    )


class DecisionForm(forms.Form):
    """The decision of the director of studies, and what happens to each lesson touched."""

    decision = forms.ChoiceField(
        label=_("Décision"),
        choices=[("granted", _("J’accorde l’aménagement")), ("refused", _("Je refuse"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Motif"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Obligatoire pour un refus. L’élève le lira."),
    )
    measures = forms.CharField(
        label=_("Mesures"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Reports d’examens, rattrapages, dispenses d’assiduité (art. D611-9)."),
    )

    def __init__(
        self, *args: Any, absences: list[Absence], teachers: list[Person], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.absences = absences
        self.teachers = {str(teacher.pk): teacher for teacher in teachers}
        choices = [("", "—"), *((key, str(one)) for key, one in self.teachers.items())]
        for absence in absences:
            self.fields[f"teacher-{absence.pk}"] = forms.ChoiceField(
                label=_("Enseignant"),
                required=False,
                choices=choices,
                initial=str(absence.teacher_id or ""),
            )
            self.fields[f"catch_up-{absence.pk}"] = forms.CharField(
                label=_("Rattrapage"), required=False, max_length=300, initial=absence.catch_up
            )

    def rows(self) -> list[tuple[Absence, forms.BoundField, forms.BoundField]]:
        """Return each lesson with its two fields, for the table."""
        return [
            (one, self[f"teacher-{one.pk}"], self[f"catch_up-{one.pk}"]) for one in self.absences
        ]

    def clean(self) -> dict[str, Any]:
        """Ask for the reason of a refusal; gather what was said of each lesson."""
        data = super().clean() or {}
        refused = AccommodationRequest.Status.REFUSED
        if data.get("decision") == refused and not (data.get("reason") or "").strip():
            self.add_error("reason", _("Un refus doit dire pourquoi."))
        data["arranged"] = {
            one.pk: (
                self.teachers.get(data.get(f"teacher-{one.pk}") or ""),
                data.get(f"catch_up-{one.pk}") or "",
            )
            for one in self.absences
        }
        return data
