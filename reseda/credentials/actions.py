"""What is done with credentials: keys made and retired, credentials issued, shared, revoked."""

import secrets
import uuid
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from reseda.competencies.queries.case import item_address
from reseda.credentials.domain import dids, documents, jwt, proofs
from reseda.credentials.domain.codes import ALPHABET, GROUP_LENGTH, GROUPS
from reseda.credentials.domain.documents import (
    Achievement,
    Competency,
    Evidence,
    Recognition,
    StatusEntry,
    Subject,
)
from reseda.credentials.domain.refusals import Refusal
from reseda.credentials.models import LIST_SIZE, Credential, Issuer, SigningKey, StatusList
from reseda.credentials.permissions import ISSUE_CREDENTIAL, REVOKE_CREDENTIAL, SHARE_CREDENTIAL
from reseda.credentials.queries.lists import LANGUAGE
from reseda.credentials.queries.published import ed25519_of, key_in_use, p256_of, status_url
from reseda.journal.actions import Actor, Verb, record
from reseda.mail.actions import send
from reseda.people.models import Person
from reseda.recognition.models import Decision
from reseda.recognition.queries import decision_levels, expected
from reseda.schools.models import School

OPEN = Verb("credentials.open_issuer", _("a créé l’identité et les clés de l’école"))
ROTATE = Verb("credentials.rotate_keys", _("a changé les clés de signature de l’école"))
ISSUE = Verb("credentials.issue", _("a délivré un titre"))
SHARE = Verb("credentials.share", _("a partagé son titre"))
UNSHARE = Verb("credentials.unshare", _("a cessé de partager son titre"))
REVOKE = Verb("credentials.revoke", _("a révoqué un titre"))

# What a credential says of what was lived: nothing of where, when or for whom.
NARRATIVE = _("Situations réelles d’engagement, attestées par un tiers et évaluées par l’école.")


@transaction.atomic
def open_issuer(school: School, *, by: Actor) -> Issuer:
    """Give a school its identity and first keys; a school that has them keeps them."""
    School.objects.select_for_update(of=("self",)).get(pk=school.pk)
    held = Issuer.objects.filter(school=school).first()
    if held:
        return held
    site = settings.PUBLIC_URL
    issuer = Issuer.objects.create(
        school=school, site=site, did=dids.did_web(f"{site}/ecoles/{school.slug}")
    )
    _make_keys(school, 1)
    record(OPEN, issuer, by=by, organisation=school.pk)
    return issuer


@transaction.atomic
def rotate_keys(issuer: Issuer, *, by: Actor) -> Issuer:
    """Retire the keys in use and make new ones; what was signed before still verifies."""
    held = Issuer.objects.select_for_update(of=("self",)).select_related("school").get(pk=issuer.pk)
    now = timezone.now()
    SigningKey.objects.filter(school=held.school, retired_at__isnull=True).update(retired_at=now)
    _make_keys(held.school, SigningKey.objects.filter(school=held.school).count() // 2 + 1)
    record(ROTATE, held, by=by, organisation=held.school_id)
    return held


def _make_keys(school: School, number: int) -> None:
    made: dict[str, ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey] = {
        SigningKey.Algorithm.ED25519: ed25519.Ed25519PrivateKey.generate(),
        SigningKey.Algorithm.P256: ec.generate_private_key(ec.SECP256R1()),
    }
    for algorithm, key in made.items():
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        SigningKey.objects.create(
            school=school, algorithm=algorithm, fragment=f"{algorithm}-{number}", private=pem
        )


@transaction.atomic
def issue(decision: Decision, *, title: str, description: str, by: Person) -> Credential:
    """Issue the credential of a validated decision, once, and tell its holder.

    It names the competencies and levels that the jury recognised; neither force, unit, place nor
    the holder’s name are in it.
    """
    ISSUE_CREDENTIAL.require(by, decision)
    held = (
        Decision.objects.select_for_update(of=("self",))
        .select_related("file__person", "file__school", "framework_version__framework")
        .get(pk=decision.pk)
    )
    if held.outcome != Decision.Outcome.VALIDATED:
        raise ValidationError(_("Seule une décision de validation donne un titre."), code="refused")
    if Credential.objects.filter(decision=held).exists():
        raise ValidationError(_("Le titre de cette décision est déjà délivré."), code="issued")
    issuer = open_issuer(held.file.school, by=by)
    try:
        # A credential has one language, whatever that of whoever issues it.
        with override(LANGUAGE):
            credential = _written(held, issuer, title=title, description=description)
    except Refusal as refusal:
        raise ValidationError(
            _("Un texte contient un signe qui ne peut être signé. Retirez-le et recommencez."),
            code=refusal.code,
        ) from refusal
    _tell(credential)
    record(ISSUE, credential, by=by, organisation=credential.school_id)
    return credential


def _written(held: Decision, issuer: Issuer, *, title: str, description: str) -> Credential:
    key, now = uuid.uuid4(), timezone.now().replace(microsecond=0)
    place, index = _place(issuer, now)
    recognition = Recognition(
        id=f"urn:uuid:{key}",
        issuer=documents.Issuer(
            did=issuer.did,
            name=issuer.school.name,
            url=f"{issuer.site}/ecoles/{issuer.school.slug}",
        ),
        achievement=Achievement(
            id=f"urn:uuid:{uuid.uuid4()}",
            name=title,
            description=description,
            criteria=str(_("Évalué sur des situations réelles et décidé par un jury de l’école.")),
            credits=float(held.ects) if held.ects else None,
            competencies=_competencies(held),
        ),
        subject=Subject(id=f"urn:uuid:{uuid.uuid4()}"),
        status=StatusEntry(list_url=status_url(issuer, place.number), index=index),
        valid_from=now,
        evidence=(Evidence(narrative=str(NARRATIVE)),),
    )
    document = documents.build(recognition)
    signing = key_in_use(issuer, SigningKey.Algorithm.ED25519)
    compact = key_in_use(issuer, SigningKey.Algorithm.P256)
    return Credential.objects.create(
        uuid=key,
        decision=held,
        school=held.file.school,
        holder=held.file.person,
        code=_code(),
        title=title,
        document=proofs.sign(
            document,
            ed25519_of(signing),
            verification_method=f"{issuer.did}#{signing.fragment}",
            created_at=now,
        ),
        token=jwt.sign_jwt(document, p256_of(compact), kid=f"{issuer.did}#{compact.fragment}"),
        status_list=place,
        status_index=index,
        issued_at=now,
    )


def _place(issuer: Issuer, now: datetime) -> tuple[StatusList, int]:
    """Take a free place at random: places in order would tell who was issued after whom."""
    held = StatusList.objects.select_for_update(of=("self",)).filter(school=issuer.school_id)
    last = held.order_by("-number").first()
    taken = set(last.credentials.values_list("status_index", flat=True)) if last else set()
    if last is None or len(taken) >= LIST_SIZE // 2:
        number = last.number + 1 if last else now.year
        last, taken = StatusList.objects.create(school=issuer.school, number=number), set()
    index = secrets.randbelow(LIST_SIZE)
    while index in taken:
        index = secrets.randbelow(LIST_SIZE)
    return last, index


def _competencies(held: Decision) -> tuple[Competency, ...]:
    """Say what is recognised, at the CASE addresses that anybody can open without an account."""
    framework = held.framework_version.framework.title
    scales = {
        one.item.pk: tuple(level.item.statement for level in one.levels)
        for one in expected(held.framework_version_id)
    }
    # In the order of the framework.
    places = {key: place for place, key in enumerate(scales)}
    return tuple(
        Competency(
            name=item.statement,
            url=item_address(item.identifier),
            code=item.code,
            framework=framework,
            level=level.statement,
            scale=_scale(scales.get(item.pk, ()), level.statement),
        )
        for item, level in sorted(decision_levels(held), key=lambda pair: places.get(pair[0].pk, 0))
    )


def _scale(scale: tuple[str, ...], level: str) -> tuple[str, ...]:
    """Return the scale, unless the level is not told apart on it: better none than a wrong one."""
    return scale if scale.count(level) == 1 else ()


def _code() -> str:
    groups = (
        "".join(secrets.choice(ALPHABET) for _letter in range(GROUP_LENGTH))
        for _group in range(GROUPS)
    )
    return "-".join(groups)


@transaction.atomic
def share(credential: Credential, *, shows_name: bool, by: Person) -> Credential:
    """Let anybody who has the address or the code see the credential; the holder alone decides."""
    SHARE_CREDENTIAL.require(by, credential)
    held = Credential.objects.select_for_update(of=("self",)).get(pk=credential.pk)
    held.shared_at = held.shared_at or timezone.now()
    held.shows_name = shows_name
    held.save(update_fields=["shared_at", "shows_name"])
    record(SHARE, held, by=by, organisation=held.school_id)
    return held


@transaction.atomic
def unshare(credential: Credential, *, by: Person) -> Credential:
    """Stop showing the credential: its address answers as if it did not exist."""
    SHARE_CREDENTIAL.require(by, credential)
    held = Credential.objects.select_for_update(of=("self",)).get(pk=credential.pk)
    held.shared_at, held.shows_name = None, False
    held.save(update_fields=["shared_at", "shows_name"])
    record(UNSHARE, held, by=by, organisation=held.school_id)
    return held


@transaction.atomic
def revoke(credential: Credential, *, reason: str, by: Person) -> Credential:
    """Revoke a credential, with its reason; the status list says so from now on."""
    REVOKE_CREDENTIAL.require(by, credential)
    if not reason.strip():
        raise ValidationError(_("Dites pourquoi ce titre est révoqué."), code="reason_missing")
    held = Credential.objects.select_for_update(of=("self",)).get(pk=credential.pk)
    if held.revoked_at:
        raise ValidationError(_("Ce titre est déjà révoqué."), code="revoked")
    held.revoked_at, held.revoked_reason = timezone.now(), reason.strip()
    held.save(update_fields=["revoked_at", "revoked_reason"])
    record(REVOKE, held, by=by, organisation=held.school_id)
    return held


def _tell(credential: Credential) -> None:
    page = reverse("credentials:read_credential", args=[credential.pk])
    send(
        "credentials.issued",
        to=credential.holder.email,
        organisation=credential.school,
        language=credential.holder.language,
        context={
            "first_name": credential.holder.first_name,
            "title": credential.title,
            "url": f"{settings.PUBLIC_URL}{page}",
        },
    )
