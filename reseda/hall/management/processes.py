"""The processes of an installation: web server, task worker, clock that wakes tasks."""

import signal
import subprocess
import sys
from collections.abc import Sequence
from types import FrameType

# Seconds between two wake-ups of the periodic tasks.
TICK = 60
# Seconds left to a process to end by itself before it is killed.
GRACE = 8


class Stop(Exception):
    """Somebody asked the site to stop."""


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise Stop


def server_command(host: str, port: int, workers: int) -> list[str]:
    """Return the command of the web server; a kill timeout is needed: it may miss a SIGTERM."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "config.wsgi:application"),
        *("--host", host, "--port", str(port), "--workers", str(workers)),
        *("--blocking-threads", "4", "--backpressure", "16"),
        *("--workers-kill-timeout", str(GRACE - 3), "--no-ws", "--log-level", "warning"),
    ]


def worker_command() -> list[str]:
    """Return the command of the task worker; 0.2 s: measured compromise of delay and load."""
    return [sys.executable, "-m", "config.cli", "db_worker", "--interval", "0.2", "-v", "0"]


def clock_command() -> list[str]:
    """Return the command that wakes periodic tasks; several hosts may run it, the tasks bear it."""
    return [sys.executable, "-m", "config.cli", "tick", "--every", str(TICK)]


def run(commands: Sequence[list[str]]) -> int:
    """Run the processes until one ends or somebody stops them, then end all; 0 when asked to."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    # A session of their own: Ctrl-C reaches this process alone, which ends the others in order.
    running = [subprocess.Popen(command, start_new_session=True) for command in commands]  # noqa: S603
    try:
        while all(process.poll() is None for process in running):
            _wait(running[0])
    except Stop:
        return 0
    finally:
        _end(running)
    return 1


def _wait(process: "subprocess.Popen[bytes]") -> None:
    try:
        process.wait(timeout=0.5)
    except subprocess.TimeoutExpired:
        return


def _end(running: Sequence["subprocess.Popen[bytes]"]) -> None:
    for process in running:
        if process.poll() is None:
            process.terminate()
    for process in running:
        try:
            process.wait(timeout=GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
