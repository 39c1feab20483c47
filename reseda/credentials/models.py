"""What is stored of credentials: a school’s keys, its status lists, and what it issued."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reseda.people.models import SealedTextField
from reseda.recognition.models import Decision
from reseda.schools.models import School

LIST_SIZE = 131_072


class Issuer(models.Model):
    """The identity under which a school issues: a `did:web` and the site it was made on.

    Fixed when the first key is made: a site that moves must keep answering at its former address,
    or name a new identity, never rewrite what was signed.
    """

    school = models.OneToOneField(
        School, models.PROTECT, related_name="issuer", verbose_name=_("école")
    )
    did = models.CharField(_("identifiant did:web"), max_length=200, unique=True)
    site = models.CharField(_("site"), max_length=200)

    class Meta:
        verbose_name = _("émetteur")

    def __str__(self) -> str:
        return self.did


class SigningKey(models.Model):
    """A key with which a school signs; once retired it stays published: what it signed verifies.

    `private` is the PEM of the key, sealed; `fragment` names the key in the DID document.
    """

    class Algorithm(models.TextChoices):
        ED25519 = "ed25519", "Ed25519"
        P256 = "p256", "ECDSA P-256"

    school = models.ForeignKey(
        School, models.PROTECT, related_name="signing_keys", verbose_name=_("école")
    )
    algorithm = models.CharField(_("algorithme"), max_length=8, choices=Algorithm.choices)
    fragment = models.CharField(_("nom de la clé"), max_length=40)
    private = SealedTextField(_("clé privée"))
    created_at = models.DateTimeField(_("créée le"), auto_now_add=True)
    retired_at = models.DateTimeField(_("retirée le"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("révoquée le"), null=True, blank=True)

    class Meta:
        verbose_name = _("clé de signature")
        ordering = ["school", "created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "fragment"], name="signing_key_fragment_once_a_school"
            ),
            models.UniqueConstraint(
                fields=["school", "algorithm"],
                condition=Q(retired_at__isnull=True),
                name="signing_key_one_in_use",
            ),
        ]

    def __str__(self) -> str:
        return self.fragment


class StatusList(models.Model):
    """A list of places, one a credential, in which a revocation sets a bit; one a school and year.

    Places are taken at random under a lock; a list half full is followed by another.
    """

    school = models.ForeignKey(
        School, models.PROTECT, related_name="status_lists", verbose_name=_("école")
    )
    number = models.PositiveIntegerField(_("numéro"))

    class Meta:
        verbose_name = _("liste de statuts")
        ordering = ["school", "number"]
        constraints = [
            models.UniqueConstraint(fields=["school", "number"], name="status_list_once"),
        ]

    def __str__(self) -> str:
        return f"{self.school_id} · {self.number}"


class Credential(models.Model):
    """What a school issued for a decision of its jury: the signed document, and who may see it.

    `document` never changes once issued; `code` is the short one typed from paper. Nobody sees it
    until its holder shares it; `shows_name` says whether the public page tells the holder’s name.
    """

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    decision = models.OneToOneField(
        Decision, models.PROTECT, related_name="credential", verbose_name=_("décision")
    )
    school = models.ForeignKey(
        School, models.PROTECT, related_name="credentials", verbose_name=_("école")
    )
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="credentials",
        verbose_name=_("titulaire"),
    )
    code = models.CharField(_("code"), max_length=14, unique=True)
    title = models.CharField(pgettext_lazy("credential", "titre"), max_length=200)
    document = models.JSONField(_("document signé"))
    token = models.TextField(_("document signé, forme compacte"))
    status_list = models.ForeignKey(StatusList, models.PROTECT, related_name="credentials")
    status_index = models.PositiveIntegerField(_("place dans la liste"))
    issued_at = models.DateTimeField(_("délivré le"))
    shared_at = models.DateTimeField(_("partagé le"), null=True, blank=True)
    shows_name = models.BooleanField(_("montre le nom"), default=False)
    revoked_at = models.DateTimeField(_("révoqué le"), null=True, blank=True)
    revoked_reason = models.CharField(_("motif"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("titre")
        ordering = ["-issued_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["status_list", "status_index"], name="credential_place_once"
            ),
            models.CheckConstraint(
                condition=Q(status_index__lt=LIST_SIZE), name="credential_place_in_the_list"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | ~Q(revoked_reason=""),
                name="credential_revoked_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | Q(revoked_at__gte=F("issued_at")),
                name="credential_revoked_after_issue",
            ),
        ]

    def __str__(self) -> str:
        return self.code
