"""What a person gives as a timetable, and what a feed that was given turns out to be."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from reseda.documents.http import Unfetchable, fetch
from reseda.timetable.domain.events import Reading, UnreadableCalendar
from reseda.timetable.domain.reading import read
from reseda.timetable.models import Kind

MOST_BYTES = 10 * 1024 * 1024
UNREADABLE = {
    "too_large": _("Ce fichier est trop gros : un emploi du temps pèse moins de 10 Mio."),
    "too_many_lines": _("Ce fichier a trop de lignes pour être un emploi du temps."),
    "too_many_events": _("Ce calendrier a trop d’événements pour être celui d’une année."),
    "empty_file": _("Ce fichier est vide. Exportez de nouveau votre emploi du temps."),
    "web_page": _(
        "C’est une page de site, pas un calendrier : il faut sans doute s’y connecter. Dans ADE ou "
        "HyperPlanning, cherchez « Exporter » ou « Synchroniser », au format iCal (.ics)."
    ),
    "binary": _(
        "Ce n’est pas un fichier de calendrier (image, archive, document…). Dans ADE ou "
        "HyperPlanning, choisissez « Exporter », puis le format iCal (.ics)."
    ),
}
NOT_A_CALENDAR = _(
    "Ce n’est pas un calendrier iCalendar. Dans ADE ou HyperPlanning, choisissez « Exporter », "
    "puis le format iCal (.ics)."
)
UNFETCHABLE = {
    "address": _("Cette adresse est mal écrite. Copiez-la entière depuis ADE ou HyperPlanning."),
    "scheme": _("L’adresse doit commencer par https:// ou http://."),
    "credentials": _(
        "Cette adresse contient un mot de passe : donnez l’adresse d’abonnement, qui n’en a pas."
    ),
    "port": _("Cette adresse passe par un port inhabituel, que Réséda ne contacte pas."),
    "unresolved": _("Ce site n’existe pas. Vérifiez l’adresse."),
    "inside": _(
        "Cette adresse mène à un réseau interne, que Réséda ne contacte pas : elle est refusée."
    ),
    "downgrade": _("Cette adresse quitte la connexion chiffrée en route : elle est refusée."),
    "redirects": _("Cette adresse renvoie trop de fois vers une autre. Donnez la dernière."),
    "certificate": _("Le certificat de ce site n’est pas valable : sa réponse n’est pas lue."),
    "slow": _("Le serveur de l’emploi du temps n’a pas répondu à temps. Réessayez plus tard."),
    "size": UNREADABLE["too_large"],
    "encoding": _("La réponse de ce site est illisible. Réessayez plus tard."),
    "protocol": _("La réponse de ce site est illisible. Réessayez plus tard."),
    "status": _(
        "Ce site ne donne rien à cette adresse (réponse %(status)s). Ouvrez-la dans un navigateur "
        "pour la vérifier."
    ),
}
NOT_FETCHED = _("Cette adresse ne répond pas. Ouvrez-la dans un navigateur pour la vérifier.")
NOT_MODIFIED = 304


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
        answer = fetch(plain(address), etag=etag, limit=MOST_BYTES)
    except Unfetchable as error:
        message = UNFETCHABLE.get(error.code, NOT_FETCHED)
        raise ValidationError(message, code=error.code, params=error.facts) from error
    return (None, etag) if answer.status == NOT_MODIFIED else (answer.body, answer.etag)


def plain(address: str) -> str:
    """Return the address that a subscription link stands for: webcal is http by another name."""
    scheme, mark, rest = address.strip().partition("://")
    schemes = {"webcal": "http", "webcals": "https"}
    return f"{schemes.get(scheme.lower(), scheme)}{mark}{rest}"


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
        field = "file" if file else "address"
        try:
            data["reading"] = _from_file(file) if file else _from_address(address)
        except ValidationError as error:
            self.add_error(field, error)
        data["address"] = plain(address) if address else ""
        data["name"] = data.get("name") or str(_("Mon emploi du temps"))
        return data


def _from_file(file: UploadedFile[bytes]) -> Reading:
    # Before a byte of it is read into memory.
    if (file.size or 0) > MOST_BYTES:
        raise ValidationError(UNREADABLE["too_large"], code="too_large")
    return parsed(file.read())


def _from_address(address: str) -> Reading:
    body, _etag = fetched(address)
    return parsed(body or b"")


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
    is_for_all = forms.BooleanField(required=False)
