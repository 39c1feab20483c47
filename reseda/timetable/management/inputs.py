"""What the commands of this room are given: days, timetables, lists of periods."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext as _

from reseda.timetable.domain.conflicts import Period
from reseda.timetable.domain.events import Reading, UnreadableCalendar
from reseda.timetable.domain.reading import read
from reseda.timetable.domain.text import MAX_BYTES
from reseda.ui.management.engine import BadInput, read_bytes, read_text

ZONE = "Europe/Paris"
COLUMNS = ("id", "start", "end")
MIB = 1024 * 1024
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)


def instant(moment: datetime) -> str:
    """Print an instant in UTC, as the contract of the commands says."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def day(option: str, text: str | None) -> date | None:
    """Read a day given on the command line."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        message = _("« %(given)s » n’est pas une date : écrivez par exemple 2026-11-22")
        raise BadInput(option, "", message % {"given": text}) from error


def window(first: str | None, last: str | None) -> tuple[date, date] | None:
    """Read the days between which sessions are wanted, both included."""
    start, end = day("--from", first), day("--to", last)
    if start is None and end is None:
        return None
    start, end = start or FIRST_DAY, end or LAST_DAY
    if end < start:
        raise BadInput("--to", "", _("le dernier jour vient avant le premier : échangez-les"))
    return start, end


def timetable(path: str, days: tuple[date, date] | None = None) -> Reading:
    """Read a calendar file."""
    data = read_bytes(path)
    try:
        return read(data, zone=ZONE, window=days)
    except UnreadableCalendar as refusal:
        raise BadInput(path, "", refused(refusal)) from refusal


def around(periods: Sequence[Period], travel_minutes: int) -> tuple[date, date]:
    """The days that periods touch, travel included, with a day to spare on each side."""
    spare = timedelta(days=1, minutes=travel_minutes)
    first = min(period.starts_at - spare for period in periods)
    last = max(period.ends_at + spare for period in periods)
    return first.date(), last.date()


def refused(refusal: UnreadableCalendar) -> str:
    """Say why a file is not a calendar that may be read, and what to do."""
    export = _("exportez de nouveau l’emploi du temps au format iCalendar (.ics)")
    reasons = {
        "empty_file": _("le fichier est vide"),
        "binary": _("le fichier n’est pas du texte"),
        "web_page": _("c’est une page web, peut-être celle de connexion, et non un calendrier"),
        "not_a_calendar": _("ce n’est pas un calendrier (BEGIN:VCALENDAR manque)"),
        "too_large": _("le fichier dépasse %(mib)d Mio") % {"mib": MAX_BYTES // MIB},
        "too_many_lines": _("le fichier a trop de lignes"),
        "too_many_events": _("le calendrier a plus de %(limit)d événements")
        % {"limit": refusal.facts.get("limit", 0)},
    }
    return _("%(reason)s ; %(mend)s") % {
        "reason": reasons.get(refusal.code, refusal.code),
        "mend": export,
    }


def periods(path: str) -> list[Period]:
    """Read a list of periods, CSV or JSON with `id`, `start` and `end`."""
    text = read_text(path)
    rows = _json_rows if text.lstrip()[:1] in ("[", "{") else _csv_rows
    found = [_period(path, place, row, zone) for place, row, zone in rows(path, text)]
    if not found:
        raise BadInput(path, "", _("aucune période : ajoutez au moins une ligne id,start,end"))
    seen: set[str] = set()
    for period in found:
        if period.id in seen:
            message = _("la période « %(id)s » est écrite deux fois : donnez-lui un autre id")
            raise BadInput(path, "", message % {"id": period.id})
        seen.add(period.id)
    return found


Row = tuple[str, Mapping[str, Any], ZoneInfo]


def _csv_rows(path: str, text: str) -> Iterator[Row]:
    head = text.partition("\n")[0]
    delimiter = ";" if head.count(";") > head.count(",") else ","
    reader = csv.DictReader(io.StringIO(text), delimiter=delimiter)
    names = {str(name).strip().lower(): name for name in reader.fieldnames or ()}
    _check_columns(path, _("ligne 1"), names)
    zone = ZoneInfo(ZONE)
    try:
        for row in reader:
            place = _("ligne %(n)d") % {"n": reader.line_num}
            yield place, {column: row[names[column]] for column in COLUMNS}, zone
    except csv.Error as error:
        place = _("ligne %(n)d") % {"n": reader.line_num}
        raise BadInput(
            path, place, _("ligne de tableau illisible : vérifiez les guillemets")
        ) from error


def _json_rows(path: str, text: str) -> Iterator[Row]:
    try:
        given = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        message = _("ce n’est pas du JSON : vérifiez virgules et guillemets")
        raise BadInput(path, _("ligne %(n)d") % {"n": line}, message) from error
    zone = ZONE
    if isinstance(given, dict):
        zone, given = str(given.get("zone", ZONE)), given.get("periods")
    if not isinstance(given, list):
        raise BadInput(path, "", _("il faut une liste de périodes {id, start, end}"))
    home = _zone(path, zone)
    for number, row in enumerate(given, 1):
        place = _("période %(n)d") % {"n": number}
        if not isinstance(row, dict):
            raise BadInput(path, place, _("il faut un objet {id, start, end}"))
        _check_columns(path, place, row)
        yield place, row, home


def _zone(path: str, name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        message = _("« %(given)s » n’est pas un fuseau : écrivez par exemple Europe/Paris")
        raise BadInput(path, "zone", message % {"given": name}) from error


def _check_columns(path: str, place: str, names: Mapping[str, Any]) -> None:
    missing = [column for column in COLUMNS if column not in names]
    if missing:
        message = _("colonne absente : %(missing)s ; il faut id,start,end")
        raise BadInput(path, place, message % {"missing": ", ".join(missing)})


def _period(path: str, place: str, row: Mapping[str, Any], zone: ZoneInfo) -> Period:
    name = str(row["id"] or "").strip()
    if not name:
        raise BadInput(path, place, _("la période n’a pas d’id : donnez-lui en un"))
    starts_at = _moment(path, place, row["start"], zone, is_end=False)
    ends_at = _moment(path, place, row["end"], zone, is_end=True)
    if ends_at <= starts_at:
        raise BadInput(path, place, _("la fin vient avant le début : échangez-les"))
    return Period(name, starts_at, ends_at)


def _moment(path: str, place: str, given: object, zone: ZoneInfo, *, is_end: bool) -> datetime:
    """Read a day or an instant; a last day is served whole."""
    text = str(given or "").strip()
    try:
        if len(text) == len("2026-11-22"):
            on = date.fromisoformat(text) + timedelta(days=1 if is_end else 0)
            moment = datetime.combine(on, time(), zone)
        else:
            moment = datetime.fromisoformat(text)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
        if not FIRST_DAY.year <= moment.year <= LAST_DAY.year:
            raise ValueError(text)  # noqa: TRY301 - one message for every impossible date
        return moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        message = _("« %(given)s » n’est ni une date ni un instant : écrivez 2026-11-22T08:00")
        raise BadInput(path, place, message % {"given": text}) from error
