"""The frame of a school: programmes, years, cohorts, groups, and who is enrolled where."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reseda.people.models import Organisation


class School(Organisation):
    """An institution that delivers an engineering degree; what it holds is invisible to the
    others.
    """

    organisation = models.OneToOneField(
        Organisation, models.CASCADE, parent_link=True, primary_key=True, related_name="as_school"
    )
    uai = models.CharField(_("code UAI"), max_length=8, unique=True)
    short_name = models.CharField(_("nom court"), max_length=40)
    city = models.CharField(_("ville"), max_length=80, blank=True)
    domain = models.CharField(_("domaine de messagerie"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("école")
        verbose_name_plural = _("écoles")


class Programme(Organisation):
    """A degree programme of a school; `parent` is that school."""

    organisation = models.OneToOneField(
        Organisation,
        models.CASCADE,
        parent_link=True,
        primary_key=True,
        related_name="as_programme",
    )
    school = models.ForeignKey(
        School, models.PROTECT, related_name="programmes", verbose_name=_("école")
    )
    code = models.CharField(_("code"), max_length=24)
    rncp_code = models.CharField(_("fiche RNCP"), max_length=12, blank=True)
    is_apprenticeship = models.BooleanField(_("par apprentissage"), default=False)

    class Meta:
        verbose_name = _("formation")
        constraints = [
            models.UniqueConstraint(fields=["school", "code"], name="programme_code_once_a_school")
        ]


class AcademicYear(models.Model):
    """An academic year of a school, both days included; not a civil year, on which legal ceilings
    run.
    """

    school = models.ForeignKey(
        School, models.CASCADE, related_name="years", verbose_name=_("école")
    )
    name = models.CharField(_("année"), max_length=9)
    starts_on = models.DateField(_("premier jour"))
    ends_on = models.DateField(_("dernier jour"))

    class Meta:
        verbose_name = _("année universitaire")
        ordering = ["-starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["school", "name"], name="year_once_a_school"),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="year_ends_after_it_starts",
                violation_error_message=_("Le dernier jour vient après le premier."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Cohort(models.Model):
    """The students of a programme who are in the same year of study in an academic year."""

    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="cohorts", verbose_name=_("formation")
    )
    year = models.ForeignKey(
        AcademicYear, models.PROTECT, related_name="cohorts", verbose_name=_("année")
    )
    name = models.CharField(_("promotion"), max_length=40)

    class Meta:
        verbose_name = _("promotion")
        ordering = ["programme", "name"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "year", "name"], name="cohort_once")
        ]

    def __str__(self) -> str:
        return f"{self.name} · {self.programme.code} · {self.year.name}"


class Group(models.Model):
    """A teaching group of a cohort, under the code that its timetable uses."""

    cohort = models.ForeignKey(
        Cohort, models.CASCADE, related_name="groups", verbose_name=_("promotion")
    )
    code = models.CharField(_("code"), max_length=40)

    class Meta:
        verbose_name = _("groupe")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "code"], name="group_code_once_a_cohort")
        ]

    def __str__(self) -> str:
        return self.code


class Enrolment(models.Model):
    """A person is a student of a cohort, under the number of the student record."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="enrolments",
        verbose_name=_("personne"),
    )
    cohort = models.ForeignKey(
        Cohort, models.PROTECT, related_name="enrolments", verbose_name=_("promotion")
    )
    school = models.ForeignKey(
        School, models.PROTECT, related_name="enrolments", verbose_name=_("école")
    )
    student_number = models.CharField(_("numéro d’étudiant"), max_length=40)
    groups = models.ManyToManyField(
        Group, blank=True, related_name="enrolments", verbose_name=_("groupes")
    )

    class Meta:
        verbose_name = _("inscription")
        constraints = [
            models.UniqueConstraint(fields=["person", "cohort"], name="enrolled_once_a_cohort"),
            models.UniqueConstraint(
                fields=["cohort", "student_number"], name="student_number_once_a_cohort"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.cohort}"
