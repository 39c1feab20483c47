"""Every address of the site that names an object, with an object of the thread behind it.

They are collected from the resolver: a page added tomorrow without its line here fails the tests.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from reseda.credentials.models import Credential
from reseda.documents.models import StoredFile
from reseda.mail.models import OutgoingMail
from reseda.people.models import AnswerLink, Mandate, Person
from reseda.recognition.models import Decision, Evidence, JurySession, RecognitionFile, Regulation
from reseda.schools.models import AcademicYear, Cohort, Programme
from reseda.service.models import Engagement, Period
from reseda.timetable.models import (
    Absence,
    AccommodationRequest,
    AccommodationReview,
    Concern,
    Feed,
)
from tests.cast import (
    DIRECTOR,
    ENGINEER,
    JURY,
    REFERENT,
    REGISTRY,
    STUDENT,
    TEACHER,
    UNIT,
    Member,
)
from tests.journeys import crosswalks, frameworks, planning, record
from tests.journeys.conftest import World
from tests.journeys.visitor import Attached

# Open to anybody, and why.
PUBLIC = {
    "account_reset_password_from_key": "a letter leads there, its key is the right",
    "people:use_link": "a letter leads there, its token is the right",
    "people:answer": "a letter leads there, its token is the right",
    "people:resend": "sends again to the address that received the first letter",
    "timetable:agenda": "calendar programs cannot sign in, the token is the right",
    "timetable:unit_agenda": "calendar programs of a unit cannot sign in, the token is the right",
    "credentials:show_credential": "its holder shares it",
    "credentials:take_credential": "its holder shares it",
    "credentials:show_issuer": "verifiers read who the school is",
    "credentials:did_document": "verifiers read the keys of the school",
    "credentials:status_list": "verifiers read what the school revoked",
    "hall:demo_sign_in": "a button of the demo",
    **dict.fromkeys(
        (
            *("competencies:case_show_document", "competencies:case_show_package"),
            *("competencies:case_show_item", "competencies:case_show_item_associations"),
            *("competencies:case_show_association", "competencies:case_show_grouping"),
            *("competencies:case_show_concept", "competencies:case_show_subject"),
            *("competencies:case_show_item_type", "competencies:case_show_license"),
            "competencies:case_show_rubric",
        ),
        "what is published is for any program to read",
    ),
}

Find = Callable[[World], Mapping[str, object] | None]


def latest(model, **lookup) -> Find:
    """Find the latest object as the `pk` of an address, if the thread has one already."""

    def find(world: World) -> Mapping[str, object] | None:
        given = {key: one(world) if callable(one) else one for key, one in lookup.items()}
        found = model.objects.filter(**given).order_by("pk").last()
        return {"pk": found.pk} if found else None

    return find


def school(world: World) -> int:
    """The school of the thread."""
    return world.school.pk


def as_file(find: Find, **more: object) -> Find:
    """Add the other parts of an address."""
    return lambda world: {**found, **more} if (found := find(world)) else None


def awaiting(owner: Member, find: Find | None = None) -> Find:
    """Find a file whose import somebody has still to confirm."""

    def found(world: World) -> Mapping[str, object] | None:
        stored = StoredFile.objects.filter(owner__email=owner.email).last()
        return {**(find(world) or {} if find else {}), "key": stored.pk} if stored else None

    return found


OWN = {"person__email": STUDENT.email}
engagement = latest(Engagement, **OWN)
period = latest(Period, engagement__person__email=STUDENT.email)
feed = latest(Feed, origin="file", **OWN)
address_feed = latest(Feed, origin="address", **OWN)
asked = latest(AccommodationRequest, **OWN)
review = latest(AccommodationReview, request__person__email=STUDENT.email)
concern = latest(Concern, request__person__email=STUDENT.email)
evidence = latest(Evidence, **OWN)
file = latest(RecognitionFile, **OWN)
jury = latest(JurySession, school=school)
regulation = latest(Regulation, school=school, published_on__isnull=False)
drafted = latest(Regulation, school=school, published_on__isnull=True)
credential = latest(Credential, holder__email=STUDENT.email)
person = latest(Person, email=STUDENT.email)
mandate = latest(Mandate, person__email=TEACHER.email)


def template(_world: World) -> Mapping[str, object]:
    """A letter of the school."""
    return {"code": "service.confirm_period", "language": "fr"}


# Who may go there -> what the address names -> the addresses.
OBJECTS: dict[Member, dict[Find, tuple[str, ...]]] = {
    STUDENT: {
        engagement: (
            "service:edit_engagement",
            "service:end_engagement",
            "service:undo_engagement",
            "service:disclose",
            "service:notice",
            "service:add_period",
            *record.OF_ENGAGEMENT,
            "service:list_offers_of",
            "timetable:possibilities",
            "timetable:share_availability",
            "timetable:renew_availability",
            "timetable:send_availability",
            "timetable:stop_availability",
        ),
        period: (
            "service:read_period",
            "service:edit_period",
            "service:cancel_period",
            "service:undo_period",
            "service:convocation",
            "service:ask_confirmation",
            "service:ask_attestation",
            "service:note_call_up",
            "timetable:conflicts",
        ),
        latest(Period, convocation__isnull=False, engagement__person__email=STUDENT.email): (
            "service:mask_convocation",
        ),
        **record.of_student(latest, as_file),
        **planning.OF_STUDENT,
        feed: (
            "timetable:feed",
            "timetable:choose_groups",
            "timetable:correct",
            "timetable:accept",
            "timetable:remove",
        ),
        address_feed: ("timetable:refresh",),
        asked: (
            "timetable:withdraw",
            "timetable:agree",
            "timetable:contract",
            "timetable:follow",
            "timetable:report_concern",
        ),
        concern: ("timetable:withdraw_concern",),
        evidence: (
            "recognition:edit_evidence",
            "recognition:delete_evidence",
            "recognition:restore_evidence",
            "recognition:open_attachment",
        ),
        file: (
            "recognition:read_file",
            "recognition:edit_file",
            "recognition:submit_file",
            "recognition:withdraw_file",
            "recognition:download_decision",
        ),
        credential: (
            "credentials:read_credential",
            "credentials:share_credential",
            "credentials:unshare_credential",
            "credentials:qr_code",
        ),
        as_file(credential, kind="json"): ("credentials:download_credential",),
        latest(StoredFile, owner__email=STUDENT.email): ("documents:download_file",),
        latest(UserSession, user__email=STUDENT.email): ("people:end_session",),
        latest(Authenticator, user__email=STUDENT.email): (
            "mfa_edit_webauthn",
            "mfa_remove_webauthn",
        ),
    },
    REFERENT: {
        engagement: ("service:read_reservist", "service:consult_reservist"),
        concern: ("timetable:concern", "timetable:open_concern"),
        person: ("people:show_person", "people:give_mandate"),
        mandate: ("people:end_mandate", "people:restore_mandate"),
        **planning.OF_REFERENT,
    },
    DIRECTOR: {
        asked: ("timetable:request",),
        review: ("timetable:review", "timetable:redo_review"),
        jury: (
            "recognition:read_session",
            "recognition:change_session",
            "recognition:plan_file",
            "recognition:read_minutes",
        ),
        file: ("recognition:unplan_file",),
        regulation: ("recognition:read_regulation",),
        drafted: ("recognition:revise_regulation", "recognition:publish_regulation"),
        latest(Decision, file__person__email=STUDENT.email): ("credentials:issue_credential",),
        credential: ("credentials:revoke_credential",),
        latest(OutgoingMail, organisation=school): ("mail:retry_mail",),
        template: ("mail:edit_template", "mail:preview_template", "mail:reset_template"),
    },
    ENGINEER: {
        **crosswalks.OF_ENGINEER,
        **frameworks.OF_ENGINEER,
        file: (
            "recognition:assess_file",
            "recognition:consult_to_assess",
            "recognition:ask_complement",
        ),
    },
    JURY: {
        file: (
            "recognition:judge_file",
            "recognition:consult_to_judge",
            "recognition:jury_complement",
        ),
    },
    TEACHER: {latest(Absence, teacher__email=TEACHER.email): ("timetable:see_absence",)},
    REGISTRY: {
        latest(AcademicYear, school=school): ("schools:edit_year",),
        latest(Programme, school=school): ("schools:edit_programme",),
        latest(Cohort, programme__school=school): ("schools:edit_cohort",),
        awaiting(REGISTRY): (
            "schools:preview_import",
            "schools:confirm_import",
            "schools:cancel_import",
        ),
    },
    **record.of_office(latest),
    UNIT: {latest(AnswerLink, email=UNIT.email): ("people:reissue",)},
}
# What an address expects besides, to be answered at all; it may name what the address names.
QUERIES = frameworks.QUERIES
SENT: dict[str, tuple[str, Find]] = {"recognition:plan_file": ("file", file)}
# Named by an argument that is no object.
PLAIN = {
    "schools:import_template": {"kind": "csv"},
    "competencies:template": {"kind": "csv"},
    "service:offer_template": {"kind": "csv"},
}


def furnish(world: World) -> None:
    """Make what the thread does not make by itself: a draft, imports to confirm, a session, a key,
    a timetable at an address.
    """
    frameworks.furnish(world)
    record.furnish(world)
    planning.furnish(world)
    crosswalks.furnish(world)
    reporter = world.as_(STUDENT).open(reverse("timetable:report_concern", kwargs=asked(world)))
    reporter.send("Envoyer le signalement", text="Une absence excusée a été comptée zéro.")
    registry = world.as_(REGISTRY).open(reverse("schools:import_people"))
    people = "e-mail;nom;prénom;rôle\nlea.petit@garrigues.example;Petit;Léa;enseignant\n"
    registry.send("Voir ce qui changerait", file=Attached("p.csv", people.encode(), "text/csv"))
    director = world.as_(DIRECTOR).open(reverse("recognition:draft_regulation"))
    director.send("Enregistrer")
    student = world.person(STUDENT)
    key = world.as_(STUDENT).client.session.session_key
    UserSession.objects.create(user=student, session_key=key, ip="127.0.0.1", user_agent="")
    Authenticator.objects.create(user=student, type="webauthn", data={})
    Feed.objects.create(
        person=student,
        school=world.school,
        name="Par adresse",
        origin="address",
        address="https://ade.example/calendrier.ics",
        read_at=timezone.now(),
    )


@dataclass(frozen=True)
class Address:
    """An address, under its name, and who may go there."""

    name: str
    path: str
    owner: Member
    data: Mapping[str, object]


def sent(world: World, name: str) -> dict[str, object]:
    """What a POST to this address has to hold."""
    field, find = SENT.get(name, ("", lambda _world: None))
    found = find(world)
    return {field: found["pk"]} if found else {}


def of_objects(world: World) -> list[Address]:
    """The addresses of the objects that exist at this moment of the thread."""
    return [
        Address(
            name,
            reverse(name, kwargs=dict(found)) + QUERIES.get(name, "").format(**found),
            owner,
            sent(world, name),
        )
        for owner, objects in OBJECTS.items()
        for find, names in objects.items()
        for name in names
        if (found := find(world)) is not None
    ]


def named() -> set[str]:
    """The names of the addresses of objects listed here."""
    objects = chain.from_iterable(one.values() for one in OBJECTS.values())
    return {*chain.from_iterable(objects)}


@dataclass(frozen=True)
class Pattern:
    """An address as the resolver knows it."""

    name: str
    arguments: tuple[str, ...]
    is_public: bool


def patterns() -> list[Pattern]:
    """Every address of the site."""
    return [*_walk(get_resolver().url_patterns, "")]


def _walk(found: list[URLPattern | URLResolver], space: str) -> Iterator[Pattern]:
    for one in found:
        if isinstance(one, URLResolver):
            yield from _walk(one.url_patterns, f"{one.namespace}:" if one.namespace else space)
        else:
            arguments = tuple(one.pattern.regex.groupindex)
            is_public = not getattr(one.callback, "login_required", True)
            yield Pattern(f"{space}{one.name}", arguments, is_public)
