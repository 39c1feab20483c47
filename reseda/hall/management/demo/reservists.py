"""The reservists of the demo: who, in which force, how far the thread of each went."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Story:
    """One reservist: who (cohort and rank), which force, how far their thread went."""

    cohort: str
    rank: int
    force: str
    unit: str
    stage: str
    audiences: tuple[str, ...] = ("referent", "studies_director", "jury")


STORIES = (
    Story("ING2", 0, "air_espace", "Base aérienne 900", "issued"),
    Story("ING2", 7, "gendarmerie", "Compagnie de réserve du Vidourle", "assessed"),
    Story("ING2", 13, "marine", "Flottille de réserve du Lez", "submitted"),
    Story("ING1", 5, "terre", "14e régiment de réserve", "requested", ("referent",)),
    Story("ING1", 18, "police", "Service de réserve du Gardon", "granted"),
    Story("ING2", 22, "terre", "14e régiment de réserve", "refused"),
    Story("ING1", 31, "securite_civile", "Réserve communale d’Alzon", "secret", ()),
    Story("ING3", 3, "terre", "Bataillon de réserve des Cévennes", "confirmed"),
    Story("ING3", 11, "gendarmerie", "Compagnie de réserve du Vidourle", "asked", ("referent",)),
    Story("ING3", 24, "air_espace", "Base aérienne 900", "declared", ("referent",)),
    Story("ING2", 35, "marine", "Flottille de réserve du Lez", "shared"),
    Story("ING2", 41, "terre", "14e régiment de réserve", "revoked"),
)
# Those whose only story is the year ahead: declared, known of the référent, with their timetable.
_AHEAD = (
    ("ING1", 9, "terre"),
    ("ING1", 14, "air_espace"),
    ("ING1", 27, "gendarmerie"),
    ("ING1", 40, "terre"),
    ("ING1", 52, "marine"),
    ("ING2", 17, "terre"),
    ("ING2", 28, "gendarmerie"),
    ("ING2", 50, "terre"),
    ("ING2", 61, "air_espace"),
    ("ING3", 8, "terre"),
    ("ING3", 30, "gendarmerie"),
    ("ING3", 45, "terre"),
)
_UNITS = {
    "terre": "14e régiment de réserve",
    "gendarmerie": "Compagnie de réserve du Vidourle",
    "air_espace": "Base aérienne 900",
    "marine": "Flottille de réserve du Lez",
}
PLANNED = tuple(
    Story(cohort, rank, force, _UNITS[force], "planned", ("referent",))
    for cohort, rank, force in _AHEAD
)
DONE_STAGES = ("issued", "assessed", "submitted", "shared", "revoked")
ISSUED_STAGES = ("issued", "shared", "revoked")
