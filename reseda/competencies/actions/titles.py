"""The title of a framework, which no other of its school has."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from reseda.competencies.models import Framework


def entitle(framework: Framework, title: str, title_en: str) -> None:
    """Give a framework its title and write it; refused where another of the school has it."""
    framework.title, framework.title_en = title, title_en
    others = Framework.objects.filter(school=framework.school_id, title=title)
    if others.exclude(pk=framework.pk).exists():
        message = _("Un autre référentiel de l’école porte déjà ce titre.")
        raise ValidationError({"title": message}, code="repeated_title")
    framework.full_clean()
    framework.save()
