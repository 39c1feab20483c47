"""Small calendars for the tests of this room, written the way schools write theirs."""

import os
from collections.abc import Iterable
from pathlib import Path

import pytest

ADE_HEAD = (
    "BEGIN:VCALENDAR\r\nMETHOD:PUBLISH\r\nPRODID:-//ADE/version 6.0\r\nVERSION:2.0\r\n"
    "CALSCALE:GREGORIAN\r\n"
)
HP_HEAD = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"
    "PRODID;LANGUAGE=fr:Copyright Index-Education - HYPERPLANNING 2026\r\nMETHOD:PUBLISH\r\n"
)
TAIL = "END:VCALENDAR\r\n"


def test_data(*parts: str) -> Path:
    """The folder of the real files; the test that needs them says loudly that it skips."""
    root = os.environ.get("RESEDA_TEST_DATA")
    if not root:
        pytest.skip("RESEDA_TEST_DATA is not set: real timetables are not read")
    return Path(root, *parts)


test_data.__test__ = False  # type: ignore[attr-defined]


def ade_event(
    uid: str = "ADE01",
    start: str = "20260216T120000Z",
    end: str = "20260216T133000Z",
    summary: str = "R950 Calcul distribué ctrl",
    body: str = "INF1 TP1 S2\\nDURAND LOU",
    exported: str = "01/02/2026 09:00",
) -> str:
    return (
        "BEGIN:VEVENT\r\nDTSTAMP:20260201T090000Z\r\n"
        f"DTSTART:{start}\r\nDTEND:{end}\r\nSUMMARY:{summary}\r\nLOCATION:B12 [K07]\r\n"
        f"DESCRIPTION:\\n\\n{body}\\n\\n(Exporté le:{exported})\\n\r\n"
        f"UID:{uid}\r\nCREATED:19700101T000000Z\r\nLAST-MODIFIED:20260201T090000Z\r\n"
        "SEQUENCE:-12\r\nEND:VEVENT\r\n"
    )


def ade(events: Iterable[str]) -> bytes:
    return (ADE_HEAD + "".join(events) + TAIL).encode()


def general(*events: str, before: str = "") -> bytes:
    """A calendar of any other shape; each event is given as its lines, without BEGIN and END."""
    blocks = "".join(f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{before}{blocks}{TAIL}".replace(
        "\r\n\r\n", "\r\n"
    ).encode()


HP_EVENT = (
    "BEGIN:VEVENT\r\nCATEGORIES:HYPERPLANNING\r\nDTSTAMP:20260310T080000Z\r\n"
    "LAST-MODIFIED:20250910T080000Z\r\nUID:Cours-7001-3-G1-Index-Education\r\n"
    "DTSTART:20260925T060000Z\r\nDTEND:20260925T080000Z\r\n"
    "SUMMARY;LANGUAGE=fr:UE 7 TECHNIQUES DE TEST - Durand Lou - M1-A\\, M1-B - TP\r\n"
    "LOCATION;LANGUAGE=fr:Salle 12\r\n"
    "DESCRIPTION;LANGUAGE=fr:Matière : UE 7 TECHNIQUES DE TEST\\nEnseignant :Durand Lo\r\n"
    " u\\nTD : M1-A\\, M1-B\\nSalle : Salle 12\\nType : TP\\n\r\n"
    "X-ALT-DESC;FMTTYPE=text/html:Matière : UE 7 TECHNIQUES DE TEST<br/>Durand Lou\r\n"
    "END:VEVENT\r\n"
)
HP_HOLIDAY = (
    "BEGIN:VEVENT\r\nCATEGORIES:HYPERPLANNING\r\nDTSTAMP:20260310T080000Z\r\n"
    "UID:Ferie-7-G1-Index-Education\r\nDTSTART;VALUE=DATE:20261101\r\n"
    "DTEND;VALUE=DATE:20261102\r\nSUMMARY;LANGUAGE=fr:Férié\r\nEND:VEVENT\r\n"
)


def hyperplanning(*events: str) -> bytes:
    return (HP_HEAD + "".join(events) + TAIL).encode()
