"""A process that reads every file of a folder and every trap known, and prints what it cost.

It is run apart, so that a reading that never ends or takes all the memory fails a test and nothing
else: `python -m reseda.timetable.tests.limits FOLDER…`.
"""

import json
import resource
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

from reseda.timetable.domain.events import UnreadableCalendar
from reseda.timetable.domain.reading import read

# No school's feed takes a tenth of this on the slowest machine.
SECONDS = 20
HEAD, TAIL = "BEGIN:VCALENDAR\nVERSION:2.0\n", "END:VCALENDAR\n"
START = "DTSTART:20260105T080000Z\n"


def _event(lines: str, uid: object = "a") -> str:
    return f"BEGIN:VEVENT\nUID:{uid}\n{START}{lines}END:VEVENT\n"


def _many(count: int, lines: str) -> str:
    return "".join(_event(lines, number) for number in range(count))


def traps() -> Iterator[tuple[str, bytes]]:
    """Yield the calendars that a hostile or broken server could send."""
    rdates = ",".join(f"20270101T{n // 3600:02}{n // 60 % 60:02}{n % 60:02}Z" for n in range(5_000))
    zone = (
        "BEGIN:VTIMEZONE\nTZID:X\nBEGIN:STANDARD\nDTSTART:19700101T000000\nRRULE:FREQ=SECONDLY\n"
        "TZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nEND:STANDARD\n"
    )
    local = "DTSTART;TZID=X:20260105T080000\n"
    bodies = {
        "a series every second": _event("RRULE:FREQ=SECONDLY\n"),
        "a series every second of one second": _event("RRULE:FREQ=SECONDLY;BYSECOND=61\n"),
        "a series of a billion": _event("RRULE:FREQ=DAILY;COUNT=1000000000\n"),
        "a series since the year 1": _event("RRULE:FREQ=DAILY\n").replace("2026", "0001", 1),
        "series that never happen": _many(200, "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30\n"),
        "series found only every fifth week": _many(60, "RRULE:FREQ=MONTHLY;BYDAY=5MO,5TU\n"),
        "hundreds of weekly series": _many(220, "RRULE:FREQ=WEEKLY\n"),
        "a long list of dates": _event(f"RDATE:{rdates}\n"),
        "a long list of exceptions": _event(f"RRULE:FREQ=DAILY;COUNT=900\nEXDATE:{rdates}\n"),
        "a million events": _many(100_000, ""),
        "thousands of events of one UID": _event("SUMMARY:TD\n") * 3_000,
        "thousands of broken events": "BEGIN:VEVENT\nDTSTART:never\nEND:VEVENT\n" * 3_000,
        "components in components": _event("BEGIN:VALARM\n" * 100_000),
        "calendars in calendars": "BEGIN:VCALENDAR\n" * 300_000 + _event(""),
        "a line of five million letters": _event(f"SUMMARY:{'x' * 5_000_000}\n"),
        "a line folded at every letter": _event("SUMMARY:" + "\n x" * 900_000 + "\n"),
        "a line of separators": _event(f"SUMMARY:{';,' * 500_000}\n"),
        "parameters without end": _event(f"SUMMARY{';A=b' * 50_000}:x\n"),
        "a quote never closed": _event(f'SUMMARY;A="{"x;" * 100_000}:x\n'),
        "escapes of escapes": _event("SUMMARY:" + "\\\\" * 500_000 + "\n"),
        "export lines without end": _event(f"DESCRIPTION:{'(Updated :' * 200_000}\n"),
        "labels without end": _event("DESCRIPTION:" + "Matière :x\\n" * 50_000 + "\n"),
        "groups without end": _event("DESCRIPTION:" + "GR 1 TD 2\\n" * 50_000 + "\n"),
        "nine million ends of line": "\n" * 900_000 + _event(""),
        "nine million carriage returns": _event("").replace("\n", "\r" * 50_000 + "\n"),
        "a zone that changes every second": zone + "END:VTIMEZONE\n" + _event(local),
        "a thousand zones": zone.replace("SECONDLY", "YEARLY") * 1_000 + _event(local),
        "a zone of endless rules": zone + "RRULE:FREQ=YEARLY\n" * 200_000 + _event(local),
    }
    for name, body in bodies.items():
        yield name, f"{HEAD}{body}{TAIL}".encode()
    yield "only zeros", bytes(9_000_000)
    yield "half a letter", (HEAD + _event("SUMMARY:é\n")).encode()[:-14]


def _read(name: str, data: bytes) -> str:
    signal.alarm(SECONDS)
    try:
        reading = read(data)
    except UnreadableCalendar as refusal:
        return refusal.code
    except TimeoutError:
        return "hang"
    except MemoryError:
        return "memory"
    except Exception as error:  # noqa: BLE001 - whatever it is, the test shows it by its file
        return f"crash: {name}: {type(error).__name__}: {error}"
    finally:
        signal.alarm(0)
    return f"{len(reading.events)} events, {len(reading.problems)} problems"


def _stop(*_: object) -> None:
    raise TimeoutError


def main() -> None:
    """Print the outcome of each reading, and the most memory that the process ever held."""
    signal.signal(signal.SIGALRM, _stop)
    told = {name: _read(name, data) for name, data in traps()}
    for folder in sys.argv[1:]:
        for path in sorted(Path(folder).rglob("*")):
            if path.is_file():
                told[str(path)] = _read(path.name, path.read_bytes())
    sys.stdout.write(json.dumps({"told": told, "peak_kib": _peak_kib()}))


def _peak_kib() -> int:
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # The figure of `getrusage` starts from that of the process which started this one.
    lines = (line.split() for line in status.read_text(encoding="ascii").splitlines())
    return next(int(words[1]) for words in lines if words[0] == "VmHWM:")


if __name__ == "__main__":
    main()
