"""What people submit: the words of a credential, whom to show it, why to revoke, what to check."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reseda.credentials.domain import pdf
from reseda.credentials.domain.discretion import telling_word
from reseda.credentials.domain.refusals import Refusal
from reseda.credentials.domain.verification import MAX_BYTES

MIB = 1024 * 1024
# A pasted JSON or JWT; larger ones come as files.
LONGEST_TEXT = 200_000
EXTENSIONS = ".json,.jsonld,.jwt,.jws,.png,.svg,.pdf"


class IssueForm(forms.Form):
    """The words of a credential; the competencies and levels are those of the decision."""

    title = forms.CharField(
        label=pgettext_lazy("credential", "Titre"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Ce que la personne sait faire, en quelques mots. Un employeur le lira."),
    )
    description = forms.CharField(
        label=_("Description"),
        max_length=1500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Dites l’acquis, jamais la force, l’unité, le lieu ni le nom du titulaire."),
    )

    def __init__(self, *args: Any, holder: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.holder = holder

    def clean_title(self) -> str:
        """Keep a title on one line, that says nothing of the reserve."""
        return " ".join(self._discreet("title").split())

    def clean_description(self) -> str:
        """Keep a description that says nothing of the reserve."""
        return self._discreet("description")

    def clean(self) -> dict[str, Any] | None:
        """Refuse what the PDF could not print, before it is signed for good."""
        cleaned: dict[str, Any] | None = super().clean()
        if not self.errors:
            _check_printable(self.cleaned_data["title"], self.cleaned_data["description"])
        return cleaned

    def _discreet(self, name: str) -> str:
        text: str = self.cleaned_data[name]
        word = telling_word(text)
        if not word and self.holder and self.holder.casefold() in text.casefold():
            word = self.holder
        if word:
            raise ValidationError(
                _("« %(word)s » révélerait la réserve ou le titulaire. Dites-le autrement."),
                code="telling",
                params={"word": word},
            )
        return text


def _check_printable(title: str, description: str) -> None:
    sample = pdf.Annex(title, "", description, "", date(2000, 1, 1), "https://", "")
    try:
        pdf.render(sample, "{}")
    except Refusal as refusal:
        raise unprintable(refusal) from refusal


def unprintable(refusal: Refusal) -> ValidationError:
    """Say which sign cannot be printed, and what to do."""
    return ValidationError(
        _("Le PDF ne peut pas imprimer « %(text)s ». Remplacez ce signe."),
        code=refusal.code,
        params={"text": refusal.facts.get("text", "")},
    )


class ShareForm(forms.Form):
    """Whether the public page tells the holder’s name."""

    shows_name = forms.TypedChoiceField(
        label=_("Votre nom sur la page publique"),
        choices=[
            ("oui", _("Montrer mon nom")),
            ("non", _("Ne pas montrer mon nom : je dirai moi-même que ce titre est le mien")),
        ],
        coerce=lambda word: word == "oui",
        widget=forms.RadioSelect,
        initial="oui",
    )


class RevokeForm(forms.Form):
    """Why a credential is revoked; its holder and the school read it, nobody else."""

    reason = forms.CharField(
        label=_("Motif"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Le titulaire et l’école le lisent ; la page publique dit seulement que le titre est "
            "révoqué, et depuis quand. Une révocation ne s’annule pas."
        ),
    )


class VerifyForm(forms.Form):
    """A credential to verify: a file, or an address, a code, the text itself."""

    file = forms.FileField(
        label=_("Un fichier"),
        required=False,
        help_text=_("JSON, JWT, image PNG ou SVG, PDF ; 10 Mo au plus."),
        widget=forms.ClearableFileInput(attrs={"accept": EXTENSIONS}),
    )
    text = forms.CharField(
        label=_("Un lien, un code ou le texte du titre"),
        required=False,
        help_text=_("Par exemple 7Q4M-2KXA-9D3F, ou l’adresse de la page du titre."),
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false", "autocomplete": "off"}),
    )

    def clean_file(self) -> UploadedFile[Any] | None:
        """Refuse a file too big for a credential before it is read."""
        file: UploadedFile[Any] | None = self.cleaned_data["file"]
        if file is not None and (file.size or 0) > MAX_BYTES:
            raise ValidationError(
                _("Ce fichier dépasse %(mib)d Mo. Donnez le titre lui-même."),
                code="too_large",
                params={"mib": MAX_BYTES // MIB},
            )
        return file

    def clean_text(self) -> str:
        """Refuse a text too long to be pasted."""
        text: str = self.cleaned_data["text"]
        if len(text) > LONGEST_TEXT:
            raise ValidationError(
                _("Ce texte est trop long pour un titre. Envoyez le fichier."), code="too_large"
            )
        return text

    def clean(self) -> dict[str, Any] | None:
        """Ask for one thing to verify."""
        cleaned: dict[str, Any] | None = super().clean()
        has_one = self.cleaned_data.get("file") or self.cleaned_data.get("text")
        if not has_one and not self.errors:
            raise ValidationError(
                _("Choisissez un fichier, ou collez un lien, un code ou le texte du titre."),
                code="empty",
            )
        return cleaned
