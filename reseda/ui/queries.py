"""The thread of an activity, told stage by stage by the rooms that registered a teller."""

from reseda.ui.domain.parts import STAGES, Step, ThreadTeller

_tellers: dict[str, ThreadTeller] = {}


def register(teller: ThreadTeller) -> None:
    """Let a room tell one stage of the thread; called once, when the room starts."""
    if teller.stage not in STAGES:
        message = f"unknown stage of the thread: {teller.stage}"
        raise ValueError(message)
    _tellers[teller.stage] = teller


def thread(viewer: object, period_id: int) -> list[Step]:
    """Return the stages of one period of service that this viewer may know about, in the order of
    the thread.
    """
    told = (_tellers[stage].tell(viewer, period_id) for stage in STAGES if stage in _tellers)
    return [step for step in told if step is not None]
