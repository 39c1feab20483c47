"""What people submit to bring a framework in from a file."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reseda.competencies.domain.exchange import formats
from reseda.competencies.forms.faults import FORMATS, refusal
from reseda.competencies.models import Framework
from reseda.schools.domain.workbooks import Unreadable


class FrameworkFileField(forms.FileField):
    """A file of any format of exchange; its value is its name and content, in bounds."""

    widget = forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.json"})

    def clean(self, data: Any, initial: Any = None) -> tuple[str, bytes]:
        """Return the name and the bytes, refusing an empty or too big file before it is read."""
        if isinstance(data, UploadedFile) and not data.size:
            raise ValidationError(refusal(Unreadable("empty")), code="empty")
        file = super().clean(data, initial)
        if (file.size or 0) > formats.MAX_BYTES:
            error = Unreadable("too_big", limit=formats.MAX_BYTES // formats.MIB)
            raise ValidationError(refusal(error), code="too_big")
        return file.name or "", file.read()


def _kinds() -> list[tuple[str, str | Promise]]:
    return [("", _("reconnue d’après le contenu")), *FORMATS.items()]


class ImportForm(forms.Form):
    """The file to import, and its format where it is not to be recognised."""

    file = FrameworkFileField(
        label=_("Fichier du référentiel"),
        help_text=_("32 Mio au plus pour un paquet CASE, 10 Mio et 30 000 lignes pour un tableau."),
        error_messages={"required": _("Choisissez un fichier.")},
    )
    kind = forms.ChoiceField(
        label=_("Forme du fichier"), choices=_kinds, required=False, initial=""
    )


class EntitleForm(forms.ModelForm[Framework]):
    """What a framework made of a file is called, and whose it is."""

    class Meta:
        model = Framework
        fields = ("title", "kind")
