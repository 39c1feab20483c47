"""What people submit about a school, and the sentences that tell what is wrong with a file."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from reseda.schools.domain import sheets
from reseda.schools.domain.roster import Roster
from reseda.schools.domain.sheets import Fault
from reseda.schools.domain.workbooks import Unreadable
from reseda.schools.models import AcademicYear, Cohort, Programme, School

COLUMNS: dict[str, str | Promise] = {
    "email": gettext_lazy("E-mail"),
    "last_name": pgettext_lazy("family name", "Nom"),
    "first_name": gettext_lazy("Prénom"),
    "student_number": gettext_lazy("Numéro étudiant"),
    "programme": gettext_lazy("Formation"),
    "cohort": gettext_lazy("Promotion"),
    "year": gettext_lazy("Année"),
    "groups": gettext_lazy("Groupes"),
    "role": gettext_lazy("Rôle"),
}
UNREADABLE: dict[str, str | Promise] = {
    "empty": gettext_lazy("Ce fichier est vide : choisissez celui qui contient la liste."),
    "too_big": gettext_lazy(
        "Ce fichier est trop gros : %(limit)s Mio au plus. Découpez-le en plusieurs fichiers."
    ),
    "binary": gettext_lazy(
        "Ce fichier n’est pas un tableau : enregistrez votre liste en CSV ou en XLSX."
    ),
    "old_excel": gettext_lazy(
        "Ce fichier est un ancien classeur Excel (.xls) ou un classeur protégé : "
        "enregistrez-le en .xlsx sans mot de passe."
    ),
    "broken_workbook": gettext_lazy(
        "Ce classeur est abîmé : ouvrez-le dans votre tableur et enregistrez-le à nouveau en .xlsx."
    ),
    "not_a_workbook": gettext_lazy(
        "Ce fichier n’est pas un classeur .xlsx : depuis votre tableur, "
        "enregistrez la liste en .xlsx ou en CSV."
    ),
    "too_many_rows": gettext_lazy(
        "Ce fichier a trop de lignes : %(limit)s au plus. "
        "Effacez ce qui suit la liste, ou découpez-la."
    ),
    "too_many_columns": gettext_lazy(
        "Ce fichier a trop de colonnes à la ligne %(line)s : %(limit)s au plus."
    ),
    "broken_quotes": gettext_lazy(
        "Un guillemet n’est pas refermé dans la ligne %(line)s : corrigez-la, ou enregistrez "
        "à nouveau le fichier depuis votre tableur."
    ),
    "formula": gettext_lazy(
        "Ligne %(line)s : la formule « %(value)s » n’a pas de résultat enregistré. "
        "Copiez la colonne et collez-la en valeurs."
    ),
    "no_header": gettext_lazy(
        "Aucune colonne n’est reconnue (première ligne lue : « %(value)s »). "
        "Reprenez les titres du modèle."
    ),
    "missing_columns": gettext_lazy(
        "Colonne manquante (titres lus à la ligne %(line)s) : %(columns)s. "
        "Ajoutez-la, ou partez du modèle."
    ),
    "twice_a_column": gettext_lazy(
        "La colonne « %(value)s » est là deux fois (ligne %(line)s) : retirez-en une."
    ),
    "no_rows": gettext_lazy("Ce fichier n’a que des titres : ajoutez au moins une ligne."),
}
FAULTS: dict[str, str | Promise] = {
    "missing": gettext_lazy("La case est vide : remplissez-la."),
    "too_long": gettext_lazy("Trop long : %(limit)s caractères au plus."),
    "not_an_address": gettext_lazy(
        "Ce n’est pas une adresse électronique : écrivez-la comme prenom.nom@ecole.fr."
    ),
    "unknown_role": gettext_lazy(
        "Rôle inconnu d’un import : écrivez élève, personnel, enseignant ou évaluateur. "
        "Les autres rôles se donnent à la main."
    ),
    "unknown_programme": gettext_lazy(
        "Formation inconnue : créez-la d’abord, ou écrivez l’une de celles-ci : %(known)s."
    ),
    "unknown_year": gettext_lazy(
        "Année inconnue : ouvrez-la d’abord, ou écrivez l’une de celles-ci : %(known)s."
    ),
    "no_current_year": gettext_lazy(
        "Aucune année universitaire n’est en cours : ouvrez-la, ou écrivez l’année ici."
    ),
    "repeated_email": gettext_lazy(
        "Cette personne est déjà à la ligne %(first)s : gardez une seule des deux lignes."
    ),
    "repeated_student_number": gettext_lazy(
        "Ce numéro est déjà à la ligne %(first)s de la même promotion : corrigez l’un des deux."
    ),
    "number_taken": gettext_lazy(
        "Ce numéro est celui d’une autre personne de la promotion : vérifiez le numéro, "
        "ou gardez l’adresse sous laquelle elle est connue."
    ),
    "address_refused": gettext_lazy(
        "Cette adresse ne peut pas être importée : vérifiez-la, "
        "ou demandez à l’administrateur du site."
    ),
}


def refusal(error: Unreadable, columns: Mapping[str, str | Promise] = COLUMNS) -> str:
    """Say why a file cannot be read, and what to do."""
    facts: dict[str, object] = dict(error.facts)
    if "columns" in facts:
        codes = str(facts["columns"]).split(", ")
        quoted = [_("« %(name)s »") % {"name": columns.get(code, code)} for code in codes]
        facts["columns"] = ", ".join(quoted)
    return str(UNREADABLE[error.code]) % facts


def sentence(fault: Fault) -> str:
    """Say why a cell is refused, and what to write instead."""
    facts = {name: value or _("aucune encore") for name, value in fault.facts.items()}
    return str(FAULTS[fault.code]) % facts


def summary(found: Roster) -> str:
    """Say in one line what an import did."""
    created, updated = len(found.created), len(found.updated)
    parts = [
        ngettext("%(n)d personne créée", "%(n)d personnes créées", created) % {"n": created},
        ngettext("%(n)d modifiée", "%(n)d modifiées", updated) % {"n": updated},
        ngettext("%(n)d inchangée", "%(n)d inchangées", found.unchanged) % {"n": found.unchanged},
    ]
    return ", ".join(parts)


class TableField(forms.FileField):
    """A table to import; its value is the content, in bytes, never above the limit of a table."""

    widget = forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"})

    def clean(self, data: Any, initial: Any = None) -> bytes:
        """Return the bytes, refusing an empty or too big file before it is read."""
        if isinstance(data, UploadedFile) and not data.size:
            raise ValidationError(refusal(Unreadable("empty")), code="empty")
        file = super().clean(data, initial)
        if (file.size or 0) > sheets.MAX_BYTES:
            error = Unreadable("too_big", limit=sheets.MAX_BYTES // 1024**2)
            raise ValidationError(refusal(error), code="too_big")
        content: bytes = file.read()
        return content


class ImportForm(forms.Form):
    """The file of people to import."""

    file = TableField(
        label=gettext_lazy("Fichier des personnes"),
        help_text=gettext_lazy("CSV ou XLSX, 10 Mio et 20 000 lignes au plus."),
        error_messages={"required": gettext_lazy("Choisissez un fichier.")},
    )


class YearForm(forms.ModelForm[AcademicYear]):
    """An academic year."""

    class Meta:
        model = AcademicYear
        fields = ("name", "starts_on", "ends_on")
        widgets = {
            "starts_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "ends_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = {"name": gettext_lazy("Deux années civiles, comme 2026-2027.")}

    def clean_name(self) -> str:
        """Accept two civil years that follow each other."""
        name = str(self.cleaned_data["name"]).replace("/", "-").replace(" ", "")
        found = re.fullmatch(r"(\d{4})-(\d{4})", name)
        if not found or int(found[2]) != int(found[1]) + 1:
            raise ValidationError(
                _("Écrivez deux années civiles qui se suivent, comme 2026-2027."), code="name"
            )
        return name


class ProgrammeForm(forms.ModelForm[Programme]):
    """A programme."""

    class Meta:
        model = Programme
        fields = ("name", "code", "rncp_code", "is_apprenticeship")
        labels = {"name": gettext_lazy("Intitulé")}
        help_texts = {
            "code": gettext_lazy("Ce code nomme la formation dans les fichiers importés."),
            "rncp_code": gettext_lazy("Comme RNCP12345, si la formation en a une."),
        }


class CohortForm(forms.ModelForm[Cohort]):
    """A cohort, in a programme and a year of the school."""

    class Meta:
        model = Cohort
        fields = ("programme", "year", "name")
        help_texts = {"name": gettext_lazy("Comme ING1, ING2, ING3.")}

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        """Offer only the programmes and years of one school."""
        super().__init__(*args, **kwargs)
        self.fields["programme"] = forms.ModelChoiceField(
            Programme.objects.filter(school=school), label=gettext_lazy("Formation")
        )
        self.fields["year"] = forms.ModelChoiceField(
            AcademicYear.objects.filter(school=school), label=gettext_lazy("Année")
        )
