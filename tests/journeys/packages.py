"""A school’s framework as another server exports it (CASE 1.1), right and wrong, and the reserve’s
as a table: written by hand, so that what is read owes nothing to what we write.
"""

import json
import uuid
from collections.abc import Sequence

MOMENT = "2026-09-01T08:00:00+00:00"
SITE = "https://referentiels.example/ims/case/v1p1"
TEAM, PROJECT, LEVEL = "Conduire une équipe", "Mener un projet technique", "Équipe réduite"
LEARNING = "Répartir les rôles selon les forces de chacun"
COMMAND, RIGOUR = "Commander un groupe", "Appliquer une consigne sans raccourci"
RESERVE = "\r\n".join(
    (
        "Code;Code parent;Nature;Libellé français;Libellé anglais",
        f"R1;;compétence;{COMMAND};Lead a group",
        "R1-I1;R1;indicateur;Conduit une équipe de huit personnes;",
        f"R2;;compétence;{RIGOUR};Apply a rule without shortcuts",
        "R2-I1;R2;indicateur;Contrôle son matériel avant et après;",
    )
).encode()


def key(name: str) -> str:
    """A UUID that a name always gives."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"https://referentiels.example/{name}"))


def _item(code: str, kind: str, words: str) -> dict[str, object]:
    return {
        "identifier": key(code),
        "uri": f"{SITE}/CFItems/{key(code)}",
        "humanCodingScheme": code,
        "CFItemType": kind,
        "fullStatement": words,
        "lastChangeDateTime": MOMENT,
    }


def _end(name: str) -> dict[str, str]:
    return {"title": name, "identifier": key(name), "uri": f"{SITE}/CFItems/{key(name)}"}


def _under(child: str, parent: str) -> dict[str, object]:
    link = f"{child} sous {parent}"
    return {
        "identifier": key(link),
        "uri": f"{SITE}/CFAssociations/{key(link)}",
        "associationType": "isChildOf",
        "originNodeURI": _end(child),
        "destinationNodeURI": _end(parent),
        "lastChangeDateTime": MOMENT,
    }


ITEMS = [
    _item("C1", "Compétence", TEAM),
    _item("C1-N1", "Niveau de développement", LEVEL),
    _item("C1-N1-A1", "Apprentissage critique", LEARNING),
    _item("C1-N2", "Niveau de développement", "Équipe complète"),
    _item("C1-N2-A1", "Apprentissage critique", "Déléguer sans perdre le fil"),
    _item("C1-I1", "Indicateur", "Le groupe sait ce qu’on attend de lui"),
    _item("C2", "Compétence", PROJECT),
]
PLACES = [
    *(_under("C1", "école"), _under("C2", "école"), _under("C1-N1", "C1")),
    *(_under("C1-N1-A1", "C1-N1"), _under("C1-N2", "C1"), _under("C1-N2-A1", "C1-N2")),
    _under("C1-I1", "C1"),
]


def package(
    items: Sequence[dict[str, object]] = ITEMS, links: Sequence[dict[str, object]] = PLACES
) -> bytes:
    """The package of the school’s framework; its second competency is still to be written."""
    document = {
        "identifier": key("école"),
        "uri": f"{SITE}/CFDocuments/{key('école')}",
        "CFPackageURI": {**_end("école"), "uri": f"{SITE}/CFPackages/{key('école')}"},
        "caseVersion": "1.1",
        "creator": "Réseau d’écoles",
        "title": "Ingénieur généraliste",
        "lastChangeDateTime": MOMENT,
    }
    content = {"CFDocument": document, "CFItems": [*items], "CFAssociations": [*links]}
    return json.dumps(content, ensure_ascii=False).encode()


LOOP = package(links=[*PLACES[:2], _under("C1-N1", "C1-N1-A1"), _under("C1-N1-A1", "C1-N1")])
ORPHAN = package(links=[PLACES[0], *PLACES[2:], _under("C2", "ailleurs")])
TWICE = package(items=[*ITEMS, _item("C1", "Compétence", PROJECT)])
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>"
HOSTILE = package(items=[_item("C1", "Compétence", SCRIPT), *ITEMS[1:]])
# What is wrong -> the package, where it stands, what to do.
FAULTY = {
    "cycle": (LOOP, "CFItems[1]", "Cet élément est placé sous lui-même"),
    "missing target": (ORPHAN, f"CFAssociations[{len(PLACES) - 1}]", "n’est pas dans le fichier"),
    "duplicate": (TWICE, f"CFItems[{len(ITEMS)}]", "Cet identifiant est déjà à CFItems[0]"),
}
