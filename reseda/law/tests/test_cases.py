"""Questions a lawyer asks of the law, and what the pure functions answer, with the article."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from reseda.law import queries
from reseda.law.domain import ages, ceilings, deadlines, employer, gap_year
from reseda.law.domain.values import NotInForce, Value

FOLDER = Path(__file__).parent / "cases"
CASES = [
    case
    for file in sorted(FOLDER.glob("*.yaml"))
    if file.name != "values.yaml"
    for case in yaml.safe_load(file.read_text("utf-8"))
]
Given = dict[str, Any]
Answer = tuple[object, tuple[Value, ...]]
BOOK = queries.book()


def gate(found: ages.Gate) -> Answer:
    said = {"ouvert": found.is_open, "age": found.age}
    return said | {"des": found.from_on, "jusque": found.until_on}, found.because


def term(found: deadlines.Term) -> Answer:
    return found.until_on, found.because


def quota(d: Given) -> Answer:
    firm = employer.Firm(d["effectif"], d.get("limite", False), d.get("accord"))
    found = employer.authorised_days(BOOK, firm, d["le"])
    return {"jours": found.days, "convenu": found.is_agreed}, (found.because,)


def notice(d: Given) -> Answer:
    found = employer.notice_deadline(BOOK, d["absent_le"], d["le"])
    return found.on, (found.because,)


def silence(d: Given) -> Answer:
    found = employer.silence_deadline(BOOK, d["demande_le"])
    is_agreed = employer.is_agreed_by_silence(BOOK, d["demande_le"], d["le"])
    return {"repondre_avant": found.on, "accord": is_agreed}, (found.because,)


def refusal(d: Given) -> Answer:
    given = employer.Refusal(d["recu_le"], d["motif"], d.get("reserviste"), d.get("autorite"))
    found = employer.refusal_faults(BOOK, given)
    return [fault.code for fault in found], tuple(fault.because for fault in found)


def leave(d: Given) -> Answer:
    found = employer.public_leave(BOOK, d["regime"], d["pris"], d["le"])
    said = {"jours": found.days, "reste": found.left, "au_dela": found.beyond}
    return said, (found.because,)


def clause(d: Given) -> Answer:
    found = deadlines.reactivity_clause(BOOK, d["signee_le"], d["changements"], d["le"])
    return {"tient": found.is_standing, "tombee_le": found.lapsed_on}, (found.because,)


def unanswered(d: Given) -> Answer:
    may, because = deadlines.may_end_unanswered(BOOK, d["de_suite"], d["le"])
    return may, (because,)


def asked_gap_year(d: Given) -> Answer:
    asked = gap_year.GapYear(
        d["semestres"],
        d["suivant"],
        d["formation"],
        d.get("deja", 0),
        d.get("demandee", True),
        d.get("remplace", False),
    )
    found = gap_year.faults(BOOK, asked, d["le"])
    return [fault.code for fault in found], tuple(fault.because for fault in found)


def ceiling(d: Given) -> Answer:
    found = ceilings.ceiling_of_year(BOOK, d["regime"], d["plafond"], d["annee"], d["le"])
    return found.value, (found,)


QUESTIONS: dict[str, Callable[[Given], Answer]] = {
    "jours_de_droit": quota,
    "prevenir_avant": notice,
    "accord_par_silence": silence,
    "refus": refusal,
    "conge_public": leave,
    "age_militaire": lambda d: gate(ages.military(BOOK, d["ne_le"], d["le"])),
    "age_police": lambda d: gate(
        ages.police(BOOK, d["ne_le"], d["le"], is_specialist=d.get("specialiste", False))
    ),
    "allocation": lambda d: gate(ages.allowance(BOOK, d["ne_le"], d["annee"])),
    "fin_de_contrat": lambda d: term(
        deadlines.contract_end(BOOK, d["du"], is_longest=not d.get("plus_court", False))
    ),
    "fin_de_suspension": lambda d: term(
        deadlines.suspension_end(BOOK, d["du"], d["contrat_jusque"])
    ),
    "reactivite": lambda d: term(deadlines.reactivity_from(BOOK, d["appele_le"], d.get("accord"))),
    "clause": clause,
    "appel_urgent": lambda d: term(deadlines.urgent_call_end(BOOK, d["du"])),
    "securite_nationale": lambda d: term(deadlines.national_security_end(BOOK, d["du"])),
    "sans_reponse": unanswered,
    "essai_police": lambda d: term(deadlines.police_trial_end(BOOK, d["du"])),
    "fin_de_convention": lambda d: term(deadlines.agreement_end(BOOK, d["signee_le"], d["le"])),
    "fin_d_avis": lambda d: term(deadlines.opinion_end(BOOK, d["rendu_le"], d["le"])),
    "modalites_avant": lambda d: term(
        deadlines.publication_deadline(BOOK, d["rentree"], d["rentree"])
    ),
    "cesure": asked_gap_year,
    "plafond": ceiling,
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["titre"])
def test_the_law_answers_as_a_lawyer_would(case: dict[str, Any]) -> None:
    ask = QUESTIONS[case["question"]]
    if case["attendu"] == "inconnu":
        with pytest.raises(NotInForce):
            ask(case["donne"])
        return
    said, because = ask(case["donne"])
    if isinstance(case["attendu"], dict):
        assert isinstance(said, dict)
        said = {name: said[name] for name in case["attendu"]}
    assert said == case["attendu"]
    if "article" in case:
        assert any(case["article"] in value.article for value in because)
    else:
        assert because == ()


def test_every_question_is_asked() -> None:
    assert {case["question"] for case in CASES} == set(QUESTIONS)


def test_every_case_has_its_own_title() -> None:
    titles = [case["titre"] for case in CASES]
    assert len(set(titles)) == len(titles)
