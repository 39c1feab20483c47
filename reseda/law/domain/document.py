"""The legal values as one Markdown page in French, for lawyers and référents to correct."""

from reseda.law.domain.values import Book, Confidence, Parameter, Theme, Unit, Value, by_rule

NBSP = "\N{NO-BREAK SPACE}"
THEMES: dict[Theme, str] = {
    "military": "Réserve opérationnelle militaire",
    "police": "Réserve de la police nationale",
    "civil_security": "Réserves de sécurité civile",
    "employment": "Employeurs et agents publics",
    "studies": "Études et reconnaissance",
    "support": "Aides",
    "partnership": "Conventions et accès aux sites",
    "protection": "Données et qualité de militaire",
}
UNITS: dict[Unit, tuple[str, str]] = {
    "yes_no": ("non", "oui"),
    "hour": ("heure", "heures"),
    "half_day": ("demi-journée", "demi-journées"),
    "day": ("jour", "jours"),
    "business_day": ("jour ouvré", "jours ouvrés"),
    "working_day": ("jour ouvrable", "jours ouvrables"),
    "month": ("mois", "mois"),
    "year": ("an", "ans"),
    "call": ("convocation", "convocations"),
    "person": ("salarié", "salariés"),
    "validation": ("validation", "validations"),
    "semester": ("semestre", "semestres"),
    "time": ("fois", "fois"),
    "euro": ("euro", "euros"),
}
CONFIDENCES: dict[Confidence, str] = {
    "verified": "lu dans le texte",
    "secondary": "source secondaire",
    "inferred": "déduit",
    "uncertain": "à vérifier",
}
HEAD = (
    f"""# Le droit appliqué

Cette page est écrite par `reseda law document` d’après `reseda/law/values/`{NBSP}: on ne la corrige
pas ici. Chaque valeur porte son article, le jour depuis lequel elle est appliquée et le jour où
elle a été vérifiée. « ≈ » signale un jour d’effet approché ou inconnu, expliqué sous la table.
R1 à R24 numérotent les règles que le produit doit appliquer. Le droit a été lu au printemps 2026 :
ce qui a changé depuis n’est pas connu ici.
""".replace("« ", f"«{NBSP}")
    .replace(" »", f"{NBSP}»")
    .replace(" :", f"{NBSP}:")
)
DOUBTS = """## Ce qui n’est pas certain

Ces valeurs n’ont pas été lues dans le texte lui-même, ou leur portée est discutée : à faire
confirmer par un juriste avant de s’en prévaloir.
""".replace(" :", f"{NBSP}:")


def page(book: Book) -> str:
    """Return the whole page; same values, same page, byte for byte."""
    chapters = [HEAD]
    for theme, title in THEMES.items():
        parameters = [one for one in by_rule(book) if one.theme == theme]
        if parameters:
            chapters.append(_chapter(title, parameters))
    return "\n".join([*chapters, _doubts(book)])


def _chapter(title: str, parameters: list[Parameter]) -> str:
    rows = [_row(parameter, value) for parameter in parameters for value in parameter.values]
    notes = [f"- `{one.code}`{NBSP}: {one.note['fr']}" for one in parameters if one.note["fr"]]
    head = [
        "| Règle | Code | Ce que c’est | Valeur | Depuis | Article | Vérifié le | Confiance |",
        "|---|---|---|--:|---|---|---|---|",
    ]
    lines = [f"## {title}", "", *head, *rows, ""]
    return "\n".join([*lines, *notes, ""] if notes else lines)


def _row(parameter: Parameter, value: Value) -> str:
    cells = (
        parameter.rule,
        f"`{value.code}`",
        parameter.description["fr"],
        amount(value),
        _since(value),
        f"[{value.article}]({value.source})",
        value.checked_on.isoformat(),
        CONFIDENCES[value.confidence],
    )
    return f"| {' | '.join(cells)} |"


def amount(value: Value) -> str:
    """Say a value in French: « 60 jours », « oui »."""
    noun = UNITS[value.unit][value.value > (0 if value.unit == "yes_no" else 1)]
    return noun if value.unit == "yes_no" else f"{value.value}{NBSP}{noun}"


def _since(value: Value) -> str:
    since = f"{'' if value.is_since_exact else '≈' + NBSP}{value.since_on.isoformat()}"
    return f"{since} → {value.until_on.isoformat()}" if value.until_on else since


def _doubts(book: Book) -> str:
    """List the values that nobody read in the text itself, by code."""
    lines = [
        f"- `{code}`{NBSP}: {amount(value)}, {CONFIDENCES[value.confidence]} ({value.article})."
        for code in sorted(book)
        for value in book[code].values
        if not value.is_sure
    ]
    return "\n".join([DOUBTS, *lines, ""])
