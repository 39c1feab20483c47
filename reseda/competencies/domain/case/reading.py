"""From the bytes of a file to JSON, with bounds: nothing large or deep is taken apart."""

from typing import Any

import msgspec

from reseda.schools.domain.sheets import Fault
from reseda.schools.domain.workbooks import Unreadable

MIB = 1024**2
MAX_BYTES = 32 * MIB
# Objects of CASE stand five deep; what extensions hold may be deeper.
MAX_DEPTH = 100
BOM = b"\xef\xbb\xbf"
_WIDE = (b"\xff\xfe", b"\xfe\xff")
# Characters that are shown of a wrong value, and of a place.
SHOWN, SHOWN_PLACE = 80, 200


def decoded(data: bytes) -> dict[str, Any]:
    """Return the JSON object of a file; raises `Unreadable`: case_too_big, case_empty,
    case_not_utf8, case_not_json (with its byte), case_too_deep, case_not_an_object.
    """
    if len(data) > MAX_BYTES:
        raise Unreadable("case_too_big", limit=MAX_BYTES // MIB)
    found = _json(data.removeprefix(BOM))
    if not isinstance(found, dict):
        raise Unreadable("case_not_an_object")
    if _is_deeper(found, MAX_DEPTH):
        raise Unreadable("case_too_deep", limit=MAX_DEPTH)
    return found


def _json(text: bytes) -> Any:
    if not text.strip():
        raise Unreadable("case_empty")
    if text.startswith(_WIDE) or b"\x00" in text[:4]:
        raise Unreadable("case_not_utf8")
    try:
        return msgspec.json.decode(text)
    except RecursionError as error:
        raise Unreadable("case_too_deep", limit=MAX_DEPTH) from error
    except UnicodeDecodeError as error:
        raise Unreadable("case_not_utf8") from error
    except msgspec.DecodeError as error:
        raise Unreadable("case_not_json", why=str(error)) from error


def _is_deeper(value: Any, limit: int) -> bool:
    floor = [value]
    for _depth in range(limit):
        floor = [
            inner
            for one in floor
            for inner in (one.values() if isinstance(one, dict) else one)
            if isinstance(inner, (dict, list))
        ]
        if not floor:
            return False
    return True


def fault(code: str, place: str, value: object = "", **facts: str | int) -> Fault:
    """Return a fault at a place such as `CFItems[12].fullStatement`: its line is the rank of the
    object in its list, from 1 (0 where it stands in none), its column the name of the list.
    """
    place = place[:SHOWN_PLACE]
    name, _bracket, rest = place.partition("[")
    digits = rest.partition("]")[0]
    line = int(digits) + 1 if digits.isdigit() else 0
    column = name if digits else place
    shown = value if isinstance(value, str) else ""
    return Fault(line, column, shown[:SHOWN], code, {"place": place, **facts})
