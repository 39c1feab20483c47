"""How a file or an address enters a form, and how its refusal is told."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reseda.documents.domain import uploads
from reseda.documents.domain.addresses import Unfetchable
from reseda.documents.domain.uploads import MIB, RefusedUpload, Upload

KIND_NAMES = {
    "pdf": gettext_lazy("PDF"),
    "png": gettext_lazy("image PNG"),
    "jpeg": gettext_lazy("photo JPEG"),
    "docx": gettext_lazy("document Word (.docx)"),
    "xlsx": gettext_lazy("tableau Excel (.xlsx)"),
    "ics": gettext_lazy("agenda (.ics)"),
    "csv": gettext_lazy("tableau CSV"),
}


def kinds_named(kinds: Iterable[str]) -> str:
    """Return the kinds in words, in the order of the house: « PDF, image PNG, photo JPEG »."""
    wanted = set(kinds)
    return ", ".join(str(name) for code, name in KIND_NAMES.items() if code in wanted)


def mebibytes(size: int) -> str:
    """Return a size in French units, whole above one mebibyte."""
    if size < MIB:
        return _("%(n)d Kio") % {"n": max(1, size // 1024)}
    return _("%(n)d Mio") % {"n": size // MIB}


def refusal_message(refused: RefusedUpload, allowed: Iterable[str]) -> str:
    """Say why a file is refused and what to give instead."""
    kinds = kinds_named(allowed)
    limit = int(str(refused.facts.get("limit", 0)))
    sentences = {
        "empty": _("Ce fichier est vide : choisissez-en un autre."),
        "size": _("Ce fichier est trop gros : %(limit)s au plus."),
        "kind": _("Ce fichier n’est pas d’une sorte acceptée. Sortes acceptées : %(kinds)s."),
        "bomb": _(
            "Ce fichier grossit démesurément quand on l’ouvre : enregistrez-le à nouveau depuis "
            "votre logiciel, ou exportez-le en CSV ou en PDF."
        ),
        "broken": _(
            "Ce fichier est abîmé ou protégé par un mot de passe : enregistrez-le à nouveau."
        ),
        "macros": _("Ce fichier contient des macros : enregistrez-le sans elles."),
    }
    return sentences[refused.code] % {"limit": mebibytes(limit), "kinds": kinds}


def fetch_message(error: Unfetchable) -> str:
    """Say why an address could not be fetched and what to do."""
    sentences = {
        "address": _("Cette adresse est illisible : copiez-la entière, de https:// à la fin."),
        "scheme": _("L’adresse doit commencer par https:// ou http://."),
        "credentials": _("L’adresse contient un nom ou un mot de passe : retirez-les."),
        "port": _("Le port %(port)s n’est pas permis : l’adresse doit être celle d’un site web."),
        "unresolved": _("Aucun site ne porte ce nom : vérifiez l’adresse."),
        "inside": _(
            "Cette adresse mène à un réseau privé : seules les adresses publiques sont lues."
        ),
        "downgrade": _("Ce site renvoie vers une adresse non protégée (http) : donnez la finale."),
        "redirects": _("Cette adresse renvoie vers trop d’autres : donnez l’adresse finale."),
        "connection": _("Ce site ne répond pas : réessayez plus tard."),
        "certificate": _("Le certificat de ce site n’est pas valable : prévenez son responsable."),
        "slow": _("Ce site répond trop lentement : réessayez plus tard."),
        "size": _("Ce que ce site envoie est trop gros."),
        "encoding": _("Ce site envoie un contenu compressé qu’on ne sait pas lire."),
        "protocol": _(
            "Ce site envoie une réponse interrompue ou mal formée : réessayez plus tard."
        ),
        "status": _(
            "Ce site refuse de donner cette page (réponse %(status)s) : vérifiez l’adresse."
        ),
    }
    return sentences[error.code] % {"port": "", "status": "", **error.facts}


class UploadField(forms.FileField):
    """A file of some kinds and of a bounded size; its value is an `Upload`, or None when absent."""

    def __init__(
        self, *, kinds: Iterable[str] = uploads.PAPERS, limit: int = 10 * MIB, **options: Any
    ) -> None:
        """Take the kinds accepted (codes of `uploads.KINDS`) and the limit in bytes."""
        self.kinds, self.limit = frozenset(kinds), limit
        options.setdefault("help_text", lazy(self._help, str)())
        super().__init__(**options)

    def _help(self) -> str:
        return _("%(kinds)s ; %(limit)s au plus.") % {
            "kinds": kinds_named(self.kinds),
            "limit": mebibytes(self.limit),
        }

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Let the browser offer the right files."""
        endings = [end for kind in sorted(self.kinds) for end in uploads.KINDS[kind].endings]
        return super().widget_attrs(widget) | {"accept": ",".join(endings)}

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the `Upload`, or the refusal in words."""
        if isinstance(data, UploadedFile) and data.size == 0:
            raise ValidationError(refusal_message(RefusedUpload("empty"), self.kinds), code="empty")
        file = super().clean(data, initial)
        if not isinstance(file, UploadedFile):
            return file or None
        try:
            return self._inspected(file)
        except RefusedUpload as refused:
            message = refusal_message(refused, self.kinds)
            raise ValidationError(message, code=refused.code) from refused

    def _inspected(self, file: UploadedFile[bytes]) -> Upload:
        size = file.size or 0
        if size > self.limit:
            raise RefusedUpload("size", {"size": size, "limit": self.limit})
        return uploads.inspect(file.read(), file.name or "", allowed=self.kinds, limit=self.limit)
