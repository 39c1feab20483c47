"""What the record of a reservist of the demo holds beside the contract: path, employer, clause."""

from datetime import date, timedelta

from reseda.hall.management.demo.reservists import Story
from reseda.schools.models import School
from reseda.service import actions as service
from reseda.service.models import Engagement
from reseda.service.models.career import Promotion, TrainingStep
from reseda.service.models.employer import EmployerKind

RANKS = {
    "terre": ("Soldat", "Caporal"),
    "marine": ("Matelot", "Quartier-maître de 2e classe"),
    "air_espace": ("Aviateur", "Caporal"),
    "gendarmerie": ("Gendarme adjoint de réserve", "Brigadier"),
    "police": ("Réserviste", "Réserviste confirmé"),
    "securite_civile": ("Équipier", "Équipier confirmé"),
}
SPECIALITIES = {
    "terre": "Combattant génie",
    "marine": "Opérations navales",
    "air_espace": "Fusilier de l’air",
    "gendarmerie": "Intervention",
}
APPRENTICES = "ING3"


def complete(story: Story, engagement: Engagement, school: School) -> None:
    """Give a reservist the path and the employer that their story tells."""
    person, since = engagement.person, engagement.contract_start_on
    first, second = RANKS[story.force]
    Rank = Promotion.Kind  # noqa: N806 (an enumeration)
    service.add_promotion(engagement, kind=Rank.RANK, name=first, since_on=since, by=person)
    training = service.Step(
        TrainingStep.Kind.INITIAL, since, since + timedelta(days=11), TrainingStep.Status.DONE
    )
    service.add_step(engagement, step=training, by=person)
    if engagement.training == "specialised":
        promoted_on = since + timedelta(days=300)
        service.add_promotion(
            engagement, kind=Rank.RANK, name=second, since_on=promoted_on, by=person
        )
        if speciality := SPECIALITIES.get(story.force):
            service.add_promotion(
                engagement,
                kind=Rank.SPECIALITY,
                name=speciality,
                since_on=promoted_on,
                by=person,
            )
    if story.cohort == APPRENTICES:
        _apprentice(engagement, since)
    elif story.stage == "staff":
        employer = service.Employer(EmployerKind.SCHOOL, since, school.name)
        service.change_employer(engagement, employer=employer, by=person)


def _apprentice(engagement: Engagement, since: date) -> None:
    """An apprentice works for a firm, which agreed to a clause for one of them."""
    person = engagement.person
    employer = service.Employer(
        EmployerKind.PRIVATE, since, "Ateliers du Gardon", is_apprenticeship=True
    )
    service.change_employer(engagement, employer=employer, by=person)
    if engagement.pk % 2:
        service.agree_clause(
            engagement, agreed_on=since, consented_on=since + timedelta(days=20), by=person
        )
