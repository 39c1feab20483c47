"""What is done with conciliation plans: drafted, computed, settled by hand, published, answered."""

from reseda.timetable.actions.planning.answers import accept, decline, reopen
from reseda.timetable.actions.planning.drafts import (
    Wanted,
    ask_stop,
    draft,
    forget_removed,
    remove,
    rename,
    restart,
    restore,
)
from reseda.timetable.actions.planning.pins import pin, unpin
from reseda.timetable.actions.planning.publishing import publish
from reseda.timetable.actions.planning.running import (
    claim,
    fail,
    give_up_lost,
    note_drift,
    note_progress,
    stop,
    store,
)

__all__ = [
    "Wanted",
    "accept",
    "ask_stop",
    "claim",
    "decline",
    "draft",
    "fail",
    "forget_removed",
    "give_up_lost",
    "note_drift",
    "note_progress",
    "pin",
    "publish",
    "remove",
    "rename",
    "reopen",
    "restart",
    "restore",
    "stop",
    "store",
    "unpin",
]
